// Redirects are followed here and not by the transport, so that each hop is checked and rewritten anew.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http_client.hpp"

namespace mypost::net {

// The request for the next hop, or nothing when `response` is no redirect that may be followed: only GET and
// HEAD, while max_redirects is left. Credentials (Authorization, Cookie) do not go to another origin.
std::optional<Request> next_hop(Request const& request, Response const& response);

}  // namespace mypost::net
