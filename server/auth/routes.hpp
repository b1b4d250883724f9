#pragma once

#include <optional>
#include <string>

#include "auth/auth.hpp"
#include "auth/authenticator.hpp"
#include "http/router.hpp"

namespace mypost::auth {

struct DemoLogin {
    std::string email;
    std::string password;
};

struct RouteSettings {
    std::string public_url;     // without a trailing slash; may have a path
    bool loopback_only = true;  // false: set-up asks for the token that the console printed
    std::string setup_token;
    std::optional<DemoLogin> demo;  // shown on the sign-in page, in demo mode only
    std::string sandbox_url;        // the simulated networks' page in demo mode, else empty
    std::string version;
};

// Set-up, sign-in, sessions, profile. The services outlive the router.
void add_routes(http::Router& router, AuthService& auth, TokenAuthenticator& authenticator,
                RouteSettings settings);

// Whether a browser at `origin` may use the refresh cookie: the request's own host, or the public URL.
Result<void> check_origin(http::RequestInfo const& info, std::string const& public_url);

}  // namespace mypost::auth
