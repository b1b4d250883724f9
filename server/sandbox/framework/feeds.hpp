// The simulated feeds as web pages.
#pragma once

#include <string>
#include <vector>

#include "sandbox/framework/control.hpp"

namespace mypost::sandbox {

// "/": all networks side by side.
http::Response overview_page(World const& world);
// "/{network}": its latest posts and its people.
http::Response network_page(World const& world, Network const& network);
// "/{network}/{account}": one account's posts; `account` may be handle@instance. 404 for nobody.
http::Response account_page(World const& world, Network const& network, std::string const& account);
// One post with its thread; 404 when it is gone.
http::Response post_page(World const& world, Network const& network, std::string const& id);

}  // namespace mypost::sandbox
