#include "core/password_hash.hpp"

#include <argon2.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "core/crypto.hpp"

namespace mypost {

namespace {

constexpr std::size_t salt_size = 16;
constexpr std::size_t hash_size = 32;
constexpr std::string_view prefix = "$argon2id$v=19$";

// Reads "name=number" at the front of `text` and cuts it off.
bool take(std::string_view& text, std::string_view name, std::uint32_t& value) {
    if (!text.starts_with(name)) return false;
    text.remove_prefix(name.size());
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

}  // namespace

std::string hash_password(std::string_view password, PasswordCost cost) {
    std::string const salt = crypto::random_bytes(salt_size);
    std::array<char, 160> phc{};
    int const result =
        argon2id_hash_encoded(cost.iterations, cost.memory_kib, cost.lanes, password.data(), password.size(),
                              salt.data(), salt.size(), hash_size, phc.data(), phc.size());
    if (result != ARGON2_OK)
        throw std::runtime_error(std::string("Argon2id failed: ") + argon2_error_message(result));
    return phc.data();
}

bool verify_password(std::string_view password, std::string const& phc) {
    if (!phc.starts_with(prefix)) return false;
    return argon2id_verify(phc.c_str(), password.data(), password.size()) == ARGON2_OK;
}

bool password_needs_rehash(std::string_view phc, PasswordCost cost) {
    if (!phc.starts_with(prefix)) return true;
    phc.remove_prefix(prefix.size());
    PasswordCost made;
    if (!take(phc, "m=", made.memory_kib) || !take(phc, ",t=", made.iterations) ||
        !take(phc, ",p=", made.lanes)) {
        return true;
    }
    return made.memory_kib < cost.memory_kib || made.iterations < cost.iterations || made.lanes < cost.lanes;
}

}  // namespace mypost
