// A time limit on a coroutine.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>

namespace mypost::async {

// Runs `work` and returns its value, or nothing when `limit` passed first: then `work` was cancelled and has
// ended. Rethrows what `work` throws. Everything stays on the caller's executor (one event loop).
template <class T>
boost::asio::awaitable<std::optional<T>> with_deadline(std::chrono::milliseconds limit,
                                                       boost::asio::awaitable<T> work) {
    namespace asio = boost::asio;
    struct Shared {
        explicit Shared(asio::any_io_executor ex) : timer(ex), ended(ex) {}
        asio::steady_timer timer;
        asio::steady_timer ended;
        asio::cancellation_signal cancel;
        std::exception_ptr error;
        std::optional<T> value;
        bool done = false;
        bool expired = false;
    };
    auto executor = co_await asio::this_coro::executor;
    auto shared = std::make_shared<Shared>(executor);
    shared->ended.expires_at(asio::steady_timer::time_point::max());
    shared->timer.expires_after(limit);
    shared->timer.async_wait([shared](boost::system::error_code error) {
        if (error || shared->done) return;
        shared->expired = true;
        shared->cancel.emit(asio::cancellation_type::terminal);
    });
    auto wrapped = [](asio::awaitable<T> inner) -> asio::awaitable<std::optional<T>> {
        std::optional<T> value;
        value.emplace(co_await std::move(inner));
        co_return value;
    };
    auto finished = [shared](std::exception_ptr error, std::optional<T> value) {
        shared->done = true;
        shared->error = error;
        shared->value = std::move(value);
        shared->timer.cancel();
        shared->ended.cancel();
    };
    asio::co_spawn(executor, wrapped(std::move(work)),
                   asio::bind_cancellation_slot(shared->cancel.slot(), finished));
    // The caller's own cancellation is passed on to the work, which is then waited for.
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!shared->done) {
        boost::system::error_code ignored;
        co_await shared->ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        auto const now = co_await asio::this_coro::cancellation_state;
        if (!shared->done && now.cancelled() != asio::cancellation_type::none) {
            shared->cancel.emit(asio::cancellation_type::terminal);
            co_await asio::this_coro::reset_cancellation_state();
        }
    }
    if (shared->expired && shared->error) co_return std::nullopt;
    if (shared->error) std::rethrow_exception(shared->error);
    co_return std::move(shared->value);
}

}  // namespace mypost::async
