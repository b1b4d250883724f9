// The SQLite driver: one writer, several readers, WAL. See docs/decisions/group-commit.md.
#pragma once

#include <memory>
#include <string>

#include "db/database.hpp"
#include "db/migrations/migration.hpp"
#include "db/sqlite/readers.hpp"
#include "db/sqlite/writer.hpp"

namespace mypost::db::sqlite {

class SqliteDatabase final : public Database {
  public:
    // Opens (and creates) the file that options.url names. Throws Unavailable, std::invalid_argument.
    SqliteDatabase(DatabaseOptions const& options, Migrations migrations);
    ~SqliteDatabase() override;

    Engine engine() const override { return Engine::sqlite; }
    asio::awaitable<Rows> read(Query const& query, Params params) override;
    asio::awaitable<Rows> write(Query const& query, Params params, Priority priority) override;
    asio::awaitable<void> transaction(Body body, Priority priority) override;
    asio::awaitable<void> migrate() override;
    asio::awaitable<bool> schema_is_current() override;
    asio::awaitable<void> ping() override;
    asio::awaitable<void> close() override;

    WriterCounts counts() const { return writer_.counts(); }

  private:
    QueryObserver* observer_;
    Migrations migrations_;
    Writer writer_;
    Readers readers_;
};

// The path in "sqlite:/path/file.db". Throws std::invalid_argument that says what is wrong.
std::string path_of_url(std::string_view url);

}  // namespace mypost::db::sqlite
