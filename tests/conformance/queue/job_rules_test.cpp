#include <gtest/gtest.h>

#include "queue/job_queue.hpp"

namespace mypost::queue {

TEST(JobRules, names_of_queues_and_states_come_back) {
    for (auto queue : all_queues) EXPECT_EQ(parse_queue_name(to_string(queue)), queue);
    EXPECT_EQ(to_string(QueueName::token_refresh), "token-refresh");
    EXPECT_FALSE(parse_queue_name("token_refresh"));
    EXPECT_FALSE(parse_job_state("asleep"));
}

TEST(JobRules, a_fixed_backoff_stays_and_an_exponential_one_doubles_up_to_a_day) {
    Backoff const fixed{Backoff::Kind::fixed, Milliseconds(500), 0};
    EXPECT_EQ(backoff_pause(fixed, 1, 0), Milliseconds(500));
    EXPECT_EQ(backoff_pause(fixed, 9, 0), Milliseconds(500));
    Backoff const doubling{Backoff::Kind::exponential, Milliseconds(500), 0};
    EXPECT_EQ(backoff_pause(doubling, 1, 0), Milliseconds(500));
    EXPECT_EQ(backoff_pause(doubling, 2, 0), Milliseconds(1000));
    EXPECT_EQ(backoff_pause(doubling, 5, 0), Milliseconds(8000));
    EXPECT_EQ(backoff_pause(doubling, 1'000'000, 0), std::chrono::hours(24));
}

TEST(JobRules, jitter_takes_its_share_away_and_no_more) {
    Backoff const backoff{Backoff::Kind::fixed, Milliseconds(1000), 0.25};
    EXPECT_EQ(backoff_pause(backoff, 1, 0), Milliseconds(1000));
    EXPECT_EQ(backoff_pause(backoff, 1, 0.5), Milliseconds(875));
    EXPECT_GE(backoff_pause(backoff, 1, 0.9999), Milliseconds(750));
}

TEST(JobRules, a_job_that_breaks_a_rule_is_refused_by_its_name) {
    struct Case {
        char const* rule;
        std::function<void(NewJob&)> spoil;
    };
    Case const cases[] = {
        {"its id must not be a number", [](NewJob& j) { j.id = "12345"; }},
        {"its id must not hold a colon", [](NewJob& j) { j.id = "a:b"; }},
        {"its id is longer than 200 bytes", [](NewJob& j) { j.id = std::string(201, 'x'); }},
        {"it has no name", [](NewJob& j) { j.name.clear(); }},
        {"its delay is negative", [](NewJob& j) { j.delay = Milliseconds(-1); }},
        {"its priority is outside", [](NewJob& j) { j.priority = 2'097'152; }},
        {"it needs at least one attempt", [](NewJob& j) { j.attempts = 0; }},
        {"its backoff is negative", [](NewJob& j) { j.backoff.delay = Milliseconds(-1); }},
        {"its jitter is outside", [](NewJob& j) { j.backoff.jitter = 1.5; }},
        {"its data is not JSON", [](NewJob& j) { j.data = "{"; }},
    };
    for (auto const& c : cases) {
        NewJob job;
        job.id = "a";
        job.name = "b";
        c.spoil(job);
        try {
            check(job);
            ADD_FAILURE() << c.rule << ": was accepted";
        } catch (std::invalid_argument const& error) {
            EXPECT_NE(std::string(error.what()).find(c.rule), std::string::npos) << error.what();
        }
    }
}

TEST(JobRules, an_id_is_made_up_when_there_is_none) {
    NewJob job;
    job.name = "b";
    check(job);
    EXPECT_EQ(job.id.size(), 36u);
}

}  // namespace mypost::queue
