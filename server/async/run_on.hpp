// Blocking work on a thread pool, awaited from the event loop.
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <optional>
#include <type_traits>

namespace mypost::async {

namespace asio = boost::asio;

// Runs `work` on `pool` and comes back on the caller's executor, never before the work has ended, so `[&]` is
// safe. Rethrows what `work` throws. `work` must not return void. Not cancellable: it waits for the work.
template <class F>
asio::awaitable<std::invoke_result_t<F&>> run_on(asio::thread_pool& pool, F work) {
    using R = std::invoke_result_t<F&>;
    auto initiate = [&pool, &work](auto handler) {
        auto guard = asio::make_work_guard(asio::get_associated_executor(handler));
        asio::post(pool, [handler = std::move(handler), guard = std::move(guard), &work]() mutable {
            std::exception_ptr error;
            std::optional<R> value;
            try {
                value.emplace(work());
            } catch (...) {
                error = std::current_exception();
            }
            auto executor = asio::get_associated_executor(handler);
            asio::dispatch(executor,
                           [handler = std::move(handler), error, value = std::move(value)]() mutable {
                               std::move(handler)(error, std::move(value));
                           });
        });
    };
    std::optional<R> value = co_await asio::async_initiate<asio::use_awaitable_t<> const,
                                                           void(std::exception_ptr, std::optional<R>)>(
        initiate, asio::use_awaitable);
    co_return std::move(*value);
}

}  // namespace mypost::async
