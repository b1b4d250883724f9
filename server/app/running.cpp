#include "app/running.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdio>

#include "core/log.hpp"

namespace mypost::app {

namespace asio = boost::asio;

namespace {

void set_log_level(std::string const& name) {
    using enum log::Level;
    log::set_level(name == "debug" ? debug : name == "warning" ? warning : name == "error" ? error : info);
}

void print(SettingProblems const& problems) {
    std::fputs(to_text(problems).c_str(), stderr);
}

}  // namespace

std::optional<Settings> read_settings(Arguments const& arguments) {
    SettingsInput input;
    input.environment = process_environment();
    input.config_path = option(arguments, "--config");
    auto settings = load_settings(input);
    if (!settings) {
        print(settings.error());
        return std::nullopt;
    }
    set_log_level(settings->log_level);
    return std::move(*settings);
}

std::optional<Settings> read_settings_with_keys(Arguments const& arguments, bool may_make) {
    auto settings = read_settings(arguments);
    if (!settings) return std::nullopt;
    auto const problems = provide_keys(*settings, may_make);
    if (!problems.empty()) {
        print(problems);
        return std::nullopt;
    }
    return settings;
}

bool has_flag(Arguments const& arguments, std::string_view flag) {
    return std::find(arguments.begin(), arguments.end(), flag) != arguments.end();
}

std::optional<std::string> option(Arguments const& arguments, std::string_view name) {
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        if (arguments[i] == name) return arguments[i + 1];
    }
    return std::nullopt;
}

void run_to_end(asio::io_context& io, std::function<asio::awaitable<void>()> work) {
    std::exception_ptr failure;
    asio::co_spawn(io, work, [&](std::exception_ptr error) {
        failure = error;
        io.stop();
    });
    io.run();
    io.restart();
    if (failure) std::rethrow_exception(failure);
}

int run_until_signal(asio::io_context& io, std::function<asio::awaitable<void>()> start,
                     std::function<asio::awaitable<void>()> stop) {
    asio::signal_set signals(io, SIGINT, SIGTERM);
    std::function<asio::awaitable<void>()> whole = [&]() -> asio::awaitable<void> {
        co_await start();
        int const signal = co_await signals.async_wait(asio::use_awaitable);
        log::info("stopping", {{"signal", signal}});
        signals.async_wait([](boost::system::error_code error, int) {
            if (!error) std::_Exit(130);
        });
        co_await stop();
        signals.cancel();
    };
    run_to_end(io, whole);
    return 0;
}

}  // namespace mypost::app
