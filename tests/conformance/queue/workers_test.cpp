#include <map>

#include "conformance/queue/suite.hpp"

namespace mypost::queue {

class QueueWorkers : public JobQueueSuite {
  protected:
    // Works until `open_` is set; counts how many run at once.
    Handler gate() {
        return [this](Job job) -> asio::awaitable<Outcome> {
            ++started_[job.id];
            most_ = std::max(most_, ++running_);
            struct Leave {
                int& running;
                ~Leave() { --running; }
            } leave{running_};
            while (!open_) co_await async::sleep_for(Milliseconds(5));
            co_return Completed{};
        };
    }
    int starts() const {
        int sum = 0;
        for (auto const& [id, count] : started_) sum += count;
        return sum;
    }
    void add_some(JobQueue& queue, int count) {
        std::vector<NewJob> jobs;
        for (int i = 0; i < count; ++i) jobs.push_back(job("j" + std::to_string(i)));
        run(queue.add_many(std::move(jobs)));
    }
    Milliseconds lease_left() {
        auto const rows = run(database_->read(db::Query{
            "test.lease", "SELECT min(lease_until) - db_now() FROM queue_jobs WHERE state = 'active'"}));
        return Milliseconds(rows.front().is_null(0) ? -1 : rows.front().int64(0));
    }

    std::map<std::string, int> started_;
    int running_ = 0;
    int most_ = 0;
    bool open_ = false;
};

TEST_P(QueueWorkers, no_more_run_at_once_than_allowed_and_as_many) {
    auto& queue = make_process();
    add_some(queue, 20);
    ProcessOptions options;
    options.concurrency = 4;
    queue.process(QueueName::mail, options, gate());
    run_until([&] { return running_ == 4; });
    let_run();
    EXPECT_EQ(running_, 4);
    EXPECT_EQ(counts(queue).active, 4);
    open_ = true;
    run_until([&] { return counts(queue).waiting + counts(queue).active == 0; });
    EXPECT_EQ(starts(), 20);
    EXPECT_EQ(most_, 4);
}

TEST_P(QueueWorkers, several_processes_run_each_job_once) {
    auto& producer = make_process();
    open_ = true;
    ProcessOptions options;
    options.concurrency = 8;
    for (int i = 0; i < 3; ++i) make_process().process(QueueName::mail, options, gate());
    add_some(producer, 400);
    run_until([&] { return counts(producer).waiting + counts(producer).active == 0; });
    EXPECT_EQ(started_.size(), 400u);
    EXPECT_EQ(starts(), 400);
}

TEST_P(QueueWorkers, a_paused_queue_starts_nothing_anywhere) {
    auto& one = make_process();
    auto& other = make_process();
    open_ = true;
    one.process(QueueName::mail, {}, gate());
    other.process(QueueName::mail, {}, gate());
    run(one.pause(QueueName::mail));
    EXPECT_TRUE(counts(other).paused);
    add_some(other, 5);
    let_run();
    EXPECT_EQ(starts(), 0);
    EXPECT_EQ(counts(one).waiting, 5);
    run(other.resume(QueueName::mail));
    run_until([&] { return starts() == 5; });
    EXPECT_FALSE(counts(one).paused);
}

TEST_P(QueueWorkers, a_rate_limit_holds_over_all_processes) {
    ProcessOptions options;
    options.concurrency = 10;
    options.rate_limit = {3, std::chrono::hours(1)};
    open_ = true;
    auto& one = make_process();
    auto& other = make_process();
    add_some(one, 10);
    one.process(QueueName::mail, options, gate());
    other.process(QueueName::mail, options, gate());
    run_until([&] { return starts() == 3; });
    let_run();
    EXPECT_EQ(starts(), 3);
    shift_clock(std::chrono::hours(1));
    run_until([&] { return starts() == 6; });
    let_run();
    EXPECT_EQ(starts(), 6);
}

TEST_P(QueueWorkers, jobs_of_a_vanished_worker_run_elsewhere_and_its_late_word_is_refused) {
    auto silent = quick();
    silent.renew_every = std::chrono::hours(1);
    silent.recover_every = std::chrono::hours(1);
    auto& lost = make_process(silent);
    auto kept = job("a");
    kept.keep_completed = true;
    add(lost, kept);
    lost.process(QueueName::mail, {}, gate());
    run_until([&] { return starts() == 1; });

    auto& other = make_process();
    bool seen = false;
    other.process(QueueName::mail, {}, [&](Job job) -> asio::awaitable<Outcome> {
        seen = true;
        EXPECT_EQ(job.attempts_made, 0);
        co_return Cancel{"by the second worker"};
    });
    let_run();
    EXPECT_FALSE(seen);  // its lease still runs
    shift_clock(std::chrono::seconds(31));
    run_until([&] { return counts(other).failed == 1; });
    open_ = true;  // the first one ends, and says "completed"
    run_until([&] { return running_ == 0; });
    let_run();
    auto const info = run(other.find(QueueName::mail, "a"));
    ASSERT_TRUE(info);
    EXPECT_EQ(info->state, JobState::failed);
    EXPECT_EQ(info->reason, "by the second worker");
    EXPECT_EQ(info->stalled_count, 1);
}

TEST_P(QueueWorkers, a_job_whose_workers_keep_vanishing_fails_in_the_end) {
    auto silent = quick();
    silent.renew_every = std::chrono::hours(1);
    silent.max_stalled = 2;
    ProcessOptions wide;
    wide.concurrency = 10;
    auto& queue = make_process(silent);
    add(queue, job("killer"));
    queue.process(QueueName::mail, wide, gate());
    Milliseconds offset{0};
    for (int round = 1; round <= 3; ++round) {
        run_until([&] { return starts() == round; });
        offset += std::chrono::seconds(31);
        shift_clock(offset);
    }
    run_until([&] { return counts(queue).failed == 1; });
    EXPECT_EQ(starts(), 3);
}

TEST_P(QueueWorkers, a_long_job_keeps_its_lease) {
    auto& queue = make_process();
    auto& watcher = make_process();
    watcher.process(QueueName::mail, {}, gate());
    run(watcher.stop(Milliseconds(0)));
    add(queue, job("long"));
    queue.process(QueueName::mail, {}, gate());
    run_until([&] { return starts() == 1; });
    for (int round = 1; round <= 4; ++round) {
        shift_clock(std::chrono::seconds(25 * round));
        run_until([&] { return lease_left() > std::chrono::seconds(20); });
    }
    EXPECT_EQ(starts(), 1);
    auto const info = run(queue.find(QueueName::mail, "long"));
    ASSERT_TRUE(info);
    EXPECT_EQ(info->stalled_count, 0);
}

TEST_P(QueueWorkers, stopping_lets_running_jobs_end_and_takes_no_more) {
    auto& queue = make_process();
    add_some(queue, 5);
    ProcessOptions two;
    two.concurrency = 2;
    queue.process(QueueName::mail, two, gate());
    run_until([&] { return running_ == 2; });
    auto stop_and_open = [&]() -> asio::awaitable<void> {
        open_ = true;
        co_await queue.stop(std::chrono::seconds(20));
    };
    run(stop_and_open());
    EXPECT_EQ(running_, 0);
    EXPECT_EQ(counts(queue).waiting, 3);
    EXPECT_EQ(counts(queue).active, 0);
}

TEST_P(QueueWorkers, what_does_not_end_in_time_goes_back_unspent) {
    auto& queue = make_process();
    auto made = job("stubborn");
    made.attempts = 1;
    add(queue, made);
    queue.process(QueueName::mail, {}, gate());
    run_until([&] { return running_ == 1; });
    run(queue.stop(Milliseconds(10)));
    EXPECT_EQ(running_, 0);
    auto const info = run(queue.find(QueueName::mail, "stubborn"));
    ASSERT_TRUE(info);
    EXPECT_EQ(info->state, JobState::waiting);
    EXPECT_EQ(info->job.attempts_made, 0);
    EXPECT_EQ(info->stalled_count, 0);
    // Another process takes it up.
    open_ = true;
    auto& next = make_process();
    next.process(QueueName::mail, {}, gate());
    run_until([&] { return counts(next).waiting + counts(next).active == 0; });
    EXPECT_EQ(started_["stubborn"], 2);
}

TEST_P(QueueWorkers, a_queue_is_worked_on_once_a_process) {
    auto& queue = make_process();
    queue.process(QueueName::mail, {}, gate());
    EXPECT_THROW(queue.process(QueueName::mail, {}, gate()), std::invalid_argument);
    ProcessOptions none;
    none.concurrency = 0;
    EXPECT_THROW(queue.process(QueueName::media, none, gate()), std::invalid_argument);
}

MYPOST_ON_EVERY_QUEUE(QueueWorkers);

}  // namespace mypost::queue
