#include "http/etag.hpp"

#include <fmt/format.h>

#include <charconv>

namespace mypost::http {

namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string_view opaque(std::string_view tag) {
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    return tag;
}

}  // namespace

std::string etag(std::int64_t version, std::string_view state) {
    return fmt::format("W/\"{}.{}\"", version, state);
}

bool none_match_names(std::string_view if_none_match, std::string_view tag) {
    while (!if_none_match.empty()) {
        auto const comma = if_none_match.find(',');
        auto const each = trim(if_none_match.substr(0, comma));
        if (each == "*" || (!each.empty() && opaque(each) == opaque(tag))) return true;
        if (comma == std::string_view::npos) return false;
        if_none_match.remove_prefix(comma + 1);
    }
    return false;
}

Result<std::int64_t> read_if_match(std::optional<std::string_view> header) {
    if (!header) {
        return Error(ErrorCode::version_required,
                     "Send If-Match with the version that the change is based on, such as If-Match: \"3\".");
    }
    std::string_view text = opaque(trim(*header));
    auto const wrong = [] {
        return invalid("header:If-Match", "invalid_format", "Must be one version in quotes, such as \"3\".");
    };
    if (text.size() < 3 || text.front() != '"' || text.back() != '"') return wrong();
    text = text.substr(1, text.size() - 2);
    std::int64_t version = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    bool const whole = end == text.data() + text.size() || *end == '.';
    if (error != std::errc() || !whole || version < 0 || text.find('"') != std::string_view::npos)
        return wrong();
    return version;
}

}  // namespace mypost::http
