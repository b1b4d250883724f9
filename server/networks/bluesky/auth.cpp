// Sign-in with an app password, at the server where the account lives.
#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.hpp"
#include "networks/answer.hpp"
#include "networks/bluesky/bluesky.hpp"
#include "networks/instances.hpp"
#include "networks/requests.hpp"

namespace mypost::networks::bluesky {

namespace {

struct Credentials {
    std::string identifier;  // handle or DID
    std::string password;
    std::optional<std::string> service;  // base URL
};

std::string trimmed_text(json::object const& object, std::string_view field) {
    auto text = answer::text_at(object, field);
    auto const first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<Credentials> read_credentials(json::object const& given) {
    std::vector<FieldError> wrong;
    Credentials credentials;
    auto handle = trimmed_text(given, "handle");
    for (auto const* prefix : {"@", "https://bsky.app/profile/"}) {
        if (handle.starts_with(prefix)) handle.erase(0, std::string_view(prefix).size());
    }
    if (handle.empty()) {
        wrong.push_back({"/credentials/handle", "required", {}, "Enter the account's handle."});
    } else if (handle.starts_with("did:")) {
        credentials.identifier = handle;
    } else if (auto host = normalise_host(handle);
               host && host->find(':') == std::string::npos && handle.find('@') == std::string::npos) {
        credentials.identifier = *host;
    } else {
        wrong.push_back(
            {"/credentials/handle", "invalid_format", {}, "A handle looks like ann.bsky.social."});
    }
    credentials.password = trimmed_text(given, "app_password");
    if (credentials.password.empty()) {
        wrong.push_back(
            {"/credentials/app_password", "required", {}, "Enter an app password of the account."});
    }
    if (auto const service = trimmed_text(given, "service"); !service.empty()) {
        credentials.service = normalise_base_url(service);
        if (!credentials.service) {
            wrong.push_back({"/credentials/service",
                             "invalid_format",
                             {},
                             "The service is the https address of the account's server, for example "
                             "https://bsky.social."});
        }
    }
    for (auto const& [key, value] : given) {
        if (key != "handle" && key != "app_password" && key != "service") {
            wrong.push_back({fmt::format("/credentials/{}", std::string_view(key)),
                             "unknown_field",
                             {},
                             "Bluesky takes handle, app_password and service."});
        }
    }
    if (!wrong.empty())
        return Error(ErrorCode::validation_failed, "The credentials are not complete.", std::move(wrong));
    return credentials;
}

// Seconds since 1970 from the token's own claim; nothing when it is no JWT.
std::optional<Instant> expiry_of(std::string_view jwt) {
    auto const first = jwt.find('.');
    auto const second = first == std::string_view::npos ? first : jwt.find('.', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    auto const payload = base64url_decode(jwt.substr(first + 1, second - first - 1));
    if (!payload) return std::nullopt;
    auto const seconds = answer::number_at(answer::object_of(*payload), "exp");
    if (!seconds || *seconds <= 0 || *seconds > 4'102'444'800) return std::nullopt;
    return from_ms(*seconds * 1000);
}

// Accounts of Bluesky's own hosts sign in at the entryway.
std::string session_base(std::string const& pds) {
    return pds.ends_with(".host.bsky.network") ? std::string(entryway) : pds;
}

std::optional<Tokens> read_session(json::object const& body, Instant now) {
    Tokens tokens;
    tokens.access_token = answer::text_at(body, "accessJwt");
    tokens.refresh_token = answer::text_at(body, "refreshJwt");
    if (tokens.access_token.empty() || tokens.refresh_token.empty()) return std::nullopt;
    // An access token lives for two hours on the reference server.
    tokens.expires_at = expiry_of(tokens.access_token).value_or(now + std::chrono::minutes(110));
    if (auto const until = expiry_of(tokens.refresh_token))
        tokens.extra["refresh_expires_at"] = to_ms(*until);
    return tokens;
}

std::string said(net::Response const& response) {
    auto const error = error_of(response);
    return error.message.empty() ? error.name : error.message;
}

Error sign_in_error(net::Response const& response) {
    auto const error = error_of(response);
    if (error.name == "AuthFactorTokenRequired") {
        return invalid("/credentials/app_password", "app_password_needed", sentence("bluesky_auth_factor"));
    }
    if (error.name == "AccountTakedown" || error.name == "AccountDeactivated" ||
        error.name == "AccountNotFound") {
        return invalid("/credentials/handle", "account_state", sentence("bluesky_account_state"));
    }
    if (response.status == 401 || error.name == "AuthenticationRequired") {
        return invalid("/credentials/app_password", "invalid_credentials",
                       "Handle and app password do not fit together.");
    }
    if (response.status == 429) {
        Error limited(ErrorCode::rate_limited, "Bluesky allows no more sign-ins for now.");
        limited.retry_after = std::chrono::minutes(5);
        return limited;
    }
    return refused("Bluesky refused the sign-in", response, said(response));
}

}  // namespace

asio::awaitable<Result<AppCredentials>> BlueskyAdapter::register_app(net::HttpClient&, std::string,
                                                                     std::string) const {
    co_return Error(ErrorCode::internal, "Bluesky needs no app.");
}

asio::awaitable<Result<AuthStart>> BlueskyAdapter::begin_consent(net::HttpClient&, AppCredentials,
                                                                 std::string, std::string, std::string,
                                                                 std::vector<std::string>) const {
    co_return Error(ErrorCode::validation_failed, "Bluesky accounts are connected with an app password.");
}

asio::awaitable<Result<Granted>> BlueskyAdapter::exchange_code(net::HttpClient&, AppCredentials, std::string,
                                                               std::string, std::string, json::object,
                                                               Instant) const {
    co_return Error(ErrorCode::validation_failed, "Bluesky accounts are connected with an app password.");
}

asio::awaitable<Result<Granted>> BlueskyAdapter::connect(net::HttpClient& http, json::object credentials,
                                                         Instant now) const {
    MP_TRY(given, read_credentials(credentials));
    std::string did = given.identifier.starts_with("did:") ? given.identifier : "";
    std::string pds = given.service.value_or("");
    if (pds.empty()) {
        if (did.empty()) {
            auto resolved = co_await resolve_handle(http, given.identifier);
            if (!resolved) co_return std::move(resolved).error();
            did = *std::move(resolved);
        }
        auto found = co_await find_pds(http, did);
        if (!found) co_return std::move(found).error();
        pds = *std::move(found);
    }
    auto request = json_request(xrpc(session_base(pds), "com.atproto.server.createSession"),
                                {{"identifier", given.identifier}, {"password", given.password}});
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable(pds, answered.error());
    if (!answer::is_success(*answered)) co_return sign_in_error(*answered);

    auto const body = answer::object_of(answered->body);
    auto tokens = read_session(body, now);
    auto const subject = answer::text_at(body, "did");
    bool const same_account = did.empty() || did == subject;
    if (!tokens || !subject.starts_with("did:") || !same_account) {
        co_return refused("The server's answer to the sign-in could not be used", *answered, "");
    }
    auto const* document = answer::find(body, "didDoc");
    auto const named =
        document != nullptr && document->is_object() ? pds_in(document->as_object()) : std::nullopt;
    Granted granted;
    granted.tokens = *std::move(tokens);
    granted.instance = named.value_or(pds);
    granted.subject = subject;
    co_return granted;
}

asio::awaitable<RefreshResult> BlueskyAdapter::refresh(net::HttpClient& http, AppCredentials,
                                                       std::string instance, Tokens tokens,
                                                       Instant now) const {
    auto const base = normalise_base_url(instance).value_or(std::string(entryway));
    auto request =
        get_request(xrpc(session_base(base), "com.atproto.server.refreshSession"), tokens.refresh_token);
    request.method = "POST";
    auto answered = co_await http.send(std::move(request));
    if (!answered) {
        using Kind = net::Failure::Kind;
        bool const sent =
            answered.error().kind == Kind::unknown_outcome || answered.error().kind == Kind::too_large;
        if (sent) co_return RefreshLost{};
        co_return RefreshLater{std::nullopt,
                               "The account's server could not be reached: " + answered.error().reason};
    }
    if (answer::is_success(*answered)) {
        auto renewed = read_session(answer::object_of(answered->body), now);
        if (!renewed) co_return RefreshLost{};
        co_return *std::move(renewed);
    }
    auto const error = error_of(*answered);
    bool const later = answered->status == 429 || answered->status >= 500 || answered->status == 408;
    if (later) {
        auto const at = answer::retry_after(*answered, now);
        co_return RefreshLater{
            at, fmt::format("The account's server answered {} to the refresh.", answered->status)};
    }
    bool const account = error.name == "AccountTakedown" || error.name == "AccountDeactivated";
    std::string const code = account ? "bluesky_account_state" : "bluesky_unauthorized";
    co_return RefreshRefused{code, sentence(code)};
}

asio::awaitable<void> BlueskyAdapter::revoke(net::HttpClient& http, AppCredentials, std::string instance,
                                             Tokens tokens) const {
    auto const base = normalise_base_url(instance).value_or(std::string(entryway));
    auto request =
        get_request(xrpc(session_base(base), "com.atproto.server.deleteSession"), tokens.refresh_token);
    request.method = "POST";
    auto const ignored = co_await http.send(std::move(request));
    static_cast<void>(ignored);
}

asio::awaitable<Result<std::vector<Destination>>> BlueskyAdapter::destinations(net::HttpClient& http,
                                                                               std::string instance,
                                                                               Tokens tokens) const {
    auto const base = normalise_base_url(instance).value_or(std::string(entryway));
    auto session_request = get_request(xrpc(base, "com.atproto.server.getSession"), tokens.access_token);
    auto session = co_await http.send(std::move(session_request));
    if (!session) co_return unreachable(base, session.error());
    auto const who = answer::object_of(session->body);
    Destination account;
    account.remote_id = answer::text_at(who, "did");
    if (!answer::is_success(*session) || account.remote_id.empty()) {
        co_return refused("Bluesky did not name the account", *session, said(*session));
    }
    account.kind = "profile";
    account.handle = answer::text_at(who, "handle");
    account.name = account.handle;

    // Name and picture come from the network's view of the account; an account without one posts all the
    // same.
    auto profile_request = get_request(fmt::format("{}?{}", xrpc(base, "app.bsky.actor.getProfile"),
                                                   form_encode({{"actor", account.remote_id}})),
                                       tokens.access_token);
    auto profile = co_await http.send(std::move(profile_request));
    if (profile && answer::is_success(*profile)) {
        auto const body = answer::object_of(profile->body);
        if (auto shown = answer::text_at(body, "displayName"); !shown.empty())
            account.name = std::move(shown);
        account.avatar_url = answer::text_at(body, "avatar");
    }
    auto server_request = get_request(xrpc(base, "com.atproto.server.describeServer"));
    auto server = co_await http.send(std::move(server_request));
    if (server && answer::is_success(*server)) {
        auto const limit = answer::number_at(answer::object_of(server->body), "blobUploadLimit");
        if (limit && *limit > 0) account.profile["blob_limit"] = *limit;
    }
    std::vector<Destination> found;
    found.push_back(std::move(account));
    co_return found;
}

}  // namespace mypost::networks::bluesky
