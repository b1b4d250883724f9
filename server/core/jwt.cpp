#include "core/jwt.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "core/crypto.hpp"
#include "core/encoding.hpp"

namespace mypost {

namespace json = boost::json;

namespace {

constexpr std::size_t max_token_bytes = 4096;
constexpr auto clock_skew = std::chrono::minutes(1);

Error forged(std::string why) {
    return Error(ErrorCode::unauthenticated, "The access token is not valid.", {}, std::move(why));
}

// The text as a JSON object, or nothing.
std::optional<json::object> parse_object(std::string_view text) {
    boost::system::error_code error;
    auto value = json::parse({text.data(), text.size()}, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.as_object());
}

std::string_view text_member(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains({name.data(), name.size()});
    if (value == nullptr || !value->is_string()) return {};
    return {value->as_string().data(), value->as_string().size()};
}

std::optional<Instant> time_member(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains({name.data(), name.size()});
    // The upper bound keeps the milliseconds in range (year 9999).
    if (value == nullptr || !value->is_int64() || value->as_int64() < 0 ||
        value->as_int64() > 253'402'300'799) {
        return std::nullopt;
    }
    return Instant(std::chrono::seconds(value->as_int64()));
}

std::int64_t seconds(Instant instant) {
    return to_ms(instant) / 1000;
}

}  // namespace

std::string sign_jws(std::string_view payload, std::string_view key) {
    std::string token = base64url_encode(R"({"alg":"HS256","typ":"JWT"})");
    token.append(".").append(base64url_encode(payload));
    return token + "." + base64url_encode(crypto::hmac_sha256(key, token));
}

Result<std::string> verify_jws(std::string_view token, std::string_view key) {
    if (token.size() > max_token_bytes) return forged("too long");
    auto const first = token.find('.');
    auto const last = token.rfind('.');
    if (first == std::string_view::npos || first == last) return forged("not three parts");
    auto const header_text = base64url_decode(token.substr(0, first));
    auto payload = base64url_decode(token.substr(first + 1, last - first - 1));
    auto const signature = base64url_decode(token.substr(last + 1));
    if (!header_text || !payload || !signature) return forged("not base64url");
    // The signature first: nothing else of an unsigned token is looked at.
    if (!crypto::constant_time_equal(crypto::hmac_sha256(key, token.substr(0, last)), *signature)) {
        return forged("wrong signature");
    }
    auto const header = parse_object(*header_text);
    if (!header || text_member(*header, "alg") != "HS256") return forged("wrong algorithm");
    if (header->contains("crit")) return forged("unknown critical header");
    return std::move(*payload);
}

JwtSigner::JwtSigner(std::string secret, std::string issuer)
    : secret_(std::move(secret)), issuer_(std::move(issuer)) {
    if (secret_.size() < 32) throw std::invalid_argument("the JWT secret must have at least 32 bytes");
}

std::string JwtSigner::sign(UserId sub, SessionId sid, Instant iat, Instant exp) const {
    json::object claims;
    claims["iss"] = issuer_;
    claims["sub"] = sub.to_string();
    claims["sid"] = sid.to_string();
    claims["iat"] = seconds(iat);
    claims["exp"] = seconds(exp);
    return sign_jws(json::serialize(claims), secret_);
}

Result<AccessClaims> JwtSigner::verify(std::string_view token, Instant now) const {
    MP_TRY_RETURN(payload, verify_jws(token, secret_));
    auto const object = parse_object(payload);
    if (!object) return forged("payload is no JSON object");
    auto const sub = UserId::parse(text_member(*object, "sub"));
    auto const sid = SessionId::parse(text_member(*object, "sid"));
    auto const iat = time_member(*object, "iat");
    auto const exp = time_member(*object, "exp");
    if (!sub || !sid || !iat || !exp) return forged("claims are missing");
    if (text_member(*object, "iss") != issuer_) return forged("another issuer");
    if (*iat > now + clock_skew) return forged("issued in the future");
    if (*exp <= now) return Error(ErrorCode::token_expired, "The access token has expired.");
    return AccessClaims{*sub, *sid, *iat, *exp, issuer_};
}

}  // namespace mypost
