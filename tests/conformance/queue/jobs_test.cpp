#include "conformance/queue/suite.hpp"

namespace mypost::queue {

class QueueJobs : public JobQueueSuite {
  protected:
    // Works on the mail queue and notes what it is given.
    void note_jobs(JobQueue& queue, ProcessOptions options = {}) {
        queue.process(QueueName::mail, options, [this](Job job) -> asio::awaitable<Outcome> {
            seen_.push_back(job);
            co_return Completed{};
        });
    }
    std::vector<std::string> seen_ids() const {
        std::vector<std::string> ids;
        for (auto const& job : seen_) ids.push_back(job.id);
        return ids;
    }
    std::vector<Job> seen_;
};

TEST_P(QueueJobs, a_job_runs_with_what_it_was_given_and_is_forgotten) {
    auto& queue = make_process();
    auto made = job("welcome-1", R"({"to": "ann@example.com", "text": "naïve “quotes” 👩‍👧"})");
    made.attempts = 3;
    made.priority = 7;
    auto const data = made.data;
    auto const added = run(queue.add(std::move(made)));
    EXPECT_TRUE(added.added);
    EXPECT_EQ(added.id, "welcome-1");
    EXPECT_EQ(counts(queue).waiting, 1);
    note_jobs(queue);
    run_until([&] { return counts(queue).waiting + counts(queue).active == 0; });
    ASSERT_EQ(seen_.size(), 1u);
    EXPECT_EQ(seen_[0].id, "welcome-1");
    EXPECT_EQ(seen_[0].name, "test");
    EXPECT_EQ(seen_[0].data, data);
    EXPECT_EQ(seen_[0].attempts, 3);
    EXPECT_EQ(seen_[0].attempts_made, 0);
    EXPECT_EQ(seen_[0].priority, 7);
    EXPECT_FALSE(run(queue.find(QueueName::mail, "welcome-1")));
}

TEST_P(QueueJobs, an_id_that_exists_does_nothing_in_any_state) {
    auto& queue = make_process();
    EXPECT_TRUE(run(queue.add(job("a", "1"))).added);
    EXPECT_FALSE(run(queue.add(job("a", "2"))).added);
    auto kept = job("kept");
    kept.keep_completed = true;
    add(queue, kept);
    // The same id in another queue is another job.
    auto elsewhere = job("a");
    elsewhere.queue = QueueName::media;
    EXPECT_TRUE(run(queue.add(elsewhere)).added);

    note_jobs(queue);
    run_until([&] {
        return counts(queue).completed == 1 && counts(queue).waiting == 0 && counts(queue).active == 0;
    });
    EXPECT_FALSE(run(queue.add(kept)).added);
    // "a" is done and forgotten: its id is free again.
    EXPECT_TRUE(run(queue.add(job("a", "3"))).added);
    run_until([&] { return seen_.size() == 3; });
    EXPECT_EQ(seen_[0].data, "1");
    EXPECT_EQ(seen_[2].data, "3");
}

TEST_P(QueueJobs, many_are_added_at_once_in_order_and_doubles_are_told) {
    auto& queue = make_process();
    add(queue, job("j3"));
    std::vector<NewJob> jobs;
    for (int i = 0; i < 500; ++i) jobs.push_back(job("j" + std::to_string(i)));
    jobs.push_back(job("j7"));
    auto const added = run(queue.add_many(std::move(jobs)));
    ASSERT_EQ(added.size(), 501u);
    EXPECT_TRUE(added[0].added);
    EXPECT_FALSE(added[3].added);
    EXPECT_TRUE(added[7].added);
    EXPECT_FALSE(added[500].added);
    EXPECT_EQ(counts(queue).waiting, 500);
    note_jobs(queue);
    run_until([&] { return seen_.size() == 500; });
    EXPECT_EQ(seen_[0].id, "j3");
    EXPECT_EQ(seen_[1].id, "j0");
    EXPECT_EQ(seen_[499].id, "j499");
    EXPECT_TRUE(run(queue.add_many({})).empty());
}

TEST_P(QueueJobs, one_bad_job_keeps_all_out) {
    auto& queue = make_process();
    std::vector<NewJob> jobs{job("good"), job("12")};
    EXPECT_THROW(run(queue.add_many(jobs)), std::invalid_argument);
    EXPECT_EQ(counts(queue).waiting, 0);
}

TEST_P(QueueJobs, smaller_priorities_go_first_and_equals_in_order) {
    auto& queue = make_process();
    for (auto const& [id, priority] :
         std::vector<std::pair<std::string, int>>{{"c", 5}, {"a", 0}, {"d", 5}, {"b", 1}, {"e", 9}}) {
        auto made = job(id);
        made.priority = priority;
        add(queue, made);
    }
    note_jobs(queue);
    run_until([&] { return seen_.size() == 5; });
    EXPECT_EQ(seen_ids(), (std::vector<std::string>{"a", "b", "c", "d", "e"}));
}

TEST_P(QueueJobs, a_delayed_job_waits_for_its_time) {
    auto& queue = make_process();
    auto later = job("later");
    later.delay = std::chrono::hours(1);
    add(queue, later);
    auto tomorrow = job("tomorrow");
    tomorrow.delay = std::chrono::hours(24);
    add(queue, tomorrow);
    note_jobs(queue);
    add(queue, job("now"));
    run_until([&] { return seen_.size() == 1; });
    let_run();
    EXPECT_EQ(seen_ids(), (std::vector<std::string>{"now"}));
    EXPECT_EQ(counts(queue).delayed, 2);
    shift_clock(std::chrono::hours(1));
    run_until([&] { return seen_.size() == 2; });
    let_run();
    EXPECT_EQ(seen_ids(), (std::vector<std::string>{"now", "later"}));
    EXPECT_EQ(counts(queue).delayed, 1);
}

TEST_P(QueueJobs, a_short_delay_ends_by_itself_without_polling) {
    auto options = quick();
    options.poll = std::chrono::hours(1);
    auto& queue = make_process(options);
    note_jobs(queue);
    let_run();
    auto soon = job("soon");
    soon.delay = Milliseconds(30);
    add(queue, soon);
    run_until([&] { return seen_.size() == 1; });
}

TEST_P(QueueJobs, own_jobs_start_without_polling) {
    auto options = quick();
    options.poll = std::chrono::hours(1);
    auto& queue = make_process(options);
    note_jobs(queue);
    let_run();
    for (int i = 0; i < 5; ++i) {
        add(queue, job("j" + std::to_string(i)));
        run_until([&] { return seen_.size() == static_cast<std::size_t>(i + 1); });
    }
}

TEST_P(QueueJobs, jobs_of_other_processes_are_noticed) {
    auto& worker = make_process();
    auto& producer = make_process();
    note_jobs(worker);
    let_run();
    add(producer, job("from-afar"));
    run_until([&] { return seen_.size() == 1; });
}

TEST_P(QueueJobs, queues_do_not_mix) {
    auto& queue = make_process();
    auto other = job("x");
    other.queue = QueueName::webhooks;
    add(queue, other);
    note_jobs(queue);
    let_run();
    EXPECT_TRUE(seen_.empty());
    EXPECT_EQ(counts(queue, QueueName::webhooks).waiting, 1);
}

MYPOST_ON_EVERY_QUEUE(QueueJobs);

}  // namespace mypost::queue
