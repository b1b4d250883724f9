#include "sandbox/bluesky/bluesky.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.hpp"
#include "sandbox/framework/html.hpp"

namespace mypost::sandbox::bluesky {

namespace {

constexpr std::string_view entryway = "bsky.social";
constexpr std::string_view appview = "public.api.bsky.app";
constexpr std::chrono::minutes request_window{5};

}  // namespace

http::Response failure(int status, std::string_view error, std::string_view message) {
    return json_answer(status, json::object{{"error", error}, {"message", message}});
}

http::Response invalid_request(std::string_view message) {
    return failure(400, "InvalidRequest", message);
}

Bluesky::Bluesky(Services services) : Network(services) {
    reset();
}

bool Bluesky::is_pds(std::string_view host) const {
    if (host.ends_with(".host.bsky.network")) return true;
    return std::any_of(state_.accounts.begin(), state_.accounts.end(),
                       [&](Account const& who) { return who.pds == host; });
}

bool Bluesky::serves(std::string_view host) const {
    static constexpr std::string_view fixed[] = {
        entryway, appview, "api.bsky.app", "plc.directory", "bsky.app", "video.bsky.app", "cdn.bsky.app"};
    return std::find(std::begin(fixed), std::end(fixed), host) != std::end(fixed) || is_pds(host) ||
           host.ends_with(".bsky.social") || account(host) != nullptr;
}

Account const* Bluesky::account(std::string_view did_or_handle) const {
    for (auto const& who : state_.accounts) {
        if (who.did == did_or_handle || who.handle == did_or_handle) return &who;
    }
    return nullptr;
}

Account* Bluesky::account(std::string_view did_or_handle) {
    return const_cast<Account*>(std::as_const(*this).account(did_or_handle));
}

bool Bluesky::hosts(std::string_view host, Account const& who) const {
    return host == who.pds || (host == entryway && who.pds.ends_with(".host.bsky.network"));
}

// 53 bits of microseconds and 10 bits of clock id, sortable; rising.
std::string Bluesky::new_tid() {
    static constexpr std::string_view sortable = "234567abcdefghijklmnopqrstuvwxyz";
    state_.last_tid = std::max(state_.last_tid + 1, to_ms(now()) * 1000);
    auto number = static_cast<std::uint64_t>(state_.last_tid) << 10 | services_.random.below(1024);
    std::string text(13, '2');
    for (std::size_t i = 13; i-- > 0; number >>= 5) text[i] = sortable[number & 31];
    return text;
}

void Bluesky::add_rate_headers(http::Response& response, Rate const& rate,
                               std::chrono::seconds window) const {
    response.headers.set("RateLimit-Limit", std::to_string(rate.limit));
    response.headers.set("RateLimit-Remaining", std::to_string(rate.remaining));
    response.headers.set("RateLimit-Reset", std::to_string(to_ms(rate.reset_at) / 1000));
    response.headers.set("RateLimit-Policy", fmt::format("{};w={}", rate.limit, window.count()));
}

http::Response Bluesky::rate_limited(Rate const& rate, std::chrono::seconds window) const {
    auto response = failure(429, "RateLimitExceeded", "Rate Limit Exceeded");
    add_rate_headers(response, rate, window);
    auto const left = std::max<std::int64_t>((to_ms(rate.reset_at) - to_ms(now()) + 999) / 1000, 1);
    response.headers.set("Retry-After", std::to_string(left));
    return response;
}

http::Response Bluesky::rate_limit_answer(Call const&, std::optional<Milliseconds> reset_in) const {
    return rate_limited({3000, 0, now() + reset_in.value_or(request_window), false}, request_window);
}

http::Response Bluesky::error_answer(int status) const {
    switch (status) {
        case 400:
            return failure(400, "ExpiredToken", "Token has expired");
        case 401:
            return failure(401, "AuthMissing", "Authentication Required");
        case 403:
            return failure(403, "AccountNotFound", "Account not found");
        case 404:
            return failure(404, "MethodNotImplemented", "Method Not Implemented");
        case 413:
            return failure(413, "PayloadTooLarge", "request entity too large");
        case 429:
            return rate_limited({3000, 0, now() + request_window, false}, request_window);
        case 501:
            return failure(501, "MethodNotImplemented", "Method Not Implemented");
        case 502:
            return failure(502, "UpstreamFailure", "Upstream Failure");
        case 503:
            return failure(503, "NotEnoughResources", "Not Enough Resources");
        case 504:
            return failure(504, "UpstreamTimeout", "Upstream Timeout");
        default:
            return failure(status, "InternalServerError", "Internal Server Error");
    }
}

void Bluesky::identify(Call& call) const {
    auto const set = [&](Account const* who) {
        if (who) call.account = call.qualified_account = who->handle;
    };
    if (auto const bearer = call.bearer()) {
        // Also of an expired token: a fault may want to match its account.
        auto const dot = bearer->find('.');
        auto const second = bearer->find('.', dot + 1);
        if (dot == std::string::npos || second == std::string::npos) return;
        auto const payload = base64url_decode(bearer->substr(dot + 1, second - dot - 1));
        boost::system::error_code error;
        auto const claims = payload ? json::parse(*payload, error) : json::value(nullptr);
        if (error || !claims.is_object()) return;
        auto const* subject = claims.as_object().if_contains("sub");
        if (subject && subject->is_string()) set(account(std::string_view(subject->as_string())));
    } else if (call.path == "/xrpc/com.atproto.server.createSession") {
        boost::system::error_code error;
        auto const body = json::parse(call.request.body, error);
        if (error || !body.is_object()) return;
        auto const* identifier = body.as_object().if_contains("identifier");
        if (identifier && identifier->is_string()) set(account(std::string_view(identifier->as_string())));
    }
}

http::Response Bluesky::handle(Call& call) {
    auto const& part = call.segments;
    if (call.path == "/.well-known/atproto-did") {
        auto const* who = account(call.host);
        return who ? http::text_response(200, who->did) : http::text_response(404, "User not found");
    }
    if (call.host == "plc.directory" && part.size() == 1) return plc_document(part[0]);
    if (call.host == "cdn.bsky.app" && part.size() == 2 && part[0] == "avatar") {
        auto const* who = account(part[1].substr(0, part[1].rfind('.')));
        if (!who) return failure(404, "NotFound", "No such avatar");
        http::Response picture;
        picture.headers.set("Content-Type", "image/svg+xml");
        picture.body = html::avatar_svg(who->name);
        return picture;
    }
    if (part.size() != 2 || part[0] != "xrpc") return failure(404, "NotFound", "Not Found");
    std::optional<Rate> rate;
    if (!settings.limits_off) {
        rate = state_.rates.take("address " + call.request.remote_address, settings.limit("requests_5min"),
                                 request_window, now());
        if (!rate->allowed) return rate_limited(*rate, request_window);
    }
    auto response = xrpc(call, part[1]);
    if (rate && !response.headers.has("RateLimit-Limit")) add_rate_headers(response, *rate, request_window);
    return response;
}

http::Response Bluesky::xrpc(Call& call, std::string const& nsid) {
    struct Entry {
        http::Method method;
        Answer answer;
        bool on_appview;  // else only on data servers and the entryway
    };
    using http::Method;
    static std::map<std::string_view, Entry> const methods = {
        {"com.atproto.server.createSession", {Method::post, &Bluesky::create_session, false}},
        {"com.atproto.server.refreshSession", {Method::post, &Bluesky::refresh_session, false}},
        {"com.atproto.server.getSession", {Method::get, &Bluesky::get_session, false}},
        {"com.atproto.server.deleteSession", {Method::post, &Bluesky::delete_session, false}},
        {"com.atproto.server.describeServer", {Method::get, &Bluesky::describe_server, false}},
        {"com.atproto.identity.resolveHandle", {Method::get, &Bluesky::resolve_handle, true}},
        {"com.atproto.repo.describeRepo", {Method::get, &Bluesky::describe_repo, false}},
        {"com.atproto.repo.uploadBlob", {Method::post, &Bluesky::upload_blob, false}},
        {"com.atproto.sync.getBlob", {Method::get, &Bluesky::get_blob, false}},
        {"com.atproto.repo.createRecord", {Method::post, &Bluesky::create_record, false}},
        {"com.atproto.repo.putRecord", {Method::post, &Bluesky::put_record, false}},
        {"com.atproto.repo.deleteRecord", {Method::post, &Bluesky::delete_record, false}},
        {"com.atproto.repo.applyWrites", {Method::post, &Bluesky::apply_writes, false}},
        {"com.atproto.repo.getRecord", {Method::get, &Bluesky::get_record, true}},
        {"com.atproto.repo.listRecords", {Method::get, &Bluesky::list_records, false}},
        {"app.bsky.actor.getProfile", {Method::get, &Bluesky::get_profile, true}},
        {"app.bsky.actor.getProfiles", {Method::get, &Bluesky::get_profiles, true}},
        {"app.bsky.feed.getPosts", {Method::get, &Bluesky::get_posts, true}},
        {"app.bsky.feed.getAuthorFeed", {Method::get, &Bluesky::get_author_feed, true}},
    };
    auto const found = methods.find(nsid);
    bool const is_view = call.host == appview || call.host == "api.bsky.app";
    bool const is_server = call.host == entryway || is_pds(call.host);
    if (found == methods.end() || !(is_server || (is_view && found->second.on_appview)))
        return error_answer(501);
    auto const method = call.request.method == Method::head ? Method::get : call.request.method;
    if (method != found->second.method) {
        return failure(405, "InvalidRequest",
                       fmt::format("Incorrect HTTP method ({}) expected {}", http::to_string(method),
                                   http::to_string(found->second.method)));
    }
    return (this->*found->second.answer)(call);
}

}  // namespace mypost::sandbox::bluesky
