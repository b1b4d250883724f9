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
    struct Task {
        asio::cancellation_signal cancel;
        bool done = false;
        bool aborted = false;
    };

    std::shared_ptr<Task> start(asio::awaitable<void> work) {
        auto task = std::make_shared<Task>();
        auto ended = [task](std::exception_ptr error) {
            task->done = true;
            task->aborted = error != nullptr;
        };
        asio::co_spawn(io_, std::move(work), asio::bind_cancellation_slot(task->cancel.slot(), ended));
        io_.restart();
        return task;
    }

    // From inside the loop: co_spawn would otherwise post the signal, to a coroutine that may be gone by
    // then.
    void cancel(std::shared_ptr<Task> task) {
        asio::post(io_, [task] {
            if (!task->done) task->cancel.emit(asio::cancellation_type::terminal);
        });
    }

    void wait_for(std::vector<std::shared_ptr<Task>> const& tasks) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        auto const all_done = [&] {
            return std::ranges::all_of(tasks, [](auto const& t) { return t->done; });
        };
        while (!all_done() && std::chrono::steady_clock::now() < deadline)
            io_.run_one_for(std::chrono::seconds(1));
        ASSERT_TRUE(all_done()) << "a coroutine hangs";
    }

    // Runs `work`, cancels it after `steps` turns of the event loop, and waits for its end. True when it was
    // cut short.
    bool cancel_after(int steps, asio::awaitable<void> work) {
        auto const task = start(std::move(work));
        for (int i = 0; i < steps && !task->done; ++i) io_.run_one_for(std::chrono::seconds(5));
        cancel(task);
        wait_for({task});
        return task->aborted;
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
    std::vector<std::shared_ptr<Task>> tasks;
    for (int i = 0; i < 20; ++i) tasks.push_back(start(insert_three(database(), i * 10)));
    for (auto const& task : tasks) cancel(task);
    wait_for(tasks);
    auto const kept = std::ranges::count_if(tasks, [](auto const& task) { return !task->aborted; });
    EXPECT_EQ(count("things"), kept * 3);
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
    std::vector<std::shared_ptr<Task>> tasks;
    for (int i = 0; i < 150; ++i) tasks.push_back(start(insert_three(database(), i * 10)));
    for (int step = 0; step < 400; ++step) {
        io_.run_one_for(std::chrono::milliseconds(100));
        if (random() % 4 == 0) cancel(tasks[random() % tasks.size()]);
    }
    wait_for(tasks);
    auto const kept = std::ranges::count_if(tasks, [](auto const& task) { return !task->aborted; });
    EXPECT_GT(kept, 0);
    EXPECT_LT(kept, 150);
    EXPECT_EQ(count("things"), kept * 3);
}

MYPOST_ON_BOTH_ENGINES(DatabaseCancellation);

}  // namespace mypost::db
