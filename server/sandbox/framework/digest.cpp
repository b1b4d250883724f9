#include "sandbox/framework/digest.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <stdexcept>

#include "core/encoding.hpp"

namespace mypost::sandbox {

std::string sha256(std::string_view bytes) {
    std::array<unsigned char, 32> out{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not available");
    }
    return {out.begin(), out.end()};
}

std::string sha256_hex(std::string_view bytes) {
    return hex_encode(sha256(bytes));
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    std::array<unsigned char, 32> out{};
    unsigned int length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(), out.data(), &length);
    return {out.begin(), out.end()};
}

bool pkce_matches(std::string_view verifier, std::string_view challenge, std::string_view method) {
    if (verifier.size() < 43 || verifier.size() > 128) return false;
    if (method == "plain") return verifier == challenge;
    return base64url_encode(sha256(verifier)) == challenge;
}

}  // namespace mypost::sandbox
