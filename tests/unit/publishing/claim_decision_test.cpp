#include <gtest/gtest.h>

#include "publishing/claim.hpp"

namespace mypost::publishing {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class ClaimDecisions : public testing::Test {
  protected:
    ClaimDecisions() {
        view.state = TargetState::scheduled;
        view.scheduled_at = now;
    }
    ClaimDecision decide() { return decide_claim(view, settings, now); }
    std::optional<HeldReason> held() {
        auto const decision = decide();
        auto const* const hold = std::get_if<HoldIt>(&decision);
        if (!hold) return std::nullopt;
        return hold->reason;
    }
    template <class T>
    bool is() {
        return std::holds_alternative<T>(decide());
    }

    Instant now = from_ms(1'800'000'000'000);
    PublishSettings settings;
    ClaimView view;
};

TEST_F(ClaimDecisions, takes_what_is_due_and_freezes_it) {
    auto const decision = decide();
    ASSERT_TRUE(std::holds_alternative<TakeIt>(decision));
    EXPECT_TRUE(std::get<TakeIt>(decision).freeze);
}

TEST_F(ClaimDecisions, sends_what_is_frozen_unless_it_changed_and_nothing_is_live) {
    view.frozen = view.version_frozen = true;
    EXPECT_FALSE(std::get<TakeIt>(decide()).freeze);
    view.version_frozen = false;
    EXPECT_TRUE(std::get<TakeIt>(decide()).freeze);
    view.sent_any = true;
    EXPECT_FALSE(std::get<TakeIt>(decide()).freeze);
}

TEST_F(ClaimDecisions, leaves_what_another_worker_holds_and_what_is_finished) {
    view.leased = true;
    EXPECT_TRUE(is<LeaveIt>());
    view.leased = false;
    for (auto const state :
         {TargetState::draft, TargetState::pending_approval, TargetState::published, TargetState::failed,
          TargetState::missed, TargetState::cancelled, TargetState::unconfirmed, TargetState::manual}) {
        view.state = state;
        EXPECT_TRUE(is<LeaveIt>()) << to_string(state);
    }
}

TEST_F(ClaimDecisions, waits_for_the_time) {
    view.scheduled_at = now + minutes(1);
    EXPECT_EQ(std::get<LookLater>(decide()).at, now + minutes(1));
    view.state = TargetState::retrying;
    view.next_attempt_at = now + minutes(2);
    EXPECT_EQ(std::get<LookLater>(decide()).at, now + minutes(2));
}

TEST_F(ClaimDecisions, holds_at_every_level_of_a_pause) {
    view.account.since = now - hours(1);
    EXPECT_EQ(held(), HeldReason::account_paused);
    view.brand.since = now;
    EXPECT_EQ(held(), HeldReason::brand_paused);
    view.workspace.since = now;
    EXPECT_EQ(held(), HeldReason::workspace_paused);
    view.installation.since = now;
    EXPECT_EQ(held(), HeldReason::installation_paused);
}

TEST_F(ClaimDecisions, knows_when_a_pause_is_over) {
    view.brand = {now - hours(1), now};
    EXPECT_TRUE(is<TakeIt>());
    view.brand.until = now + seconds(10);
    auto const decision = decide();
    EXPECT_EQ(std::get<HoldIt>(decision).look_at, now + seconds(10)) << "and looks again then";
}

TEST_F(ClaimDecisions, holds_for_accounts_and_approval) {
    view.approved = false;
    EXPECT_EQ(held(), HeldReason::approval);
    view.sent_any = true;
    EXPECT_FALSE(held()) << "what is partly live was approved when it was frozen";
    view.grant_active = false;
    EXPECT_EQ(held(), HeldReason::needs_reconnect);
    view.account_disconnected = true;
    EXPECT_EQ(held(), HeldReason::account_disconnected);
}

TEST_F(ClaimDecisions, misses_only_what_is_late_and_was_never_begun) {
    now += minutes(60);
    EXPECT_TRUE(is<TakeIt>()) << "the grace period itself still counts";
    now += seconds(1);
    EXPECT_TRUE(is<MissIt>());
    view.started = true;
    EXPECT_TRUE(is<TakeIt>());
    view.started = false;
    view.send_late = true;
    EXPECT_TRUE(is<TakeIt>());
    view.send_late = false;
    view.state = TargetState::retrying;
    EXPECT_TRUE(is<TakeIt>());
}

TEST_F(ClaimDecisions, stays_held_before_it_is_missed) {
    now += hours(5);
    view.state = TargetState::held;
    view.brand.since = now - hours(6);
    EXPECT_EQ(held(), HeldReason::brand_paused);
    view.brand = {};
    EXPECT_TRUE(is<MissIt>());
    view.send_late = true;
    EXPECT_TRUE(is<ReleaseIt>());
}

TEST_F(ClaimDecisions, waits_for_the_account) {
    view.account_busy = true;
    EXPECT_TRUE(std::get<LookLater>(decide()).for_order);
    view.state = TargetState::publishing;
    EXPECT_TRUE(is<TakeIt>()) << "it is the one that keeps the account busy";
}

TEST_F(ClaimDecisions, spaces_and_caps_a_catch_up) {
    view.catch_up = true;
    EXPECT_TRUE(is<TakeIt>());
    view.account_free_at = now + seconds(30);
    EXPECT_EQ(std::get<LookLater>(decide()).at, now + seconds(30));
    view.account_free_at = {};
    view.catch_up_since = now - minutes(20);
    view.catch_up_count = view.catch_up_per_hour;
    EXPECT_EQ(std::get<LookLater>(decide()).at, now + minutes(40));
    view.started = true;
    EXPECT_TRUE(is<TakeIt>()) << "what was begun is finished";
    view.started = false;
    view.catch_up = false;
    EXPECT_TRUE(is<TakeIt>());
}

TEST_F(ClaimDecisions, hands_manual_kinds_over) {
    view.manual_kind = true;
    EXPECT_TRUE(is<HandItOver>());
}

TEST(Backoff, doubles_up_to_its_maximum_and_scatters) {
    PublishSettings settings;
    EXPECT_EQ(backoff_delay(settings, 1, 0.0), seconds(5));
    EXPECT_EQ(backoff_delay(settings, 1, 0.5), std::chrono::milliseconds(7'500));
    EXPECT_EQ(backoff_delay(settings, 2, 0.0), seconds(10));
    EXPECT_EQ(backoff_delay(settings, 4, 0.0), seconds(40));
    EXPECT_EQ(backoff_delay(settings, 20, 0.0), seconds(450));
    EXPECT_LT(backoff_delay(settings, 20, 0.999), minutes(15));
}

}  // namespace mypost::publishing
