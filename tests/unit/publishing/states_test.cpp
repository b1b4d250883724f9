// The transition table as a whole, its agreement with the schema, and the status that follows.
#include "publishing/states.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <vector>

namespace mypost::publishing {

using S = TargetState;
using E = TargetEvent;

namespace {

std::string read_file(std::string const& path) {
    std::ifstream file(std::string(MYPOST_SOURCE_DIR) + "/" + path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<S> all_states() {
    std::vector<S> states;
    for (int i = 0; i < target_state_count; ++i) states.push_back(static_cast<S>(i));
    return states;
}

}  // namespace

TEST(TargetStates, has_one_answer_for_each_state_and_event) {
    std::set<std::pair<S, E>> seen;
    for (auto const& row : transitions())
        EXPECT_TRUE(seen.emplace(row.from, row.event).second)
            << to_string(row.from) << " " << to_string(row.event);
}

TEST(TargetStates, can_reach_every_state_and_leave_all_but_the_last_ones) {
    std::set<S> reached{S::draft};
    std::set<S> left;
    for (auto const& row : transitions()) {
        reached.insert(row.to);
        if (row.to != row.from) left.insert(row.from);
    }
    for (auto const state : all_states()) {
        EXPECT_TRUE(reached.contains(state)) << to_string(state);
        if (state != S::removed) EXPECT_TRUE(left.contains(state)) << to_string(state) << " is a dead end";
    }
    EXPECT_FALSE(left.contains(S::removed));
}

TEST(TargetStates, sends_only_from_a_claim) {
    for (auto const& row : transitions()) {
        if (row.to == S::publishing)
            EXPECT_TRUE(row.event == E::claim || row.event == E::wait) << to_string(row.from);
    }
    EXPECT_FALSE(next_state(S::draft, E::claim));
    EXPECT_FALSE(next_state(S::pending_approval, E::claim));
    EXPECT_FALSE(next_state(S::held, E::claim)) << "what is held is let go first";
    EXPECT_FALSE(next_state(S::cancelled, E::claim));
}

TEST(TargetStates, lifts_to_published_whenever_a_late_proof_can_come) {
    for (auto const state :
         {S::scheduled, S::held, S::publishing, S::retrying, S::failed, S::unconfirmed, S::cancelled}) {
        EXPECT_EQ(next_state(state, E::late_proof), S::published) << to_string(state);
    }
    EXPECT_FALSE(next_state(S::missed, E::late_proof)) << "nothing was ever sent";
}

TEST(TargetStates, are_spelled_as_the_schema_checks_them) {
    auto const schema = read_file("server/db/migrations/0001_foundation.sql");
    std::smatch found;
    ASSERT_TRUE(
        std::regex_search(schema, found, std::regex("post_targets_state CHECK \\(state IN \\(([^)]*)\\)")));
    std::string const list = found[1];
    std::set<std::string> in_schema;
    std::regex const word("'([a-z_]+)'");
    for (std::sregex_iterator it(list.begin(), list.end(), word), end; it != end; ++it)
        in_schema.insert((*it)[1]);
    std::set<std::string> ours;
    for (auto const state : all_states()) ours.insert(std::string(to_string(state)));
    EXPECT_EQ(in_schema, ours);
    for (auto const state : all_states()) EXPECT_EQ(parse_target_state(to_string(state)), state);
    EXPECT_FALSE(parse_target_state("unknown"));
}

TEST(TargetStates, are_all_in_the_document) {
    auto const document = read_file("docs/publishing.md");
    for (auto const& row : transitions()) {
        auto const line = "| " + std::string(to_string(row.from)) + " | " +
                          std::string(to_string(row.event)) + " | " + std::string(to_string(row.to)) + " |";
        EXPECT_NE(document.find(line), std::string::npos) << "docs/publishing.md lacks: " << line;
    }
}

struct StatusCase {
    std::string name;
    std::vector<S> targets;
    PostStatus expected;
};

class DerivedStatus : public testing::TestWithParam<StatusCase> {};

TEST_P(DerivedStatus, follows_the_first_rule_that_matches) {
    EXPECT_EQ(derive_status(GetParam().targets), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, DerivedStatus,
    testing::Values(
        StatusCase{"no_target", {}, PostStatus::draft},
        StatusCase{"publishing_wins", {S::failed, S::missed, S::publishing}, PostStatus::publishing},
        StatusCase{"retrying_is_publishing", {S::published, S::retrying}, PostStatus::publishing},
        StatusCase{"unconfirmed", {S::published, S::unconfirmed}, PostStatus::needs_attention},
        StatusCase{"missed", {S::missed, S::scheduled}, PostStatus::needs_attention},
        StatusCase{"held", {S::held}, PostStatus::needs_attention},
        StatusCase{"manual", {S::manual, S::published}, PostStatus::needs_attention},
        StatusCase{"all_published", {S::published, S::published}, PostStatus::published},
        StatusCase{"cancelled_is_ignored", {S::published, S::cancelled}, PostStatus::published},
        StatusCase{"some_published", {S::published, S::failed}, PostStatus::partially_published},
        StatusCase{
            "some_published_rest_waits", {S::published, S::scheduled}, PostStatus::partially_published},
        StatusCase{"failed", {S::failed, S::scheduled}, PostStatus::failed},
        StatusCase{"scheduled", {S::scheduled, S::draft}, PostStatus::scheduled},
        StatusCase{"pending", {S::pending_approval, S::draft}, PostStatus::pending_approval},
        StatusCase{"draft", {S::draft}, PostStatus::draft},
        StatusCase{"all_cancelled", {S::cancelled, S::cancelled}, PostStatus::cancelled},
        StatusCase{"all_removed", {S::removed}, PostStatus::cancelled},
        StatusCase{"one_removed", {S::removed, S::published}, PostStatus::partially_published}),
    [](auto const& info) { return info.param.name; });

}  // namespace mypost::publishing
