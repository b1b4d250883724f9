// serve, api, worker.
#include <cstdio>

#include "app/application.hpp"
#include "app/commands.hpp"
#include "app/running.hpp"
#include "core/log.hpp"

namespace mypost::app {

namespace {

namespace asio = boost::asio;

int run(Arguments const& arguments, Parts parts, bool may_make_keys) {
    auto settings = read_settings_with_keys(arguments, may_make_keys);
    if (!settings) return 2;
    // A demo shows its password to everyone who can reach it.
    if (parts.demo) settings->http_address = "127.0.0.1";
    asio::io_context io(1);
    Application application(io, std::move(*settings), parts);
    return run_until_signal(io, [&] { return application.start(); }, [&] { return application.stop(); });
}

}  // namespace

int command_serve(Arguments arguments) {
    Parts parts;
    parts.demo = has_flag(arguments, "--demo");
    return run(arguments, parts, true);
}

int command_api(Arguments arguments) {
    Parts parts;
    parts.worker = false;
    return run(arguments, parts, false);
}

int command_worker(Arguments arguments) {
    Parts parts;
    parts.api = false;
    return run(arguments, parts, false);
}

int command_openapi(Arguments) {
    std::fputs(openapi_document().c_str(), stdout);
    return 0;
}

}  // namespace mypost::app
