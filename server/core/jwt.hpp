// Signed access tokens: JWS compact serialisation (RFC 7515) with HS256 only, claims of RFC 7519.
#pragma once

#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

namespace mypost {

struct AccessClaims {
    UserId sub;
    SessionId sid;
    Instant iat;  // whole seconds on the wire
    Instant exp;
    std::string iss;
};

class JwtSigner {
  public:
    // `secret`: at least 32 bytes; shorter throws std::invalid_argument.
    JwtSigner(std::string secret, std::string issuer);

    // Sets iss itself.
    std::string sign(UserId sub, SessionId sid, Instant iat, Instant exp) const;

    // `token_expired` for a token of ours past its time; `unauthenticated` for a forged or malformed one, one
    // of another issuer, and one issued more than a minute in the future.
    Result<AccessClaims> verify(std::string_view token, Instant now) const;

  private:
    std::string secret_;
    std::string issuer_;
};

// The layer below. `payload`: any text. Verification accepts exactly "alg":"HS256" and gives the payload
// back; `unauthenticated` otherwise (alg none, other algorithms, a `crit` header, wrong signature, wrong
// form).
std::string sign_jws(std::string_view payload, std::string_view key);
Result<std::string> verify_jws(std::string_view token, std::string_view key);

}  // namespace mypost
