#pragma once

#include "http/router.hpp"

namespace mypost::events {

// Declares GET /ws for the OpenAPI document. A request that is no WebSocket upgrade is answered 426.
void add_routes(http::Router& router);

}  // namespace mypost::events
