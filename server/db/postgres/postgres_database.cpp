#include "db/postgres/postgres_database.hpp"

#include <fmt/format.h>

#include <boost/asio/thread_pool.hpp>

#include "async/run_on.hpp"
#include "async/sleep.hpp"
#include "async/with_deadline.hpp"
#include "core/log.hpp"
#include "db/migrations/postgres_runner.hpp"
#include "db/observe.hpp"
#include "db/parameters.hpp"

namespace mypost::db::postgres {

namespace {

constexpr Query sql_ping{"database.ping", "SELECT 1"};
constexpr std::chrono::seconds ping_limit{1};
constexpr std::chrono::seconds close_limit{30};
constexpr std::chrono::milliseconds close_interval{5};

// Gives the connection back however the transaction ends.
class Lease {
  public:
    Lease(std::shared_ptr<Pool> pool, std::shared_ptr<Connection> connection)
        : pool_(std::move(pool)), connection_(std::move(connection)) {}
    ~Lease() { pool_->release(std::move(connection_)); }
    Lease(Lease const&) = delete;
    Lease& operator=(Lease const&) = delete;

    Connection& operator*() const { return *connection_; }

  private:
    std::shared_ptr<Pool> pool_;
    std::shared_ptr<Connection> connection_;
};

class PostgresTransaction final : public Transaction {
  public:
    PostgresTransaction(Connection& connection, QueryObserver* observer)
        : connection_(connection), observer_(observer) {}

    asio::awaitable<Rows> run(Query const& query, Params params) override {
        check_texts(query, params);
        if (!failed_.empty()) {
            throw DatabaseError(
                fmt::format("{}: the transaction is aborted, because a statement failed earlier: {}",
                            query.name, failed_));
        }
        Observation observation(observer_, query.name);
        try {
            auto send = [&](std::shared_ptr<Reply<Rows>> reply) {
                connection_.send(query, params, !begun_, std::move(reply));
                begun_ = true;
            };
            auto rows = co_await await_reply<Rows>(send);
            observation.succeeded();
            co_return rows;
        } catch (std::exception const& error) {
            failed_ = error.what();
            throw;
        }
    }

    asio::awaitable<void> commit() {
        if (!failed_.empty()) {
            throw DatabaseError(fmt::format("rolled back, because a statement failed earlier: {}", failed_));
        }
        if (!begun_) co_return;
        auto send = [&](std::shared_ptr<Reply<Rows>> reply) {
            reply->claim();  // whether it is durable must be known, cancelled or not
            connection_.send_control("COMMIT", std::move(reply));
        };
        auto const answer = co_await await_reply<Rows>(send);
        if (answer.empty() || answer.front().text(0) != "COMMIT")
            throw DatabaseError("the transaction was rolled back");
    }

  private:
    Connection& connection_;
    QueryObserver* observer_;
    bool begun_ = false;
    std::string failed_;  // the first failed statement's message
};

// Half for single statements, half for transactions; each needs one.
std::size_t lane_count(std::size_t connections) {
    return std::max<std::size_t>(1, connections / 2);
}
std::size_t pool_size(std::size_t connections) {
    return std::max<std::size_t>(1, connections - lane_count(connections));
}

}  // namespace

PostgresDatabase::PostgresDatabase(asio::any_io_executor executor, DatabaseOptions const& options,
                                   Migrations migrations)
    : observer_(options.observer),
      migrations_(migrations),
      settings_(options.url, options.transaction_pooler),
      lanes_(std::make_shared<Lanes>(executor, settings_, lane_count(options.connections))),
      pool_(std::make_shared<Pool>(executor, settings_, pool_size(options.connections))) {
    lanes_->start(settings_.connect_blocking());
    pool_->start();
    if (options.replica_url.empty()) return;
    Settings replica(options.replica_url, options.transaction_pooler);
    replica_ = std::make_shared<Lanes>(executor, std::move(replica), lane_count(options.connections));
    replica_->start(nullptr);
}

PostgresDatabase::~PostgresDatabase() {
    if (replica_) replica_->stop();
    pool_->stop();
    lanes_->stop();
}

asio::awaitable<Rows> PostgresDatabase::read(Query const& query, Params params) {
    check_texts(query, params);
    Observation observation(observer_, query.name);
    if (replica_ && !replica_->is_down()) {
        // The replica is an accelerator: without it the primary answers.
        try {
            auto rows = co_await replica_->run(query, params);
            observation.succeeded();
            co_return rows;
        } catch (Unavailable const& error) {
            log::debug("replica does not answer", {{"error", error.what()}});
        }
    }
    auto rows = co_await read_primary(query, params);
    observation.succeeded();
    co_return rows;
}

// A read may be repeated, so a connection that ended under it (a restart, a failover) is not the caller's
// trouble.
asio::awaitable<Rows> PostgresDatabase::read_primary(Query const& query, Params const& params) {
    try {
        co_return co_await lanes_->run(query, params);
    } catch (ConnectionLost const& error) {
        log::debug("read again on another connection", {{"error", error.what()}});
    }
    co_return co_await lanes_->run(query, params);
}

asio::awaitable<Rows> PostgresDatabase::write(Query const& query, Params params, Priority) {
    check_texts(query, params);
    Observation observation(observer_, query.name);
    auto rows = co_await lanes_->run(query, params);
    observation.succeeded();
    co_return rows;
}

asio::awaitable<void> PostgresDatabase::transaction(Body body, Priority priority) {
    auto connection = co_await pool_->acquire(priority);
    Lease lease(pool_, std::move(connection));
    PostgresTransaction transaction(*lease, observer_);
    co_await body(transaction);
    co_await transaction.commit();
}

asio::awaitable<void> PostgresDatabase::migrate() {
    // Rare and long, in libpq's simple protocol: on a thread and a connection of its own.
    asio::thread_pool thread(1);
    auto work = [this] {
        migrate_postgres(settings_, migrations_);
        return true;
    };
    co_await async::run_on(thread, work);
}

asio::awaitable<bool> PostgresDatabase::schema_is_current() {
    auto const table = co_await read_primary(sql_has_schema_table_postgres, {});
    if (!table.front().boolean(0)) co_return false;
    auto const rows = co_await read_primary(sql_applied_migrations, {});
    co_return is_current(migrations_, to_applied(rows));
}

asio::awaitable<void> PostgresDatabase::ping() {
    auto const answer = co_await async::with_deadline(ping_limit, read_primary(sql_ping, {}));
    if (!answer) throw Unavailable("the database did not answer within a second");
}

asio::awaitable<void> PostgresDatabase::close() {
    auto const deadline = std::chrono::steady_clock::now() + close_limit;
    auto const busy = [this] { return lanes_->in_flight() + pool_->in_use() > 0; };
    while (busy() && std::chrono::steady_clock::now() < deadline) co_await async::sleep_for(close_interval);
    if (replica_) replica_->stop();
    pool_->stop();
    lanes_->stop();
    // A connection in the middle of its making would hold a place on the server for a minute.
    auto const opening = [this] {
        return lanes_->opening() || pool_->opening() || (replica_ && replica_->opening());
    };
    while (opening() && std::chrono::steady_clock::now() < deadline)
        co_await async::sleep_for(close_interval);
}

}  // namespace mypost::db::postgres
