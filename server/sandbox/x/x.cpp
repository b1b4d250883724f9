#include "sandbox/x/x.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/framework/html.hpp"

namespace mypost::sandbox::x {

using http::Method;

namespace {

constexpr std::chrono::minutes quarter{15};
constexpr std::chrono::hours day{24};

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> result;
    while (!text.empty()) {
        auto const space = text.find(' ');
        if (space != 0) result.push_back(text.substr(0, space));
        text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    }
    return result;
}

bool has_scopes(std::string_view granted, std::string_view wanted) {
    auto const have = words(granted);
    for (auto const scope : words(wanted)) {
        if (std::find(have.begin(), have.end(), scope) == have.end()) return false;
    }
    return true;
}

void add_rate_headers(http::Response& response, Rate const& rate) {
    response.headers.set("x-rate-limit-limit", std::to_string(rate.limit));
    response.headers.set("x-rate-limit-remaining", std::to_string(rate.remaining));
    response.headers.set("x-rate-limit-reset", std::to_string(to_ms(rate.reset_at) / 1000));
}

void add_app_headers(http::Response& response, Rate const& rate) {
    response.headers.set("x-app-limit-24hour-limit", std::to_string(rate.limit));
    response.headers.set("x-app-limit-24hour-remaining", std::to_string(rate.remaining));
    response.headers.set("x-app-limit-24hour-reset", std::to_string(to_ms(rate.reset_at) / 1000));
}

constexpr std::string_view write_scopes = "tweet.read tweet.write users.read";
constexpr std::string_view read_scopes = "tweet.read users.read";

}  // namespace

http::Response problem(int status, std::string_view title, std::string_view detail, std::string_view type) {
    auto response = json_answer(
        status, json::object{{"title", title}, {"status", status}, {"detail", detail}, {"type", type}});
    response.headers.set("Content-Type", "application/problem+json");
    return response;
}

http::Response invalid_request(std::string_view parameter, std::string_view value, std::string_view message) {
    json::object error{{"message", message}};
    if (!parameter.empty()) error["parameters"] = json::object{{parameter, {value}}};
    return json_answer(400, json::object{{"errors", {error}},
                                         {"title", "Invalid Request"},
                                         {"detail", "One or more parameters to your request was invalid."},
                                         {"type", "https://api.twitter.com/2/problems/invalid-request"}});
}

X::X(Services services) : Network(services) {
    reset();
}

bool X::serves(std::string_view host) const {
    return host == "api.x.com" || host == "x.com" || host == "api.twitter.com" || host == "twitter.com" ||
           host == "pbs.twimg.com" || host == "upload.twitter.com" || host == "upload.x.com" ||
           host == "www.x.com";
}

User const* X::user_by_id(std::string_view id) const {
    auto const found = std::find_if(state_.users.begin(), state_.users.end(),
                                    [&](User const& user) { return user.id == id; });
    return found == state_.users.end() ? nullptr : &*found;
}

User const* X::user_by_name(std::string_view username) const {
    auto const found = std::find_if(state_.users.begin(), state_.users.end(),
                                    [&](User const& user) { return user.username == username; });
    return found == state_.users.end() ? nullptr : &*found;
}

User const* X::token_user(Call const& call) const {
    auto const bearer = call.bearer();
    if (!bearer) return nullptr;
    auto const found = state_.access_tokens.find(*bearer);
    if (found == state_.access_tokens.end() || found->second.dead || now() >= found->second.expires_at)
        return nullptr;
    return user_by_id(found->second.user_id);
}

void X::identify(Call& call) const {
    auto const set = [&](std::string_view user_id) {
        if (auto const* user = user_by_id(user_id)) call.account = call.qualified_account = user->username;
    };
    if (auto const* user = token_user(call)) return set(user->id);
    if (call.path != "/2/oauth2/token") return;
    if (auto const refresh = call.form("refresh_token")) {
        if (auto const found = state_.refresh_tokens.find(*refresh); found != state_.refresh_tokens.end())
            set(found->second.user_id);
    } else if (auto const code = call.form("code")) {
        if (auto const found = state_.codes.find(*code); found != state_.codes.end())
            set(found->second.user_id);
    }
}

// A snowflake: milliseconds since X's epoch in the upper bits; ids rise.
std::string X::new_id() {
    constexpr std::int64_t epoch_ms = 1'288'834'974'657;
    auto const id =
        ((to_ms(now()) - epoch_ms) << 22) + static_cast<std::int64_t>(services_.random.below(4096));
    state_.last_id = std::max(state_.last_id + 1, id);
    return std::to_string(state_.last_id);
}

void X::charge(std::string_view what, std::int64_t milli_usd, std::int64_t calls) {
    auto& entry = state_.ledger[std::string(what)];
    entry.calls += calls;
    entry.milli_usd += milli_usd;
}

http::Response X::too_many_requests() const {
    auto const body = settings.text("rate_limit_body");
    bool const code88 = body == "code88" || (body == "alternate" && state_.refused_rates % 2 == 1);
    if (code88) {
        return json_answer(
            429, json::object{{"errors", {json::object{{"code", 88}, {"message", "Rate limit exceeded"}}}}});
    }
    return problem(429, "Too Many Requests", "Too Many Requests");
}

http::Response X::rate_limit_answer(Call const&, std::optional<Milliseconds> reset_in) const {
    auto response = too_many_requests();
    add_rate_headers(response, {100, 0, now() + reset_in.value_or(quarter), false});
    return response;
}

http::Response X::error_answer(int status) const {
    switch (status) {
        case 400:
            return invalid_request("", "", "One or more parameters to your request was invalid.");
        case 401:
            return problem(401, "Unauthorized", "Unauthorized");
        case 402:
            return problem(402, "CreditsDepleted",
                           "Your enrolled account does not have any credits to fulfill this request.",
                           "https://api.twitter.com/2/problems/credits");
        case 403:
            return problem(403, "Forbidden", "You are not permitted to perform this action.");
        case 404:
            return problem(404, "Not Found Error", "Could not find what you asked for.",
                           "https://api.twitter.com/2/problems/resource-not-found");
        case 429:
            return too_many_requests();
        case 500:
            return problem(500, "Internal Server Error",
                           "Something is broken. This is usually a temporary error.");
        case 503:
            return problem(503, "Service Unavailable", "Service Unavailable");
        default:
            return problem(status, "Error", "Error");
    }
}

// Everything that comes before an endpoint's own work: token, scopes, rates, credits.
http::Response X::serve(Call& call, Endpoint const& endpoint, Answer answer) {
    auto const authorization = call.header("Authorization");
    if (authorization.starts_with("OAuth ") || authorization.starts_with("Basic ")) {
        return problem(403, "Unsupported Authentication",
                       "Authenticating with this method is forbidden for this endpoint. Supported "
                       "authentication types are [OAuth 2.0 User Context].",
                       "https://api.twitter.com/2/problems/unsupported-authentication");
    }
    auto const* user = token_user(call);
    if (!user) return error_answer(401);
    if (user->suspended) {
        return problem(403, "Forbidden", "The account of this token is suspended.",
                       "https://api.twitter.com/2/problems/user-suspended");
    }
    auto const& token = state_.access_tokens.at(*call.bearer());
    if (!has_scopes(token.scope, endpoint.scopes)) {
        return problem(
            403, "Client Forbidden",
            "You are not permitted to perform this action: the token lacks a scope this endpoint needs.",
            "https://api.twitter.com/2/problems/client-forbidden");
    }
    std::optional<Rate> rate;
    std::optional<Rate> app;
    if (!settings.limits_off) {
        rate = state_.rates.take(fmt::format("{} {}", endpoint.name, user->id),
                                 settings.limit(endpoint.user_limit), quarter, now());
        if (!endpoint.app_limit.empty()) {
            app = state_.rates.take(fmt::format("app {} {}", endpoint.app_limit, token.client_id),
                                    settings.limit(endpoint.app_limit), day, now());
        }
    }
    bool const allowed = (!rate || rate->allowed) && (!app || app->allowed);
    if (!allowed) ++state_.refused_rates;
    auto respond = [&]() -> http::Response {
        if (!allowed) return too_many_requests();
        std::int64_t spent = 0;
        for (auto const& [what, entry] : state_.ledger) spent += entry.milli_usd;
        auto const credits = settings.switches.at("credits_usd").to_number<double>();
        if (credits >= 0 && static_cast<double>(spent) >= credits * 1000) return error_answer(402);
        User const copy = *user;  // answers may add to the lists that `user` points into
        return (this->*answer)(call, copy);
    };
    auto response = respond();
    if (rate) add_rate_headers(response, *rate);
    if (app) add_app_headers(response, *app);
    return response;
}

http::Response X::handle(Call& call) {
    auto const method = call.request.method;
    auto const& part = call.segments;
    bool const reads = method == Method::get || method == Method::head;
    bool const posts_it = method == Method::post;
    if (call.path == "/i/oauth2/authorize" && !call.host.starts_with("api.")) return authorize(call);
    if (reads && part.size() == 2 && part[0] == "profile_images") {
        auto const* user = user_by_name(part[1].substr(0, part[1].find('.')));
        if (!user) return error_answer(404);
        http::Response picture;
        picture.headers.set("Content-Type", "image/svg+xml");
        picture.body = html::avatar_svg(user->name);
        return picture;
    }
    if (part.empty() || part[0] != "2" || !call.host.starts_with("api.")) return error_answer(404);
    if (call.is(Method::post, "/2/oauth2/token")) return token(call);
    if (call.is(Method::post, "/2/oauth2/revoke")) return revoke_token(call);
    if (call.is(Method::post, "/2/tweets"))
        return serve(call, {"create", "create_15min", "create_app_24h", write_scopes}, &X::create_post);
    if (reads && call.path == "/2/tweets")
        return serve(call, {"lookup", "lookup_15min", "", read_scopes}, &X::lookup);
    if (part.size() == 3 && part[1] == "tweets") {
        if (reads) return serve(call, {"lookup", "lookup_15min", "", read_scopes}, &X::lookup_one);
        if (method == Method::delete_)
            return serve(call, {"delete", "delete_15min", "", write_scopes}, &X::delete_post);
    }
    if (reads && call.path == "/2/users/me") return serve(call, {"me", "me_15min", "", read_scopes}, &X::me);
    if (reads && part.size() == 4 && part[1] == "users" && part[3] == "tweets") {
        return serve(call, {"timeline", "timeline_15min", "", read_scopes}, &X::timeline);
    }
    if (call.path == "/2/media/upload") {
        if (posts_it)
            return serve(call, {"media upload", "media_15min", "media_app_24h", "media.write"},
                         &X::upload_whole);
        if (reads)
            return serve(call, {"media status", "media_status_15min", "", "media.write"}, &X::media_status);
    }
    if (call.is(Method::post, "/2/media/upload/initialize"))
        return serve(call, {"media initialize", "media_15min", "media_app_24h", "media.write"},
                     &X::initialize);
    if (posts_it && part.size() == 5 && part[1] == "media" && part[2] == "upload") {
        if (part[4] == "append")
            return serve(call, {"media append", "media_15min", "media_app_24h", "media.write"}, &X::append);
        if (part[4] == "finalize")
            return serve(call, {"media finalize", "media_15min", "media_app_24h", "media.write"},
                         &X::finalize);
    }
    if (call.is(Method::post, "/2/media/metadata"))
        return serve(call, {"metadata", "metadata_15min", "", "media.write"}, &X::set_metadata);
    return error_answer(404);
}

}  // namespace mypost::sandbox::x
