// The few forms of request that connecting, refreshing and reading back need.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "net/http_client.hpp"

namespace mypost::networks {

namespace json = boost::json;

using Fields = std::vector<std::pair<std::string, std::string>>;

// application/x-www-form-urlencoded; also the query of a URL. Empty values are kept.
std::string form_encode(Fields const& fields);

net::Request get_request(std::string url, std::string_view bearer = {});
net::Request form_request(std::string url, Fields const& fields);
net::Request json_request(std::string url, json::object const& body, std::string_view bearer = {});
void set_bearer(net::Request& request, std::string_view token);

// network_error: "Could not reach X: connection refused."
Error unreachable(std::string_view network, net::Failure const& failure);
// network_error with the network's own words behind ours: "X refused the sign-in (400: invalid_grant)."
Error refused(std::string_view what, net::Response const& response, std::string_view said);

// PKCE (RFC 7636), S256.
struct Pkce {
    std::string verifier;  // 43 characters
    std::string challenge;
};
Pkce make_pkce();

}  // namespace mypost::networks
