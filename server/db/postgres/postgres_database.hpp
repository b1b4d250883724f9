// The PostgreSQL driver: libpq, non-blocking, pipelined. Single statements share a few connections (Lanes),
// transactions have one each (Pool). See docs/database.md.
#pragma once

#include <memory>
#include <string>

#include "db/database.hpp"
#include "db/migrations/migration.hpp"
#include "db/postgres/lanes.hpp"
#include "db/postgres/pool.hpp"

namespace mypost::db::postgres {

class PostgresDatabase final : public Database {
  public:
    // Connects once, blocking, so that a wrong URL is told at the start. Throws Unavailable,
    // std::invalid_argument.
    PostgresDatabase(asio::any_io_executor executor, DatabaseOptions const& options, Migrations migrations);
    ~PostgresDatabase() override;

    Engine engine() const override { return Engine::postgres; }
    asio::awaitable<Rows> read(Query const& query, Params params) override;
    asio::awaitable<Rows> write(Query const& query, Params params, Priority priority) override;
    asio::awaitable<void> transaction(Body body, Priority priority) override;
    asio::awaitable<void> migrate() override;
    asio::awaitable<bool> schema_is_current() override;
    asio::awaitable<void> ping() override;
    asio::awaitable<void> close() override;

  private:
    asio::awaitable<Rows> read_primary(Query const& query, Params const& params);

    QueryObserver* observer_;
    Migrations migrations_;
    Settings settings_;
    std::shared_ptr<Lanes> lanes_;
    std::shared_ptr<Lanes> replica_;  // null without one
    std::shared_ptr<Pool> pool_;
};

}  // namespace mypost::db::postgres
