#include "db/sqlite/sqlite_database.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/co_spawn.hpp>

#include "core/clock.hpp"
#include "db/sqlite/functions.hpp"
#include "support/database.hpp"

namespace mypost::db::sqlite {

TEST(SqliteDatabase, refuses_urls_that_name_no_file) {
    asio::io_context io;
    for (char const* url : {"sqlite:", "sqlite::memory:", "sqlite:a.db?mode=ro", "mysql://x", ""}) {
        DatabaseOptions options;
        options.url = url;
        EXPECT_THROW(open_database(io.get_executor(), options), std::invalid_argument) << url;
    }
    DatabaseOptions options;
    options.url = "sqlite:/nowhere/at/all/x.db";
    EXPECT_THROW(open_database(io.get_executor(), options), Unavailable);
}

TEST(SqliteDatabase, its_file_is_the_owners_alone) {
    asio::io_context io;
    test::TemporaryDatabase database(io, Engine::sqlite);
    struct stat status{};
    ASSERT_EQ(::stat(database.options().url.substr(7).c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0600u);
}

TEST(SqliteDatabase, reading_connections_refuse_to_write) {
    asio::io_context io;
    test::TemporaryDatabase database(io, Engine::sqlite);
    EXPECT_THROW(test::run(io, database->read(Query{"test", "DELETE FROM tenants"})), DatabaseError);
}

TEST(SqliteDatabase, keeps_what_it_committed_when_reopened) {
    asio::io_context io;
    test::DatabaseSite site(Engine::sqlite);
    auto const id = TenantId::make();
    for (int round = 0; round < 2; ++round) {
        auto database = open_database(io.get_executor(), site.options());
        test::run(io, database->migrate());
        if (round == 0) {
            Query const insert{"test",
                               "INSERT INTO tenants (id, name, created_at) VALUES ($1, 'x', db_now())"};
            test::run(io, database->write(insert, {id}));
        } else {
            auto const rows = test::run(io, database->read(Query{"test", "SELECT id FROM tenants"}));
            ASSERT_EQ(rows.size(), 1u);
            EXPECT_EQ(rows.front().id<TenantId>(0), id);
        }
        test::run(io, database->close());
    }
}

TEST(SqliteDatabase, the_clock_can_be_shifted_for_tests) {
    asio::io_context io;
    test::TemporaryDatabase database(io, Engine::sqlite);
    set_clock_offset(std::chrono::hours(24));
    auto const rows = test::run(io, database->read(Query{"test", "SELECT db_now()"}));
    set_clock_offset(std::chrono::milliseconds(0));
    EXPECT_GT(rows.front().int64(0), to_ms(SystemClock().now()) + 23 * 3'600'000);
}

TEST(SqliteDatabase, observers_hear_of_every_statement) {
    struct Log : QueryObserver {
        std::vector<std::pair<std::string, bool>> seen;
        void observed(std::string_view name, std::chrono::microseconds, bool failed) override {
            seen.emplace_back(name, failed);
        }
    };
    asio::io_context io;
    Log log;
    test::DatabaseSite site(Engine::sqlite);
    auto options = site.options();
    options.observer = &log;
    auto database = open_database(io.get_executor(), options);
    test::run(io, database->read(Query{"one", "SELECT 1"}));
    EXPECT_THROW(test::run(io, database->write(Query{"two", "nonsense"})), DatabaseError);
    test::run(io, database->transaction([](Transaction& tx) -> asio::awaitable<void> {
        co_await tx.run(Query{"three", "SELECT 1"});
    }));
    test::run(io, database->close());
    EXPECT_EQ(log.seen,
              (std::vector<std::pair<std::string, bool>>{{"one", false}, {"two", true}, {"three", false}}));
}

TEST(SqliteDatabase, a_full_disk_is_unavailable_and_leaves_all_or_nothing) {
    asio::io_context io;
    test::TemporaryDatabase database(io, Engine::sqlite);
    test::run(io,
              database->write(Query{"test", "CREATE TABLE big (id INTEGER PRIMARY KEY, bytes BLOB) STRICT"}));
    auto const pages = test::run(io, database->read(Query{"test", "PRAGMA page_count"})).front().int64(0);
    std::string const limit = "PRAGMA max_page_count = " + std::to_string(pages + 4);
    test::run(io, database->write(Query{"test", limit}));
    Query const insert{"test", "INSERT INTO big (bytes) VALUES (zeroblob($1))"};
    int kept = 0;
    int refused = 0;
    int ended = 0;
    auto task = [&](int size) -> asio::awaitable<void> {
        try {
            co_await database->write(insert, {size});
            ++kept;
        } catch (Unavailable const&) {
            ++refused;
        }
        ++ended;
    };
    for (int i = 0; i < 9; ++i)
        asio::co_spawn(io, task(i % 3 == 1 ? 1'000'000 : 10), [](std::exception_ptr) {});
    io.restart();
    while (ended < 9) io.run_one();
    EXPECT_GE(refused, 3);
    auto const rows = test::run(io, database->read(Query{"test", "SELECT count(*) FROM big"}));
    EXPECT_EQ(rows.front().int64(0), kept);
}

}  // namespace mypost::db::sqlite
