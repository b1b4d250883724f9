#include "sandbox/framework/request_log.hpp"

#include <charconv>
#include <set>

#include "core/encoding.hpp"
#include "sandbox/framework/digest.hpp"

namespace mypost::sandbox {

namespace {

bool is_secret_member(std::string_view name) {
    static std::set<std::string_view> const secrets = {
        "access_token", "refresh_token", "token",    "client_secret", "code",     "code_verifier",
        "accessJwt",    "refreshJwt",    "password", "app_password",  "id_token", "authFactorToken"};
    return secrets.contains(name);
}

bool is_secret_header(std::string_view name) {
    std::string lowered(name);
    for (auto& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return lowered == "authorization" || lowered == "cookie" || lowered == "set-cookie" ||
           lowered == "dpop" || lowered == "proxy-authorization";
}

std::string path_without_secrets(Call const& call) {
    std::string path = "/" + call.host + call.path;
    char separator = '?';
    for (auto const& [name, value] : call.request.query_pairs()) {
        path += separator + percent_encode(name) + "=" +
                (is_secret_member(name) ? "[cut]" : percent_encode(value));
        separator = '&';
    }
    return path;
}

boost::json::object headers_without_secrets(http::Headers const& headers) {
    boost::json::object result;
    for (auto const& [name, value] : headers.all()) result[name] = is_secret_header(name) ? "[cut]" : value;
    return result;
}

// Where an answer sends the browser, its code cut.
std::string location_without_secrets(std::string_view location) {
    auto const question = location.find('?');
    if (question == std::string_view::npos) return std::string(location);
    std::string result(location.substr(0, question));
    char separator = '?';
    for (auto const& [name, value] : http::parse_form(location.substr(question + 1))) {
        result += separator + percent_encode(name) + "=" +
                  (is_secret_member(name) ? "[cut]" : percent_encode(value));
        separator = '&';
    }
    return result;
}

boost::json::value answer_body(http::Response const& response) {
    auto const* text = std::get_if<std::string>(&response.body);
    if (!text || text->size() > 16 * 1024) return nullptr;
    boost::system::error_code error;
    auto value = boost::json::parse(*text, error);
    return error ? boost::json::value(nullptr) : without_secrets(value);
}

}  // namespace

boost::json::value without_secrets(boost::json::value const& value) {
    if (auto const* array = value.if_array()) {
        boost::json::array result;
        for (auto const& item : *array) result.push_back(without_secrets(item));
        return result;
    }
    auto const* object = value.if_object();
    if (!object) return value;
    boost::json::object result;
    for (auto const& member : *object) {
        bool const cut = is_secret_member(member.key()) && member.value().is_string();
        result[member.key()] = cut ? boost::json::value("[cut]") : without_secrets(member.value());
    }
    return result;
}

void RequestLog::add(Call const& call, http::Response const& response, std::string_view fate,
                     std::string_view fault_mode) {
    boost::json::object answer{{"status", response.status}, {"fate", fate}};
    if (auto body = answer_body(response); !body.is_null()) answer["body"] = std::move(body);
    if (auto const location = response.headers.get("Location"))
        answer["location"] = location_without_secrets(*location);
    boost::json::object entry{
        {"seq", next_seq_},
        {"at", to_rfc3339(call.now)},
        {"method", http::to_string(call.request.method)},
        {"path", path_without_secrets(call)},
        {"account", call.account},
        {"headers", headers_without_secrets(call.request.headers)},
        {"body", {{"bytes", call.request.body.size()}, {"sha256", sha256_hex(call.request.body)}}},
        {"answer", std::move(answer)},
    };
    if (!fault_mode.empty()) entry["fault"] = fault_mode;
    entries_.push_back({next_seq_++, call.network, call.now, std::move(entry)});
    if (entries_.size() > kept) entries_.pop_front();
}

boost::json::array RequestLog::list(std::string_view network, std::optional<std::string> const& since) const {
    std::int64_t after_seq = 0;
    std::optional<Instant> after_time;
    if (since) {
        auto const [end, error] = std::from_chars(since->data(), since->data() + since->size(), after_seq);
        if (error != std::errc() || end != since->data() + since->size()) {
            after_seq = 0;
            after_time = parse_rfc3339(*since);
        }
    }
    boost::json::array result;
    for (auto const& entry : entries_) {
        if (entry.network != network || entry.seq <= after_seq) continue;
        if (after_time && entry.at < *after_time) continue;
        result.push_back(entry.json);
    }
    return result;
}

}  // namespace mypost::sandbox
