#include "networks/answer.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>

#include "core/encoding.hpp"
#include "core/text.hpp"

namespace mypost::networks::answer {

namespace {

constexpr std::int64_t longest_retry_seconds = 24 * 3600;
// Shorter runs are words, ids and times; tokens of all networks are longer.
constexpr std::size_t shortest_secret = 36;

std::optional<std::int64_t> to_number(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '+' || c == '=' || c == '~';
}

// Long runs of token characters; content ids ("bafk…") are public names of files.
std::string without_secrets(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && is_token_character(text[end])) ++end;
        auto const run = text.substr(i, end - i);
        if (run.empty()) {
            out.push_back(text[i++]);
            continue;
        }
        bool const secret = run.size() >= shortest_secret || run.starts_with("eyJ");
        out.append(secret && !run.starts_with("baf") ? "[secret]" : run);
        i = end;
    }
    return out;
}

}  // namespace

json::object object_of(std::string_view body) {
    boost::system::error_code error;
    auto value = json::parse(body, error);
    if (error || !value.is_object()) return {};
    return std::move(value.as_object());
}

json::array array_of(std::string_view body) {
    boost::system::error_code error;
    auto value = json::parse(body, error);
    if (error || !value.is_array()) return {};
    return std::move(value.as_array());
}

json::value const* find(json::object const& object, std::string_view path) {
    json::object const* at = &object;
    json::value const* found = nullptr;
    while (true) {
        auto const slash = path.find('/');
        auto const name = path.substr(0, slash);
        if (at != nullptr) {
            found = at->if_contains(name);
        } else {
            auto const index = to_number(name);
            auto const* array = found->if_array();
            bool const inside =
                array != nullptr && index && *index >= 0 && static_cast<std::size_t>(*index) < array->size();
            found = inside ? &(*array)[static_cast<std::size_t>(*index)] : nullptr;
        }
        if (found == nullptr || slash == std::string_view::npos) return found;
        path.remove_prefix(slash + 1);
        at = found->if_object();
    }
}

std::string text_at(json::object const& object, std::string_view path) {
    auto const* value = find(object, path);
    if (value == nullptr) return {};
    if (auto const* text = value->if_string()) return std::string(*text);
    if (auto const* number = value->if_int64()) return std::to_string(*number);
    if (auto const* number = value->if_uint64()) return std::to_string(*number);
    return {};
}

std::optional<std::int64_t> number_at(json::object const& object, std::string_view path) {
    auto const* value = find(object, path);
    if (value == nullptr) return std::nullopt;
    if (auto const* number = value->if_int64()) return *number;
    if (auto const* number = value->if_uint64()) {
        if (*number > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
        return static_cast<std::int64_t>(*number);
    }
    if (auto const* text = value->if_string()) return to_number(*text);
    return std::nullopt;
}

bool is_true_at(json::object const& object, std::string_view path) {
    auto const* value = find(object, path);
    return value != nullptr && value->is_bool() && value->as_bool();
}

json::array array_at(json::object const& object, std::string_view path) {
    auto const* value = find(object, path);
    if (value == nullptr || !value->is_array()) return {};
    return value->as_array();
}

std::optional<std::int64_t> header_number(net::Response const& response, std::string_view name) {
    return to_number(response.header(name));
}

std::optional<Instant> retry_after(net::Response const& response, Instant now) {
    auto const seconds = header_number(response, "retry-after");
    if (!seconds || *seconds < 0) return std::nullopt;
    return now + std::chrono::seconds(std::min(*seconds, longest_retry_seconds));
}

std::string excerpt(std::string_view text, std::size_t max) {
    if (!is_valid_utf8(text)) return "(not readable)";
    std::string line;
    for (char const c : text) {
        bool const gap = c == '\n' || c == '\r' || c == '\t' || c == ' ';
        if (gap && (line.empty() || line.back() == ' ')) continue;
        line.push_back(gap ? ' ' : c);
    }
    return text::shorten(without_secrets(line), max);
}

bool is_success(net::Response const& response) {
    return response.status >= 200 && response.status < 300;
}

}  // namespace mypost::networks::answer
