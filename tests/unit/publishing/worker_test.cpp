// The watch over the clock, heartbeats' alarms, and who goes first of what is due.
#include <gtest/gtest.h>

#include "publishing/dispatch.hpp"
#include "worker/clock_watch.hpp"
#include "worker/heartbeats.hpp"

namespace mypost::worker {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Watch : public testing::Test {
  protected:
    bool tick(std::chrono::milliseconds by, std::chrono::milliseconds wall_by) {
        boot += by;
        wall += wall_by;
        return watch.observe(wall, boot);
    }
    bool tick(std::chrono::milliseconds by) { return tick(by, by); }

    ClockWatch watch;
    Instant wall = from_ms(1'800'000'000'000);
    std::chrono::milliseconds boot{1'000'000};
};

TEST_F(Watch, lets_time_pass) {
    EXPECT_TRUE(tick(seconds(0)));
    for (int i = 0; i < 1000; ++i)
        EXPECT_TRUE(tick(hours(1), hours(1) + std::chrono::milliseconds(500))) << "drift is no jump";
}

TEST_F(Watch, halts_when_the_clock_jumps_a_year_until_it_is_right_again) {
    tick(seconds(0));
    EXPECT_FALSE(tick(seconds(1), hours(24 * 365)));
    for (int i = 0; i < 100; ++i) EXPECT_FALSE(tick(hours(1))) << "it does not believe it by itself";
    EXPECT_TRUE(watch.halted());
    EXPECT_GT(watch.jump(), hours(24 * 364));
    EXPECT_TRUE(tick(seconds(1), -hours(24 * 365)));
    EXPECT_FALSE(watch.halted());
}

TEST_F(Watch, halts_when_the_clock_goes_back) {
    tick(seconds(0));
    EXPECT_FALSE(tick(seconds(1), -hours(2)));
}

TEST_F(Watch, believes_a_person) {
    tick(seconds(0));
    EXPECT_FALSE(tick(seconds(1), hours(24 * 365)));
    watch.confirm();
    EXPECT_TRUE(tick(seconds(1)));
}

TEST_F(Watch, believes_a_small_correction_that_stands) {
    tick(seconds(0));
    EXPECT_FALSE(tick(seconds(1), minutes(5)));
    EXPECT_FALSE(tick(minutes(9)));
    EXPECT_TRUE(tick(minutes(1)));
    EXPECT_TRUE(tick(seconds(1)));
}

TEST_F(Watch, waits_anew_when_it_jumps_again) {
    tick(seconds(0));
    EXPECT_FALSE(tick(seconds(1), minutes(5)));
    EXPECT_FALSE(tick(minutes(9)));
    EXPECT_FALSE(tick(seconds(1), minutes(5)));
    EXPECT_FALSE(tick(minutes(9)));
    EXPECT_TRUE(tick(minutes(1)));
}

TEST(Alarms, ring_when_nobody_gives_a_sign_of_life) {
    auto const now = from_ms(1'800'000'000'000);
    std::vector<Heartbeat> const alive{{"worker:a:1", now - seconds(10), "{}"},
                                       {"worker:b:2", now - minutes(5), "{}"}};
    EXPECT_TRUE(alarms_of(alive, std::nullopt, now).empty()) << "one worker is enough";
    auto const silent = alarms_of({{"worker:a:1", now - seconds(61), "{}"}}, std::nullopt, now);
    ASSERT_EQ(silent.size(), 1u);
    EXPECT_EQ(silent[0].key, "worker_silent");
    EXPECT_EQ(alarms_of({}, std::nullopt, now).size(), 1u);
}

TEST(Alarms, ring_for_tasks_and_for_what_waits) {
    auto const now = from_ms(1'800'000'000'000);
    std::vector<Heartbeat> const beats{{"worker:a:1", now, "{}"},
                                       {"task:read_back", now - seconds(70), R"({"every_ms":15000})"},
                                       {"task:readiness", now - hours(1), R"({"every_ms":3600000})"}};
    auto const alarms = alarms_of(beats, now - seconds(61), now);
    ASSERT_EQ(alarms.size(), 2u);
    EXPECT_EQ(alarms[0].key, "task_silent:task:read_back");
    EXPECT_EQ(alarms[1].key, "due_waiting");
    EXPECT_EQ(alarms_of(beats, now - seconds(59), now).size(), 1u);
}

TEST(Alarms, are_told_once_when_they_begin_and_once_when_they_end) {
    AlarmBell bell;
    publishing::Alarm alarm;
    alarm.key = alarm.code = "due_waiting";
    EXPECT_EQ(bell.changes({alarm}).size(), 1u);
    EXPECT_TRUE(bell.changes({alarm}).empty());
    auto const over = bell.changes({});
    ASSERT_EQ(over.size(), 1u);
    EXPECT_FALSE(over[0].raised);
    EXPECT_TRUE(bell.changes({}).empty());
}

TEST(DueTargets, are_taken_one_an_account_in_its_order) {
    using publishing::DueTarget;
    using publishing::TargetState;
    auto const now = from_ms(1'800'000'000'000);
    auto const account = AccountId::make();
    auto const other = AccountId::make();
    auto const due = [&](AccountId of, Instant at, TargetState state = TargetState::scheduled) {
        DueTarget target;
        target.id = TargetId::make();
        target.account = of;
        target.scheduled_at = at;
        target.state = state;
        return target;
    };
    auto const second = due(account, now);
    auto const first = due(account, now - seconds(1));
    auto const elsewhere = due(other, now);
    auto const retry = due(account, now, TargetState::retrying);
    auto const waiting = due(account, now, TargetState::publishing);
    auto const taken = publishing::first_in_line({second, first, elsewhere, retry, waiting});
    ASSERT_EQ(taken.size(), 3u);
    EXPECT_EQ(taken[0].id, first.id);
    EXPECT_EQ(taken[1].id, elsewhere.id);
    EXPECT_EQ(taken[2].id, waiting.id);
}

}  // namespace mypost::worker
