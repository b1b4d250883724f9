// OAuth 2.0 with PKCE; refresh tokens are rotated at each use.
#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.hpp"
#include "networks/answer.hpp"
#include "networks/requests.hpp"
#include "networks/x/x.hpp"

namespace mypost::networks::x {

namespace {

constexpr std::int64_t default_token_seconds = 7200;
constexpr std::string_view network_name = "X";
constexpr auto app_refused_wait = std::chrono::minutes(10);

std::string token_url() {
    return fmt::format("{}/oauth2/token", api);
}

// Confidential clients sign in by Basic, public ones name themselves in the body.
net::Request token_request(AppCredentials const& app, std::string url, Fields fields) {
    if (app.client_secret.empty()) fields.emplace_back("client_id", app.client_id);
    auto request = form_request(std::move(url), fields);
    if (!app.client_secret.empty()) {
        auto const pair = percent_encode(app.client_id) + ":" + percent_encode(app.client_secret);
        request.headers.emplace_back("Authorization", "Basic " + base64_encode(pair));
    }
    return request;
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

// `previous`: its refresh token and scopes stay where the answer names none.
std::optional<Tokens> read_tokens(json::object const& body, Tokens previous, Instant now) {
    Tokens tokens = std::move(previous);
    auto access = answer::text_at(body, "access_token");
    if (access.empty()) return std::nullopt;
    tokens.access_token = std::move(access);
    if (auto refresh = answer::text_at(body, "refresh_token"); !refresh.empty())
        tokens.refresh_token = std::move(refresh);
    auto const seconds = answer::number_at(body, "expires_in").value_or(default_token_seconds);
    tokens.expires_at = now + std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, 365 * 24 * 3600));
    if (auto const scopes = answer::text_at(body, "scope"); !scopes.empty()) tokens.scopes = split(scopes);
    return tokens;
}

std::string said(net::Response const& response) {
    auto const body = answer::object_of(response.body);
    auto text = answer::text_at(body, "error");
    auto const more = answer::text_at(body, "error_description");
    if (!more.empty()) text += (text.empty() ? "" : ", ") + more;
    return text.empty() ? answer::text_at(body, "detail") : text;
}

net::Request me_request(Tokens const& tokens) {
    return get_request(
        fmt::format("{}/users/me?{}", api,
                    form_encode({{"user.fields", "profile_image_url,verified_type,subscription_type"}})),
        tokens.access_token);
}

}  // namespace

asio::awaitable<Result<AppCredentials>> XAdapter::register_app(net::HttpClient&, std::string,
                                                               std::string) const {
    co_return Error(ErrorCode::internal, "X apps are registered by hand at X's developer console.");
}

asio::awaitable<Result<AuthStart>> XAdapter::begin_consent(net::HttpClient&, AppCredentials app, std::string,
                                                           std::string redirect_uri, std::string state,
                                                           std::vector<std::string>) const {
    // All purposes need the same scopes: reading one's posts and numbers comes with writing them.
    std::string scopes;
    for (auto const& scope : info_.scopes) scopes += (scopes.empty() ? "" : " ") + scope;
    auto const pkce = make_pkce();
    AuthStart start;
    start.authorize_url = fmt::format("{}?{}", authorize_page,
                                      form_encode({{"response_type", "code"},
                                                   {"client_id", app.client_id},
                                                   {"redirect_uri", redirect_uri},
                                                   {"scope", scopes},
                                                   {"state", state},
                                                   {"code_challenge", pkce.challenge},
                                                   {"code_challenge_method", "S256"}}));
    start.secret = {{"code_verifier", pkce.verifier}};
    co_return start;
}

asio::awaitable<Result<Granted>> XAdapter::exchange_code(net::HttpClient& http, AppCredentials app,
                                                         std::string, std::string redirect_uri,
                                                         std::string code, json::object secret,
                                                         Instant now) const {
    auto request = token_request(app, token_url(),
                                 {{"grant_type", "authorization_code"},
                                  {"code", code},
                                  {"redirect_uri", redirect_uri},
                                  {"code_verifier", answer::text_at(secret, "code_verifier")}});
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable(network_name, answered.error());
    if (!answer::is_success(*answered))
        co_return refused("X refused the sign-in", *answered, said(*answered));
    auto tokens = read_tokens(answer::object_of(answered->body), {}, now);
    if (!tokens) co_return refused("X's answer to the sign-in could not be read", *answered, "");

    auto who = co_await http.send(me_request(*tokens));
    if (!who) co_return unreachable(network_name, who.error());
    auto const id = answer::text_at(answer::object_of(who->body), "data/id");
    if (!answer::is_success(*who) || id.empty()) {
        co_return refused("X did not say whose account this is", *who, said(*who));
    }
    Granted granted;
    granted.tokens = std::move(*tokens);
    granted.subject = id;
    co_return granted;
}

asio::awaitable<Result<Granted>> XAdapter::connect(net::HttpClient&, json::object, Instant) const {
    co_return Error(ErrorCode::validation_failed, "X accounts are connected on X's own page.");
}

asio::awaitable<RefreshResult> XAdapter::refresh(net::HttpClient& http, AppCredentials app, std::string,
                                                 Tokens tokens, Instant now) const {
    if (tokens.refresh_token.empty()) {
        co_return RefreshRefused{"x_no_refresh_token", "X gave no refresh token: connect the account again."};
    }
    auto request = token_request(app, token_url(),
                                 {{"grant_type", "refresh_token"}, {"refresh_token", tokens.refresh_token}});
    auto answered = co_await http.send(std::move(request));
    if (!answered) {
        using Kind = net::Failure::Kind;
        bool const sent =
            answered.error().kind == Kind::unknown_outcome || answered.error().kind == Kind::too_large;
        if (sent) co_return RefreshLost{};
        co_return RefreshLater{std::nullopt, "X could not be reached: " + answered.error().reason};
    }
    if (answer::is_success(*answered)) {
        auto renewed = read_tokens(answer::object_of(answered->body), std::move(tokens), now);
        if (!renewed) co_return RefreshLost{};
        co_return std::move(*renewed);
    }
    if (answered->status == 429 || answered->status >= 500) {
        auto const at = answer::retry_after(*answered, now);
        co_return RefreshLater{at, fmt::format("X answered {} to the refresh.", answered->status)};
    }
    if (answered->status == 401) {
        // The app is refused, not the account: its tokens work again once the app's credentials are right.
        co_return RefreshLater{now + app_refused_wait,
                               "X refuses the app's client id or secret: correct them in the network apps."};
    }
    // 400 invalid_request or invalid_grant: the token is dead.
    auto const words = answer::excerpt(said(*answered), 120);
    co_return RefreshRefused{"x_refresh_refused",
                             fmt::format("X no longer accepts this account's sign-in ({}): connect it again.",
                                         words.empty() ? std::to_string(answered->status) : words)};
}

asio::awaitable<void> XAdapter::revoke(net::HttpClient& http, AppCredentials app, std::string,
                                       Tokens tokens) const {
    auto const& token = tokens.refresh_token.empty() ? tokens.access_token : tokens.refresh_token;
    auto request = token_request(app, fmt::format("{}/oauth2/revoke", api), {{"token", token}});
    auto const ignored = co_await http.send(std::move(request));
    static_cast<void>(ignored);
}

asio::awaitable<Result<std::vector<Destination>>> XAdapter::destinations(net::HttpClient& http, std::string,
                                                                         Tokens tokens) const {
    auto answered = co_await http.send(me_request(tokens));
    if (!answered) co_return unreachable(network_name, answered.error());
    auto const body = answer::object_of(answered->body);
    auto const id = answer::text_at(body, "data/id");
    if (!answer::is_success(*answered) || id.empty()) {
        co_return refused("X did not name the account", *answered, said(*answered));
    }
    Destination account;
    account.remote_id = id;
    account.kind = "profile";
    account.handle = answer::text_at(body, "data/username");
    account.name = answer::text_at(body, "data/name");
    account.avatar_url = answer::text_at(body, "data/profile_image_url");
    for (auto const* field : {"subscription_type", "verified_type"}) {
        auto const value = answer::text_at(body, fmt::format("data/{}", field));
        if (!value.empty()) account.profile[field] = value;
    }
    std::vector<Destination> found;
    found.push_back(std::move(account));
    co_return found;
}

}  // namespace mypost::networks::x
