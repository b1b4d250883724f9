// An answer that a worker thread or a socket handler owes to a suspended coroutine.
#pragma once

#include <atomic>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <memory>
#include <optional>

#include "db/database.hpp"

namespace mypost::db {

// What a cancelled coroutine is told, as Asio's own operations do.
inline std::exception_ptr cancelled_error() {
    return std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted));
}

// Thread-safe; the first answer counts, later ones are dropped. The coroutine goes on on its own executor.
// A reply that dies unanswered answers Unavailable, so no coroutine waits for ever.
template <class T>
class Reply {
  public:
    virtual ~Reply() = default;
    Reply() = default;
    Reply(Reply const&) = delete;
    Reply& operator=(Reply const&) = delete;

    void succeed(T value) {
        if (state_.exchange(State::answered) != State::answered) deliver(nullptr, std::move(value));
    }
    void fail(std::exception_ptr error) {
        if (state_.exchange(State::answered) != State::answered) deliver(std::move(error), std::nullopt);
    }

    // The worker begins: from here a cancellation only sets cancel_requested() and the answer is still
    // awaited. False when the coroutine was cancelled before: then leave the work alone.
    bool claim() {
        auto expected = State::waiting;
        return state_.compare_exchange_strong(expected, State::claimed);
    }
    bool answered() const { return state_.load() == State::answered; }
    bool cancel_requested() const { return cancel_requested_.load(); }

    // The coroutine is cancelled. Called on its executor.
    void cancel() {
        cancel_requested_.store(true);
        auto expected = State::waiting;
        if (state_.compare_exchange_strong(expected, State::answered))
            deliver(cancelled_error(), std::nullopt);
    }

  protected:
    virtual void deliver(std::exception_ptr error, std::optional<T> value) = 0;

  private:
    enum class State { waiting, claimed, answered };
    std::atomic<State> state_ = State::waiting;
    std::atomic<bool> cancel_requested_ = false;
};

namespace detail {

template <class T, class Handler>
class HandlerReply final : public Reply<T> {
  public:
    explicit HandlerReply(Handler handler)
        : handler_(std::move(handler)), guard_(asio::get_associated_executor(*handler_)) {}
    ~HandlerReply() override {
        if (handler_) this->fail(std::make_exception_ptr(Unavailable("the database was closed")));
    }

  private:
    void deliver(std::exception_ptr error, std::optional<T> value) override {
        auto resume = [handler = std::move(*handler_), error = std::move(error),
                       value = std::move(value)]() mutable {
            auto slot = asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) slot.clear();
            std::move(handler)(std::move(error), std::move(value));
        };
        handler_.reset();
        // Always posted: resuming inside a socket handler or under a lock invites re-entrance.
        asio::post(guard_.get_executor(), std::move(resume));
        guard_.reset();
    }

    std::optional<Handler> handler_;
    asio::executor_work_guard<asio::associated_executor_t<Handler>> guard_;
};

}  // namespace detail

// Suspends the coroutine until the reply that `start` was given is answered. `start` must not throw.
template <class T, class Start>
asio::awaitable<T> await_reply(Start start) {
    auto initiate = [&start]<class Handler>(Handler handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto reply = std::make_shared<detail::HandlerReply<T, Handler>>(std::move(handler));
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr<Reply<T>>(reply)](asio::cancellation_type) {
                if (auto alive = weak.lock()) alive->cancel();
            });
        }
        start(std::shared_ptr<Reply<T>>(std::move(reply)));
    };
    std::optional<T> value = co_await asio::async_initiate<asio::use_awaitable_t<> const,
                                                           void(std::exception_ptr, std::optional<T>)>(
        initiate, asio::use_awaitable);
    co_return std::move(*value);
}

}  // namespace mypost::db
