#include "core/jwt.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/crypto.hpp"
#include "core/encoding.hpp"

namespace mypost {

std::string const secret(32, 's');
std::string const issuer = "https://mypost.example";
Instant const now = *parse_rfc3339("2026-11-22T09:00:00.000Z");
constexpr auto lifetime = std::chrono::minutes(15);

std::string signed_with(std::string_view header, std::string_view payload, std::string_view key) {
    auto const input = base64url_encode(header) + "." + base64url_encode(payload);
    return input + "." + base64url_encode(crypto::hmac_sha256(key, input));
}

ErrorCode refusal(std::string const& token, Instant at = now) {
    auto const result = JwtSigner(secret, issuer).verify(token, at);
    return result ? ErrorCode::internal : result.error().code;
}

// RFC 7515 A.1, whose payload is RFC 7519's example.
TEST(Jws, verifies_the_example_of_rfc_7515) {
    auto const key = *base64url_decode(
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
    std::string const token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    auto const payload = verify_jws(token, key);
    ASSERT_TRUE(payload);
    EXPECT_EQ(*payload, "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
    EXPECT_FALSE(verify_jws(token, key + "x"));
}

TEST(Jwt, gives_back_its_claims) {
    JwtSigner const signer(secret, issuer);
    auto const user = UserId::make();
    auto const session = SessionId::make();
    auto const claims =
        signer.verify(signer.sign(user, session, now, now + lifetime), now + lifetime - Milliseconds(1));
    ASSERT_TRUE(claims);
    EXPECT_EQ(claims->sub, user);
    EXPECT_EQ(claims->sid, session);
    EXPECT_EQ(claims->iat, now);
    EXPECT_EQ(claims->exp, now + lifetime);
    EXPECT_EQ(claims->iss, issuer);
}

TEST(Jwt, tells_expired_from_forged) {
    auto const token = JwtSigner(secret, issuer).sign(UserId::make(), SessionId::make(), now, now + lifetime);
    EXPECT_EQ(refusal(token, now + lifetime), ErrorCode::token_expired);
    auto const forged =
        JwtSigner(std::string(32, 'f'), issuer).sign(UserId::make(), SessionId::make(), now, now + lifetime);
    EXPECT_EQ(refusal(forged), ErrorCode::unauthenticated);
    EXPECT_EQ(refusal(forged, now + lifetime), ErrorCode::unauthenticated);
}

struct RefusedToken {
    char const* name;
    std::string token;
};

std::string payload(std::string_view change = "") {
    auto text = R"({"iss":"https://mypost.example","sub":"01936f7e-0000-7000-8000-000000000001",)"
                R"("sid":"01936f7e-0000-7000-8000-000000000002","iat":1795338000,"exp":1795338900)";
    return std::string(text) + std::string(change) + "}";
}

class JwtRefusal : public testing::TestWithParam<RefusedToken> {};

TEST_P(JwtRefusal, is_unauthenticated) {
    EXPECT_EQ(refusal(GetParam().token), ErrorCode::unauthenticated);
}

std::string const good_header = R"({"alg":"HS256","typ":"JWT"})";

INSTANTIATE_TEST_SUITE_P(
    Jwt, JwtRefusal,
    testing::Values(
        RefusedToken{"empty", ""}, RefusedToken{"two_parts", "e30.e30"},
        RefusedToken{"four_parts", "e30.e30.e30.e30"}, RefusedToken{"no_base64", "e30.e3!0.e30"},
        RefusedToken{"alg_none_unsigned",
                     base64url_encode(R"({"alg":"none"})") + "." + base64url_encode(payload()) + "."},
        RefusedToken{"alg_none_signed", signed_with(R"({"alg":"none"})", payload(), secret)},
        RefusedToken{"alg_hs512", signed_with(R"({"alg":"HS512"})", payload(), secret)},
        RefusedToken{"alg_missing", signed_with("{}", payload(), secret)},
        RefusedToken{"header_no_json", signed_with("alg", payload(), secret)},
        RefusedToken{"critical_header",
                     signed_with(R"({"alg":"HS256","crit":["b64"],"b64":false})", payload(), secret)},
        RefusedToken{"payload_no_object", signed_with(good_header, "[]", secret)},
        RefusedToken{"no_claims", signed_with(good_header, "{}", secret)},
        RefusedToken{"exp_as_text", signed_with(good_header, R"({"exp":"1795338900"})", secret)},
        RefusedToken{"another_issuer", JwtSigner(secret, "https://other.example")
                                           .sign(UserId::make(), SessionId::make(), now, now + lifetime)},
        RefusedToken{"from_the_future", JwtSigner(secret, issuer)
                                            .sign(UserId::make(), SessionId::make(),
                                                  now + std::chrono::hours(1), now + std::chrono::hours(2))},
        RefusedToken{"huge", std::string(100'000, 'a')}),
    [](auto const& test) { return test.param.name; });

TEST(Jwt, accepts_the_payload_that_the_refusals_vary) {
    EXPECT_TRUE(JwtSigner(secret, issuer).verify(signed_with(good_header, payload(), secret), now));
}

TEST(Jwt, a_changed_signature_byte_is_refused) {
    auto const token = JwtSigner(secret, issuer).sign(UserId::make(), SessionId::make(), now, now + lifetime);
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(refusal(changed), ErrorCode::unauthenticated) << i;
    }
}

TEST(Jwt, refuses_a_short_secret) {
    EXPECT_THROW(JwtSigner("short", issuer), std::invalid_argument);
}

}  // namespace mypost
