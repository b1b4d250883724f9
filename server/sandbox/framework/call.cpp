#include "sandbox/framework/call.hpp"

#include "core/encoding.hpp"

namespace mypost::sandbox {

namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return result;
}

// Puts `value` at `key` ("a", "a[]", "a[b]", "a[b][]", "a[][b]") into `into`.
void put(json::object& into, std::string_view key, json::value value) {
    auto const bracket = key.find('[');
    std::string const name(key.substr(0, bracket));
    if (bracket == std::string_view::npos) {
        into[name] = std::move(value);
        return;
    }
    auto const close = key.find(']', bracket);
    if (close == std::string_view::npos) return;
    auto const inner = key.substr(bracket + 1, close - bracket - 1);
    auto const rest = key.substr(close + 1);
    auto& slot = into[name];
    if (inner.empty()) {
        if (!slot.is_array()) slot.emplace_array();
        auto& array = slot.get_array();
        if (rest.empty()) {
            array.push_back(std::move(value));
            return;
        }
        // a[][b]: a new element begins when the last one already has b.
        auto const member = rest.substr(1, rest.find(']') - 1);
        if (array.empty() || !array.back().is_object() || array.back().get_object().contains(member)) {
            array.emplace_back(json::object());
        }
        put(array.back().get_object(), std::string(member), std::move(value));
        return;
    }
    if (!slot.is_object()) slot.emplace_object();
    put(slot.get_object(), std::string(inner) + std::string(rest), std::move(value));
}

}  // namespace

std::optional<std::string> Call::bearer() const {
    auto const value = request.headers.get("Authorization");
    if (!value || lower(value->substr(0, 7)) != "bearer ") return std::nullopt;
    return std::string(value->substr(7));
}

std::optional<std::pair<std::string, std::string>> Call::basic() const {
    auto const value = request.headers.get("Authorization");
    if (!value || lower(value->substr(0, 6)) != "basic ") return std::nullopt;
    auto const decoded = base64_decode(value->substr(6));
    if (!decoded) return std::nullopt;
    auto const colon = decoded->find(':');
    if (colon == std::string::npos) return std::nullopt;
    auto user = percent_decode(decoded->substr(0, colon), true);
    auto password = percent_decode(decoded->substr(colon + 1), true);
    if (!user || !password) return std::nullopt;
    return std::pair{*std::move(user), *std::move(password)};
}

std::string Call::content_type() const {
    auto const value = request.headers.get("Content-Type");
    if (!value) return {};
    return lower(value->substr(0, value->find_first_of("; ")));
}

std::string Call::header(std::string_view name) const {
    return std::string(request.headers.get(name).value_or(""));
}

std::optional<std::string> Call::form(std::string_view name) const {
    for (auto& [key, value] : http::parse_form(request.body)) {
        if (key == name) return value;
    }
    return request.query_value(name);
}

std::optional<Fault> Call::take_fault(std::set<std::string_view> const& modes) {
    if (!faults) return std::nullopt;
    auto const method = http::to_string(request.method);
    return faults->take({network, method, path, account, qualified_account}, modes);
}

Result<json::object> rails_parameters(Call const& call) {
    json::object result;
    for (auto& [key, value] : call.request.query_pairs()) put(result, key, json::value(value));
    auto const type = call.content_type();
    if (call.request.body.empty()) {
        // Nothing more to read.
    } else if (type == "application/json") {
        boost::system::error_code error;
        auto body = json::parse(call.request.body, error);
        if (error || !body.is_object())
            return Error(ErrorCode::malformed_request, "the body is not a JSON object");
        for (auto& member : body.as_object()) result[member.key()] = member.value();
    } else if (type == "multipart/form-data") {
        auto parts = parse_multipart(call.header("Content-Type"), call.request.body);
        if (!parts) return parts.error();
        for (auto& part : *parts) {
            if (part.filename.empty()) put(result, part.name, json::value(part.body));
        }
    } else {
        for (auto& [key, value] : http::parse_form(call.request.body)) put(result, key, json::value(value));
    }
    if (!is_valid_utf8(json::serialize(result)))
        return Error(ErrorCode::malformed_request, "the parameters are not valid UTF-8");
    return result;
}

std::optional<std::string> scalar_text(json::value const& value) {
    if (auto const* text = value.if_string()) return std::string(*text);
    if (value.is_number() || value.is_bool()) return json::serialize(value);
    return std::nullopt;
}

std::string with_query(std::string url, std::vector<std::pair<std::string, std::string>> const& parameters) {
    char separator = url.find('?') == std::string::npos ? '?' : '&';
    for (auto const& [name, value] : parameters) {
        url += separator + percent_encode(name) + '=' + percent_encode(value);
        separator = '&';
    }
    return url;
}

http::Response json_answer(int status, json::value const& body) {
    auto response = http::json_response(status, json::serialize(body));
    response.headers.set("Content-Type", "application/json; charset=utf-8");
    return response;
}

http::Response empty_answer(int status) {
    http::Response response;
    response.status = status;
    return response;
}

}  // namespace mypost::sandbox
