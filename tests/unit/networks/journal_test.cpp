#include "networks/journal.hpp"

#include <gtest/gtest.h>

namespace mypost::networks {
namespace {

using Kind = JournalEntry::Kind;

class JournalViewTest : public ::testing::Test {
  protected:
    void call(std::string step, Outcome outcome, std::string code = "") {
        JournalEntry entry;
        entry.step = std::move(step);
        entry.outcome = outcome;
        entry.code = std::move(code);
        add(std::move(entry));
    }
    void mark(Kind kind) {
        JournalEntry entry;
        entry.kind = kind;
        add(std::move(entry));
    }
    JournalView view() const { return JournalView(journal_); }

  private:
    void add(JournalEntry entry) {
        entry.seq = static_cast<std::int64_t>(journal_.size()) + 1;
        journal_.push_back(std::move(entry));
    }
    Journal journal_;
};

TEST_F(JournalViewTest, knows_nothing_of_a_step_that_was_never_tried) {
    EXPECT_EQ(view().state("create/0"), StepState::none);
    EXPECT_EQ(view().last_ok("create/0"), nullptr);
}

TEST_F(JournalViewTest, forgets_passing_failures) {
    for (auto const outcome :
         {Outcome::auth, Outcome::rate_limited, Outcome::transient, Outcome::not_sent, Outcome::budget}) {
        call("create/0", outcome);
    }
    EXPECT_EQ(view().state("create/0"), StepState::none);
}

TEST_F(JournalViewTest, keeps_final_failures_until_a_retry) {
    call("create/0", Outcome::validation, "too_long");
    EXPECT_EQ(view().state("create/0"), StepState::failed);
    EXPECT_EQ(view().failures("create/0", "too_long"), 1);
    mark(Kind::retry);
    EXPECT_EQ(view().state("create/0"), StepState::none);
    EXPECT_EQ(view().failures("create/0", "too_long"), 0);
    EXPECT_EQ(view().last_seq("create/0", Outcome::validation), 1);
}

TEST_F(JournalViewTest, keeps_an_unknown_outcome_through_a_retry_and_until_it_is_declared) {
    call("create/0", Outcome::unknown);
    mark(Kind::retry);
    EXPECT_EQ(view().state("create/0"), StepState::unknown);
    call("create/0", Outcome::rate_limited);
    EXPECT_EQ(view().unknown("create/0").size(), 1U);
    mark(Kind::declared_not_live);
    EXPECT_EQ(view().state("create/0"), StepState::none);
    EXPECT_TRUE(view().unknown("create/0").empty());
    EXPECT_EQ(view().ever_unknown("create/0").size(), 1U);
}

TEST_F(JournalViewTest, lets_success_outweigh_everything) {
    call("create/0", Outcome::unknown);
    call("create/0", Outcome::ok);
    call("create/0", Outcome::validation);
    EXPECT_EQ(view().state("create/0"), StepState::ok);
}

TEST_F(JournalViewTest, counts_looks_after_the_last_recheck_only) {
    call("create/0", Outcome::unknown);
    call("look/0", Outcome::ok);
    call("look/0", Outcome::transient);
    EXPECT_EQ(view().looks("look/0", 1).size(), 1U);
    mark(Kind::recheck);
    EXPECT_TRUE(view().looks("look/0", 1).empty());
    call("look/0", Outcome::ok);
    EXPECT_EQ(view().looks("look/0", 1).size(), 1U);
}

TEST_F(JournalViewTest, keeps_steps_apart) {
    call("create/1", Outcome::ok);
    call("create/10", Outcome::validation);
    EXPECT_EQ(view().state("create/1"), StepState::ok);
    EXPECT_EQ(view().state("create/10"), StepState::failed);
    EXPECT_EQ(view().state("create/0"), StepState::none);
}

}  // namespace
}  // namespace mypost::networks
