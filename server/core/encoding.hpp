// Text encodings of bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mypost {

std::string base64_encode(std::string_view bytes);                   // standard alphabet, padded
std::optional<std::string> base64_decode(std::string_view text);     // strict: standard alphabet, padded
std::string base64url_encode(std::string_view bytes);                // URL alphabet, no padding
std::optional<std::string> base64url_decode(std::string_view text);  // strict: URL alphabet, no padding
std::string hex_encode(std::string_view bytes);                      // lower case
std::string percent_encode(std::string_view text);                   // all but RFC 3986 unreserved
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

bool is_valid_utf8(std::string_view text);  // also refuses overlong forms, surrogates and > U+10FFFF

}  // namespace mypost
