#include "conformance/queue/suite.hpp"

namespace mypost::queue {

class QueueInspection : public JobQueueSuite {
  protected:
    static std::vector<std::string> ids(std::vector<JobInfo> const& jobs) {
        std::vector<std::string> found;
        for (auto const& info : jobs) found.push_back(info.job.id);
        return found;
    }
    std::vector<std::string> listed(JobQueue& queue, JobState state, int limit = 100, int offset = 0) {
        return ids(run(queue.list(QueueName::mail, state, limit, offset)));
    }
    // One job in each state: a waiting, b delayed, c active, d completed, e failed.
    void one_in_each_state(JobQueue& queue) {
        for (std::string const id : {"d", "e", "c"}) {
            auto made = job(id);
            made.keep_completed = true;
            add(queue, made);
        }
        queue.process(QueueName::mail, {}, [](Job job) -> asio::awaitable<Outcome> {
            if (job.id == "e") co_return Cancel{"no"};
            if (job.id == "c") co_await async::sleep_for(std::chrono::hours(1));
            co_return Completed{};
        });
        run_until([&] { return counts(queue).failed == 1 && counts(queue).active == 1; });
        add(queue, job("a"));
        auto delayed = job("b");
        delayed.delay = std::chrono::hours(1);
        add(queue, delayed);
    }
};

TEST_P(QueueInspection, jobs_are_counted_listed_and_found_by_state) {
    auto& queue = make_process();
    one_in_each_state(queue);
    auto const all = counts(queue);
    EXPECT_EQ(all.waiting, 1);
    EXPECT_EQ(all.delayed, 1);
    EXPECT_EQ(all.active, 1);
    EXPECT_EQ(all.completed, 1);
    EXPECT_EQ(all.failed, 1);
    EXPECT_FALSE(all.paused);
    using Ids = std::vector<std::string>;
    EXPECT_EQ(listed(queue, JobState::waiting), Ids{"a"});
    EXPECT_EQ(listed(queue, JobState::delayed), Ids{"b"});
    EXPECT_EQ(listed(queue, JobState::active), Ids{"c"});
    EXPECT_EQ(listed(queue, JobState::completed), Ids{"d"});
    EXPECT_EQ(listed(queue, JobState::failed), Ids{"e"});
    auto const found = run(queue.find(QueueName::mail, "c"));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->state, JobState::active);
    EXPECT_TRUE(found->started_at);
    EXPECT_FALSE(found->finished_at);
}

TEST_P(QueueInspection, lists_are_cut_into_pages) {
    auto& queue = make_process();
    for (int i = 0; i < 5; ++i) add(queue, job("j" + std::to_string(i)));
    EXPECT_EQ(listed(queue, JobState::waiting, 2, 0), (std::vector<std::string>{"j0", "j1"}));
    EXPECT_EQ(listed(queue, JobState::waiting, 2, 4), (std::vector<std::string>{"j4"}));
}

TEST_P(QueueInspection, what_runs_is_not_removed_and_all_else_is) {
    auto& queue = make_process();
    one_in_each_state(queue);
    EXPECT_FALSE(run(queue.remove(QueueName::mail, "c")));
    EXPECT_FALSE(run(queue.remove(QueueName::mail, "nobody")));
    for (std::string const id : {"a", "b", "d", "e"})
        EXPECT_TRUE(run(queue.remove(QueueName::mail, id))) << id;
    EXPECT_EQ(counts(queue).active, 1);
}

TEST_P(QueueInspection, draining_takes_what_waits) {
    auto& queue = make_process();
    one_in_each_state(queue);
    EXPECT_EQ(run(queue.drain(QueueName::mail, false)), 1);
    EXPECT_EQ(counts(queue).delayed, 1);
    EXPECT_EQ(run(queue.drain(QueueName::mail, true)), 1);
    EXPECT_EQ(counts(queue).active, 1);
    EXPECT_EQ(counts(queue).completed, 1);
}

TEST_P(QueueInspection, cleaning_takes_what_ended_long_ago) {
    auto& queue = make_process();
    one_in_each_state(queue);
    EXPECT_EQ(run(queue.clean(QueueName::mail, JobState::completed, std::chrono::hours(1))), 0);
    shift_clock(std::chrono::hours(2));
    EXPECT_EQ(run(queue.clean(QueueName::mail, JobState::completed, std::chrono::hours(1))), 1);
    EXPECT_EQ(counts(queue).failed, 1);
    auto const wrong = [&] { run(queue.clean(QueueName::mail, JobState::active, Milliseconds(0))); };
    EXPECT_THROW(wrong(), std::invalid_argument);
}

TEST_P(QueueInspection, a_delayed_job_can_be_promoted) {
    auto& queue = make_process();
    auto delayed = job("b");
    delayed.delay = std::chrono::hours(1);
    add(queue, delayed);
    EXPECT_FALSE(run(queue.promote(QueueName::mail, "nobody")));
    EXPECT_TRUE(run(queue.promote(QueueName::mail, "b")));
    EXPECT_EQ(counts(queue).waiting, 1);
    EXPECT_FALSE(run(queue.promote(QueueName::mail, "b")));
}

TEST_P(QueueInspection, obliterating_spares_what_runs_unless_forced) {
    auto& queue = make_process();
    one_in_each_state(queue);
    run(queue.pause(QueueName::mail));
    auto const refused = run(queue.obliterate(QueueName::mail, false));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_EQ(counts(queue).waiting, 1);
    EXPECT_TRUE(run(queue.obliterate(QueueName::mail, true)));
    auto const left = counts(queue);
    EXPECT_EQ(left.waiting + left.delayed + left.active + left.completed + left.failed, 0);
    EXPECT_FALSE(left.paused);
}

MYPOST_ON_EVERY_QUEUE(QueueInspection);

}  // namespace mypost::queue
