// Runs coroutines to their end in tests.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>

namespace mypost::test {

// Drives `io` until `work` has ended; returns its value or rethrows. Throws when it hangs for longer than
// `limit`.
template <class T>
T run(boost::asio::io_context& io, boost::asio::awaitable<T> work,
      std::chrono::seconds limit = std::chrono::seconds(60)) {
    std::optional<T> value;
    std::exception_ptr error;
    bool done = false;
    auto wrapped = [](boost::asio::awaitable<T> inner,
                      std::optional<T>& out) -> boost::asio::awaitable<void> {
        out.emplace(co_await std::move(inner));
    };
    boost::asio::co_spawn(io, wrapped(std::move(work), value), [&](std::exception_ptr e) {
        error = e;
        done = true;
    });
    auto const deadline = std::chrono::steady_clock::now() + limit;
    io.restart();
    while (!done && std::chrono::steady_clock::now() < deadline) {
        if (io.run_one_until(deadline) == 0 && io.stopped()) io.restart();
    }
    if (!done) throw std::runtime_error("the coroutine hangs");
    if (error) std::rethrow_exception(error);
    return std::move(*value);
}

inline void run(boost::asio::io_context& io, boost::asio::awaitable<void> work,
                std::chrono::seconds limit = std::chrono::seconds(60)) {
    auto wrapped = [](boost::asio::awaitable<void> inner) -> boost::asio::awaitable<bool> {
        co_await std::move(inner);
        co_return true;
    };
    run<bool>(io, wrapped(std::move(work)), limit);
}

}  // namespace mypost::test
