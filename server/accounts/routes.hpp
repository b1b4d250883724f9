#pragma once

#include "accounts/accounts.hpp"
#include "accounts/network_apps.hpp"
#include "http/router.hpp"

namespace mypost::accounts {

struct RouteSettings {
    std::string public_url;  // without a trailing slash
};

// Networks, accounts, consents, network apps. The services outlive the router.
void add_routes(http::Router& router, AccountService& accounts, NetworkApps& apps,
                networks::Registry const& networks, RouteSettings settings);

}  // namespace mypost::accounts
