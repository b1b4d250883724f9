// SHA-256 and HMAC-SHA-256, raw bytes.
#pragma once

#include <string>
#include <string_view>

namespace mypost::sandbox {

std::string sha256(std::string_view bytes);                             // 32 bytes
std::string sha256_hex(std::string_view bytes);                         // 64 lower-case hex digits
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes

// Does `verifier` fit the PKCE challenge (RFC 7636)? `method` is "S256" or "plain".
bool pkce_matches(std::string_view verifier, std::string_view challenge, std::string_view method);

}  // namespace mypost::sandbox
