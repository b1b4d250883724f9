#include "sandbox/bluesky/bluesky.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.hpp"
#include "sandbox/bluesky/dag_cbor.hpp"
#include "sandbox/bluesky/lexicon.hpp"
#include "sandbox/framework/digest.hpp"
#include "sandbox/framework/fields.hpp"
#include "sandbox/framework/html.hpp"
#include "sandbox/framework/people.hpp"

namespace mypost::sandbox::bluesky {

namespace {

constexpr std::string_view entryway = "bsky.social";
constexpr std::string_view appview = "public.api.bsky.app";
constexpr std::string_view first_pds = "morel.us-east.host.bsky.network";
constexpr std::string_view second_pds = "oyster.us-west.host.bsky.network";
constexpr std::string_view third_party_pds = "pds.garden.example";
constexpr std::chrono::minutes request_window{5};

json::object default_limits() {
    return {{"requests_5min", 3000},     {"points_hour", 5000},       {"points_day", 35'000},
            {"create_session_5min", 30}, {"create_session_day", 300}, {"upload_blob_day", 1000}};
}

json::object default_switches() {
    return {{"access_lifetime_s", 7200},
            {"refresh_lifetime_s", 90 * 86'400},
            {"refresh_grace_s", 7200},
            {"blob_lifetime_s", 3600},          // of a blob that no record refers to
            {"blob_upload_limit", 52'428'800},  // on the servers of bsky.network
            {"blob_upload_limit_elsewhere", 5'242'880}};
}

std::string did_of(std::string_view handle) {
    return "did:plc:" + base32(sha256(handle)).substr(0, 24);
}

std::string app_password_of(std::string_view seed) {
    auto const letters = base32(sha256(seed));
    return fmt::format("{}-{}-{}-{}", letters.substr(0, 4), letters.substr(4, 4), letters.substr(8, 4),
                       letters.substr(12, 4));
}

bool is_handle(std::string_view text) {
    if (text.size() > 253 || text.find('.') == std::string_view::npos || text.front() == '.' ||
        text.back() == '.')
        return false;
    return text.find("..") == std::string_view::npos &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string_view::npos;
}

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

http::Response Bluesky::rate_limit_answer(Call const&) const {
    return rate_limited({3000, 0, now() + request_window, false}, request_window);
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

void Bluesky::revoke(std::string_view handle) {
    for (auto& who : state_.accounts) {
        if (!handle.empty() && who.handle != handle) continue;
        // The app password is gone and its sessions with it; its owner makes another one.
        who.sessions_from = now() + Milliseconds(1);
        who.app_password = app_password_of(services_.random.text(32));
        std::erase_if(state_.refresh_tokens, [&](auto const& entry) { return entry.second.did == who.did; });
    }
}

std::vector<PostView> Bluesky::posts() const {
    std::vector<PostView> result;
    for (auto const& record : state_.records) {
        if (record.collection != "app.bsky.feed.post" || !record.value.is_object()) continue;
        auto const* who = account(record.did);
        auto const& value = record.value.as_object();
        PostView view;
        view.id = record.uri();
        view.account = who ? who->handle : record.did;
        view.name = who ? who->name : "";
        if (auto const* text = value.if_contains("text"); text && text->is_string())
            view.text = std::string(text->as_string());
        boost::system::error_code ignored;
        if (auto const* parent = record.value.find_pointer("/reply/parent/uri", ignored);
            parent && parent->is_string()) {
            view.parent_id = std::string(parent->as_string());
        }
        view.kind = view.parent_id.empty() ? "post" : "reply";
        view.created_at = record.created_at;
        view.path = fmt::format("/bsky.app/profile/{}/post/{}", record.did, record.rkey);
        view.visible = is_live(record);
        auto const* embed = value.if_contains("embed");
        if (embed && embed->find_pointer("/media", ignored)) embed = embed->find_pointer("/media", ignored);
        auto const add = [&](json::value const* blob, json::value const* alt, std::string_view kind) {
            if (!blob) return;
            auto const* link = blob->find_pointer("/ref/$link", ignored);
            auto const found = link ? state_.blobs.find(record.did + " " + std::string(link->as_string()))
                                    : state_.blobs.end();
            if (found == state_.blobs.end()) return;
            view.media.push_back(
                {std::string(kind), static_cast<std::size_t>(found->second.size), found->second.sha256,
                 alt && alt->is_string() ? std::string(alt->as_string()) : "", found->second.mime_type});
        };
        if (embed && embed->is_object()) {
            for (auto const* list : {"/images", "/items"}) {
                auto const* items = embed->find_pointer(list, ignored);
                if (!items || !items->is_array()) continue;
                for (auto const& item : items->as_array())
                    add(item.find_pointer("/image", ignored), item.find_pointer("/alt", ignored), "image");
            }
            add(embed->find_pointer("/video", ignored), embed->find_pointer("/alt", ignored), "video");
            if (auto const* uri = embed->find_pointer("/external/uri", ignored); uri && uri->is_string()) {
                view.link_url = std::string(uri->as_string());
                view.link_title = std::string(embed->at("external").at("title").as_string());
            }
        }
        result.push_back(std::move(view));
    }
    return result;
}

std::vector<AccountView> Bluesky::accounts() const {
    std::vector<AccountView> result;
    for (auto const& who : state_.accounts) {
        AccountView view{who.handle, who.name, who.kind, "", who.app_password, {}};
        view.extra = {{"did", who.did}, {"pds", who.pds}};
        if (who.status != "active") view.extra["status"] = who.status;
        result.push_back(std::move(view));
    }
    return result;
}

Result<AccountView> Bluesky::add_account(json::value const& body) {
    Fields fields(body);
    Account who;
    who.handle = fields.required_text("handle");
    who.name = fields.text("name").value_or(who.handle);
    who.kind = fields.text("kind").value_or("person");
    who.app_password = fields.text("app_password").value_or(app_password_of("another " + who.handle));
    who.pds = fields.text("pds").value_or(std::string(first_pds));
    who.status = fields.text("status").value_or("active");
    who.needs_factor = fields.flag("needs_factor").value_or(false);
    who.did = did_of(who.handle);
    if (!who.handle.empty() && !is_handle(who.handle))
        fields.wrong("/handle", "invalid_format",
                     "A handle is a lower-case domain name such as zoe.bsky.social.");
    if (!is_handle(who.pds)) fields.wrong("/pds", "invalid_format", "pds is the host name of a data server.");
    if (who.status != "active" && who.status != "takendown" && who.status != "deactivated") {
        fields.wrong("/status", "invalid_choice", "status is active, takendown or deactivated.");
    }
    fields.refuse_unknown();
    if (auto error = fields.error()) return *std::move(error);
    if (account(who.handle)) return conflict(fmt::format("{} is there already.", who.handle));
    state_.accounts.push_back(std::move(who));
    return accounts().back();
}

std::optional<std::string> Bluesky::permalink(std::string_view host,
                                              std::vector<std::string> const& segments) const {
    if (host != "bsky.app" || segments.size() != 4 || segments[0] != "profile" || segments[2] != "post")
        return std::nullopt;
    auto const* who = account(segments[1]);
    return fmt::format("at://{}/app.bsky.feed.post/{}", who ? who->did : segments[1], segments[3]);
}

std::optional<std::string> Bluesky::profile(std::string_view host,
                                            std::vector<std::string> const& segments) const {
    if (host != "bsky.app" || segments.size() != 2 || segments[0] != "profile") return std::nullopt;
    auto const* who = account(segments[1]);
    return who ? who->handle : segments[1];
}

json::object Bluesky::extra_state() const {
    return {{"hosts",
             {{"entryway", entryway},
              {"pds", {first_pds, second_pds, third_party_pds}},
              {"appview", appview},
              {"plc", "plc.directory"}}}};
}

json::value Bluesky::save() const {
    return encode(state_);
}

void Bluesky::load(json::value const& state) {
    State loaded;
    decode(state, loaded);
    state_ = std::move(loaded);
}

void Bluesky::reset() {
    state_ = State();
    settings = Settings();
    settings.limits = default_limits();
    settings.switches = default_switches();
    settings.listing_lag_ms = 1'000;
    state_.jwt_secret = services_.random.text(43);
    for (auto const& person : people()) {
        auto const number = state_.accounts.size();
        bool const elsewhere = person.given == "nora";
        Account who;
        who.handle = elsewhere            ? fmt::format("{}.garden.example", person.given)
                     : person.is_business ? fmt::format("{}{}.bsky.social", person.given, person.family)
                                          : fmt::format("{}.bsky.social", person.given);
        who.did = did_of(who.handle);
        who.name = std::string(person.name);
        who.kind = person.is_business ? "business" : "person";
        who.pds = std::string(elsewhere ? third_party_pds : number % 2 == 0 ? first_pds : second_pds);
        who.app_password = app_password_of(who.handle);
        state_.accounts.push_back(std::move(who));
    }
}

}  // namespace mypost::sandbox::bluesky
