#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

namespace mypost::async {

// Waits. Throws boost::system::system_error(operation_aborted) when the coroutine is cancelled.
boost::asio::awaitable<void> sleep_for(std::chrono::milliseconds duration);

}  // namespace mypost::async
