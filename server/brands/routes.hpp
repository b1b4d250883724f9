#pragma once

#include "brands/brands.hpp"
#include "http/router.hpp"

namespace mypost::brands {

// The service outlives the router.
void add_routes(http::Router& router, BrandService& brands);

}  // namespace mypost::brands
