#include "db/sqlite/sqlite_database.hpp"

#include <fmt/format.h>

#include "async/with_deadline.hpp"
#include "db/migrations/sqlite_runner.hpp"
#include "db/observe.hpp"
#include "db/parameters.hpp"
#include "db/reply.hpp"
#include "db/sqlite/session.hpp"

namespace mypost::db::sqlite {

namespace {

constexpr Query sql_ping{"database.ping", "SELECT 1"};
constexpr std::chrono::seconds ping_limit{1};

class StatementJob final : public WriterJob {
  public:
    StatementJob(Query const& query, Params const& params, std::shared_ptr<Reply<Rows>> reply)
        : query_(query), params_(params), reply_(std::move(reply)) {}
    std::string_view name() const override { return query_.name; }
    bool claim() override { return reply_->claim(); }
    void run(Connection& connection) override { rows_ = connection.run(query_, params_); }
    void finish(std::exception_ptr error) override {
        if (error) return reply_->fail(std::move(error));
        reply_->succeed(std::move(rows_));
    }

  private:
    Query const& query_;
    Params const& params_;
    std::shared_ptr<Reply<Rows>> reply_;
    Rows rows_;
};

class MigrateJob final : public WriterJob {
  public:
    MigrateJob(Migrations migrations, std::shared_ptr<Reply<Committed>> reply)
        : migrations_(migrations), reply_(std::move(reply)) {}
    std::string_view name() const override { return "migrate"; }
    bool claim() override { return reply_->claim(); }
    void run(Connection& connection) override { migrate_sqlite(connection, migrations_); }
    void finish(std::exception_ptr error) override {
        if (error) return reply_->fail(std::move(error));
        reply_->succeed({});
    }

  private:
    Migrations migrations_;
    std::shared_ptr<Reply<Committed>> reply_;
};

// Rolls back when the body left by exception, or its coroutine was destroyed.
class AbandonOnExit {
  public:
    ~AbandonOnExit() {
        if (session) session->abandon();
    }
    std::shared_ptr<Session> session;
};

class SqliteTransaction final : public Transaction {
  public:
    SqliteTransaction(std::shared_ptr<Session> session, QueryObserver* observer)
        : session_(std::move(session)), observer_(observer) {}

    asio::awaitable<Rows> run(Query const& query, Params params) override {
        check_texts(query, params);
        Observation observation(observer_, query.name);
        auto start = [&](std::shared_ptr<Reply<Rows>> reply) {
            session_->submit(query, params, std::move(reply));
        };
        auto rows = co_await await_reply<Rows>(start);
        observation.succeeded();
        co_return rows;
    }

  private:
    std::shared_ptr<Session> session_;
    QueryObserver* observer_;
};

}  // namespace

std::string path_of_url(std::string_view url) {
    constexpr std::string_view scheme = "sqlite:";
    if (!url.starts_with(scheme)) throw std::invalid_argument("a SQLite URL starts with sqlite:");
    auto path = url.substr(scheme.size());
    if (path.starts_with("//")) path.remove_prefix(2);
    if (path.empty() || path.starts_with(":memory:") || path.find('?') != std::string_view::npos) {
        throw std::invalid_argument("a SQLite URL names a file: sqlite:/path/to/mypost.db");
    }
    return std::string(path);
}

SqliteDatabase::SqliteDatabase(DatabaseOptions const& options, Migrations migrations)
    : observer_(options.observer),
      migrations_(migrations),
      writer_(path_of_url(options.url)),
      readers_(path_of_url(options.url), options.connections) {}

SqliteDatabase::~SqliteDatabase() = default;

asio::awaitable<Rows> SqliteDatabase::read(Query const& query, Params params) {
    check_texts(query, params);
    Observation observation(observer_, query.name);
    auto start = [&](std::shared_ptr<Reply<Rows>> reply) {
        readers_.enqueue(query, params, std::move(reply));
    };
    auto rows = co_await await_reply<Rows>(start);
    observation.succeeded();
    co_return rows;
}

asio::awaitable<Rows> SqliteDatabase::write(Query const& query, Params params, Priority priority) {
    check_texts(query, params);
    Observation observation(observer_, query.name);
    auto start = [&](std::shared_ptr<Reply<Rows>> reply) {
        writer_.enqueue(std::make_shared<StatementJob>(query, params, std::move(reply)), priority);
    };
    auto rows = co_await await_reply<Rows>(start);
    observation.succeeded();
    co_return rows;
}

asio::awaitable<void> SqliteDatabase::transaction(Body body, Priority priority) {
    AbandonOnExit guard;
    auto begin = [&](std::shared_ptr<Reply<Turn>> turn) {
        guard.session = std::make_shared<Session>(writer_, std::move(turn));
        writer_.enqueue(guard.session, priority);
    };
    co_await await_reply<Turn>(begin);
    SqliteTransaction transaction(guard.session, observer_);
    co_await body(transaction);
    auto commit = [&](std::shared_ptr<Reply<Committed>> reply) { guard.session->commit(std::move(reply)); };
    co_await await_reply<Committed>(commit);
}

asio::awaitable<void> SqliteDatabase::migrate() {
    auto start = [&](std::shared_ptr<Reply<Committed>> reply) {
        writer_.enqueue_alone(std::make_shared<MigrateJob>(migrations_, std::move(reply)));
    };
    co_await await_reply<Committed>(start);
}

asio::awaitable<bool> SqliteDatabase::schema_is_current() {
    auto const table = co_await read(sql_has_schema_table_sqlite, {});
    if (table.empty()) co_return false;
    auto const rows = co_await read(sql_applied_migrations, {});
    co_return is_current(migrations_, to_applied(rows));
}

asio::awaitable<void> SqliteDatabase::ping() {
    auto const answer = co_await async::with_deadline(ping_limit, read(sql_ping, {}));
    if (!answer) throw Unavailable("the database did not answer within a second");
}

asio::awaitable<void> SqliteDatabase::close() {
    auto close_readers = [&](std::shared_ptr<Reply<Committed>> reply) {
        reply->claim();
        readers_.close([reply] { reply->succeed({}); });
    };
    co_await await_reply<Committed>(close_readers);
    auto close_writer = [&](std::shared_ptr<Reply<Committed>> reply) {
        reply->claim();
        writer_.close([reply] { reply->succeed({}); });
    };
    co_await await_reply<Committed>(close_writer);
}

}  // namespace mypost::db::sqlite
