#pragma once

#include "http/router.hpp"
#include "posts/posts.hpp"

namespace mypost::posts {

// Posts, calendar, labels. The service outlives the router.
void add_routes(http::Router& router, PostService& posts);

}  // namespace mypost::posts
