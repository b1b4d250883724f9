#include "sandbox/mastodon/mastodon.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/framework/html.hpp"

namespace mypost::sandbox::mastodon {

using http::Method;

namespace {

bool is_host_name(std::string_view host) {
    if (host.size() > 253 || host.find('.') == std::string_view::npos) return false;
    char before = '.';
    for (char const c : host) {
        bool const word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        if (!word && c != '.' && c != ':') return false;
        if (c == '.' && before == '.') return false;
        before = c;
    }
    return before != '.';
}

std::string iso_microseconds(Instant at) {
    auto text = to_rfc3339(at);
    text.insert(text.size() - 1, "000");
    return text;
}

}  // namespace

http::Response failure(int status, std::string_view text) {
    return json_answer(status, json::object{{"error", text}});
}

bool truthy(json::value const& value) {
    auto const text = scalar_text(value).value_or("");
    return text == "true" || text == "1" || text == "on" || text == "t";
}

std::string text_of(json::object const& parameters, std::string_view name) {
    auto const* value = parameters.if_contains(name);
    return value ? scalar_text(*value).value_or("") : "";
}

bool scope_allows(std::vector<std::string> const& granted, std::string_view wanted) {
    return std::any_of(granted.begin(), granted.end(), [&](std::string const& scope) {
        return scope == wanted || (wanted.starts_with(scope) && wanted.substr(scope.size()).starts_with(':'));
    });
}

Mastodon::Mastodon(Services services) : Network(services) {
    reset();
}

bool Mastodon::serves(std::string_view host) const {
    return is_host_name(host);
}

// Five servers differ on purpose; any other name is a stock 4.5.
Instance Mastodon::instance_of(std::string_view host) const {
    Instance instance;
    instance.host = std::string(host);
    if (host == "old.example") {
        instance.version = "4.2.20";
        instance.minor = 2;
        instance.api_version = 0;
    } else if (host == "big.example") {
        instance.version = "4.4.8";
        instance.minor = 4;
        instance.api_version = 6;
        instance.max_characters = 5000;
        instance.max_media_attachments = 8;
    } else if (host == "tiny.example") {
        instance.version = "4.3.15";
        instance.minor = 3;
        instance.api_version = 2;
        instance.max_characters = 200;
        instance.max_media_attachments = 2;
        instance.description_limit = 500;
        instance.image_size_limit = 2'000'000;
    } else if (host == "gotosocial.example") {
        instance.version = "4.3.0 (compatible; GoToSocial 0.20.1)";
        instance.minor = 3;
        instance.api_version = 2;
        instance.opaque_ids = true;
        instance.max_characters = 5000;
        instance.max_media_attachments = 6;
        instance.characters_reserved_per_url = 25;
    }
    if (auto const* own = settings.switches.at("instances").as_object().if_contains(host)) {
        decode(*own, instance);
        instance.host = std::string(host);
    }
    return instance;
}

std::string Mastodon::account_id(Instance const& instance, Person const& person) const {
    return instance.opaque_ids ? fmt::format("01JSANDBX0000000000000{:04}", person.number)
                               : std::to_string(person.number);
}

Person const* Mastodon::person_by_id(Instance const& instance, std::string_view id) const {
    for (auto const& person : state_.people) {
        if ((person.instance.empty() || person.instance == instance.host) &&
            account_id(instance, person) == id)
            return &person;
    }
    return nullptr;
}

Person const* Mastodon::person_by_name(std::string_view host, std::string_view username) const {
    for (auto const& person : state_.people) {
        if ((person.instance.empty() || person.instance == host) && person.username == username)
            return &person;
    }
    return nullptr;
}

std::vector<AccountView> Mastodon::accounts_on(std::string_view host) const {
    std::vector<AccountView> result;
    for (auto const& account : accounts()) {
        if (account.instance.empty() || account.instance == host) result.push_back(account);
    }
    return result;
}

// A Mastodon id is the millisecond in the upper 48 bits and a serial below; a ULID sorts by time as well.
std::string Mastodon::new_id(Instance const& instance) {
    auto const ms = to_ms(now());
    if (ms > state_.last_id_ms) {
        state_.last_id_ms = ms;
        state_.last_id_serial = static_cast<std::int64_t>(services_.random.below(1000));
    } else if (++state_.last_id_serial > 0xFFFF) {
        ++state_.last_id_ms;
        state_.last_id_serial = 0;
    }
    if (!instance.opaque_ids) return std::to_string((state_.last_id_ms << 16) + state_.last_id_serial);
    static constexpr std::string_view base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string id(26, '0');
    auto time = static_cast<std::uint64_t>(state_.last_id_ms);
    for (std::size_t i = 10; i-- > 0; time >>= 5) id[i] = base32[time & 31];
    auto serial = static_cast<std::uint64_t>(state_.last_id_serial);
    for (std::size_t i = 16; i-- > 10; serial >>= 5) id[i] = base32[serial & 31];
    for (std::size_t i = 16; i < 26; ++i) id[i] = base32[services_.random.below(32)];
    return id;
}

std::optional<Rate> Mastodon::take_rate(std::string const& key, std::string_view limit,
                                        std::chrono::seconds window) {
    if (settings.limits_off) return std::nullopt;
    return state_.rates.take(key, settings.limit(limit), window, now());
}

void Mastodon::add_rate_headers(Call const&, http::Response& response, Rate const& rate) const {
    response.headers.set("X-RateLimit-Limit", std::to_string(rate.limit));
    response.headers.set("X-RateLimit-Remaining", std::to_string(rate.remaining));
    response.headers.set("X-RateLimit-Reset", iso_microseconds(rate.reset_at));
}

http::Response Mastodon::rate_limit_answer(Call const& call, std::optional<Milliseconds> reset_in) const {
    auto response = failure(429, "Too many requests");
    add_rate_headers(call, response, {300, 0, now() + reset_in.value_or(std::chrono::minutes(5)), false});
    return response;
}

http::Response Mastodon::error_answer(int status) const {
    switch (status) {
        case 401:
            return failure(401, "The access token is invalid");
        case 403:
            return failure(403, "This action is not allowed");
        case 404:
            return failure(404, "Record not found");
        case 429:
            return failure(429, "Too many requests");
        case 503:
            return failure(503, "There was a temporary problem serving your request, please try again");
        case 502:
        case 504:
            return http::html_response(
                status,
                "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>");
        default:
            return failure(status, "Something went wrong");
    }
}

std::optional<Mastodon::Session> Mastodon::session_if_any(Call const& call) const {
    auto const bearer = call.bearer();
    if (!bearer) return std::nullopt;
    auto const found = state_.tokens.find(*bearer);
    if (found == state_.tokens.end() || found->second.revoked || found->second.instance != call.host)
        return std::nullopt;
    Session session{&found->second, nullptr, found->second.account_id};
    session.person = person_by_id(instance_of(call.host), session.account_id);
    return session;
}

void Mastodon::identify(Call& call) const {
    auto const set = [&](Person const* person) {
        if (!person) return;
        call.account = person->username;
        call.qualified_account = call.account + "@" + call.host;
    };
    if (auto const session = session_if_any(call)) return set(session->person);
    if (call.path != "/oauth/token") return;
    auto const code = state_.codes.find(call.form("code").value_or(""));
    if (code != state_.codes.end()) set(person_by_id(instance_of(call.host), code->second.account_id));
}

Mastodon::Or<Mastodon::Session> Mastodon::session(Call const& call,
                                                  std::initializer_list<std::string_view> any_scope) const {
    auto const bearer = call.bearer();
    if (!bearer) return tl::unexpected(failure(401, "This API requires an authenticated user"));
    auto const found = state_.tokens.find(*bearer);
    if (found == state_.tokens.end() || found->second.instance != call.host) {
        return tl::unexpected(failure(401, "The access token is invalid"));
    }
    if (found->second.revoked) return tl::unexpected(failure(401, "The access token was revoked"));
    auto session = session_if_any(call);
    if (!session->person) return tl::unexpected(failure(422, "This method requires an authenticated user"));
    if (session->person->disabled) return tl::unexpected(failure(403, "Your login is currently disabled"));
    for (auto const scope : any_scope) {
        if (scope_allows(session->token->scopes, scope)) return *session;
    }
    return tl::unexpected(failure(403, "This action is outside the authorized scopes"));
}

http::Response Mastodon::handle(Call& call) {
    auto const instance = instance_of(call.host);
    if (std::find(state_.instances.begin(), state_.instances.end(), call.host) == state_.instances.end()) {
        state_.instances.push_back(call.host);
    }
    if (!call.path.starts_with("/api/")) return route(call, instance);
    auto const who = session_if_any(call);
    auto const five_minutes = std::chrono::minutes(5);
    std::optional<Rate> rate;
    if (who) {
        auto const user =
            take_rate(fmt::format("user {} {}", call.host, who->account_id), "per_user_5min", five_minutes);
        rate = take_rate("token " + *call.bearer(), "per_token_5min", five_minutes);
        if (user && !user->allowed) rate = user;
    } else {
        rate = take_rate(fmt::format("address {} {}", call.host, call.request.remote_address),
                         "per_address_5min", five_minutes);
    }
    if (rate && !rate->allowed) {
        auto response = failure(429, "Too many requests");
        add_rate_headers(call, response, *rate);
        return response;
    }
    auto response = route(call, instance);
    if (rate && !response.headers.has("X-RateLimit-Limit")) add_rate_headers(call, response, *rate);
    return response;
}

http::Response Mastodon::route(Call& call, Instance const& instance) {
    auto const method = call.request.method;
    auto const& path = call.path;
    auto const& part = call.segments;
    bool const reads = method == Method::get || method == Method::head;
    if (path == "/oauth/authorize") return authorize(call, instance);
    if (call.is(Method::post, "/oauth/token")) return token(call, instance);
    if (call.is(Method::post, "/oauth/revoke")) return revoke_token(call);
    if (reads && path == "/.well-known/oauth-authorization-server") {
        return instance.minor >= 3 ? discovery(instance) : failure(404, "Not Found");
    }
    if (reads && part.size() == 2 && part[0] == "avatars") {
        auto const* person = person_by_name(call.host, part[1].substr(0, part[1].find('.')));
        if (!person) return failure(404, "Record not found");
        http::Response picture;
        picture.headers.set("Content-Type", "image/svg+xml");
        picture.body = html::avatar_svg(person->name);
        return picture;
    }
    if (reads && part.size() == 2 && part[0] == "media_attachments") {
        auto const bytes = services_.media.get(part[1]);
        if (!bytes) return failure(404, "Record not found");
        http::Response file;
        file.headers.set("X-Content-Type-Options", "nosniff");
        for (auto const& [id, media] : state_.media) {
            if (media.sha256 == part[1]) file.headers.set("Content-Type", media.content_type);
        }
        file.body = bytes;
        return file;
    }
    if (call.is(Method::post, "/api/v1/apps")) return register_app(call, instance);
    if (reads && path == "/api/v1/instance") return json_answer(200, instance_v1(instance));
    if (reads && path == "/api/v2/instance") return json_answer(200, instance_v2(instance));
    if (call.is(Method::post, "/api/v2/media")) return upload(call, instance, false);
    if (call.is(Method::post, "/api/v1/media")) return upload(call, instance, true);
    if (call.is(Method::post, "/api/v1/statuses")) return create_status(call, instance);
    if (reads && path == "/api/v1/statuses" && instance.minor >= 3) return show_statuses(call, instance);
    if (reads && path == "/api/v1/accounts/verify_credentials") {
        auto who = session(call, {"read:accounts", "profile"});
        return who ? json_answer(200, account_json(instance, *who->person, true)) : who.error();
    }
    if (part.size() < 4 || part[0] != "api" || part[1] != "v1") return failure(404, "Not Found");
    auto const& id = part[3];
    if (part[2] == "media" && part.size() == 4) {
        if (reads) return show_media(call, id);
        if (method == Method::put) return change_media(call, instance, id);
        if (method == Method::delete_ && instance.minor >= 4) return delete_media(call, id);
    }
    if (part[2] == "statuses") return route_status(call, instance, id);
    if (part[2] == "polls" && part.size() == 4 && reads) return show_poll(call, instance, id);
    if (part[2] == "accounts" && reads) {
        if (part.size() == 5 && part[4] == "statuses") return account_statuses(call, instance, id);
        auto const* person =
            id == "lookup" ? person_by_name(call.host, call.query("acct").value_or("").substr(
                                                           0, call.query("acct").value_or("").find('@')))
                           : person_by_id(instance, id);
        if (part.size() == 4)
            return person ? json_answer(200, account_json(instance, *person, false))
                          : failure(404, "Record not found");
    }
    return failure(404, "Not Found");
}

http::Response Mastodon::route_status(Call& call, Instance const& instance, std::string const& id) {
    auto const method = call.request.method;
    bool const reads = method == Method::get || method == Method::head;
    auto const& part = call.segments;
    if (part.size() == 4) {
        if (reads) return show_status(call, instance, id);
        if (method == Method::put) return edit_status(call, instance, id);
        if (method == Method::delete_) return delete_status(call, instance, id);
    }
    if (part.size() == 5 && reads && part[4] == "context") return show_context(call, instance, id);
    if (part.size() == 5 && reads && part[4] == "source") {
        auto who = session(call, {"read:statuses"});
        if (!who) return who.error();
        auto const* status = find_status(call.host, id);
        if (!status || status->account_id != who->account_id) return failure(404, "Record not found");
        return json_answer(
            200, json::object{{"id", id}, {"text", status->text}, {"spoiler_text", status->spoiler_text}});
    }
    return failure(404, "Not Found");
}

}  // namespace mypost::sandbox::mastodon
