// What comes after sending: a person's word, read-back, remote deletion, readiness; and the worker that
// drives it all.
#include <boost/json.hpp>

#include "async/sleep.hpp"
#include "publishing/read_back.hpp"
#include "publishing/readiness.hpp"
#include "queue/embedded/embedded_queue.hpp"
#include "worker/worker.hpp"
#include "world.hpp"

namespace mypost::test {

using namespace publishing;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class AfterPublishing : public World {
  protected:
    MadePost make_unconfirmed(std::vector<std::string> texts = {"hello"}) {
        adapter->blind = true;
        network.plan("create/0", {Mishap::drop_after});
        auto const made = make_post(std::move(texts), clock.now(), {account});
        drive();
        EXPECT_EQ(state(made.target()), "unconfirmed");
        return made;
    }
    template <class F>
    Result<Done> act(MadePost const& made, F action) {
        return change(
            made.post,
            [&](db::Transaction& tx, LockedPost& post, Changes& changes) -> asio::awaitable<Result<Done>> {
                co_return co_await action(tx, post, changes);
            });
    }
};

TEST_P(AfterPublishing, looks_again_when_a_person_asks) {
    auto const made = make_unconfirmed();
    adapter->blind = false;
    ASSERT_TRUE(act(made, [&](auto& tx, auto& post, auto& changes) {
        return check_target(tx, post, made.target(), user, clock.now(), changes);
    }));
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(live(made.target()), 1);
}

TEST_P(AfterPublishing, takes_a_persons_word_that_it_is_live) {
    auto const made = make_unconfirmed();
    ASSERT_TRUE(act(made, [&](auto& tx, auto& post, auto& changes) {
        return resolve_live(tx, post, made.target(), user, "https://fake.example/p1", clock.now(), changes);
    }));
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(text_column(made.target(), "remote_url"), "https://fake.example/p1");
    EXPECT_EQ(part_states(made.target()), std::vector<std::string>{"published"});
    EXPECT_EQ(status(made.post), "published");
}

TEST_P(AfterPublishing, sends_again_only_after_a_person_said_that_it_is_not_live) {
    auto const made = make_unconfirmed();
    drive();
    EXPECT_EQ(network.calls.size(), 1u);
    ASSERT_TRUE(act(made, [&](auto& tx, auto& post, auto& changes) {
        return resolve_not_live(tx, post, made.target(), user, true, clock.now(), changes);
    }));
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(network.calls.size(), 2u);
    auto const markers = query("SELECT kind, actor_id FROM publish_attempts WHERE kind <> 'call'");
    ASSERT_EQ(markers.size(), 1u);
    EXPECT_EQ(markers.front().text(0), "declared_not_live");
    EXPECT_EQ(markers.front().text(1), user.to_string());
}

TEST_P(AfterPublishing, gives_up_with_a_reason) {
    auto const made = make_unconfirmed();
    ASSERT_TRUE(act(made, [&](auto& tx, auto& post, auto& changes) {
        return resolve_not_live(tx, post, made.target(), user, false, clock.now(), changes);
    }));
    EXPECT_EQ(state(made.target()), "failed");
    EXPECT_EQ(text_column(made.target(), "error_code"), "given_up");
}

TEST_P(AfterPublishing, refuses_actions_that_do_not_fit) {
    auto const made = make_post("hello", clock.now());
    drive();
    ASSERT_EQ(state(made.target()), "published");
    auto const retried = act(made, [&](auto& tx, auto& post, auto& changes) {
        return retry_target(tx, post, made.target(), user, clock.now(), changes);
    });
    ASSERT_FALSE(retried);
    EXPECT_EQ(retried.error().code, ErrorCode::invalid_state);
    EXPECT_EQ(retried.error().params.at("state"), "published");
    auto const checked = act(made, [&](auto& tx, auto& post, auto& changes) {
        return check_target(tx, post, TargetId::make(), user, clock.now(), changes);
    });
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::not_found);
}

TEST_P(AfterPublishing, moves_a_missed_target_and_refuses_a_past_time) {
    auto const made = make_post("hello", clock.now());
    clock.advance(hours(3));
    drive();
    ASSERT_EQ(state(made.target()), "missed");
    auto const move = [&](Instant at) {
        return act(made, [&](auto& tx, auto& post, auto& changes) {
            return reschedule_target(tx, post, made.target(), ChosenTime{at, "", ""}, Actor{user, true},
                                     clock.now(), changes);
        });
    };
    auto const past = move(clock.now() - minutes(1));
    ASSERT_FALSE(past);
    EXPECT_EQ(past.error().fields.at(0).code, "in_past");
    ASSERT_TRUE(move(clock.now() + hours(1)));
    EXPECT_EQ(state(made.target()), "scheduled");
    drive();
    EXPECT_EQ(state(made.target()), "published");
}

TEST_P(AfterPublishing, cancels_between_tries_without_hiding_what_is_live) {
    network.plan("create/1", {Mishap::server_error});
    auto const made = make_post({"1", "2"}, clock.now(), {account});
    network.plan("create/0", {Mishap::none, Mishap::server_error});
    sweep();
    auto const alone = make_post("alone", clock.now());
    sweep();
    ASSERT_EQ(state(made.target()), "retrying");
    ASSERT_EQ(state(alone.target()), "retrying");
    for (auto const& one : {made, alone}) {
        ASSERT_TRUE(act(one, [&](auto& tx, auto& post, auto& changes) {
            return cancel_target(tx, post, one.target(), user, clock.now(), changes);
        }));
    }
    EXPECT_EQ(state(made.target()), "failed");
    EXPECT_EQ(text_column(made.target(), "error_code"), "partially_published");
    EXPECT_EQ(state(alone.target()), "cancelled");
    EXPECT_EQ(status(alone.post), "cancelled");
}

TEST_P(AfterPublishing, reads_back_three_times_and_notices_a_removal) {
    auto const made = make_post("hello", clock.now());
    drive();
    auto const begin = clock.now();
    auto const s = services(*database);
    EXPECT_EQ(run(read_back_due(s, 10)), 0) << "not in the first minute";
    clock.set(begin + minutes(1));
    EXPECT_EQ(run(read_back_due(s, 10)), 1);
    EXPECT_EQ(text_column(made.target(), "CAST(verified_at AS TEXT)"), std::to_string(to_ms(clock.now())));
    EXPECT_EQ(text_column(made.target(), "CAST(verify_at AS TEXT)"), std::to_string(to_ms(begin + hours(1))));
    adapter->presence["p1"] = networks::Presence::unknown;
    clock.set(begin + hours(1));
    run(read_back_due(s, 10));
    EXPECT_EQ(state(made.target()), "published") << "doubt changes nothing";
    adapter->presence["p1"] = networks::Presence::removed;
    clock.advance(minutes(10));
    run(read_back_due(s, 10));
    EXPECT_EQ(state(made.target()), "removed");
    ASSERT_EQ(recorder.alarms.size(), 1u);
    EXPECT_EQ(recorder.alarms.front().code, "target_removed");
    clock.advance(hours(48));
    EXPECT_EQ(run(read_back_due(s, 10)), 0);
}

TEST_P(AfterPublishing, deletes_on_the_network_from_the_last_part) {
    auto const made = make_post({"1", "2", "3"}, clock.now(), {account});
    drive();
    auto const s = services(*database);
    auto const deleted = run(delete_remote(s, workspace, made.post, made.target()));
    ASSERT_TRUE(deleted) << deleted.error().message;
    EXPECT_EQ(adapter->deleted, (std::vector<std::string>{"p3", "p2", "p1"}));
    EXPECT_EQ(state(made.target()), "removed");
    EXPECT_EQ(part_states(made.target()), (std::vector<std::string>{"removed", "removed", "removed"}));
    auto const again = run(delete_remote(s, workspace, made.post, made.target()));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::invalid_state);
    auto const foreign = run(delete_remote(s, WorkspaceId::make(), made.post, made.target()));
    ASSERT_FALSE(foreign);
    EXPECT_EQ(foreign.error().code, ErrorCode::not_found);
}

TEST_P(AfterPublishing, tells_ahead_of_time_what_will_not_go_out) {
    auto const fine = make_post("hello", clock.now() + hours(3));
    auto const too_long = make_post(std::string(300, 'x'), clock.now() + hours(3));
    auto const far = make_post(std::string(300, 'x'), clock.now() + hours(24 * 10));
    auto const s = services(*database);
    EXPECT_EQ(run(refresh_readiness(s)), 1);
    EXPECT_EQ(text_column(fine.target(), "readiness"), "ok");
    EXPECT_EQ(text_column(too_long.target(), "readiness"), "blocked");
    EXPECT_EQ(text_column(far.target(), "readiness"), "ok") << "further than a week";
    EXPECT_EQ(query("SELECT readiness FROM posts WHERE id = $1", {too_long.post}).front().text(0), "blocked");
    EXPECT_EQ(run(refresh_readiness(s)), 0) << "nothing new to tell";

    EXPECT_EQ(run(refresh_changed_readiness(s, clock.now() + seconds(1))), 0);
    sql("UPDATE grants SET state = 'needs_reconnect', updated_at = $1", {clock.now() + seconds(1)});
    EXPECT_EQ(run(refresh_changed_readiness(s, clock.now() + seconds(1))), 2);
    ReadinessScope scope;
    auto const reasons = boost::json::parse(text_column(fine.target(), "readiness_reasons")).as_array();
    EXPECT_EQ(reasons.at(0).at("code").as_string(), "needs_reconnect");
    sql("UPDATE grants SET state = 'active'");
    sql("UPDATE brands SET paused_at = $1", {clock.now()});
    scope.post = fine.post;
    EXPECT_EQ(run(refresh_readiness(s, scope)), 1);
    EXPECT_EQ(text_column(fine.target(), "readiness"), "at_risk");
}

TEST_P(AfterPublishing, is_driven_by_the_worker) {
    auto boot = std::chrono::milliseconds(0);
    auto wall = clock.now();
    worker::WorkerSettings ws;
    ws.name = "test";
    ws.concurrency = 3;
    ws.sweep_every = std::chrono::milliseconds(10);
    ws.wall = [&] { return wall; };
    ws.since_boot = [&] { return boot; };
    std::vector<MadePost> made;
    for (int i = 0; i < 6; ++i) {
        auto const to = make_account("account-" + std::to_string(i));
        for (int j = 0; j < 3; ++j)
            made.push_back(make_post(std::vector<std::string>{"hello"}, clock.now(), {to}));
    }
    worker::Worker works(io.get_executor(), services(*database), settings, {}, ws);
    works.start();
    auto const all = [&](std::string state) -> asio::awaitable<void> {
        while (true) {
            auto const rows = co_await database->read(
                db::Query{"t", "SELECT COUNT(*) FROM post_targets WHERE state <> $1"}, {state});
            if (rows.front().int64(0) == 0) co_return;
            co_await async::sleep_for(std::chrono::milliseconds(5));
        }
    };
    run(all("published"));
    EXPECT_EQ(network.posts().size(), 18u);
    for (auto const& post : made) EXPECT_EQ(live(post.target()), 1);

    // The clock jumps a year ahead: what that makes due is not sent.
    auto const later = make_post("next year", clock.now() + hours(24 * 100));
    clock.advance(hours(24 * 365));
    wall += hours(24 * 365);
    works.kick();
    auto const halted = [&]() -> asio::awaitable<void> {
        while (!works.clock_watch().halted()) co_await async::sleep_for(std::chrono::milliseconds(5));
        co_await async::sleep_for(std::chrono::milliseconds(50));
    };
    run(halted());
    EXPECT_EQ(state(later.target()), "scheduled");
    clock.advance(-hours(24 * 365));
    wall -= hours(24 * 365);
    auto const back = [&]() -> asio::awaitable<void> {
        while (works.clock_watch().halted()) co_await async::sleep_for(std::chrono::milliseconds(5));
    };
    run(back());
    EXPECT_EQ(state(later.target()), "scheduled");
    EXPECT_EQ(query("SELECT COUNT(*) FROM heartbeats WHERE name = 'worker:test'").front().int64(0), 1);
    run(works.stop(seconds(5)));
    EXPECT_EQ(query("SELECT COUNT(*) FROM heartbeats WHERE name = 'worker:test'").front().int64(0), 0);
}

TEST_P(AfterPublishing, takes_its_looks_from_the_queue_where_there_is_one) {
    auto const queue = queue::make_embedded_queue(io.get_executor(), *database);
    worker::WorkerSettings ws;
    ws.name = "test";
    ws.sweep_every = std::chrono::milliseconds(10);
    ws.queue = queue.get();
    ws.wall = [&] { return clock.now(); };
    ws.since_boot = [&] { return clock.now().time_since_epoch(); };
    std::vector<MadePost> made;
    for (int i = 0; i < 5; ++i) made.push_back(make_post("hello", clock.now()));
    worker::Worker works(io.get_executor(), services(*database), settings, {}, ws);
    works.start();
    auto const all = [&]() -> asio::awaitable<void> {
        while (network.posts().size() < 5) co_await async::sleep_for(std::chrono::milliseconds(5));
        co_await async::sleep_for(std::chrono::milliseconds(50));
    };
    run(all());
    run(works.stop(seconds(5)));
    run(queue->stop(seconds(5)));
    for (auto const& post : made) {
        EXPECT_EQ(state(post.target()), "published");
        EXPECT_EQ(live(post.target()), 1);
    }
}

MYPOST_WORLD_ON_BOTH_ENGINES(AfterPublishing);

}  // namespace mypost::test
