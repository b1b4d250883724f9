#include "networks/instances.hpp"

#include <algorithm>

namespace mypost::networks {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label) {
    bool const fits =
        !label.empty() && label.size() <= 63 && is_alnum(label.front()) && is_alnum(label.back());
    return fits && std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-'; });
}

bool is_port(std::string_view port) {
    return !port.empty() && port.size() <= 5 &&
           std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_port(std::string_view host) {
    return host.substr(0, host.find(':'));
}

bool is_this_machine(std::string_view host) {
    auto const name = without_port(host);
    return name == "localhost" || name.ends_with(".localhost") || name.starts_with("127.");
}

// A host name of at least two labels (or this machine), with an optional port. International names come as
// punycode.
bool is_host(std::string_view host) {
    auto name = without_port(host);
    if (name.size() != host.size() && !is_port(host.substr(name.size() + 1))) return false;
    if (name.size() > 253 || (name.find('.') == std::string_view::npos && name != "localhost")) return false;
    while (true) {
        auto const dot = name.find('.');
        if (!is_label(name.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        name.remove_prefix(dot + 1);
    }
}

std::string_view trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

std::optional<std::string> normalise_host(std::string_view text) {
    text = trimmed(text);
    if (auto const scheme = text.find("://"); scheme != std::string_view::npos)
        text.remove_prefix(scheme + 3);
    text = text.substr(0, text.find_first_of("/?#"));
    if (auto const at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
    auto host = lower(text);
    if (host.ends_with('.')) host.pop_back();
    if (host.ends_with(":443")) host.resize(host.size() - 4);
    if (!is_host(host)) return std::nullopt;
    return host;
}

std::string base_url(std::string_view host) {
    return (is_this_machine(host) ? "http://" : "https://") + std::string(host);
}

std::optional<std::string> normalise_base_url(std::string_view text) {
    text = trimmed(text);
    auto const scheme_end = text.find("://");
    bool const has_scheme = scheme_end != std::string_view::npos;
    auto const scheme = has_scheme ? lower(text.substr(0, scheme_end)) : std::string("https");
    auto rest = has_scheme ? text.substr(scheme_end + 3) : text;
    while (rest.ends_with('/')) rest.remove_suffix(1);
    auto const host = lower(rest);
    if (!is_host(host)) return std::nullopt;
    if (scheme == "http" && is_this_machine(host)) return "http://" + host;
    if (scheme != "https") return std::nullopt;
    return has_scheme ? "https://" + host : base_url(host);
}

}  // namespace mypost::networks
