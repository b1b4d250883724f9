#pragma once

#include "http/router.hpp"
#include "networks/adapter.hpp"

namespace mypost::accounts {

// GET /networks: what the composer and preflight use.
void add_network_routes(http::Router& router, networks::Registry const& networks);

}  // namespace mypost::accounts
