// One libpq connection in pipeline mode on the event loop: what several coroutines send goes out at once,
// answers come back in the same order. https://www.postgresql.org/docs/15/libpq-pipeline-mode.html
#pragma once

#include <libpq-fe.h>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "db/database.hpp"
#include "db/postgres/errors.hpp"
#include "db/postgres/settings.hpp"
#include "db/reply.hpp"

namespace mypost::db::postgres {

// Longer than the server's own statement_timeout: then the server or the way to it is gone.
constexpr std::chrono::seconds response_limit{35};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    // Takes over a connected handle. Call start() next.
    Connection(asio::any_io_executor executor, ConnectionHandle handle, bool named_statements);
    ~Connection();

    void start();

    // Called once when the connection ends, whoever ended it; from the event loop, never inside send().
    void on_closed(std::function<void()> call) { closed_ = std::move(call); }

    // One statement and a sync: alone it is a transaction of its own. With `begin`, a BEGIN goes before it in
    // the same round trip. Everything is copied; a reply that was answered meanwhile (cancelled) is skipped.
    void send(Query const& query, Params const& params, bool begin, std::shared_ptr<Reply<Rows>> reply);

    // COMMIT, ROLLBACK. The command's tag comes back as one row's text.
    void send_control(char const* sql, std::shared_ptr<Reply<Rows>> reply);
    // ROLLBACK that nobody awaits; then `done`, also when the connection ended instead.
    void send_rollback(std::function<void()> done);

    std::size_t in_flight() const { return pending_.size(); }
    bool is_open() const { return handle_ != nullptr && !failed_; }
    // A later statement would wait behind one that nobody wants any more, or the connection is to be
    // replaced.
    bool avoid() const;
    bool in_transaction() const { return PQtransactionStatus(handle_.get()) != PQTRANS_IDLE; }

    // Ends it now. What is in flight fails with ConnectionLost(why).
    void close(std::string const& why);
    // Ends it when what is in flight has been answered.
    void retire();

  private:
    enum class Step { begin, prepare, query, sync };
    struct Pending {
        std::string name;
        std::deque<Step> steps;
        std::string preparing;  // the SQL whose preparation is part of it
        bool control = false;   // the answer is the command's tag
        std::shared_ptr<Reply<Rows>> reply;
        std::function<void()> done;
        std::chrono::steady_clock::time_point sent;
        Rows rows;
        std::exception_ptr error;
    };

    bool send_statement(Query const& query, Params const& params, Pending& pending);
    void send_text(char const* sql, Pending pending);
    void finish_sending(Pending pending, bool sent);
    void flush();
    void wait_readable();
    void wait_writable();
    void on_readable();
    void take_results();
    void take(PGresult const* result);
    void finish_front();
    void watch();
    void check_age();
    bool has_unanswered() const;

    asio::any_io_executor executor_;
    ConnectionHandle handle_;
    asio::posix::stream_descriptor socket_;
    asio::steady_timer watch_;
    bool const named_statements_;
    std::function<void()> closed_;
    std::deque<Pending> pending_;
    std::unordered_map<std::string, std::string> prepared_;  // SQL → the server's name for it
    std::size_t next_name_ = 0;
    bool writing_ = false;
    bool watching_ = false;
    bool retiring_ = false;
    bool failed_ = false;
};

}  // namespace mypost::db::postgres
