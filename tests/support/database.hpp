// Databases for tests: each test gets an empty one of its own, on either engine.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "db/open.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

namespace mypost::test {

// An empty SQLite file, or an empty database on the test PostgreSQL; removed at the end. Never migrated by
// itself.
class DatabaseSite {
  public:
    explicit DatabaseSite(db::Engine engine);
    ~DatabaseSite();
    DatabaseSite(DatabaseSite const&) = delete;
    DatabaseSite& operator=(DatabaseSite const&) = delete;

    db::DatabaseOptions options() const;
    db::Engine engine() const { return engine_; }

  private:
    db::Engine engine_;
    TemporaryFolder folder_;
    std::string postgres_name_;
};

// An open, migrated database on `io`. Closes it at the end.
//     test::TemporaryDatabase database(io, db::Engine::sqlite);
//     auto rows = test::run(io, database->read(…));
class TemporaryDatabase {
  public:
    TemporaryDatabase(boost::asio::io_context& io, db::Engine engine,
                      db::Migrations migrations = db::embedded_migrations());
    ~TemporaryDatabase();

    db::Database& operator*() { return *database_; }
    db::Database* operator->() { return database_.get(); }
    db::DatabaseOptions options() const { return site_.options(); }

  private:
    boost::asio::io_context& io_;
    DatabaseSite site_;
    std::unique_ptr<db::Database> database_;
};

// Shifts the database's clock (db_now()) against the wall clock; put it back with 0. On SQLite for the whole
// process.
void shift_clock(boost::asio::io_context& io, db::Database& database, std::chrono::milliseconds by);

// For INSTANTIATE_TEST_SUITE_P: "sqlite" | "postgres".
std::string engine_name(db::Engine engine);

}  // namespace mypost::test
