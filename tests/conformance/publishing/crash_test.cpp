// A worker that dies at every write, two workers at once, outcomes that come late, and deletes in the last
// second.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "async/sleep.hpp"
#include "world.hpp"

namespace mypost::test {

using namespace publishing;
using std::chrono::minutes;
using std::chrono::seconds;

class PublishCrash : public World {
  protected:
    // Runs the target with a process that dies at that write; false when it came to the end alive.
    bool run_dying(TargetId target, int at, bool after) {
        DyingDatabase dying(*database, at, after);
        auto mortal = make_runner("mortal", dying);
        try {
            std::optional<TargetId> next = target;
            while (next) next = run(mortal.run(*next));
        } catch (DyingDatabase::Died const&) {
            return true;
        }
        return dying.died();
    }

    // Nothing lost, nothing doubled, nothing stuck, whatever write the worker dies at.
    void survive_every_death(std::vector<std::string> texts, std::vector<Mishap> mishaps) {
        for (bool const after : {false, true}) {
            for (int at = 1;; ++at) {
                auto const made = make_post(texts, clock.now(), {account});
                network.plan("create", mishaps);
                auto const died = run_dying(made.target(), at, after);
                expire_leases();
                drive();
                network.plan("create", {});
                ASSERT_EQ(state(made.target()), "published")
                    << "died at write " << at << (after ? ", after it" : ", before it");
                for (int part = 0; part < static_cast<int>(texts.size()); ++part) {
                    ASSERT_EQ(live(made.target(), part), 1) << "part " << part << ", died at write " << at;
                }
                if (!died) break;
                ASSERT_LT(at, 100) << "a run has no end";
            }
        }
    }
};

TEST_P(PublishCrash, survives_a_death_at_every_write_of_a_post) {
    survive_every_death({"hello"}, {});
}

TEST_P(PublishCrash, survives_a_death_at_every_write_of_a_thread) {
    survive_every_death({"1", "2", "3"}, {});
}

TEST_P(PublishCrash, survives_deaths_with_trouble_on_the_network) {
    survive_every_death({"1", "2"}, {Mishap::server_error, Mishap::drop_after});
}

TEST_P(PublishCrash, lets_a_second_worker_go_on_without_doubling_what_the_first_still_sends) {
    // The first worker hangs in its call for longer than its lease; the second takes over, waits, looks, and
    // finds it.
    auto const made = make_post({"1", "2"}, clock.now(), {account});
    bool hang = true;
    network.before_answer = [&](std::string path) -> asio::awaitable<void> {
        while (hang && path == "create/0") co_await async::sleep_for(std::chrono::milliseconds(5));
    };
    std::optional<std::exception_ptr> first_ended;
    asio::co_spawn(io, runner->run(made.target()),
                   [&](std::exception_ptr error, auto&&) { first_ended = error; });
    auto const waiting = [&]() -> asio::awaitable<void> {
        while (network.calls.empty()) co_await async::sleep_for(std::chrono::milliseconds(5));
    };
    run(waiting());
    expire_leases();
    clock.advance(seconds(65));
    auto second = make_runner("worker-2", *database);
    run(second.run(made.target()));
    EXPECT_EQ(live(made.target(), 0), 1);
    EXPECT_NE(state(made.target()), "failed");
    clock.advance(seconds(60));
    run(second.run(made.target()));
    EXPECT_EQ(state(made.target()), "published");
    // Now the first one's answer arrives: accepted, and nothing more happens.
    hang = false;
    auto const ended = [&]() -> asio::awaitable<void> {
        while (!first_ended) co_await async::sleep_for(std::chrono::milliseconds(5));
    };
    run(ended());
    EXPECT_EQ(*first_ended, nullptr);
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(live(made.target(), 0), 1);
    EXPECT_EQ(live(made.target(), 1), 1);
    auto const unknown = query("SELECT COUNT(*) FROM publish_attempts WHERE finished_at IS NULL");
    EXPECT_EQ(unknown.front().int64(0), 0) << "every outcome is in the journal";
}

TEST_P(PublishCrash, lifts_an_unconfirmed_target_when_its_proof_comes_late) {
    adapter->blind = true;
    auto const made = make_post("hello", clock.now());
    bool hang = true;
    network.before_answer = [&](std::string) -> asio::awaitable<void> {
        while (hang) co_await async::sleep_for(std::chrono::milliseconds(5));
    };
    bool ended = false;
    asio::co_spawn(io, runner->run(made.target()), [&](std::exception_ptr, auto&&) { ended = true; });
    auto const waiting = [&]() -> asio::awaitable<void> {
        while (network.calls.empty()) co_await async::sleep_for(std::chrono::milliseconds(5));
    };
    run(waiting());
    expire_leases();
    auto second = make_runner("worker-2", *database);
    run(second.run(made.target()));
    ASSERT_EQ(state(made.target()), "unconfirmed");
    hang = false;
    auto const finished = [&]() -> asio::awaitable<void> {
        while (!ended) co_await async::sleep_for(std::chrono::milliseconds(5));
    };
    run(finished());
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(text_column(made.target(), "remote_id"), "p1");
    EXPECT_EQ(status(made.post), "published");
}

TEST_P(PublishCrash, finds_a_call_that_lands_after_its_worker_died) {
    network.plan("create", {Mishap::late});
    auto const made = make_post("hello", clock.now());
    // Dies right after the call: claim, intent, then the outcome's write fails.
    EXPECT_TRUE(run_dying(made.target(), 3, false));
    expire_leases();
    network.release_late();
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(live(made.target()), 1);
}

TEST_P(PublishCrash, gives_a_target_back_unspent_when_it_is_told_to_stop) {
    auto const made = make_post({"1", "2", "3"}, clock.now(), {account});
    network.before_answer = [&](std::string path) -> asio::awaitable<void> {
        if (path == "create/1") runner->stop();
        co_return;
    };
    run(runner->run(made.target()));
    EXPECT_EQ(live(made.target(), 1), 1) << "the call that ran was finished";
    EXPECT_EQ(live(made.target(), 2), 0) << "nothing new was begun";
    EXPECT_EQ(state(made.target()), "publishing");
    EXPECT_EQ(text_column(made.target(), "CAST(attempt_count AS TEXT)"), "0");
    network.before_answer = nullptr;
    runner = std::make_unique<Runner>(make_runner("worker-2", *database));
    drive();
    EXPECT_EQ(state(made.target()), "published");
    for (int part = 0; part < 3; ++part) EXPECT_EQ(live(made.target(), part), 1);
}

TEST_P(PublishCrash, either_deletes_a_post_in_the_last_second_or_refuses_and_sends_it) {
    int deleted = 0;
    int refused = 0;
    for (int round = 0; round < 1000; ++round) {
        auto const made = make_post("hello", clock.now());
        std::optional<bool> was_deleted;
        bool ran = false;
        auto remove = [&]() -> asio::awaitable<void> {
            // Anywhere within the claim's way: before, in the middle, after.
            for (int i = 0; i < round % 13; ++i) co_await database->ping();
            auto work = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
                auto locked = co_await lock_for_change(tx, workspace, made.post);
                if (!locked) co_return locked.error();
                co_await tx.run(db::Query{"t", "DELETE FROM posts WHERE id = $1"}, {made.post});
                co_return Done{};
            };
            auto const result = co_await db::in_transaction<Result<Done>>(*database, work);
            if (!result) EXPECT_EQ(result.error().code, ErrorCode::publishing_started);
            was_deleted = result.has_value();
        };
        auto publish = [&]() -> asio::awaitable<void> {
            co_await runner->run(made.target());
            ran = true;
        };
        auto const report = [](std::exception_ptr error) {
            if (error) std::rethrow_exception(error);
        };
        bool const delete_first = round % 2 == 0;
        if (delete_first) asio::co_spawn(io, remove(), report);
        asio::co_spawn(io, publish(), report);
        if (!delete_first) asio::co_spawn(io, remove(), report);
        auto both = [&]() -> asio::awaitable<void> {
            while (!was_deleted || !ran) co_await async::sleep_for(std::chrono::milliseconds(0));
        };
        run(both());
        ASSERT_EQ(live(made.target()), *was_deleted ? 0 : 1) << "round " << round;
        (*was_deleted ? deleted : refused) += 1;
    }
    EXPECT_GT(deleted, 0);
    EXPECT_GT(refused, 0) << "both must have happened, or nothing was raced";
}

MYPOST_WORLD_ON_BOTH_ENGINES(PublishCrash);

}  // namespace mypost::test
