// OAuth at each instance: an app registered there, PKCE where it is offered, tokens that live until revoked.
#include <fmt/format.h>

#include <algorithm>

#include "networks/answer.hpp"
#include "networks/instances.hpp"
#include "networks/mastodon/mastodon.hpp"
#include "networks/requests.hpp"

namespace mypost::networks::mastodon {

namespace {

constexpr std::string_view app_name = "MyPost";
// All that any purpose may ask for: a consent can ask for a part of what the app is registered for, not for
// more.
constexpr std::string_view registered_scopes =
    "read:accounts read:statuses read:notifications write:statuses write:media";
constexpr int discovery_redirects = 3;

std::string said(net::Response const& response) {
    auto const body = answer::object_of(response.body);
    auto text = answer::text_at(body, "error");
    auto const more = answer::text_at(body, "error_description");
    if (!more.empty()) text += (text.empty() ? "" : ", ") + more;
    return text;
}

Result<std::string> host_of(std::string const& instance) {
    auto host = normalise_host(instance);
    if (host) return *std::move(host);
    return invalid("/instance", "invalid_format",
                   "Name the instance by its host, for example mastodon.social.");
}

struct Endpoints {
    std::string authorize;
    std::string token;
    bool pkce = false;
};

bool is_web_address(std::string_view url) {
    return url.starts_with("https://") || url.starts_with("http://127.0.0.1");
}

// What the instance says of itself (4.3 and newer); older ones have fixed paths.
asio::awaitable<Result<Endpoints>> discover(net::HttpClient& http, std::string host) {
    Endpoints endpoints{base_url(host) + "/oauth/authorize", base_url(host) + "/oauth/token"};
    auto request = get_request(base_url(host) + "/.well-known/oauth-authorization-server");
    request.max_redirects = discovery_redirects;
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable(host, answered.error());
    if (!answer::is_success(*answered)) co_return endpoints;
    auto const body = answer::object_of(answered->body);
    auto const authorize = answer::text_at(body, "authorization_endpoint");
    auto const token = answer::text_at(body, "token_endpoint");
    if (is_web_address(authorize)) endpoints.authorize = authorize;
    if (is_web_address(token)) endpoints.token = token;
    auto const methods = answer::array_at(body, "code_challenge_methods_supported");
    endpoints.pkce = std::ranges::find(methods, json::value("S256")) != methods.end();
    co_return endpoints;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        auto const space = std::min(text.find(' '), text.size());
        if (space > 0) out.emplace_back(text.substr(0, space));
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return out;
}

net::Request me_request(std::string const& host, Tokens const& tokens) {
    return get_request(base_url(host) + "/api/v1/accounts/verify_credentials", tokens.access_token);
}

// Limits of the instance; an instance that does not tell them has the stock ones.
asio::awaitable<json::object> read_limits(net::HttpClient& http, std::string host) {
    for (auto const* path : {"/api/v2/instance", "/api/v1/instance"}) {
        auto request = get_request(base_url(host) + path);
        auto answered = co_await http.send(std::move(request));
        if (!answered || !answer::is_success(*answered)) continue;
        auto const body = answer::object_of(answered->body);
        if (body.empty()) continue;
        auto limits = limits_of(body);
        if (auto const version = answer::text_at(body, "version"); !version.empty())
            limits["version"] = version;
        co_return limits;
    }
    co_return json::object();
}

}  // namespace

asio::awaitable<Result<AppCredentials>> MastodonAdapter::register_app(net::HttpClient& http,
                                                                      std::string instance,
                                                                      std::string redirect_uri) const {
    MP_TRY(host, host_of(instance));
    auto request =
        form_request(base_url(host) + "/api/v1/apps", {{"client_name", std::string(app_name)},
                                                       {"redirect_uris", redirect_uri},
                                                       {"scopes", std::string(registered_scopes)}});
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable(host, answered.error());
    auto const body = answer::object_of(answered->body);
    AppCredentials app;
    app.client_id = answer::text_at(body, "client_id");
    app.client_secret = answer::text_at(body, "client_secret");
    if (!answer::is_success(*answered) || app.client_id.empty() || app.client_secret.empty()) {
        co_return refused(
            fmt::format("{} did not register this installation; is it a Mastodon server?", host), *answered,
            said(*answered));
    }
    co_return app;
}

asio::awaitable<Result<AuthStart>> MastodonAdapter::begin_consent(net::HttpClient& http, AppCredentials app,
                                                                  std::string instance,
                                                                  std::string redirect_uri, std::string state,
                                                                  std::vector<std::string> purposes) const {
    MP_TRY(host, host_of(instance));
    auto found = co_await discover(http, host);
    if (!found) co_return std::move(found).error();
    std::string scopes;
    for (auto const& scope : info_.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
    if (std::ranges::find(purposes, "engage") != purposes.end()) scopes += " read:notifications";
    Fields query{{"response_type", "code"},
                 {"client_id", app.client_id},
                 {"redirect_uri", redirect_uri},
                 {"scope", scopes},
                 {"state", state}};
    AuthStart start;
    start.secret = {{"token_endpoint", found->token}};
    if (found->pkce) {
        auto const pkce = make_pkce();
        query.emplace_back("code_challenge", pkce.challenge);
        query.emplace_back("code_challenge_method", "S256");
        start.secret["code_verifier"] = pkce.verifier;
    }
    auto const separator = found->authorize.find('?') == std::string::npos ? '?' : '&';
    start.authorize_url = fmt::format("{}{}{}", found->authorize, separator, form_encode(query));
    co_return start;
}

asio::awaitable<Result<Granted>> MastodonAdapter::exchange_code(net::HttpClient& http, AppCredentials app,
                                                                std::string instance,
                                                                std::string redirect_uri, std::string code,
                                                                json::object secret, Instant) const {
    MP_TRY(host, host_of(instance));
    Fields fields{{"grant_type", "authorization_code"},
                  {"code", code},
                  {"client_id", app.client_id},
                  {"client_secret", app.client_secret},
                  {"redirect_uri", redirect_uri}};
    auto const verifier = answer::text_at(secret, "code_verifier");
    if (!verifier.empty()) fields.emplace_back("code_verifier", verifier);
    auto endpoint = answer::text_at(secret, "token_endpoint");
    if (endpoint.empty()) endpoint = base_url(host) + "/oauth/token";
    auto request = form_request(std::move(endpoint), fields);
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable(host, answered.error());
    auto const body = answer::object_of(answered->body);
    Granted granted;
    granted.instance = host;
    granted.tokens.access_token = answer::text_at(body, "access_token");
    granted.tokens.scopes = split(answer::text_at(body, "scope"));
    if (!answer::is_success(*answered) || granted.tokens.access_token.empty()) {
        auto error = refused(fmt::format("{} refused the sign-in", host), *answered, said(*answered));
        // Old instances forget apps that nobody used: the app has to be registered again.
        auto const reason = answer::text_at(body, "error");
        if (!reason.empty()) error.params["error"] = answer::excerpt(reason, 60);
        co_return error;
    }
    auto who = co_await http.send(me_request(host, granted.tokens));
    if (!who) co_return unreachable(host, who.error());
    granted.subject = answer::text_at(answer::object_of(who->body), "id");
    if (!answer::is_success(*who) || granted.subject.empty()) {
        co_return refused(fmt::format("{} did not say whose account this is", host), *who, said(*who));
    }
    co_return granted;
}

asio::awaitable<Result<Granted>> MastodonAdapter::connect(net::HttpClient&, json::object, Instant) const {
    co_return Error(ErrorCode::validation_failed,
                    "Mastodon accounts are connected on their instance's own page.");
}

asio::awaitable<RefreshResult> MastodonAdapter::refresh(net::HttpClient&, AppCredentials, std::string, Tokens,
                                                        Instant) const {
    co_return RefreshRefused{"mastodon_unauthorized", sentence("mastodon_unauthorized")};
}

asio::awaitable<void> MastodonAdapter::revoke(net::HttpClient& http, AppCredentials app, std::string instance,
                                              Tokens tokens) const {
    auto const host = normalise_host(instance);
    if (!host) co_return;
    auto request = form_request(
        base_url(*host) + "/oauth/revoke",
        {{"client_id", app.client_id}, {"client_secret", app.client_secret}, {"token", tokens.access_token}});
    auto const ignored = co_await http.send(std::move(request));
    static_cast<void>(ignored);
}

asio::awaitable<Result<std::vector<Destination>>> MastodonAdapter::destinations(net::HttpClient& http,
                                                                                std::string instance,
                                                                                Tokens tokens) const {
    MP_TRY(host, host_of(instance));
    auto answered = co_await http.send(me_request(host, tokens));
    if (!answered) co_return unreachable(host, answered.error());
    auto const body = answer::object_of(answered->body);
    Destination account;
    account.remote_id = answer::text_at(body, "id");
    if (!answer::is_success(*answered) || account.remote_id.empty()) {
        co_return refused(fmt::format("{} did not name the account", host), *answered, said(*answered));
    }
    account.kind = "profile";
    auto const user = answer::text_at(body, "username");
    account.handle = user + "@" + host;
    account.name = answer::text_at(body, "display_name");
    if (account.name.empty()) account.name = user;
    account.avatar_url = answer::text_at(body, "avatar");
    auto limits = co_await read_limits(http, host);
    account.profile["limits"] = std::move(limits);
    for (auto const& [name, path] :
         {std::pair("url", "url"), std::pair("default_visibility", "source/privacy")}) {
        if (auto const value = answer::text_at(body, path); !value.empty()) account.profile[name] = value;
    }
    std::vector<Destination> found;
    found.push_back(std::move(account));
    co_return found;
}

}  // namespace mypost::networks::mastodon
