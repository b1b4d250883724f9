// sandbox: the network simulators alone.
#include <cstdio>

#include "app/commands.hpp"
#include "app/running.hpp"
#include "app/sandbox_server.hpp"

namespace mypost::app {

int command_sandbox(Arguments arguments) {
    boost::asio::io_context io(1);
    SandboxOptions options;
    options.port = static_cast<std::uint16_t>(std::stoul(option(arguments, "--port").value_or("8090")));
    options.state_file = option(arguments, "--state");
    if (auto const seed = option(arguments, "--seed")) options.seed = std::stoull(*seed);
    SandboxServer sandbox(io, options);
    return run_until_signal(
        io,
        [&]() -> boost::asio::awaitable<void> {
            sandbox.start();
            std::printf("The simulated networks are at %s\n", sandbox.base().c_str());
            std::fflush(stdout);
            co_return;
        },
        [&] { return sandbox.stop(); });
}

}  // namespace mypost::app
