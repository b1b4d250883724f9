#include "support/database.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "db/sqlite/functions.hpp"
#include "support/postgres_server.hpp"

namespace mypost::test {

DatabaseSite::DatabaseSite(db::Engine engine) : engine_(engine) {
    if (engine_ == db::Engine::sqlite) return;
    static std::atomic<int> next = 0;
    postgres_name_ = fmt::format("mypost_test_{}_{}", ::getpid(), ++next);
    PostgresServer::instance().create(postgres_name_);
}

DatabaseSite::~DatabaseSite() {
    if (!postgres_name_.empty()) PostgresServer::instance().drop(postgres_name_);
}

db::DatabaseOptions DatabaseSite::options() const {
    db::DatabaseOptions options;
    options.url = engine_ == db::Engine::sqlite ? "sqlite:" + (folder_.path() / "test.db").string()
                                                : PostgresServer::instance().url(postgres_name_);
    // With MYPOST_TEST_POSTGRES_URL naming a PgBouncer in transaction mode.
    options.transaction_pooler = std::getenv("MYPOST_TEST_TRANSACTION_POOLER") != nullptr;
    return options;
}

TemporaryDatabase::TemporaryDatabase(boost::asio::io_context& io, db::Engine engine,
                                     db::Migrations migrations)
    : io_(io), site_(engine), database_(db::open_database(io.get_executor(), site_.options(), migrations)) {
    run(io_, database_->migrate());
}

TemporaryDatabase::~TemporaryDatabase() {
    run(io_, database_->close());
}

void shift_clock(boost::asio::io_context& io, db::Database& database, std::chrono::milliseconds by) {
    if (database.engine() == db::Engine::sqlite) return db::sqlite::set_clock_offset(by);
    auto const sql = fmt::format(
        "CREATE OR REPLACE FUNCTION db_now() RETURNS BIGINT LANGUAGE sql VOLATILE AS"
        " $f$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + ({}) $f$",
        by.count());
    run(io, database.write(db::Query{"test.shift_clock", sql}));
}

std::string engine_name(db::Engine engine) {
    return engine == db::Engine::sqlite ? "sqlite" : "postgres";
}

}  // namespace mypost::test
