// What every subcommand begins with: settings, and an event loop that ends with a signal.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>

#include "app/commands.hpp"
#include "core/settings.hpp"

namespace mypost::app {

// Reads --config and the environment. On problems prints all of them; the caller then exits with 2.
std::optional<Settings> read_settings(Arguments const& arguments);
// The same, and the keys: made on an embedded installation's first start when `may_make`.
std::optional<Settings> read_settings_with_keys(Arguments const& arguments, bool may_make);

bool has_flag(Arguments const& arguments, std::string_view flag);
// The word after `--name`, or nothing.
std::optional<std::string> option(Arguments const& arguments, std::string_view name);

// Runs `work` to its end; rethrows what it throws.
void run_to_end(boost::asio::io_context& io, std::function<boost::asio::awaitable<void>()> work);

// Runs `start`, waits for SIGINT or SIGTERM, runs `stop`. A second signal ends the process at once.
int run_until_signal(boost::asio::io_context& io, std::function<boost::asio::awaitable<void>()> start,
                     std::function<boost::asio::awaitable<void>()> stop);

}  // namespace mypost::app
