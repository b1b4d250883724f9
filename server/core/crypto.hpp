// Digests, message authentication and randomness (OpenSSL). Encryption at rest: cipher.hpp; passwords:
// password_hash.hpp; signed tokens: jwt.hpp. All functions throw std::runtime_error when the crypto library
// itself fails.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace mypost::crypto {

std::string sha256(std::string_view bytes);                               // 32 raw bytes
std::string hmac_sha256(std::string_view key, std::string_view message);  // 32 raw bytes, RFC 2104

// Takes the same time wherever the first difference is. Different lengths are unequal.
bool constant_time_equal(std::string_view a, std::string_view b);

std::string random_bytes(std::size_t count);
// `count` random bytes as base64url without padding: 32 bytes give 43 characters.
std::string random_token(std::size_t count = 32);

// SHA-256 of bytes that arrive piece by piece.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::string_view bytes);
    std::string finish();  // 32 raw bytes; afterwards only destruction is allowed

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace mypost::crypto
