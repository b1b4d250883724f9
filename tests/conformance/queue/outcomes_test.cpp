#include "conformance/queue/suite.hpp"
#include "core/clock.hpp"

namespace mypost::queue {

class QueueOutcomes : public JobQueueSuite {
  protected:
    // Answers each run of a job with the next outcome of the list, the last one for ever.
    void answer(JobQueue& queue, std::vector<Outcome> outcomes) {
        queue.process(QueueName::mail, {}, [this, outcomes](Job job) -> asio::awaitable<Outcome> {
            auto const run = std::min(made_.size(), outcomes.size() - 1);
            made_.push_back(job.attempts_made);
            co_return outcomes[run];
        });
    }
    JobInfo info(JobQueue& queue, std::string id) {
        auto found = this->run(queue.find(QueueName::mail, std::move(id)));
        if (!found) throw std::runtime_error("the job is gone");
        return *found;
    }
    std::vector<int> made_;  // attempts_made at each run
};

TEST_P(QueueOutcomes, a_retried_job_fails_when_its_attempts_are_used_up) {
    auto& queue = make_process();
    auto made = job("a");
    made.attempts = 3;
    made.backoff = {Backoff::Kind::fixed, Milliseconds(1), 0};
    add(queue, made);
    answer(queue, {Retry{"no answer", std::nullopt}});
    run_until([&] { return counts(queue).failed == 1; });
    EXPECT_EQ(made_, (std::vector<int>{0, 1, 2}));
    auto const failed = info(queue, "a");
    EXPECT_EQ(failed.reason, "no answer");
    EXPECT_EQ(failed.job.attempts_made, 3);
    EXPECT_TRUE(failed.finished_at);
}

TEST_P(QueueOutcomes, the_pause_before_a_retry_is_the_backoff_or_what_the_handler_says) {
    auto& queue = make_process();
    auto made = job("a");
    made.attempts = 5;
    made.backoff = {Backoff::Kind::exponential, std::chrono::minutes(10), 0};
    add(queue, made);
    answer(queue, {Retry{"1", std::nullopt}, Retry{"2", std::nullopt}, Retry{"3", std::chrono::hours(5)},
                   Completed{}});
    Milliseconds offset{0};
    std::size_t runs = 0;
    for (Milliseconds const pause :
         {Milliseconds(600'000), Milliseconds(1'200'000), Milliseconds(18'000'000)}) {
        ++runs;
        run_until([&] { return made_.size() == runs && counts(queue).delayed == 1; });
        auto const waiting = info(queue, "a");
        auto const now = SystemClock().now() + offset;
        EXPECT_GT(waiting.run_at, now + pause - std::chrono::minutes(1));
        EXPECT_LE(waiting.run_at, now + pause);
        offset += pause;
        shift_clock(offset);
    }
    run_until([&] { return counts(queue).delayed + counts(queue).active == 0; });
    EXPECT_EQ(made_, (std::vector<int>{0, 1, 2, 3}));
}

TEST_P(QueueOutcomes, an_exception_counts_as_a_retry) {
    auto& queue = make_process();
    add(queue, job("a"));
    queue.process(QueueName::mail, {}, [](Job) -> asio::awaitable<Outcome> {
        throw std::runtime_error("broken handler");
        co_return Completed{};
    });
    run_until([&] { return counts(queue).failed == 1; });
    EXPECT_EQ(info(queue, "a").reason, "broken handler");
}

TEST_P(QueueOutcomes, snoozing_spends_no_attempt) {
    auto& queue = make_process();
    add(queue, job("a"));
    auto const soon = SystemClock().now() + std::chrono::hours(2);
    answer(queue, {Snooze{soon}, Snooze{soon + std::chrono::hours(2)}, Completed{}});
    run_until([&] { return counts(queue).delayed == 1; });
    EXPECT_EQ(info(queue, "a").run_at, soon);
    EXPECT_EQ(info(queue, "a").job.attempts_made, 0);
    shift_clock(std::chrono::hours(2));
    run_until([&] { return made_.size() == 2; });
    shift_clock(std::chrono::hours(4));
    run_until([&] { return counts(queue).delayed + counts(queue).active == 0; });
    EXPECT_EQ(made_, (std::vector<int>{0, 0, 0}));
    EXPECT_EQ(counts(queue).failed, 0);
}

TEST_P(QueueOutcomes, cancelling_fails_at_once) {
    auto& queue = make_process();
    auto made = job("a");
    made.attempts = 10;
    add(queue, made);
    answer(queue, {Cancel{"the account is gone"}});
    run_until([&] { return counts(queue).failed == 1; });
    EXPECT_EQ(made_.size(), 1u);
    EXPECT_EQ(info(queue, "a").reason, "the account is gone");
}

TEST_P(QueueOutcomes, a_failed_job_can_be_sent_round_again) {
    auto& queue = make_process();
    add(queue, job("a"));
    answer(queue, {Cancel{"no"}, Completed{}});
    run_until([&] { return counts(queue).failed == 1; });
    EXPECT_FALSE(run(queue.retry(QueueName::mail, "b")));
    EXPECT_TRUE(run(queue.retry(QueueName::mail, "a")));
    run_until([&] { return made_.size() == 2 && counts(queue).active == 0; });
    EXPECT_EQ(made_[1], 0);
    EXPECT_EQ(counts(queue).failed, 0);
    EXPECT_FALSE(run(queue.retry(QueueName::mail, "a")));
}

MYPOST_ON_EVERY_QUEUE(QueueOutcomes);

}  // namespace mypost::queue
