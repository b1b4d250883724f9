#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <random>

#include "async/with_deadline.hpp"
#include "conformance/db/suite.hpp"

namespace mypost::db {

class DatabaseCancellation : public DatabaseSuite {
  protected:
    // Runs `work`, cancels it after `steps` turns of the event loop, and waits for its end. True when it was
    // cut short.
    bool cancel_after(int steps, asio::awaitable<void> work) {
        asio::cancellation_signal cancel;
        bool done = false;
        bool aborted = false;
        asio::co_spawn(io_, std::move(work),
                       asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error) {
                           done = true;
                           aborted = error != nullptr;
                       }));
        io_.restart();
        for (int i = 0; i < steps && !done; ++i) io_.run_one_for(std::chrono::seconds(5));
        if (!done) cancel.emit(asio::cancellation_type::terminal);
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!done && std::chrono::steady_clock::now() < deadline) io_.run_one_for(std::chrono::seconds(1));
        EXPECT_TRUE(done) << "a cancelled coroutine hangs";
        return aborted;
    }
};

constexpr Query sql_insert{"test.insert", "INSERT INTO things (id, name) VALUES ($1, $2)"};

asio::awaitable<void> insert_three(Database& database, int first) {
    co_await database.transaction([first](Transaction& tx) -> asio::awaitable<void> {
        for (int i = first; i < first + 3; ++i) {
            Params params{i, std::to_string(i)};
            co_await tx.run(sql_insert, std::move(params));
        }
    });
}

TEST_P(DatabaseCancellation, a_transaction_cut_short_at_any_point_leaves_all_or_nothing) {
    int cut = 0;
    int expected = 0;
    for (int steps = 0; steps < 40; ++steps) {
        auto const aborted = cancel_after(steps, insert_three(database(), steps * 10));
        cut += aborted ? 1 : 0;
        expected += aborted ? 0 : 3;
        // The next transaction gets its turn, and sees the result of the one before.
        ASSERT_EQ(count("things"), expected) << "after " << steps << " steps";
        run(insert_three(database(), 100'000 + steps * 10));
        expected += 3;
        ASSERT_EQ(count("things"), expected);
    }
    EXPECT_GT(cut, 0);
    EXPECT_LT(cut, 40) << "nothing was ever let through: the test proves less than it says";
}

TEST_P(DatabaseCancellation, those_waiting_for_a_turn_go_away_quietly) {
    asio::cancellation_signal cancels[20];
    int ended = 0;
    int aborted = 0;
    for (int i = 0; i < 20; ++i) {
        asio::co_spawn(io_, insert_three(database(), i * 10),
                       asio::bind_cancellation_slot(cancels[i].slot(), [&](std::exception_ptr error) {
                           ++ended;
                           aborted += error ? 1 : 0;
                       }));
    }
    asio::post(io_, [&] {
        for (auto& cancel : cancels) cancel.emit(asio::cancellation_type::terminal);
    });
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    io_.restart();
    while (ended < 20 && std::chrono::steady_clock::now() < deadline)
        io_.run_one_for(std::chrono::seconds(1));
    ASSERT_EQ(ended, 20);
    EXPECT_EQ(count("things"), (20 - aborted) * 3);
    run(insert_three(database(), 1000));
}

TEST_P(DatabaseCancellation, a_long_read_ends_soon_after_its_deadline) {
    auto endless = [](Database& db) -> asio::awaitable<Rows> {
        Query const sql{
            "test.endless",
            "SELECT count(*) FROM (WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s"
            " WHERE n < 2000000000) SELECT n FROM s) AS numbers"};
        co_return co_await db.read(sql);
    };
    auto const limited = [&]() -> asio::awaitable<bool> {
        auto const rows = co_await async::with_deadline(std::chrono::milliseconds(50), endless(database()));
        co_return rows.has_value();
    };
    // The endless read itself would be ended by its own limit of 30 s; test::run gives up after 20.
    EXPECT_FALSE(test::run(io_, limited(), std::chrono::seconds(20)));
    EXPECT_EQ(read("SELECT 1").front().int64(0), 1);
}

TEST_P(DatabaseCancellation, random_cancellations_under_load_lose_and_double_nothing) {
    std::mt19937 random(7);
    std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
    int ended = 0;
    int kept = 0;
    constexpr int total = 150;
    auto count_end = [&](std::exception_ptr error) {
        ++ended;
        kept += error ? 0 : 1;
    };
    for (int i = 0; i < total; ++i) {
        signals.push_back(std::make_unique<asio::cancellation_signal>());
        asio::co_spawn(io_, insert_three(database(), i * 10),
                       asio::bind_cancellation_slot(signals.back()->slot(), count_end));
    }
    io_.restart();
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (ended < total && std::chrono::steady_clock::now() < deadline) {
        io_.run_one_for(std::chrono::milliseconds(100));
        if (random() % 4 == 0) signals[random() % total]->emit(asio::cancellation_type::terminal);
    }
    ASSERT_EQ(ended, total);
    EXPECT_EQ(count("things"), kept * 3);
}

MYPOST_ON_BOTH_ENGINES(DatabaseCancellation);

}  // namespace mypost::db
