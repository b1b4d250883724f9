// The OpenAPI 3.1 document of a router's endpoints.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "http/router.hpp"

namespace mypost::http {

struct ApiInfo {
    std::string title = "MyPost";
    std::string version;
    std::string description = {};
};

// Each operation carries `x-permission`: "public", "authenticated", "system" or a permission. `servers` is
// the router's base path, so that the document is the same for every installation.
boost::json::value openapi(Router const& router, ApiInfo const& info);

// Indented text with a final line break, members in the order of the document: what docs/openapi.json holds.
std::string pretty(boost::json::value const& document);

// Adds GET /openapi.json and GET /docs, public, both below the router's base. Add them last: they show what
// is there at the first call.
void add_documentation(Router& router, ApiInfo info);

}  // namespace mypost::http
