#pragma once

#include "http/router.hpp"
#include "targets/targets.hpp"

namespace mypost::targets {

void add_routes(http::Router& router, TargetService& targets);

}  // namespace mypost::targets
