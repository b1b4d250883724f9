#include "http/security_headers.hpp"

namespace mypost::http {

void set_security_headers(Response& response, bool secure) {
    auto add = [&](std::string_view name, std::string_view value) {
        if (!response.headers.has(name)) response.headers.set(name, std::string(value));
    };
    add("X-Content-Type-Options", "nosniff");
    add("Referrer-Policy", "strict-origin-when-cross-origin");
    add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (secure) add("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace mypost::http
