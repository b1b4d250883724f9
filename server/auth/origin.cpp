#include <fmt/format.h>

#include "auth/routes.hpp"

namespace mypost::auth {

namespace {

// "host:port" in lower case, the scheme's own port added: what two spellings of one origin have in common.
std::string authority(std::string_view scheme, std::string_view host_port) {
    std::string text;
    for (char c : host_port) text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    auto const colon = text.rfind(':');
    auto const bracket = text.rfind(']');  // of an IPv6 address, whose colons are no port's
    bool const has_port = colon != std::string::npos && (bracket == std::string::npos || colon > bracket);
    if (!has_port) text += scheme == "https" ? ":443" : ":80";
    return text;
}

struct Parts {
    std::string scheme;
    std::string host_port;
};

std::optional<Parts> parts_of(std::string_view url) {
    auto const end = url.find("://");
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view rest = url.substr(end + 3);
    rest = rest.substr(0, rest.find('/'));
    return Parts{std::string(url.substr(0, end)), std::string(rest)};
}

}  // namespace

Result<void> check_origin(http::RequestInfo const& info, std::string const& public_url) {
    // Only browsers send cookies on their own, and they name the origin in every POST; other clients need
    // not.
    if (info.origin.empty()) return {};
    auto const origin = parts_of(info.origin);
    if (origin) {
        std::string const from = authority(origin->scheme, origin->host_port);
        // Behind a TLS proxy that is not trusted the scheme is unknown here: the host with either port is the
        // same one.
        if (from == authority("http", info.host) || from == authority("https", info.host)) return {};
        auto const configured = parts_of(public_url);
        if (configured && from == authority(configured->scheme, configured->host_port)) return {};
    }
    return Error(
        ErrorCode::origin_mismatch,
        fmt::format(
            "This page was opened at {}, but the server knows itself as {} and sees requests for {}. Set "
            "MYPOST_PUBLIC_URL to the address people use, or let the proxy pass the Host header on and name "
            "it in MYPOST_TRUSTED_PROXIES.",
            info.origin, public_url, info.host));
}

}  // namespace mypost::auth
