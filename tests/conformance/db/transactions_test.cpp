#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "async/sleep.hpp"
#include "conformance/db/suite.hpp"
#include "core/result.hpp"

namespace mypost::db {

constexpr Query sql_insert{"test.insert", "INSERT INTO things (id, name) VALUES ($1, $2)"};
constexpr Query sql_count{"test.count", "SELECT count(*) FROM things"};

class DatabaseTransactions : public DatabaseSuite {
  protected:
    // Starts `work` without waiting for it.
    void spawn(asio::awaitable<void> work) {
        ++running_;
        asio::co_spawn(io_, std::move(work), [this](std::exception_ptr error) {
            --running_;
            if (error) {
                ++failed_;
            }
        });
    }
    void finish_all() {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        io_.restart();
        while (running_ > 0 && std::chrono::steady_clock::now() < deadline)
            io_.run_one_for(std::chrono::seconds(1));
        ASSERT_EQ(running_, 0) << "coroutines hang";
    }
    int running_ = 0;
    int failed_ = 0;
};

TEST_P(DatabaseTransactions, commits_what_the_body_did) {
    run(database().transaction([&](Transaction& tx) -> asio::awaitable<void> {
        for (int i = 1; i <= 3; ++i) {
            Params params{i, std::to_string(i)};
            co_await tx.run(sql_insert, std::move(params));
        }
        auto const inside = co_await tx.run(sql_count);
        EXPECT_EQ(inside.front().int64(0), 3);
        // Nobody else sees it yet.
        auto const outside = co_await database().read(sql_count);
        EXPECT_EQ(outside.front().int64(0), 0);
    }));
    EXPECT_EQ(count("things"), 3);
}

TEST_P(DatabaseTransactions, rolls_back_and_rethrows) {
    struct Mine {};
    auto body = [](Transaction& tx) -> asio::awaitable<void> {
        Params params{1, "a"};
        co_await tx.run(sql_insert, std::move(params));
        throw Mine{};
    };
    EXPECT_THROW(run(database().transaction(body)), Mine);
    EXPECT_EQ(count("things"), 0);
    write("INSERT INTO things (id, name) VALUES (1, 'a')");
}

TEST_P(DatabaseTransactions, a_body_without_statements_commits_nothing) {
    EXPECT_NO_THROW(run(database().transaction([](Transaction&) -> asio::awaitable<void> { co_return; })));
}

TEST_P(DatabaseTransactions, returns_a_value_or_rolls_back_for_a_refusal) {
    auto const good =
        run(in_transaction<Result<int>>(database(), [](Transaction& tx) -> asio::awaitable<Result<int>> {
            Params params{1, "a"};
            co_await tx.run(sql_insert, std::move(params));
            co_return 7;
        }));
    ASSERT_TRUE(good);
    EXPECT_EQ(*good, 7);
    auto const bad =
        run(in_transaction<Result<int>>(database(), [](Transaction& tx) -> asio::awaitable<Result<int>> {
            Params params{2, "b"};
            co_await tx.run(sql_insert, std::move(params));
            co_return not_found("Thing");
        }));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ErrorCode::not_found);
    EXPECT_EQ(count("things"), 1);
}

TEST_P(DatabaseTransactions, a_failed_statement_spoils_the_transaction) {
    auto body = [](Transaction& tx) -> asio::awaitable<void> {
        Params first{1, "a"};
        co_await tx.run(sql_insert, std::move(first));
        bool refused = false;
        try {
            Params again{1, "b"};
            co_await tx.run(sql_insert, std::move(again));
        } catch (ConstraintViolation const& violation) {
            refused = violation.kind == ConstraintViolation::Kind::unique;
        }
        EXPECT_TRUE(refused);
        bool aborted = false;
        try {
            co_await tx.run(sql_count);
        } catch (DatabaseError const&) {
            aborted = true;
        }
        EXPECT_TRUE(aborted);
    };
    // The body swallowed the error, but nothing may be kept in silence.
    EXPECT_THROW(run(database().transaction(body)), DatabaseError);
    EXPECT_EQ(count("things"), 0);
}

TEST_P(DatabaseTransactions, a_deferred_foreign_key_fails_the_commit_only) {
    auto body = [](Transaction& tx) -> asio::awaitable<void> {
        Query const insert{
            "test.part",
            "INSERT INTO parts (id, owner_id) VALUES (1, '018f0000-0000-7000-8000-000000000000')"};
        co_await tx.run(insert);
    };
    try {
        run(database().transaction(body));
        ADD_FAILURE() << "was accepted";
    } catch (ConstraintViolation const& violation) {
        EXPECT_EQ(violation.kind, ConstraintViolation::Kind::foreign_key);
    }
    EXPECT_EQ(count("parts"), 0);
}

TEST_P(DatabaseTransactions, failures_do_not_touch_their_neighbours) {
    // Interleaved single statements and transactions, every third one fails.
    for (int i = 0; i < 60; ++i) {
        auto task = [](Database& db, int n) -> asio::awaitable<void> {
            bool const fail = n % 3 == 0;
            if (n % 2 == 0) {
                Params params{n, fail ? Param(nullptr) : Param(std::to_string(n))};
                co_await db.write(sql_insert, std::move(params));
                co_return;
            }
            co_await db.transaction([n, fail](Transaction& tx) -> asio::awaitable<void> {
                Params params{n, std::to_string(n)};
                co_await tx.run(sql_insert, std::move(params));
                if (fail) throw std::runtime_error("on purpose");
            });
        };
        spawn(task(database(), i));
    }
    finish_all();
    EXPECT_EQ(failed_, 20);
    EXPECT_EQ(count("things"), 40);
}

TEST_P(DatabaseTransactions, concurrent_increments_lose_nothing) {
    write("INSERT INTO things (id, name, weight) VALUES (1, 'counter', 0)");
    for (int i = 0; i < 40; ++i) {
        auto task = [](Database& db) -> asio::awaitable<void> {
            co_await db.transaction([](Transaction& tx) -> asio::awaitable<void> {
                Query const look{"test.look", "SELECT weight FROM things WHERE id = 1 FOR UPDATE"};
                Query const store{"test.store", "UPDATE things SET weight = $1 WHERE id = 1"};
                auto const rows = co_await tx.run(look);
                Params params{rows.front().real(0) + 1};
                co_await tx.run(store, std::move(params));
            });
        };
        spawn(task(database()));
    }
    finish_all();
    EXPECT_EQ(failed_, 0);
    EXPECT_EQ(read("SELECT weight FROM things").front().real(0), 40);
}

TEST_P(DatabaseTransactions, many_more_transactions_than_connections_all_get_through) {
    for (int i = 0; i < 200; ++i) {
        auto task = [](Database& db, int n) -> asio::awaitable<void> {
            co_await db.transaction([n](Transaction& tx) -> asio::awaitable<void> {
                Params params{n, std::to_string(n)};
                co_await tx.run(sql_insert, std::move(params));
                co_await tx.run(sql_count);
            });
        };
        spawn(task(database(), i));
    }
    finish_all();
    EXPECT_EQ(failed_, 0);
    EXPECT_EQ(count("things"), 200);
}

MYPOST_ON_BOTH_ENGINES(DatabaseTransactions);

}  // namespace mypost::db
