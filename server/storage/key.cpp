#include <stdexcept>

#include "storage/storage.hpp"

namespace mypost::storage {

namespace {

constexpr std::size_t max_key_bytes = 512;

bool is_key_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

bool is_segment(std::string_view segment) {
    if (segment.empty() || segment == "." || segment == "..") return false;
    for (char const c : segment) {
        if (!is_key_character(c)) return false;
    }
    return true;
}

}  // namespace

void check_key(std::string_view key) {
    bool good = !key.empty() && key.size() <= max_key_bytes;
    for (std::string_view rest = key; good;) {
        auto const slash = rest.find('/');
        good = is_segment(rest.substr(0, slash));
        if (slash == std::string_view::npos) break;
        rest.remove_prefix(slash + 1);
    }
    if (!good) throw std::invalid_argument("not a storage key: " + std::string(key));
}

}  // namespace mypost::storage
