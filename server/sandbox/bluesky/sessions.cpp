// App-password sessions. https://docs.bsky.app/docs/api/com-atproto-server-create-session
#include <fmt/format.h>

#include "core/encoding.hpp"
#include "sandbox/bluesky/bluesky.hpp"
#include "sandbox/framework/digest.hpp"

namespace mypost::sandbox::bluesky {

namespace {

http::Response invalid_token(std::string_view message = "Token could not be verified") {
    return failure(400, "InvalidToken", message);
}

std::string text_member(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

Instant seconds_member(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    return value && value->is_number() ? from_ms(value->to_number<std::int64_t>() * 1000) : Instant{};
}

}  // namespace

// HS256, as the reference server signs its sessions.
std::string Bluesky::sign(json::object header, json::object claims) const {
    auto const text =
        base64url_encode(json::serialize(header)) + "." + base64url_encode(json::serialize(claims));
    return text + "." + base64url_encode(hmac_sha256(state_.jwt_secret, text));
}

Bluesky::Or<Bluesky::Claims> Bluesky::verify(std::string_view token, std::string_view scope_prefix) const {
    auto const dot = token.rfind('.');
    if (dot == std::string_view::npos ||
        base64url_encode(hmac_sha256(state_.jwt_secret, token.substr(0, dot))) != token.substr(dot + 1)) {
        return tl::unexpected(invalid_token());
    }
    auto const first = token.find('.');
    auto const payload = base64url_decode(token.substr(first + 1, dot - first - 1));
    if (!payload) return tl::unexpected(invalid_token());
    auto const claims = json::parse(*payload).as_object();
    Claims result{text_member(claims, "scope"), text_member(claims, "sub"), text_member(claims, "jti"),
                  seconds_member(claims, "iat"), seconds_member(claims, "exp")};
    if (!std::string_view(result.scope).starts_with(scope_prefix))
        return tl::unexpected(invalid_token("Bad token scope"));
    if (now() >= result.expires_at) return tl::unexpected(failure(400, "ExpiredToken", "Token has expired"));
    return result;
}

Bluesky::Or<Account const*> Bluesky::authenticate(Call const& call) const {
    auto const bearer = call.bearer();
    if (!bearer) return tl::unexpected(failure(401, "AuthMissing", "Authentication Required"));
    auto claims = verify(*bearer, "com.atproto.app");
    if (!claims) return tl::unexpected(claims.error());
    auto const* who = account(claims->did);
    if (!who || !hosts(call.host, *who) || claims->issued_at < who->sessions_from)
        return tl::unexpected(invalid_token());
    if (who->status == "takendown")
        return tl::unexpected(failure(401, "AccountTakedown", "Account has been taken down"));
    if (who->status == "deactivated")
        return tl::unexpected(failure(401, "AccountDeactivated", "Account is deactivated"));
    return who;
}

json::object Bluesky::session_json(Account const& who, std::string const& refresh_id) {
    auto const issued = to_ms(now()) / 1000;
    auto const audience = "did:web:" + who.pds;
    auto const& refresh = state_.refresh_tokens.at(refresh_id);
    auto const access_jwt =
        sign({{"typ", "at+jwt"}, {"alg", "HS256"}}, {{"scope", "com.atproto.appPass"},
                                                     {"sub", who.did},
                                                     {"iat", issued},
                                                     {"exp", issued + settings.number("access_lifetime_s")},
                                                     {"aud", audience}});
    auto const refresh_jwt =
        sign({{"typ", "refresh+jwt"}, {"alg", "HS256"}}, {{"scope", "com.atproto.refresh"},
                                                          {"sub", who.did},
                                                          {"aud", audience},
                                                          {"jti", refresh_id},
                                                          {"iat", issued},
                                                          {"exp", to_ms(refresh.expires_at) / 1000}});
    return {{"accessJwt", access_jwt},
            {"refreshJwt", refresh_jwt},
            {"handle", who.handle},
            {"did", who.did},
            {"didDoc", did_document(who)},
            {"email", fmt::format("{}@mail.example", who.handle.substr(0, who.handle.find('.')))},
            {"emailConfirmed", true},
            {"emailAuthFactor", who.needs_factor},
            {"active", true}};
}

http::Response Bluesky::create_session(Call& call) {
    auto body = input(call, 100'000);
    if (!body) return body.error();
    auto identifier = text_member(*body, "identifier");
    auto const password = text_member(*body, "password");
    if (identifier.empty()) return invalid_request("Input must have the property \"identifier\"");
    if (password.empty()) return invalid_request("Input must have the property \"password\"");
    for (auto& c : identifier) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    if (!settings.limits_off) {
        auto const key = fmt::format("{} {}", identifier, call.request.remote_address);
        auto const short_window = std::chrono::minutes(5);
        auto const day = std::chrono::hours(24);
        auto const quick =
            state_.rates.take("session5 " + key, settings.limit("create_session_5min"), short_window, now());
        if (!quick.allowed) return rate_limited(quick, short_window);
        auto const daily =
            state_.rates.take("sessionday " + key, settings.limit("create_session_day"), day, now());
        if (!daily.allowed) return rate_limited(daily, day);
    }
    auto const* who = account(identifier);
    if (!who || !hosts(call.host, *who) || who->app_password != password) {
        return failure(401, "AuthenticationRequired", "Invalid identifier or password");
    }
    if (who->needs_factor && text_member(*body, "authFactorToken").empty()) {
        return failure(401, "AuthFactorTokenRequired", "A sign in code has been sent to your email address");
    }
    if (who->status == "takendown") return failure(401, "AccountTakedown", "Account has been taken down");
    if (who->status == "deactivated") return failure(401, "AccountDeactivated", "Account is deactivated");
    auto const id = services_.random.text(43);
    state_.refresh_tokens[id] = {who->did,
                                 now() + std::chrono::seconds(settings.number("refresh_lifetime_s")), ""};
    return json_answer(200, session_json(*who, id));
}

// Rotates. The token that was used keeps working for the grace period and then leads to the same next token.
http::Response Bluesky::refresh_session(Call& call) {
    auto const bearer = call.bearer();
    if (!bearer) return failure(401, "AuthMissing", "Authentication Required");
    auto claims = verify(*bearer, "com.atproto.refresh");
    if (!claims) return claims.error();
    auto const* who = account(claims->did);
    if (!who || !hosts(call.host, *who)) return invalid_token();
    if (who->status == "takendown") return failure(401, "AccountTakedown", "Account has been taken down");
    auto const found = state_.refresh_tokens.find(claims->jti);
    if (found == state_.refresh_tokens.end() || now() >= found->second.expires_at) {
        return failure(400, "ExpiredToken", "Token has been revoked");
    }
    auto const grace_end = now() + std::chrono::seconds(settings.number("refresh_grace_s"));
    if (found->second.next_id.empty()) {
        found->second.next_id = services_.random.text(43);
        found->second.expires_at = std::min(found->second.expires_at, grace_end);
    }
    auto const next = found->second.next_id;
    state_.refresh_tokens.try_emplace(
        next,
        RefreshToken{who->did, now() + std::chrono::seconds(settings.number("refresh_lifetime_s")), ""});
    return json_answer(200, session_json(*who, next));
}

http::Response Bluesky::get_session(Call& call) {
    auto who = authenticate(call);
    if (!who) return who.error();
    return json_answer(200, json::object{{"handle", (*who)->handle},
                                         {"did", (*who)->did},
                                         {"didDoc", did_document(**who)},
                                         {"emailConfirmed", true},
                                         {"active", true}});
}

http::Response Bluesky::delete_session(Call& call) {
    auto const bearer = call.bearer();
    if (!bearer) return failure(401, "AuthMissing", "Authentication Required");
    auto claims = verify(*bearer, "com.atproto.refresh");
    if (!claims) return claims.error();
    state_.refresh_tokens.erase(claims->jti);
    return empty_answer(200);
}

}  // namespace mypost::sandbox::bluesky
