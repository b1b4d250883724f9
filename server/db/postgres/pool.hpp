// Connections for transactions: one coroutine has one at a time.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "db/postgres/opener.hpp"
#include "db/reply.hpp"

namespace mypost::db::postgres {

class Pool : public std::enable_shared_from_this<Pool> {
  public:
    Pool(asio::any_io_executor executor, Settings settings, std::size_t limit);

    void start();
    void stop();  // closes what is idle; what is out is closed when it comes back

    // A connection outside any transaction. Throws Unavailable when there is none within ten seconds.
    asio::awaitable<std::shared_ptr<Connection>> acquire(Priority priority);

    // Gives it back in whatever state it is: an open transaction is rolled back first; one with a statement
    // still running, or broken, is closed.
    void release(std::shared_ptr<Connection> connection);

    bool opening() const { return opener_->opening(); }
    // Connections that are out, and coroutines that wait for one.
    std::size_t in_use() const { return open_ - idle_.size() + high_.size() + normal_.size(); }

  private:
    struct Waiter {
        std::shared_ptr<Reply<std::shared_ptr<Connection>>> reply;
        std::chrono::steady_clock::time_point until;
    };

    void opened(std::shared_ptr<Connection> connection);
    void open_failed(std::exception_ptr error);
    void offer(std::shared_ptr<Connection> connection);
    void closed(Connection const* connection);
    void open_if_needed();
    void drop_expired();
    void watch();
    void fail_waiting(std::exception_ptr error);

    std::shared_ptr<Opener> opener_;
    asio::steady_timer watch_;
    std::size_t const limit_;
    std::size_t open_ = 0;  // idle and out
    std::vector<std::shared_ptr<Connection>> idle_;
    std::deque<Waiter> high_;
    std::deque<Waiter> normal_;
    bool watching_ = false;
    bool stopped_ = false;
};

}  // namespace mypost::db::postgres
