#include "http/message.hpp"

#include "core/encoding.hpp"

namespace mypost::http {

namespace {

bool same_name(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

std::string decode_or_keep(std::string_view text) {
    auto decoded = percent_decode(text, true);
    return decoded ? std::move(*decoded) : std::string(text);
}

Response text_like(int status, std::string body, std::string type) {
    Response response;
    response.status = status;
    response.headers.set("Content-Type", std::move(type));
    response.body = std::move(body);
    return response;
}

}  // namespace

std::string_view to_string(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::patch:
            return "PATCH";
        case Method::delete_:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
        case Method::other:
            return "OTHER";
    }
    return "OTHER";
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
    for (auto const& [key, value] : fields_) {
        if (same_name(key, name)) return value;
    }
    return std::nullopt;
}

void Headers::set(std::string_view name, std::string value) {
    remove(name);
    fields_.emplace_back(std::string(name), std::move(value));
}

void Headers::add(std::string_view name, std::string value) {
    fields_.emplace_back(std::string(name), std::move(value));
}

void Headers::remove(std::string_view name) {
    std::erase_if(fields_, [&](auto const& field) { return same_name(field.first, name); });
}

std::optional<std::string> Request::query_value(std::string_view name) const {
    for (auto& [key, value] : query_pairs()) {
        if (key == name) return std::move(value);
    }
    return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> Request::query_pairs() const {
    return parse_form(query);
}

std::optional<std::string> Request::cookie(std::string_view name) const {
    auto const header = headers.get("Cookie");
    if (!header) return std::nullopt;
    std::string_view rest = *header;
    while (!rest.empty()) {
        auto const end = rest.find(';');
        std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
        while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
        auto const equals = pair.find('=');
        if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
            return std::string(pair.substr(equals + 1));
        }
    }
    return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!text.empty()) {
        auto const end = text.find('&');
        std::string_view const pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (pair.empty()) continue;
        auto const equals = pair.find('=');
        std::string_view const value =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        pairs.emplace_back(decode_or_keep(pair.substr(0, equals)), decode_or_keep(value));
    }
    return pairs;
}

Response json_response(int status, std::string body) {
    return text_like(status, std::move(body), "application/json");
}
Response text_response(int status, std::string body) {
    return text_like(status, std::move(body), "text/plain; charset=utf-8");
}
Response html_response(int status, std::string body) {
    return text_like(status, std::move(body), "text/html; charset=utf-8");
}
Response redirect_response(int status, std::string location) {
    Response response;
    response.status = status;
    response.headers.set("Location", std::move(location));
    return response;
}

}  // namespace mypost::http
