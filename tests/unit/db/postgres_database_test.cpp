#include "db/postgres/postgres_database.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <set>

#include "support/database.hpp"

namespace mypost::db::postgres {

constexpr Migration schema[] = {{1, "t", "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT);", {}, {}}};
constexpr char kill_the_others[] =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";

class PostgresDatabaseTest : public testing::Test {
  protected:
    std::unique_ptr<Database> open(DatabaseOptions options) {
        return open_database(io_.get_executor(), std::move(options), schema);
    }
    template <class T>
    T run(asio::awaitable<T> work) {
        return test::run(io_, std::move(work));
    }
    void run(asio::awaitable<void> work) { test::run(io_, std::move(work)); }
    Rows read(Database& database, std::string_view sql) { return run(database.read(Query{"test", sql})); }
    // Ends every connection that `database` has, from outside.
    void kill_connections() {
        auto other = open(site_.options());
        read(*other, kill_the_others);
        run(other->close());
    }

    asio::io_context io_;
    test::DatabaseSite site_{Engine::postgres};
};

TEST_F(PostgresDatabaseTest, many_coroutines_share_few_connections) {
    auto options = site_.options();
    options.connections = 4;
    auto database = open(options);
    std::set<std::int64_t> backends;
    int ended = 0;
    auto task = [&]() -> asio::awaitable<void> {
        auto const rows = co_await database->read(Query{"test", "SELECT pg_backend_pid()"});
        backends.insert(rows.front().int64(0));
        ++ended;
    };
    for (int i = 0; i < 300; ++i) asio::co_spawn(io_, task(), [](std::exception_ptr) {});
    io_.restart();
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (ended < 300 && std::chrono::steady_clock::now() < deadline)
        io_.run_one_for(std::chrono::seconds(1));
    EXPECT_EQ(ended, 300);
    EXPECT_LE(backends.size(), 2u);
    run(database->close());
}

TEST_F(PostgresDatabaseTest, survives_the_end_of_its_connections) {
    auto database = open(site_.options());
    run(database->migrate());
    auto insert = [](Transaction& tx) -> asio::awaitable<void> {
        co_await tx.run(Query{"test", "INSERT INTO t (id) SELECT coalesce(max(id), 0) + 1 FROM t"});
    };
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(read(*database, "SELECT 1").front().int64(0), 1);
        run(database->transaction(insert));
        kill_connections();
    }
    // A read is repeated by the driver; what was between two statements reconnects.
    EXPECT_EQ(read(*database, "SELECT count(*) FROM t").front().int64(0), 3);
    run(database->close());
}

TEST_F(PostgresDatabaseTest, a_transaction_whose_connection_dies_keeps_nothing) {
    auto database = open(site_.options());
    run(database->migrate());
    auto other = open(site_.options());
    auto body = [&](Transaction& tx) -> asio::awaitable<void> {
        co_await tx.run(Query{"test", "INSERT INTO t (id) VALUES (1)"});
        co_await other->read(Query{"test", kill_the_others});
        co_await tx.run(Query{"test", "INSERT INTO t (id) VALUES (2)"});
    };
    EXPECT_THROW(run(database->transaction(body)), Unavailable);
    EXPECT_EQ(read(*database, "SELECT count(*) FROM t").front().int64(0), 0);
    run(other->close());
    run(database->close());
}

TEST_F(PostgresDatabaseTest, an_unreachable_server_is_told_at_once) {
    DatabaseOptions options;
    options.url = "postgres://nobody@127.0.0.1:1/none";
    EXPECT_THROW(open(options), Unavailable);
    options.url = "postgres://user:secret@[broken";
    try {
        open(options);
        ADD_FAILURE() << "was accepted";
    } catch (std::invalid_argument const& error) {
        EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
    }
}

TEST_F(PostgresDatabaseTest, behind_a_transaction_pooler_nothing_is_prepared_by_name) {
    constexpr char prepared[] = "SELECT count(*) FROM pg_prepared_statements";
    auto options = site_.options();
    options.connections = 2;  // one lane: the same session answers
    auto named = open(options);
    read(*named, "SELECT 1");
    EXPECT_GT(read(*named, prepared).front().int64(0), 0);
    run(named->close());
    options.transaction_pooler = true;
    auto unnamed = open(options);
    read(*unnamed, "SELECT 1");
    EXPECT_EQ(read(*unnamed, prepared).front().int64(0), 0);
    run(unnamed->close());
}

TEST_F(PostgresDatabaseTest, a_changed_table_does_not_break_prepared_reads) {
    auto database = open(site_.options());
    run(database->migrate());
    EXPECT_TRUE(read(*database, "SELECT * FROM t").empty());
    run(database->write(Query{"test", "ALTER TABLE t ADD COLUMN extra TEXT DEFAULT 'x'"}));
    run(database->write(Query{"test", "INSERT INTO t (id) VALUES (1)"}));
    EXPECT_EQ(read(*database, "SELECT * FROM t").front().size(), 3u);
    run(database->close());
}

TEST_F(PostgresDatabaseTest, reads_go_to_the_replica_and_back_when_it_is_away) {
    // Another database stands for the replica, so that one can tell who answered.
    test::DatabaseSite stand_in(Engine::postgres);
    auto options = site_.options();
    options.replica_url = stand_in.options().url;
    auto database = open(options);
    auto const primary = run(database->write(Query{"test", "SELECT current_database()"})).front().text(0);
    EXPECT_NE(read(*database, "SELECT current_database()").front().text(0), primary);
    run(database->close());

    options.replica_url = "postgres://nobody@127.0.0.1:1/none";
    auto alone = open(options);
    EXPECT_EQ(read(*alone, "SELECT current_database()").front().text(0), primary);
    EXPECT_EQ(read(*alone, "SELECT current_database()").front().text(0), primary);
    run(alone->close());
}

TEST_F(PostgresDatabaseTest, a_deadlock_ends_one_of_the_two_as_unavailable) {
    auto database = open(site_.options());
    run(database->migrate());
    run(database->write(Query{"test", "INSERT INTO t (id) VALUES (1), (2)"}));
    int arrived = 0;
    int unavailable = 0;
    int ended = 0;
    auto task = [&](int first, int second) -> asio::awaitable<void> {
        try {
            co_await database->transaction([&, first, second](Transaction& tx) -> asio::awaitable<void> {
                Query const lock{"test", "SELECT id FROM t WHERE id = $1 FOR UPDATE"};
                Params one{first};
                co_await tx.run(lock, std::move(one));
                ++arrived;
                Query const nothing{"test", "SELECT 1"};
                while (arrived < 2) co_await tx.run(nothing);
                Params two{second};
                co_await tx.run(lock, std::move(two));
            });
        } catch (Unavailable const&) {
            ++unavailable;
        }
        ++ended;
    };
    asio::co_spawn(io_, task(1, 2), [](std::exception_ptr) {});
    asio::co_spawn(io_, task(2, 1), [](std::exception_ptr) {});
    io_.restart();
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (ended < 2 && std::chrono::steady_clock::now() < deadline) io_.run_one_for(std::chrono::seconds(1));
    EXPECT_EQ(ended, 2);
    EXPECT_EQ(unavailable, 1);
    run(database->close());
}

}  // namespace mypost::db::postgres
