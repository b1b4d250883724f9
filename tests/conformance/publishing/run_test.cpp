// One target from its due time to its end, with everything a network does.
#include <boost/json.hpp>

#include "world.hpp"

namespace mypost::test {

using namespace publishing;
using std::chrono::minutes;
using std::chrono::seconds;

class PublishRun : public World {};

TEST_P(PublishRun, sends_a_due_post_once_and_keeps_its_proof) {
    auto const made = make_post("hello", clock.now() + minutes(5));
    EXPECT_EQ(sweep(), 0) << "not due yet";
    clock.advance(minutes(5));
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(status(made.post), "published");
    EXPECT_EQ(live(made.target()), 1);
    EXPECT_EQ(text_column(made.target(), "remote_id"), "p1");
    EXPECT_EQ(text_column(made.target(), "lease_owner"), "");
    auto const attempts =
        query("SELECT outcome, finished_at IS NOT NULL FROM publish_attempts WHERE target_id = $1",
              {made.target()});
    ASSERT_EQ(attempts.size(), 1u);
    EXPECT_EQ(attempts.front().text(0), "ok");
    EXPECT_TRUE(attempts.front().boolean(1));
    EXPECT_EQ(recorder.targets.back().state, TargetState::published);
    EXPECT_EQ(recorder.posts.back().status, PostStatus::published);
}

TEST_P(PublishRun, sends_a_thread_in_order) {
    auto const made = make_post({"one", "two", "three"}, clock.now(), {account});
    drive();
    ASSERT_EQ(network.posts().size(), 3u);
    EXPECT_EQ(network.posts()[0].text, "one");
    EXPECT_EQ(network.posts()[2].text, "three");
    EXPECT_EQ(part_states(made.target()), (std::vector<std::string>{"published", "published", "published"}));
}

TEST_P(PublishRun, repeats_after_passing_trouble_with_growing_waits) {
    network.plan("create", {Mishap::server_error, Mishap::drop_before, Mishap::server_error});
    auto const made = make_post("hello", clock.now());
    sweep();
    EXPECT_EQ(state(made.target()), "retrying");
    EXPECT_EQ(status(made.post), "publishing");
    EXPECT_EQ(text_column(made.target(), "error_code"), "fake_down");
    auto const first =
        std::stoll(text_column(made.target(), "CAST(next_attempt_at AS TEXT)")) - to_ms(clock.now());
    EXPECT_EQ(first, 7'500) << "10 s, scaled by 0.75";
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(text_column(made.target(), "error_code"), "") << "what was overcome is no problem any more";
    EXPECT_EQ(live(made.target()), 1);
}

TEST_P(PublishRun, gives_up_after_its_attempts_with_the_last_reason) {
    network.plan("create", std::vector<Mishap>(50, Mishap::server_error));
    auto const made = make_post("hello", clock.now());
    drive();
    EXPECT_EQ(state(made.target()), "failed");
    EXPECT_EQ(text_column(made.target(), "error_code"), "fake_down");
    EXPECT_EQ(network.calls.size(), 10u);
}

TEST_P(PublishRun, waits_for_a_rate_limit_without_spending_an_attempt) {
    network.plan("create", {Mishap::rate_limit});
    auto const made = make_post("hello", clock.now());
    sweep();
    EXPECT_EQ(state(made.target()), "retrying");
    EXPECT_EQ(text_column(made.target(), "CAST(attempt_count AS TEXT)"), "0");
    EXPECT_EQ(text_column(made.target(), "CAST(next_attempt_at AS TEXT)"),
              std::to_string(to_ms(clock.now() + seconds(120))));
    // What the headers taught holds for the account's next post too: it is not even tried.
    auto const second = make_post("second", clock.now());
    auto const calls = network.calls.size();
    sweep();
    EXPECT_EQ(network.calls.size(), calls);
    EXPECT_EQ(state(second.target()), "retrying");
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(state(second.target()), "published");
}

TEST_P(PublishRun, looks_for_a_post_whose_answer_was_lost_and_finds_it) {
    network.plan("create", {Mishap::drop_after});
    auto const made = make_post("hello", clock.now());
    sweep();
    EXPECT_EQ(state(made.target()), "publishing") << "waits for the listing";
    EXPECT_EQ(part_states(made.target()), std::vector<std::string>{"sending"});
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(live(made.target()), 1);
    ASSERT_EQ(network.calls.size(), 2u);
    EXPECT_TRUE(network.calls[1].starts_with("look"));
}

TEST_P(PublishRun, asks_a_person_when_an_outcome_cannot_be_found_out) {
    adapter->blind = true;
    network.plan("create", {Mishap::drop_after});
    auto const made = make_post("hello", clock.now());
    drive();
    EXPECT_EQ(state(made.target()), "unconfirmed");
    EXPECT_EQ(status(made.post), "needs_attention");
    EXPECT_EQ(live(made.target()), 1) << "never simply repeated";
}

TEST_P(PublishRun, keeps_the_parts_that_are_live_and_sends_the_rest_on_retry) {
    network.plan("create/2", {Mishap::refuse});
    auto const made = make_post({"1", "2", "3", "4", "5"}, clock.now(), {account});
    drive();
    EXPECT_EQ(state(made.target()), "failed");
    EXPECT_EQ(text_column(made.target(), "error_code"), "partially_published");
    EXPECT_EQ(part_states(made.target()),
              (std::vector<std::string>{"published", "published", "failed", "pending", "pending"}));
    auto const params = boost::json::parse(text_column(made.target(), "error_params")).as_object();
    EXPECT_EQ(params.at("live").as_string(), "2");
    EXPECT_EQ(params.at("cause").as_string(), "fake_refused");

    auto const retried =
        change(made.post,
               [&](db::Transaction& tx, LockedPost& post, Changes& changes) -> asio::awaitable<Result<Done>> {
                   co_return co_await retry_target(tx, post, made.target(), user, clock.now(), changes);
               });
    ASSERT_TRUE(retried);
    drive();
    EXPECT_EQ(state(made.target()), "published");
    for (int part = 0; part < 5; ++part) EXPECT_EQ(live(made.target(), part), 1) << part;
}

TEST_P(PublishRun, sends_the_newest_text_when_nothing_was_live) {
    network.plan("create", {Mishap::refuse});
    auto const made = make_post("old", clock.now());
    drive();
    ASSERT_EQ(state(made.target()), "failed");
    auto const edited = change(
        made.post,
        [&](db::Transaction& tx, LockedPost& post, Changes& changes) -> asio::awaitable<Result<Done>> {
            auto const version = PostVersionId::make();
            co_await tx.run(
                db::Query{
                    "t",
                    "UPDATE posts SET content = '{\"body\":\"new\"}', current_version_id = $2 WHERE id = $1"},
                {made.post, version});
            auto edit = co_await after_edit(tx, post, version, Actor{user, true}, clock.now(), changes);
            if (!edit) co_return edit.error();
            co_return co_await retry_target(tx, post, made.target(), user, clock.now(), changes);
        },
        true);
    ASSERT_TRUE(edited);
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(network.posts().back().text, "new");
}

TEST_P(PublishRun, refuses_content_that_breaks_a_rule_before_any_call) {
    auto const made = make_post(std::string(300, 'x'), clock.now());
    drive();
    EXPECT_EQ(state(made.target()), "failed");
    EXPECT_EQ(text_column(made.target(), "error_code"), "text_too_long");
    EXPECT_TRUE(network.calls.empty());
}

TEST_P(PublishRun, ends_as_failed_when_its_adapter_is_broken) {
    adapter->broken = true;
    auto const made = make_post("hello", clock.now());
    drive();
    EXPECT_EQ(state(made.target()), "failed");
    EXPECT_EQ(text_column(made.target(), "error_code"), "internal_error");
}

TEST_P(PublishRun, reconciles_an_answer_that_its_adapter_cannot_read) {
    adapter->broken_classify = true;
    auto const made = make_post("hello", clock.now());
    sweep();
    adapter->broken_classify = false;
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(live(made.target()), 1);
}

TEST_P(PublishRun, refreshes_a_refused_token_once_and_goes_on) {
    network.valid_token = "token-2";
    auto const made = make_post("hello", clock.now());
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(adapter->refresh_calls, 1);
    EXPECT_EQ(live(made.target()), 1);
}

TEST_P(PublishRun, holds_targets_of_a_grant_that_the_network_refuses_and_sends_them_after_reconnecting) {
    network.valid_token = "token-9";
    auto const made = make_post("hello", clock.now());
    sweep();
    EXPECT_EQ(state(made.target()), "held");
    EXPECT_EQ(text_column(made.target(), "held_reason"), "needs_reconnect");
    EXPECT_EQ(query("SELECT state FROM grants").front().text(0), "needs_reconnect");
    ASSERT_EQ(recorder.grants.size(), 1u);
    clock.advance(minutes(2));
    sweep();
    EXPECT_EQ(state(made.target()), "held") << "looked at again, still held";
    auto const calls = network.calls.size();

    networks::Tokens fresh;
    fresh.access_token = "token-9";
    sql("UPDATE grants SET state = 'active', problem = NULL, token_version = token_version + 1, tokens = $1",
        {accounts::seal_tokens(cipher, grant, fresh)});
    clock.advance(minutes(2));
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(network.calls.size(), calls + 1);
}

TEST_P(PublishRun, marks_what_was_never_sent_as_missed_after_the_grace_period) {
    auto const made = make_post("hello", clock.now());
    clock.advance(minutes(61));
    drive();
    EXPECT_EQ(state(made.target()), "missed");
    EXPECT_TRUE(network.calls.empty());
    auto const retried =
        change(made.post,
               [&](db::Transaction& tx, LockedPost& post, Changes& changes) -> asio::awaitable<Result<Done>> {
                   co_return co_await retry_target(tx, post, made.target(), user, clock.now(), changes);
               });
    ASSERT_TRUE(retried);
    drive();
    EXPECT_EQ(state(made.target()), "published") << "a person wants it however late";
}

TEST_P(PublishRun, never_marks_as_missed_what_was_begun) {
    network.plan("create", {Mishap::server_error});
    auto const made = make_post("hello", clock.now());
    sweep();
    clock.advance(std::chrono::hours(5));
    drive();
    EXPECT_EQ(state(made.target()), "published");
}

TEST_P(PublishRun, publishes_an_account_in_order_and_one_at_a_time) {
    auto const at = clock.now();
    auto const third = make_post("third", at + seconds(2));
    auto const first = make_post("first", at);
    auto const second = make_post("second", at + seconds(1));
    clock.advance(seconds(3));
    network.plan("create", {Mishap::none, Mishap::drop_after});
    sweep();
    EXPECT_EQ(state(first.target()), "published");
    EXPECT_EQ(state(second.target()), "publishing");
    EXPECT_EQ(state(third.target()), "scheduled") << "the second is not done";
    drive();
    ASSERT_EQ(network.posts().size(), 3u);
    EXPECT_EQ(network.posts()[1].text, "second");
    EXPECT_EQ(network.posts()[2].text, "third");
}

TEST_P(PublishRun, does_not_send_what_is_not_approved) {
    sql("UPDATE brands SET approval_policy = 'required'");
    auto const made = make_draft({"hello"}, {account});
    auto const scheduled =
        change(made.post,
               [&](db::Transaction& tx, LockedPost& post, Changes& changes) -> asio::awaitable<Result<Done>> {
                   co_return co_await publishing::schedule(tx, post, ChosenTime{clock.now(), "", ""},
                                                           Actor{user, true}, clock.now(), changes);
               });
    ASSERT_TRUE(scheduled);
    EXPECT_EQ(state(made.target()), "pending_approval") << "nobody approves their own";
    drive();
    EXPECT_TRUE(network.calls.empty());
    auto const approved =
        change(made.post,
               [&](db::Transaction& tx, LockedPost& post, Changes& changes) -> asio::awaitable<Result<Done>> {
                   co_return co_await approve(tx, post, Actor{editor, true}, clock.now(), changes);
               });
    ASSERT_TRUE(approved);
    // Behind everybody's back: the claim itself checks.
    sql("UPDATE posts SET current_version_id = $1", {PostVersionId::make()});
    sweep();
    EXPECT_EQ(state(made.target()), "held");
    EXPECT_EQ(text_column(made.target(), "held_reason"), "approval");
    EXPECT_TRUE(network.calls.empty());
}

TEST_P(PublishRun, hands_a_manual_kind_over_and_takes_a_persons_word) {
    auto const made = make_draft({"hello"}, {account});
    sql("UPDATE post_targets SET kind = 'story'");
    ASSERT_TRUE(schedule(made.post, clock.now()));
    drive();
    EXPECT_EQ(state(made.target()), "manual");
    EXPECT_EQ(status(made.post), "needs_attention");
    auto const done =
        change(made.post,
               [&](db::Transaction& tx, LockedPost& post, Changes& changes) -> asio::awaitable<Result<Done>> {
                   co_return co_await complete_target(tx, post, made.target(), user,
                                                      "https://fake.example/mine", clock.now(), changes);
               });
    ASSERT_TRUE(done);
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(text_column(made.target(), "CAST(confirmed_by AS TEXT)"), user.to_string());
}

MYPOST_WORLD_ON_BOTH_ENGINES(PublishRun);

}  // namespace mypost::test
