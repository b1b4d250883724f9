// A few connections that many coroutines share: their single statements are pipelined.
#pragma once

#include <memory>
#include <vector>

#include "db/postgres/opener.hpp"
#include "db/reply.hpp"

namespace mypost::db::postgres {

class Lanes : public std::enable_shared_from_this<Lanes> {
  public:
    // At most `limit` connections, opened when those there are busy.
    Lanes(asio::any_io_executor executor, Settings settings, std::size_t limit);

    void start(ConnectionHandle first);  // may be null
    void stop();                         // closes what is open

    // Runs one statement. Throws ConnectionLost when the connection ended under it, Unavailable when there is
    // none.
    asio::awaitable<Rows> run(Query const& query, Params const& params);

    // No connection, and the last attempt to get one failed.
    bool is_down() const { return lanes_.empty() && opener_->failing(); }
    std::size_t in_flight() const;
    bool opening() const { return opener_->opening(); }

  private:
    using Ready = std::shared_ptr<Reply<std::shared_ptr<Connection>>>;

    std::shared_ptr<Connection> best();
    void add(std::shared_ptr<Connection> connection);
    void remove(Connection const* connection);
    void fail_waiting(std::exception_ptr error);

    std::shared_ptr<Opener> opener_;
    std::size_t const limit_;
    std::vector<std::shared_ptr<Connection>> lanes_;
    std::vector<Ready> waiting_;
    bool stopped_ = false;
};

}  // namespace mypost::db::postgres
