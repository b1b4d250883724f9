// The demo workspace: people, brands, sandbox accounts and posts, so that a newcomer sees MyPost at work.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "accounts/accounts.hpp"
#include "auth/auth.hpp"
#include "auth/routes.hpp"
#include "brands/brands.hpp"
#include "media/media.hpp"
#include "posts/posts.hpp"
#include "workspaces/workspaces.hpp"

namespace mypost::app {

struct DemoServices {
    db::Database& database;
    Clock const& clock;
    auth::AuthService& auth;
    auth::TokenAuthenticator& authenticator;
    brands::BrandService& brands;
    accounts::NetworkApps& apps;
    accounts::AccountService& accounts;
    media::MediaService& media;
    posts::PostService& posts;
    net::HttpClient& http;     // the gateway, for the sandbox's control API and consent pages
    std::string sandbox_base;  // "http://127.0.0.1:8090"
};

auth::DemoLogin demo_login();

// Fills an empty installation; does nothing when it is set up. Connects accounts through the sandbox's own
// consent pages, so that nothing in it is different from what people do.
boost::asio::awaitable<void> seed_demo(DemoServices services);

}  // namespace mypost::app
