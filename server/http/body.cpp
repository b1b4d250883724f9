#include "http/body.hpp"

#include <fmt/format.h>

#include "json/parse.hpp"

namespace mypost::http {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

bool is_json(std::string_view content_type) {
    auto const type = media_type(content_type);
    if (type != "application/json" && type != "application/merge-patch+json") return false;
    std::string const parameters = lower(content_type);
    auto const charset = parameters.find("charset=");
    if (charset == std::string::npos) return true;
    std::string_view value = std::string_view(parameters).substr(charset + 8);
    value = value.substr(0, value.find(';'));
    while (value.ends_with(' ')) value.remove_suffix(1);
    return value == "utf-8" || value == "\"utf-8\"" || value == "utf8";
}

}  // namespace

std::string media_type(std::string_view content_type) {
    auto type = content_type.substr(0, content_type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    return lower(type);
}

Error body_too_large(std::size_t limit) {
    Error error(ErrorCode::payload_too_large, fmt::format("The body is larger than {} bytes.", limit));
    error.params["max_bytes"] = fmt::to_string(limit);
    return error;
}

Result<std::optional<boost::json::value>> read_json_body(Request const& request, Endpoint const& endpoint) {
    if (request.body.empty() && !request.body_too_large) return std::optional<boost::json::value>();
    if (!is_json(request.headers.get("Content-Type").value_or(""))) {
        return Error(ErrorCode::unsupported_media_type,
                     "Send the body as Content-Type: application/json in UTF-8.");
    }
    if (request.body_too_large || request.body.size() > endpoint.options.body_limit) {
        return body_too_large(endpoint.options.body_limit);
    }
    MP_TRY_RETURN(value, json::parse(request.body));
    return std::optional<boost::json::value>(std::move(value));
}

}  // namespace mypost::http
