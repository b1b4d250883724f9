#pragma once

#include <string>

namespace mypost::app {

// The folder with the built web app: `configured`, or web beside the program, or build/web of a source tree.
// Empty when there is none.
std::string find_web_dir(std::string const& configured);

}  // namespace mypost::app
