#pragma once

#include "app/commands.hpp"

namespace mypost::app {

// Becomes the program mypost-media-helper, which alone is linked with the image libraries: the server itself
// stays small.
int command_media_helper(Arguments arguments);

}  // namespace mypost::app
