// OAuth 2.0 authorization code with PKCE.
// https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
#include <fmt/format.h>

#include <algorithm>

#include "sandbox/framework/consent.hpp"
#include "sandbox/framework/digest.hpp"
#include "sandbox/framework/html.hpp"
#include "sandbox/x/x.hpp"

namespace mypost::sandbox::x {

namespace {

constexpr std::chrono::seconds code_lifetime{30};
constexpr std::chrono::seconds access_lifetime{7200};
constexpr std::chrono::hours refresh_lifetime{24 * 180};
constexpr std::size_t longest_state = 500;

constexpr std::string_view known_scopes[] = {
    "tweet.read",   "tweet.write",   "tweet.moderate.write", "users.email",    "users.read",
    "follows.read", "follows.write", "offline.access",       "space.read",     "mute.read",
    "mute.write",   "like.read",     "like.write",           "list.read",      "list.write",
    "block.read",   "block.write",   "bookmark.read",        "bookmark.write", "dm.read",
    "dm.write",     "media.write"};

std::vector<std::string> scope_list(std::string_view text) {
    std::vector<std::string> result;
    while (!text.empty()) {
        auto const space = text.find(' ');
        if (space != 0) result.emplace_back(text.substr(0, space));
        text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    }
    return result;
}

http::Response refused_page(std::string_view why) {
    return html::problem(400, "Something went wrong",
                         fmt::format("You weren’t able to give access to the App. {}", why));
}

http::Response token_failure(std::string_view description) {
    return json_answer(400, json::object{{"error", "invalid_request"}, {"error_description", description}});
}

// https anywhere; plain http only on the machine itself, and not by the name localhost.
bool may_redirect_to(std::string_view uri) {
    if (uri.find('#') != std::string_view::npos) return false;
    if (uri.starts_with("https://")) return uri.size() > 8;
    return uri.starts_with("http://127.0.0.1:") || uri.starts_with("http://127.0.0.1/") ||
           uri.starts_with("http://[::1]:");
}

}  // namespace

http::Response X::authorize(Call& call) {
    auto const query = [&](std::string_view name) { return call.query(name).value_or(""); };
    auto const client_id = query("client_id");
    if (client_id != "sandbox" && client_id != "sandbox-public")
        return refused_page("The client_id is not known.");
    auto const redirect_uri = query("redirect_uri");
    auto const& registered = settings.switches.at("redirect_uris").as_array();
    bool const known = registered.empty() ? may_redirect_to(redirect_uri)
                                          : std::find(registered.begin(), registered.end(),
                                                      json::value(redirect_uri)) != registered.end();
    if (!known)
        return refused_page(
            "The redirect_uri is not one of the app’s (localhost is refused: use 127.0.0.1).");
    if (query("response_type") != "code") return refused_page("response_type must be code.");
    auto const scopes = scope_list(query("scope"));
    for (auto const& scope : scopes) {
        if (std::find(std::begin(known_scopes), std::end(known_scopes), scope) == std::end(known_scopes)) {
            return refused_page(fmt::format("The scope {} is not known.", scope));
        }
    }
    if (scopes.empty()) return refused_page("A scope is required.");
    auto const state = query("state");
    if (state.empty() || state.size() > longest_state)
        return refused_page("A state of at most 500 characters is required.");
    auto const method = query("code_challenge_method");
    if (query("code_challenge").empty() || (method != "S256" && method != "plain")) {
        return refused_page("PKCE is required: code_challenge with code_challenge_method S256 or plain.");
    }
    auto const choices = accounts();
    if (call.request.method != http::Method::post)
        return show_consent({"x", "X", "Sandbox app", scopes, choices});
    auto chosen = read_consent(call, choices);
    if (!chosen) return html::problem(400, "Not a choice", chosen.error().message);
    if (!chosen->allowed) {
        return http::redirect_response(
            302, with_query(redirect_uri, {{"error", "access_denied"}, {"state", state}}));
    }
    call.account = call.qualified_account = chosen->account;
    auto const code = services_.random.text(90);
    state_.codes[code] = {client_id,
                          user_by_name(chosen->account)->id,
                          redirect_uri,
                          query("scope"),
                          query("code_challenge"),
                          method,
                          now() + code_lifetime,
                          false};
    return http::redirect_response(302, with_query(redirect_uri, {{"state", state}, {"code", code}}));
}

std::optional<std::string> X::client_of(Call const& call) const {
    if (auto const basic = call.basic()) {
        if (basic->first == "sandbox" && basic->second == "sandbox") return basic->first;
        return std::nullopt;
    }
    if (call.form("client_id") == "sandbox-public") return "sandbox-public";
    return std::nullopt;
}

http::Response X::token(Call& call) {
    auto const client = client_of(call);
    if (!client) {
        return json_answer(401, json::object{{"error", "unauthorized_client"},
                                             {"error_description", "Missing valid authorization header"}});
    }
    auto const grant_type = call.form("grant_type").value_or("");
    Token granted{*client, "", "", now() + access_lifetime, false};
    if (grant_type == "authorization_code") {
        auto const found = state_.codes.find(call.form("code").value_or(""));
        if (found == state_.codes.end())
            return token_failure("Value passed for the authorization code was invalid.");
        auto& code = found->second;
        if (code.used || now() >= code.expires_at || code.client_id != *client)
            return token_failure("Value passed for the authorization code was invalid.");
        if (code.redirect_uri != call.form("redirect_uri").value_or(""))
            return token_failure(
                "Value passed for the redirect uri did not match the uri of the authorization code.");
        if (!pkce_matches(call.form("code_verifier").value_or(""), code.challenge, code.challenge_method)) {
            return token_failure("Value passed for the code verifier did not match the code challenge.");
        }
        code.used = true;
        granted.user_id = code.user_id;
        granted.scope = code.scope;
    } else if (grant_type == "refresh_token") {
        auto const found = state_.refresh_tokens.find(call.form("refresh_token").value_or(""));
        bool const valid = found != state_.refresh_tokens.end() && !found->second.dead &&
                           found->second.client_id == *client && now() < found->second.expires_at;
        if (!valid) return token_failure("Value passed for the token was invalid.");
        found->second.dead = true;
        granted.user_id = found->second.user_id;
        granted.scope = found->second.scope;
    } else {
        return token_failure("Value passed for the grant type was invalid.");
    }
    if (auto const* user = user_by_id(granted.user_id))
        call.account = call.qualified_account = user->username;
    auto const access = services_.random.text(91);
    state_.access_tokens[access] = granted;
    json::object answer{{"token_type", "bearer"},
                        {"expires_in", access_lifetime.count()},
                        {"access_token", access},
                        {"scope", granted.scope}};
    auto const scopes = scope_list(granted.scope);
    if (std::find(scopes.begin(), scopes.end(), "offline.access") != scopes.end()) {
        auto const refresh = services_.random.text(91);
        granted.expires_at = now() + refresh_lifetime;
        state_.refresh_tokens[refresh] = granted;
        answer["refresh_token"] = refresh;
    }
    auto response = json_answer(200, answer);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

http::Response X::revoke_token(Call const& call) {
    if (!client_of(call)) {
        return json_answer(401, json::object{{"error", "unauthorized_client"},
                                             {"error_description", "Missing valid authorization header"}});
    }
    auto const text = call.form("token").value_or("");
    if (text.empty()) return token_failure("Missing required parameter [token].");
    for (auto* tokens : {&state_.access_tokens, &state_.refresh_tokens}) {
        if (auto const found = tokens->find(text); found != tokens->end()) found->second.dead = true;
    }
    return json_answer(200, json::object{{"revoked", true}});
}

}  // namespace mypost::sandbox::x
