// Downtime, pauses, and what goes out afterwards.
#include "world.hpp"

namespace mypost::test {

using namespace publishing;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class CatchUp : public World {
  protected:
    Result<Done> pause_account(std::optional<Instant> until = std::nullopt) {
        auto work = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
            auto done = co_await pause(tx, PauseScope{account, workspace}, "holiday", until, clock.now());
            if (!done) co_return done.error();
            co_return Done{};
        };
        return run(db::in_transaction<Result<Done>>(*database, work));
    }
    int resume_account(ResumeThen then) {
        Changes changes;
        auto work = [&](db::Transaction& tx) -> asio::awaitable<Result<int>> {
            co_return co_await resume(tx, PauseScope{account, workspace}, then, clock.now(), changes);
        };
        auto const done = run(db::in_transaction<Result<int>>(*database, work));
        return done ? *done : -1;
    }
};

TEST_P(CatchUp, spaces_and_caps_what_was_due_during_downtime) {
    // 40 posts of one account came due during 50 minutes without a worker.
    auto const begin = clock.now();
    std::vector<MadePost> made;
    for (int i = 0; i < 40; ++i)
        made.push_back(make_post("post " + std::to_string(i), begin + seconds(75 * i)));
    clock.set(begin + minutes(50));
    drive(hours(3));

    auto const& posts = network.posts();
    std::size_t late = 0;
    for (std::size_t i = 1; i < posts.size(); ++i) {
        EXPECT_LT(std::stoi(posts[i - 1].text.substr(5)), std::stoi(posts[i].text.substr(5))) << "in order";
        EXPECT_GE(posts[i].at - posts[i - 1].at, seconds(59)) << "no burst";
    }
    for (auto const& post : posts) {
        if (post.at < begin + minutes(50) + hours(1)) ++late;
    }
    EXPECT_LE(late, 20u) << "at most so many an hour";
    std::size_t sent = 0, missed = 0;
    for (auto const& post : made) {
        auto const now = state(post.target());
        EXPECT_TRUE(now == "published" || now == "missed") << now;
        EXPECT_EQ(live(post.target()), now == "published" ? 1 : 0);
        (now == "published" ? sent : missed) += 1;
    }
    EXPECT_EQ(sent, posts.size());
    EXPECT_GT(sent, 10u);
    EXPECT_GT(missed, 0u);
}

TEST_P(CatchUp, does_not_hold_up_what_is_on_time) {
    auto const begin = clock.now();
    std::vector<MadePost> late;
    for (int i = 0; i < 5; ++i) late.push_back(make_post("late", begin));
    clock.set(begin + minutes(10));
    sweep();
    auto const fresh = make_post("fresh", clock.now() + seconds(1));
    clock.advance(seconds(1));
    sweep();
    EXPECT_EQ(state(fresh.target()), "published");
    EXPECT_EQ(state(late[0].target()), "published");
    EXPECT_EQ(state(late[1].target()), "scheduled") << "its turn comes a minute later";
}

TEST_P(CatchUp, sends_several_due_at_once_without_spacing_when_on_time) {
    std::vector<MadePost> made;
    for (int i = 0; i < 5; ++i) made.push_back(make_post("now", clock.now()));
    sweep();
    for (auto const& post : made) EXPECT_EQ(state(post.target()), "published");
}

TEST_P(CatchUp, starts_nothing_more_after_a_pause) {
    auto const made = make_post("hello", clock.now());
    ASSERT_TRUE(pause_account());
    drive();
    EXPECT_EQ(state(made.target()), "held");
    EXPECT_EQ(text_column(made.target(), "held_reason"), "account_paused");
    EXPECT_EQ(status(made.post), "needs_attention");
    EXPECT_TRUE(network.calls.empty());
}

TEST_P(CatchUp, holds_a_retry_during_a_pause_and_finishes_it_afterwards) {
    network.plan("create/1", {Mishap::server_error});
    auto const made = make_post({"1", "2"}, clock.now(), {account});
    sweep();
    ASSERT_EQ(state(made.target()), "retrying");
    ASSERT_TRUE(pause_account());
    clock.advance(minutes(5));
    sweep();
    EXPECT_EQ(state(made.target()), "held");
    clock.advance(hours(5));
    EXPECT_EQ(resume_account(ResumeThen::mark_missed), 1);
    drive();
    EXPECT_EQ(state(made.target()), "published") << "what was begun is never missed";
    EXPECT_EQ(live(made.target(), 0), 1);
}

TEST_P(CatchUp, shifts_held_posts_by_the_length_of_the_pause) {
    auto const begin = clock.now();
    ASSERT_TRUE(pause_account());
    auto const made = make_post("hello", begin + minutes(10));
    clock.set(begin + minutes(11));
    sweep();
    ASSERT_EQ(state(made.target()), "held");
    clock.set(begin + minutes(30));
    EXPECT_EQ(resume_account(ResumeThen::shift), 1);
    EXPECT_EQ(text_column(made.target(), "CAST(scheduled_at AS TEXT)"),
              std::to_string(to_ms(begin + minutes(40))));
    sweep();
    EXPECT_EQ(state(made.target()), "scheduled");
    drive();
    EXPECT_EQ(network.posts().front().at, begin + minutes(40));
}

TEST_P(CatchUp, gives_up_or_sends_held_posts_as_the_person_says) {
    for (auto const then : {ResumeThen::mark_missed, ResumeThen::send}) {
        auto const made = make_post("hello", clock.now());
        ASSERT_TRUE(pause_account());
        sweep();
        clock.advance(hours(7));
        ASSERT_EQ(resume_account(then), 1);
        drive();
        EXPECT_EQ(state(made.target()), then == ResumeThen::send ? "published" : "missed");
    }
}

TEST_P(CatchUp, ends_a_pause_by_itself_with_the_grace_rule) {
    auto const begin = clock.now();
    auto const old = make_post("old", begin);
    ASSERT_TRUE(pause_account(begin + hours(2)));
    auto const young = make_post("young", begin + minutes(90));
    while (clock.now() < begin + hours(3)) {
        sweep();
        clock.advance(seconds(30));
    }
    EXPECT_EQ(state(old.target()), "missed");
    EXPECT_EQ(state(young.target()), "published");
    EXPECT_GE(network.posts().front().at, begin + hours(2));
}

TEST_P(CatchUp, refuses_a_pause_that_has_ended_and_a_resume_of_nothing) {
    auto const past = pause_account(clock.now() - seconds(1));
    ASSERT_FALSE(past);
    EXPECT_EQ(past.error().fields.at(0).field, "/until");
    EXPECT_EQ(resume_account(ResumeThen::send), -1);
}

MYPOST_WORLD_ON_BOTH_ENGINES(CatchUp);

}  // namespace mypost::test
