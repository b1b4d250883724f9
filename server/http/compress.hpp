// Content codings for answers, and which of them a client takes.
#pragma once

#include <string>
#include <string_view>

namespace mypost::http {

std::string brotli_compress(std::string_view plain);  // best compression, text
std::string gzip_compress(std::string_view plain);    // best compression

// Whether an Accept-Encoding header takes that coding (with a quality above 0, or by "*").
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

}  // namespace mypost::http
