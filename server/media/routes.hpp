#pragma once

#include <string>

#include "http/router.hpp"
#include "http/services.hpp"
#include "media/media.hpp"

namespace mypost::media {

// Both outlive the router. The authenticator is asked by the download routes, which take a signature in its
// place.
void add_routes(http::Router& router, MediaService& media, http::Authenticator& authenticator);

}  // namespace mypost::media
