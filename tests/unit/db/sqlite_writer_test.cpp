#include "db/sqlite/writer.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <future>

#include "db/sqlite/session.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

namespace mypost::db::sqlite {

class SqliteWriter : public testing::Test {
  protected:
    struct Job : WriterJob {
        std::function<void(Connection&)> work;
        std::function<void()> after;
        std::promise<std::string> ended;  // "ok", or the error's message

        std::string_view name() const override { return "test"; }
        bool claim() override { return true; }
        void run(Connection& connection) override { work(connection); }
        void finish(std::exception_ptr error) override {
            if (after) after();
            ended.set_value(message(error));
        }
        static std::string message(std::exception_ptr const& error) {
            if (!error) return "ok";
            try {
                std::rethrow_exception(error);
            } catch (std::exception const& e) {
                return e.what();
            }
        }
    };

    std::shared_ptr<Job> enqueue(std::function<void(Connection&)> work, Priority priority = Priority::normal,
                                 std::function<void()> after = {}) {
        auto job = std::make_shared<Job>();
        job->work = std::move(work);
        job->after = std::move(after);
        writer_.enqueue(job, priority);
        return job;
    }
    // Holds the writer until open() is called, so that what is enqueued meanwhile meets in one group.
    std::shared_ptr<Job> hold() {
        return enqueue([this](Connection&) { gate_.get_future().wait(); });
    }
    void open() { gate_.set_value(); }

    static std::string outcome(Job& job) { return job.ended.get_future().get(); }
    static void insert(Connection& connection, int id) {
        connection.run(Query{"insert", "INSERT INTO t (id) VALUES ($1)"}, {id});
    }
    // As another process would see it.
    std::int64_t visible() {
        Connection other(path_, Connection::Role::reader);
        return other.run(Query{"count", "SELECT count(*) FROM t"}, {}).front().int64(0);
    }

    test::TemporaryFolder folder_;
    std::string path_ = (folder_.path() / "w.db").string();
    std::promise<void> gate_;
    Writer writer_{path_};

    void SetUp() override {
        auto created = enqueue(
            [](Connection& c) { c.script("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT", "create"); });
        ASSERT_EQ(outcome(*created), "ok");
    }
};

TEST_F(SqliteWriter, transactions_that_wait_share_one_commit) {
    auto const before = writer_.counts();
    auto held = hold();
    std::vector<std::shared_ptr<Job>> jobs;
    for (int i = 0; i < 100; ++i) jobs.push_back(enqueue([i](Connection& c) { insert(c, i); }));
    open();
    for (auto& job : jobs) EXPECT_EQ(outcome(*job), "ok");
    auto const after = writer_.counts();
    EXPECT_EQ(after.jobs - before.jobs, 101u);
    EXPECT_LT(after.commits - before.commits, 20u);
    EXPECT_EQ(visible(), 100);
}

TEST_F(SqliteWriter, nobody_is_told_before_the_commit) {
    auto held = hold();
    std::int64_t seen_by_neighbour = -1;
    std::int64_t seen_when_told = -1;
    auto first =
        enqueue([](Connection& c) { insert(c, 1); }, Priority::normal, [&] { seen_when_told = visible(); });
    auto second = enqueue([&](Connection& c) {
        seen_by_neighbour = visible();
        insert(c, 2);
    });
    open();
    EXPECT_EQ(outcome(*first), "ok");
    EXPECT_EQ(outcome(*second), "ok");
    EXPECT_GE(seen_when_told, 1);
    EXPECT_NE(seen_by_neighbour, -1);
}

TEST_F(SqliteWriter, a_failing_one_takes_only_its_own_work_back) {
    auto held = hold();
    auto good = enqueue([](Connection& c) { insert(c, 1); });
    auto bad = enqueue([](Connection& c) {
        insert(c, 2);
        insert(c, 1);
    });
    auto last = enqueue([](Connection& c) { insert(c, 3); });
    open();
    EXPECT_EQ(outcome(*good), "ok");
    EXPECT_NE(outcome(*bad).find("UNIQUE"), std::string::npos);
    EXPECT_EQ(outcome(*last), "ok");
    EXPECT_EQ(visible(), 2);
}

TEST_F(SqliteWriter, a_lost_transaction_fails_all_that_were_in_it_and_none_after) {
    auto held = hold();
    auto victim = enqueue([](Connection& c) { insert(c, 1); });
    auto culprit = enqueue([](Connection& c) { c.control("ROLLBACK"); });
    auto later = enqueue([](Connection& c) { insert(c, 3); });
    open();
    EXPECT_NE(outcome(*held), "ok");
    EXPECT_NE(outcome(*victim), "ok");
    EXPECT_NE(outcome(*culprit), "ok");
    EXPECT_EQ(outcome(*later), "ok");
    EXPECT_EQ(visible(), 1);
}

TEST_F(SqliteWriter, a_failing_commit_fails_all) {
    auto held = hold();
    auto first = enqueue([](Connection& c) { insert(c, 1); });
    // Takes effect at the COMMIT of the group it runs in.
    auto saboteur = enqueue([](Connection& c) { c.fail_commits_for_tests(true); });
    open();
    EXPECT_NE(outcome(*first), "ok");
    EXPECT_NE(outcome(*saboteur), "ok");
    EXPECT_EQ(visible(), 0);
}

TEST_F(SqliteWriter, high_priority_goes_first) {
    auto held = hold();
    std::vector<int> order;
    auto a = enqueue([&](Connection&) { order.push_back(1); });
    auto b = enqueue([&](Connection&) { order.push_back(2); }, Priority::high);
    auto c = enqueue([&](Connection&) { order.push_back(3); }, Priority::high);
    open();
    for (auto& job : {a, b, c}) EXPECT_EQ(outcome(*job), "ok");
    EXPECT_EQ(order, (std::vector<int>{2, 3, 1}));
}

TEST_F(SqliteWriter, another_process_holding_the_lock_is_waited_for) {
    Connection other(path_, Connection::Role::writer);
    other.control("BEGIN IMMEDIATE");
    auto job = enqueue([](Connection& c) { insert(c, 1); });
    insert(other, 2);
    other.control("COMMIT");
    EXPECT_EQ(outcome(*job), "ok");
    EXPECT_EQ(visible(), 2);
}

TEST_F(SqliteWriter, after_close_jobs_are_refused) {
    std::promise<void> closed;
    writer_.close([&] { closed.set_value(); });
    closed.get_future().wait();
    auto job = enqueue([](Connection&) {});
    EXPECT_EQ(outcome(*job), "the database is closed");
}

TEST_F(SqliteWriter, a_transaction_that_does_nothing_for_too_long_is_rolled_back) {
    asio::io_context io;
    std::shared_ptr<Session> session;
    auto begin = [&](std::shared_ptr<Reply<Turn>> turn) {
        session = std::make_shared<Session>(writer_, std::move(turn), std::chrono::milliseconds(20));
        writer_.enqueue(session, Priority::normal);
    };
    auto take_turn = [&]() -> asio::awaitable<void> { co_await await_reply<Turn>(begin); };
    test::run(io, take_turn());
    // The writer is free again although the session never ended, …
    auto next = enqueue([](Connection& c) { insert(c, 1); });
    EXPECT_EQ(outcome(*next), "ok");
    // … and the late statement is told why it is refused.
    Query const query{"late", "SELECT 1"};
    Params const none;
    auto submit = [&](std::shared_ptr<Reply<Rows>> reply) { session->submit(query, none, std::move(reply)); };
    auto late = [&]() -> asio::awaitable<void> { co_await await_reply<Rows>(submit); };
    EXPECT_THROW(test::run(io, late()), Unavailable);
}

}  // namespace mypost::db::sqlite
