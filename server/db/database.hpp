// The database as the features see it: one interface, one SQL dialect, two drivers (sqlite/, postgres/).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/clock.hpp"
#include "core/ids.hpp"

namespace mypost::db {

namespace asio = boost::asio;

// A named statement. Parameters are $1…$n on both engines; booleans are BOOLEAN (TRUE/FALSE), times BIGINT
// ms, ids UUID (text on SQLite). `db_now()` is the database's clock in ms on both. Texts that cannot be
// shared: set `sqlite_sql`, with a comment why. Make them constants named sql_…; the name goes to logs and
// metrics.
struct Query {
    std::string_view name;  // e.g. "posts.find"
    std::string_view sql;
    std::string_view sqlite_sql = {};  // empty: the same text
};

struct Blob {
    std::string bytes;
};

// A statement's parameter. Converts from what the features hold.
class Param {
  public:
    using Value = std::variant<std::monostate, std::int64_t, double, bool, std::string, Blob>;

    Param(std::nullptr_t) {}
    Param(std::nullopt_t) {}
    Param(bool value) : value_(value) {}
    Param(int value) : value_(std::int64_t{value}) {}
    Param(std::int64_t value) : value_(value) {}
    Param(std::uint64_t value) : value_(static_cast<std::int64_t>(value)) {}
    Param(double value) : value_(value) {}
    Param(std::string value) : value_(std::move(value)) {}
    Param(std::string_view value) : value_(std::string(value)) {}
    Param(char const* value) : value_(std::string(value)) {}
    Param(Blob value) : value_(std::move(value)) {}
    Param(Instant value) : value_(to_ms(value)) {}
    Param(Uuid const& value) : value_(value.to_string()) {}
    template <class Tag>
    Param(Id<Tag> const& value) : value_(value.to_string()) {}
    template <class T>
    Param(std::optional<T> const& value) {
        if (value) value_ = Param(*value).value_;
    }

    Value const& value() const { return value_; }

  private:
    Value value_;
};
using Params = std::vector<Param>;

// One result row. Columns by position; a wrong type or position throws std::logic_error (a programmer's
// error).
class Row {
  public:
    using Value = std::variant<std::monostate, std::int64_t, double, std::string>;
    explicit Row(std::vector<Value> values) : values_(std::move(values)) {}

    std::size_t size() const { return values_.size(); }
    bool is_null(std::size_t column) const {
        return std::holds_alternative<std::monostate>(values_.at(column));
    }
    std::int64_t int64(std::size_t column) const;
    double real(std::size_t column) const;
    bool boolean(std::size_t column) const { return int64(column) != 0; }
    std::string const& text(std::size_t column) const;  // also bytes
    Instant instant(std::size_t column) const { return from_ms(int64(column)); }
    std::optional<std::int64_t> opt_int64(std::size_t column) const;
    std::optional<std::string> opt_text(std::size_t column) const;
    std::optional<Instant> opt_instant(std::size_t column) const;
    template <class AnyId>
    AnyId id(std::size_t column) const {
        auto parsed = AnyId::parse(text(column));
        if (!parsed) throw std::logic_error("column is not a UUID");
        return *parsed;
    }
    template <class AnyId>
    std::optional<AnyId> opt_id(std::size_t column) const {
        if (is_null(column)) return std::nullopt;
        return id<AnyId>(column);
    }

  private:
    std::vector<Value> values_;
};

struct Rows {
    std::vector<Row> rows;
    std::int64_t affected = 0;  // by INSERT, UPDATE, DELETE

    bool empty() const { return rows.empty(); }
    std::size_t size() const { return rows.size(); }
    Row const& front() const { return rows.front(); }
    auto begin() const { return rows.begin(); }
    auto end() const { return rows.end(); }
};

// The database cannot be reached or is too busy; the request ends with 503, the job is tried again.
struct Unavailable : std::runtime_error {
    using std::runtime_error::runtime_error;
};
// A UNIQUE, FOREIGN KEY, CHECK or NOT NULL rule refused the statement. Caught next to the query that can
// cause it. `constraint` is the constraint's or index's name on PostgreSQL, and on SQLite
// "table.column[,table.column]" for UNIQUE, the constraint's name for CHECK, empty for foreign keys.
struct ConstraintViolation : std::runtime_error {
    enum class Kind { unique, foreign_key, check, not_null };
    Kind kind;
    std::string constraint;
    ConstraintViolation(Kind kind_, std::string constraint_, std::string const& what)
        : std::runtime_error(what), kind(kind_), constraint(std::move(constraint_)) {}
};
// The statement itself is wrong, or the engine failed. A programmer's or operator's error.
struct DatabaseError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Statements on one connection inside BEGIN … COMMIT. Inside, await only this, never the network.
class Transaction {
  public:
    virtual ~Transaction() = default;
    virtual asio::awaitable<Rows> run(Query const& query, Params params = {}) = 0;
};

enum class Priority {
    high,  // leases, journal, tokens: go first in the writer's queue
    normal,
};

enum class Engine { sqlite, postgres };

class Database {
  public:
    virtual ~Database() = default;

    virtual Engine engine() const = 0;

    // A statement that only reads. May be served by a read replica or a reader connection; sees everything
    // that this process committed before on SQLite and on PostgreSQL without a replica.
    virtual asio::awaitable<Rows> read(Query const& query, Params params = {}) = 0;

    // One statement that writes, in a transaction of its own. Returns after it is durable.
    virtual asio::awaitable<Rows> write(Query const& query, Params params = {},
                                        Priority priority = Priority::normal) = 0;

    // Runs `body` in a transaction and commits; rolls back and rethrows when it throws. Returns after the
    // commit is durable. PostgreSQL: READ COMMITTED; lock rows with FOR UPDATE, which SQLite's driver
    // drops from the text. SQLite: transactions run
    // one after the other (BEGIN IMMEDIATE), several may share one commit (group commit, each behind a
    // savepoint). `body` must not be kept: it is awaited before this returns. It is run at most once.
    using Body = std::function<asio::awaitable<void>(Transaction&)>;
    virtual asio::awaitable<void> transaction(Body body, Priority priority = Priority::normal) = 0;

    // Brings the schema to the newest migration, under a lock that other processes respect. Throws on
    // failure.
    virtual asio::awaitable<void> migrate() = 0;
    // False when migrations are missing, or the schema is newer than this program.
    virtual asio::awaitable<bool> schema_is_current() = 0;
    // Answers within a second or throws Unavailable. For /ready.
    virtual asio::awaitable<void> ping() = 0;

    // Closes connections after what runs has ended.
    virtual asio::awaitable<void> close() = 0;
};

// Runs `body(tx)`, whose result is returned after the commit.
//     auto id = co_await db::in_transaction<PostId>(
//         database, [&](db::Transaction& tx) -> asio::awaitable<PostId> { … });
// To roll back and return an expected failure, return a Result with an error: the transaction is rolled back
// then.
template <class T, class F>
asio::awaitable<T> in_transaction(Database& database, F body, Priority priority = Priority::normal) {
    struct RollBack {};
    std::optional<T> result;
    Database::Body wrapped = [&body, &result](Transaction& tx) -> asio::awaitable<void> {
        result.emplace(co_await body(tx));
        if constexpr (requires {
                          result->has_value();
                          result->error();
                      }) {
            if (!result->has_value()) throw RollBack{};
        }
    };
    try {
        co_await database.transaction(std::move(wrapped), priority);
    } catch (RollBack const&) {
        // The result holds the refusal; nothing was kept.
    }
    co_return std::move(*result);
}

// What is reported of each statement, for /metrics.
struct QueryObserver {
    virtual ~QueryObserver() = default;
    virtual void observed(std::string_view name, std::chrono::microseconds took, bool failed) = 0;
};

struct DatabaseOptions {
    std::string url;                  // "sqlite:/path/file.db" or "postgres://user:password@host:port/name?…"
    std::string replica_url;          // PostgreSQL only, may be empty
    std::size_t connections = 8;      // PostgreSQL: pool size; SQLite: readers
    bool transaction_pooler = false;  // behind PgBouncer in transaction mode: no named statements
    QueryObserver* observer = nullptr;  // outlives the database
};

// The driver that the URL names. Throws std::invalid_argument for another scheme, Unavailable when it cannot
// open. SQLite's threads and PostgreSQL's sockets answer on `executor`.
std::unique_ptr<Database> open_database(asio::any_io_executor executor, DatabaseOptions options);

}  // namespace mypost::db
