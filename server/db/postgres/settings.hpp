// How to reach a server: a parsed URL with the options that this driver relies on.
#pragma once

#include <libpq-fe.h>

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mypost::db::postgres {

struct FinishConnection {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
using ConnectionHandle = std::unique_ptr<PGconn, FinishConnection>;

class Settings {
  public:
    // Throws std::invalid_argument for a malformed URL. `transaction_pooler`: no session settings are sent,
    // because PgBouncer refuses them (so the server ends no statement by itself; see response_limit in
    // connection.hpp).
    Settings(std::string const& url, bool transaction_pooler);

    bool transaction_pooler() const { return transaction_pooler_; }

    // Connects and waits for it, at most five seconds an address. Throws Unavailable, or DatabaseError for a
    // server that is too old.
    ConnectionHandle connect_blocking() const;

    // The same on the event loop, names resolved without blocking it.
    boost::asio::awaitable<ConnectionHandle> connect() const;

  private:
    using Pairs = std::vector<std::pair<std::string, std::string>>;

    std::string get(std::string_view key) const;
    void set(std::string const& key, std::string value);
    boost::asio::awaitable<Pairs> resolved() const;

    Pairs pairs_;
    bool transaction_pooler_;
};

}  // namespace mypost::db::postgres
