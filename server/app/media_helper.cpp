#include "app/media_helper.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "media/helper_pool.hpp"

namespace mypost::app {

int command_media_helper(Arguments arguments) {
    std::string const program = media::find_helper("");
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (auto& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    std::fprintf(stderr, "%s: %s\n", program.c_str(), std::strerror(errno));
    return 1;
}

}  // namespace mypost::app
