#include <malloc.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>

#include "app/commands.hpp"
#include "app/media_helper.hpp"

namespace {

using mypost::app::Arguments;

struct Command {
    std::string_view name;
    int (*run)(Arguments);
    std::string_view help;
};

int print_version(Arguments) {
    std::puts("mypost " MYPOST_VERSION);
    return 0;
}

constexpr std::array commands{
    Command{"serve", mypost::app::command_serve,
            "API, worker and web app in one process (--demo: with a demo workspace)"},
    Command{"api", mypost::app::command_api, "API and web app alone"},
    Command{"worker", mypost::app::command_worker, "worker alone"},
    Command{"migrate", mypost::app::command_migrate, "bring the database to this version's schema"},
    Command{"admin", mypost::app::command_admin, "create-user | reset-password"},
    Command{"doctor", mypost::app::command_doctor, "check every setting and backing service"},
    Command{"openapi", mypost::app::command_openapi, "print the OpenAPI document"},
    Command{"sandbox", mypost::app::command_sandbox, "the simulated networks alone (--port 8090)"},
    Command{"media-helper", mypost::app::command_media_helper,
            "internal: works on media files in a restricted process"},
    Command{"version", print_version, "print the version"},
};

int usage() {
    std::fputs("usage: mypost <command> [options]\n\n", stderr);
    for (auto const& command : commands) {
        std::fprintf(stderr, "  %-14.*s %.*s\n", static_cast<int>(command.name.size()), command.name.data(),
                     static_cast<int>(command.help.size()), command.help.data());
    }
    std::fputs(
        "\nSettings come from MYPOST_… variables or a TOML file (--config FILE); see "
        "docs/configuration.md.\n",
        stderr);
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    // A peer that goes away shows as an error of the write, not as the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    // glibc would raise this limit after the first freed password hash (19 MiB) and keep such blocks for
    // good.
    mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
    if (argc < 2) return usage();
    for (auto const& command : commands) {
        if (command.name != argv[1]) continue;
        try {
            return command.run(Arguments(argv + 2, argv + argc));
        } catch (std::exception const& error) {
            std::fprintf(stderr, "mypost %s: %s\n", argv[1], error.what());
            return 1;
        }
    }
    return usage();
}
