// Apps, consent and tokens. https://docs.joinmastodon.org/methods/oauth/
#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.hpp"
#include "sandbox/framework/consent.hpp"
#include "sandbox/framework/digest.hpp"
#include "sandbox/framework/html.hpp"
#include "sandbox/mastodon/mastodon.hpp"

namespace mypost::sandbox::mastodon {

namespace {

constexpr std::string_view out_of_band = "urn:ietf:wg:oauth:2.0:oob";
constexpr std::chrono::minutes code_lifetime{10};

constexpr std::string_view known_scopes[] = {"read",
                                             "write",
                                             "follow",
                                             "push",
                                             "profile",
                                             "read:accounts",
                                             "read:blocks",
                                             "read:bookmarks",
                                             "read:favourites",
                                             "read:filters",
                                             "read:follows",
                                             "read:lists",
                                             "read:mutes",
                                             "read:notifications",
                                             "read:search",
                                             "read:statuses",
                                             "write:accounts",
                                             "write:blocks",
                                             "write:bookmarks",
                                             "write:conversations",
                                             "write:favourites",
                                             "write:filters",
                                             "write:follows",
                                             "write:lists",
                                             "write:media",
                                             "write:mutes",
                                             "write:notifications",
                                             "write:reports",
                                             "write:statuses",
                                             "admin:read",
                                             "admin:write"};

bool is_known_scope(std::string_view scope) {
    return std::find(std::begin(known_scopes), std::end(known_scopes), scope) != std::end(known_scopes);
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
    std::vector<std::string> words;
    while (!text.empty()) {
        auto const begin = text.find_first_not_of(separators);
        if (begin == std::string_view::npos) break;
        text.remove_prefix(begin);
        auto const end = text.find_first_of(separators);
        words.emplace_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end);
    }
    return words;
}

std::string joined(std::vector<std::string> const& words, char separator) {
    std::string text;
    for (auto const& word : words) text += (text.empty() ? "" : std::string(1, separator)) + word;
    return text;
}

// An absolute URI with a scheme that can be redirected to.
bool is_redirect_uri(std::string_view uri) {
    if (uri == out_of_band) return true;
    auto const colon = uri.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    auto const scheme = uri.substr(0, colon);
    if (scheme == "javascript" || scheme == "data" || scheme == "vbscript") return false;
    return uri.substr(colon).starts_with("://") && uri.size() > colon + 3 &&
           uri.find('#') == std::string_view::npos;
}

http::Response oauth_failure(int status, std::string_view error, std::string_view description) {
    return json_answer(status, json::object{{"error", error}, {"error_description", description}});
}

http::Response invalid_client() {
    return oauth_failure(
        401, "invalid_client",
        "Client authentication failed due to unknown client, no client authentication included, or "
        "unsupported authentication method.");
}

http::Response invalid_grant() {
    return oauth_failure(
        400, "invalid_grant",
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI "
        "used in the authorization request, or was issued to another client.");
}

std::vector<std::string> redirect_uris_of(json::object const& parameters) {
    auto const* given = parameters.if_contains("redirect_uris");
    if (!given) return {};
    if (auto const* text = given->if_string()) return split(*text, " \r\n\t");
    std::vector<std::string> uris;
    if (auto const* array = given->if_array()) {
        for (auto const& uri : *array) uris.push_back(scalar_text(uri).value_or(""));
    }
    return uris;
}

}  // namespace

App const* Mastodon::app_by_client(std::string_view host, std::string_view client_id) const {
    for (auto const& app : state_.apps) {
        if (app.client_id == client_id && (app.instance.empty() || app.instance == host)) return &app;
    }
    return nullptr;
}

http::Response Mastodon::register_app(Call const& call, Instance const& instance) {
    auto parameters = rails_parameters(call);
    if (!parameters) return failure(400, parameters.error().message);
    App app;
    app.instance = call.host;
    app.name = text_of(*parameters, "client_name");
    app.website = text_of(*parameters, "website");
    app.redirect_uris = redirect_uris_of(*parameters);
    auto const scopes = text_of(*parameters, "scopes");
    app.scopes = split(scopes.empty() ? "read" : scopes, " ");
    if (app.name.empty()) return failure(422, "Validation failed: Application name can't be blank");
    if (app.redirect_uris.empty()) return failure(422, "Validation failed: Redirect URI can't be blank");
    for (auto const& uri : app.redirect_uris) {
        if (!is_redirect_uri(uri))
            return failure(422, "Validation failed: Redirect URI must be an absolute URI.");
    }
    for (auto const& scope : app.scopes) {
        if (!is_known_scope(scope) || (scope == "profile" && instance.minor < 3)) {
            return failure(422, "Validation failed: Scopes doesn't match configured on the server.");
        }
    }
    app.id = std::to_string(state_.apps.size() + 1);
    app.client_id = services_.random.text(43);
    app.client_secret = services_.random.text(43);
    json::object answer{{"id", app.id},
                        {"name", app.name},
                        {"website", app.website.empty() ? json::value(nullptr) : json::value(app.website)},
                        {"redirect_uri", joined(app.redirect_uris, '\n')},
                        {"client_id", app.client_id},
                        {"client_secret", app.client_secret}};
    if (instance.minor >= 3) {
        answer["scopes"] = json::value_from(app.scopes);
        answer["redirect_uris"] = json::value_from(app.redirect_uris);
        answer["client_secret_expires_at"] = 0;
    }
    state_.apps.push_back(std::move(app));
    return json_answer(200, answer);
}

http::Response Mastodon::discovery(Instance const& instance) const {
    auto const base = "https://" + instance.host;
    json::array scopes;
    for (auto const scope : known_scopes) scopes.push_back(json::value(scope));
    json::object answer{
        {"issuer", base + "/"},
        {"authorization_endpoint", base + "/oauth/authorize"},
        {"token_endpoint", base + "/oauth/token"},
        {"revocation_endpoint", base + "/oauth/revoke"},
        {"app_registration_endpoint", base + "/api/v1/apps"},
        {"scopes_supported", scopes},
        {"response_types_supported", {"code"}},
        {"response_modes_supported", {"query", "fragment", "form_post"}},
        {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post"}},
        {"grant_types_supported", {"authorization_code", "client_credentials"}},
        {"code_challenge_methods_supported", {"S256"}},
        {"service_documentation", "https://docs.joinmastodon.org/"}};
    if (instance.minor >= 4) answer["userinfo_endpoint"] = base + "/oauth/userinfo";
    return json_answer(200, answer);
}

http::Response Mastodon::authorize(Call& call, Instance const& instance) {
    auto const query = [&](std::string_view name) { return call.query(name).value_or(""); };
    auto const* app = app_by_client(call.host, query("client_id"));
    if (!app) {
        return html::problem(401, "Unknown app",
                             "Client authentication failed due to unknown client (invalid_client). Register "
                             "the app on this instance again.");
    }
    auto const redirect_uri = query("redirect_uri");
    bool const registered = std::find(app->redirect_uris.begin(), app->redirect_uris.end(), redirect_uri) !=
                            app->redirect_uris.end();
    if (!is_redirect_uri(redirect_uri) || (!registered && !app->redirect_uris.empty())) {
        return html::problem(400, "Wrong redirect",
                             "The requested redirect uri is malformed or doesn't match client redirect URI.");
    }
    auto const state = query("state");
    auto const refuse = [&](std::string error, std::string description) {
        return http::redirect_response(
            302, with_query(redirect_uri, {{"error", std::move(error)},
                                           {"error_description", std::move(description)},
                                           {"state", state}}));
    };
    if (query("response_type") != "code")
        return refuse("unsupported_response_type",
                      "The authorization server does not support this response type.");
    auto const scope_text = query("scope");
    auto const scopes = split(scope_text.empty() ? "read" : scope_text, " ");
    for (auto const& scope : scopes) {
        if (!is_known_scope(scope) || !scope_allows(app->scopes, scope)) {
            return refuse("invalid_scope", "The requested scope is invalid, unknown, or malformed.");
        }
    }
    auto challenge = instance.minor >= 3 ? query("code_challenge") : std::string();
    if (!challenge.empty() && query("code_challenge_method") != "S256") {
        return refuse("invalid_code_challenge_method", "The code challenge method must be S256.");
    }
    auto const choices = accounts_on(call.host);
    if (call.request.method != http::Method::post) {
        return show_consent({"mastodon", "Mastodon (" + call.host + ")", app->name, scopes, choices});
    }
    auto chosen = read_consent(call, choices);
    if (!chosen) return html::problem(400, "Not a choice", chosen.error().message);
    if (!chosen->allowed)
        return refuse("access_denied", "The resource owner or authorization server denied the request.");
    call.account = chosen->account;
    auto const code = services_.random.text(43);
    state_.codes[code] = {call.host,
                          app->client_id,
                          account_id(instance, *person_by_name(call.host, chosen->account)),
                          redirect_uri,
                          scopes,
                          challenge,
                          now() + code_lifetime,
                          false};
    if (redirect_uri == out_of_band) {
        return html::page({.title = "Authorization code",
                           .body = fmt::format(
                               "<div class=\"card feed\"><h1>Copy this code</h1><p><code>{}</code></p></div>",
                               html::escape(code)),
                           .network = "mastodon"});
    }
    std::vector<std::pair<std::string, std::string>> answer{{"code", code}};
    if (call.query("state")) answer.emplace_back("state", state);
    return http::redirect_response(302, with_query(redirect_uri, answer));
}

http::Response Mastodon::token(Call& call, Instance const& instance) {
    auto parameters = rails_parameters(call);
    if (!parameters) return failure(400, parameters.error().message);
    auto client_id = text_of(*parameters, "client_id");
    auto client_secret = text_of(*parameters, "client_secret");
    if (auto const basic = call.basic()) std::tie(client_id, client_secret) = *basic;
    auto const* app = app_by_client(call.host, client_id);
    if (!app || app->client_secret != client_secret) return invalid_client();
    auto const grant = text_of(*parameters, "grant_type");
    Token token{call.host, client_id, "", {}, now(), false};
    if (grant == "client_credentials") {
        auto const scope = text_of(*parameters, "scope");
        token.scopes = split(scope.empty() ? "read" : scope, " ");
        for (auto const& wanted : token.scopes) {
            if (!scope_allows(app->scopes, wanted))
                return oauth_failure(400, "invalid_scope",
                                     "The requested scope is invalid, unknown, or malformed.");
        }
    } else if (grant == "authorization_code") {
        auto const found = state_.codes.find(text_of(*parameters, "code"));
        if (found == state_.codes.end()) return invalid_grant();
        auto& code = found->second;
        bool const fits = !code.used && code.instance == call.host && code.client_id == client_id &&
                          now() < code.expires_at &&
                          code.redirect_uri == text_of(*parameters, "redirect_uri");
        if (!fits) return invalid_grant();
        if (!code.challenge.empty() &&
            !pkce_matches(text_of(*parameters, "code_verifier"), code.challenge, "S256"))
            return invalid_grant();
        code.used = true;
        token.account_id = code.account_id;
        token.scopes = code.scopes;
        if (auto const* person = person_by_id(instance, token.account_id)) call.account = person->username;
    } else {
        return oauth_failure(400, grant.empty() ? "invalid_request" : "unsupported_grant_type",
                             "The authorization grant type is not supported by the authorization server.");
    }
    auto const text = services_.random.text(43);
    state_.tokens[text] = token;
    auto response = json_answer(200, json::object{{"access_token", text},
                                                  {"token_type", "Bearer"},
                                                  {"scope", joined(token.scopes, ' ')},
                                                  {"created_at", to_ms(token.created_at) / 1000}});
    response.headers.set("Cache-Control", "no-store");
    return response;
}

http::Response Mastodon::revoke_token(Call const& call) {
    auto parameters = rails_parameters(call);
    if (!parameters) return failure(400, parameters.error().message);
    auto client_id = text_of(*parameters, "client_id");
    auto client_secret = text_of(*parameters, "client_secret");
    if (auto const basic = call.basic()) std::tie(client_id, client_secret) = *basic;
    auto const* app = app_by_client(call.host, client_id);
    auto const found = state_.tokens.find(text_of(*parameters, "token"));
    auto const refused =
        oauth_failure(403, "unauthorized_client", "You are not authorized to revoke this token");
    if (!app || app->client_secret != client_secret) return refused;
    if (found == state_.tokens.end()) return json_answer(200, json::object());
    if (found->second.client_id != client_id || found->second.instance != call.host) return refused;
    found->second.revoked = true;
    return json_answer(200, json::object());
}

}  // namespace mypost::sandbox::mastodon
