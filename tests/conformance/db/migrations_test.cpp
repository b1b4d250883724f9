#include <sys/wait.h>
#include <unistd.h>

#include "conformance/db/suite.hpp"

namespace mypost::db {

namespace {

constexpr Migration first{
    1, "first", "CREATE TABLE a (id UUID PRIMARY KEY, at BIGINT NOT NULL DEFAULT 0);", {}, {}};
constexpr Migration second{2,
                           "second",
                           {},
                           "CREATE TABLE b (id BIGINT PRIMARY KEY, engine TEXT DEFAULT 'postgres');",
                           "CREATE TABLE b (id INTEGER PRIMARY KEY, engine TEXT DEFAULT 'sqlite') STRICT;"};
constexpr Migration third{
    3,
    "third",
    "INSERT INTO b (id) VALUES (1); UPDATE b SET id = 2; CREATE INDEX b_engine ON b (engine);",
    {},
    {}};
constexpr Migration broken{
    3, "broken", "INSERT INTO b (id) VALUES (7); INSERT INTO nowhere VALUES (1);", {}, {}};
constexpr Migration renamed{2, "renamed", "SELECT 1;", {}, {}};

constexpr Migration one[] = {first};
constexpr Migration two[] = {first, second};
constexpr Migration three[] = {first, second, third};
constexpr Migration with_broken[] = {first, second, broken};
constexpr Migration with_renamed[] = {first, renamed};

}  // namespace

class DatabaseMigrations : public testing::TestWithParam<Engine> {
  protected:
    std::unique_ptr<Database> open(Migrations migrations) {
        return open_database(io_.get_executor(), site_.options(), migrations);
    }
    bool migrate(Migrations migrations) { return migrate(io_, migrations); }
    // Opens, migrates, tells whether the schema is current, closes.
    bool migrate(asio::io_context& io, Migrations migrations) {
        auto database = open_database(io.get_executor(), site_.options(), migrations);
        auto work = [&]() -> asio::awaitable<bool> {
            std::exception_ptr error;
            bool current = false;
            try {
                co_await database->migrate();
                current = co_await database->schema_is_current();
            } catch (...) {
                error = std::current_exception();
            }
            co_await database->close();
            if (error) std::rethrow_exception(error);
            co_return current;
        };
        return test::run(io, work());
    }
    bool is_current(Migrations migrations) {
        auto database = open(migrations);
        auto work = [&]() -> asio::awaitable<bool> {
            bool const current = co_await database->schema_is_current();
            co_await database->close();
            co_return current;
        };
        return test::run(io_, work());
    }
    Rows read(std::string_view sql) {
        auto database = open(one);
        auto work = [&]() -> asio::awaitable<Rows> {
            auto rows = co_await database->read(Query{"test.read", sql});
            co_await database->close();
            co_return rows;
        };
        return test::run(io_, work());
    }

    asio::io_context io_;
    test::DatabaseSite site_{GetParam()};
};

TEST_P(DatabaseMigrations, an_empty_database_is_not_current) {
    EXPECT_FALSE(is_current(one));
}

TEST_P(DatabaseMigrations, apply_once_and_in_order) {
    EXPECT_TRUE(migrate(two));
    EXPECT_TRUE(migrate(two));
    EXPECT_FALSE(is_current(three));
    EXPECT_TRUE(migrate(three));
    auto const rows = read("SELECT version, name, applied_at FROM schema_migrations ORDER BY version");
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows.rows[2].int64(0), 3);
    EXPECT_EQ(rows.rows[2].text(1), "third");
    EXPECT_GT(rows.rows[2].int64(2), 1'700'000'000'000);
    auto const b = read("SELECT id, engine FROM b");
    ASSERT_EQ(b.size(), 1u);
    EXPECT_EQ(b.front().text(1), test::engine_name(GetParam()));
}

TEST_P(DatabaseMigrations, one_that_fails_leaves_nothing_behind) {
    EXPECT_THROW(migrate(with_broken), DatabaseError);
    EXPECT_EQ(read("SELECT version FROM schema_migrations").size(), 2u);
    EXPECT_TRUE(read("SELECT id FROM b").empty());
    EXPECT_TRUE(migrate(three));
}

TEST_P(DatabaseMigrations, a_newer_schema_is_refused_with_its_number) {
    EXPECT_TRUE(migrate(three));
    EXPECT_FALSE(is_current(two));
    try {
        migrate(two);
        ADD_FAILURE() << "was accepted";
    } catch (DatabaseError const& error) {
        EXPECT_NE(std::string(error.what()).find("migration 3 (third)"), std::string::npos) << error.what();
    }
}

TEST_P(DatabaseMigrations, a_number_used_twice_is_refused) {
    EXPECT_TRUE(migrate(two));
    EXPECT_FALSE(is_current(with_renamed));
    EXPECT_THROW(migrate(with_renamed), DatabaseError);
}

TEST_P(DatabaseMigrations, one_that_came_late_from_another_branch_is_applied) {
    constexpr Migration later[] = {first, {5, "later", "CREATE TABLE c (id BIGINT PRIMARY KEY);", {}, {}}};
    constexpr Migration both[] = {
        first, second, {5, "later", "CREATE TABLE c (id BIGINT PRIMARY KEY);", {}, {}}};
    EXPECT_TRUE(migrate(later));
    EXPECT_FALSE(is_current(both));
    EXPECT_TRUE(migrate(both));
}

TEST_P(DatabaseMigrations, two_processes_at_once_apply_each_once) {
    // Children, so that nothing but the database itself can keep them apart.
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
        pid_t const child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            bool current = false;
            try {
                asio::io_context own;  // the parent's must not be used after fork()
                current = migrate(own, three);
            } catch (std::exception const& error) {
                std::fprintf(stderr, "child: %s\n", error.what());
            }
            _exit(current ? 0 : 1);
        }
        children.push_back(child);
    }
    for (pid_t const child : children) {
        int status = 0;
        ASSERT_EQ(waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    EXPECT_EQ(read("SELECT version FROM schema_migrations").size(), 3u);
    EXPECT_EQ(read("SELECT id FROM b").size(), 1u);
}

TEST_P(DatabaseMigrations, the_programs_own_schema_applies) {
    EXPECT_TRUE(migrate(embedded_migrations()));
    EXPECT_FALSE(embedded_migrations().empty());
}

MYPOST_ON_BOTH_ENGINES(DatabaseMigrations);

}  // namespace mypost::db
