// How tokens are kept: JSON, encrypted for the row they stand in.
#include <boost/json.hpp>

#include "accounts/tokens.hpp"

namespace mypost::accounts {

namespace json = boost::json;

namespace {

std::string text_of(json::object const& object, char const* name) {
    auto const* const value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

std::string seal_tokens(Cipher const& cipher, GrantId grant, networks::Tokens const& tokens) {
    json::object object{{"access_token", tokens.access_token}, {"refresh_token", tokens.refresh_token}};
    if (tokens.expires_at) object["expires_at"] = to_ms(*tokens.expires_at);
    json::array scopes;
    for (auto const& scope : tokens.scopes) scopes.emplace_back(scope);
    object["scopes"] = std::move(scopes);
    object["extra"] = tokens.extra;
    return cipher.encrypt(json::serialize(object), Cipher::place("grants", "tokens", grant.to_string()));
}

Result<networks::Tokens> open_tokens(Cipher const& cipher, GrantId grant, std::string_view text) {
    auto plain = cipher.decrypt(text, Cipher::place("grants", "tokens", grant.to_string()));
    if (!plain) return plain.error();
    boost::system::error_code error;
    auto const value = json::parse(*plain, error);
    if (error || !value.is_object()) return Error(ErrorCode::internal, "The stored tokens are damaged.");
    auto const& object = value.get_object();
    networks::Tokens tokens;
    tokens.access_token = text_of(object, "access_token");
    tokens.refresh_token = text_of(object, "refresh_token");
    if (auto const* at = object.if_contains("expires_at"); at && at->is_int64())
        tokens.expires_at = from_ms(at->get_int64());
    if (auto const* scopes = object.if_contains("scopes"); scopes && scopes->is_array()) {
        for (auto const& scope : scopes->get_array()) tokens.scopes.emplace_back(scope.as_string());
    }
    if (auto const* extra = object.if_contains("extra"); extra && extra->is_object())
        tokens.extra = extra->get_object();
    return tokens;
}

std::optional<Instant> refresh_time(networks::Tokens const& tokens, Instant now, double random) {
    if (!tokens.expires_at || tokens.refresh_token.empty()) return std::nullopt;
    auto const life = static_cast<double>((*tokens.expires_at - now).count());
    if (life <= 0) return now;
    return now + Milliseconds(static_cast<std::int64_t>(life * (0.7 + 0.1 * random)));
}

}  // namespace mypost::accounts
