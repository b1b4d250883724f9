// Every network, every call, every fault: published exactly once, or an explained end; never twice.
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/networks/publications.hpp"
#include "unit/networks/walk.hpp"

namespace mypost::networks::test {
namespace {

class CrashWalk : public ::testing::TestWithParam<std::string> {
  protected:
    NetworkAdapter const& adapter() const { return *registry_.find(GetParam()); }

    static void expect_whole(FakeNetwork const& network, Publication const& publication) {
        ASSERT_EQ(network.posts.size(), publication.parts.size());
        for (std::size_t i = 0; i < network.posts.size(); ++i) {
            auto const& post = network.posts[i];
            auto const& wanted = publication.parts[i];
            EXPECT_EQ(post.text, wanted.text);
            EXPECT_EQ(post.media.size(), wanted.media.size());
            std::string parent;
            if (i > 0) parent = network.posts[wanted.role == PartRole::first_comment ? 0 : i - 1].id;
            EXPECT_EQ(post.reply_to, parent);
        }
    }

    static void expect_never_doubled(FakeNetwork const& network, Publication const& publication) {
        for (auto const& part : publication.parts) {
            auto const count = std::ranges::count(network.posts, part.text, &HeldPost::text);
            EXPECT_LE(count, 1) << part.text;
        }
    }

    // After any fault: all there, once; or, where the network cannot tell, unconfirmed with an explanation.
    void expect_settled(Walk& walk, FakeNetwork const& network, Ending const& ending) const {
        expect_never_doubled(network, walk.publication());
        auto const results = walk.results();
        ASSERT_EQ(results.size(), walk.publication().parts.size());
        if (std::holds_alternative<AllDone>(ending.decision)) {
            expect_whole(network, walk.publication());
            for (auto const& result : results) {
                EXPECT_EQ(result.state, PartState::published);
                EXPECT_FALSE(result.remote_id.empty());
                EXPECT_FALSE(result.remote_url.empty());
            }
            return;
        }
        auto const* unconfirmed = std::get_if<Unconfirmed>(&ending.decision);
        ASSERT_NE(unconfirmed, nullptr) << "neither done nor unconfirmed";
        EXPECT_EQ(GetParam(), "x") << "only X cannot be asked";
        EXPECT_FALSE(unconfirmed->message.empty());
        EXPECT_TRUE(
            std::ranges::any_of(results, [](auto const& r) { return r.state == PartState::unconfirmed; }));
    }

    // A person says what they see on the network; then the rest goes out.
    void expect_finished_by_a_person(Walk& walk, FakeNetwork const& network) const {
        walk.mark(JournalEntry::Kind::declared_not_live);
        auto const ending = walk.run();
        EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
        expect_whole(network, walk.publication());
    }

    Registry registry_ = make_registry();
};

TEST_P(CrashWalk, publishes_a_thread_without_faults) {
    auto const network = make_fake(GetParam());
    Walk walk(adapter(), long_thread(GetParam()), *network);
    auto const ending = walk.run();
    ASSERT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    expect_whole(*network, walk.publication());
    // All pictures were up before the first post.
    auto const is_post = [](std::string const& step) {
        return step.starts_with("create/") || step.starts_with("status/") || step.starts_with("record/");
    };
    auto const first_post = std::ranges::find_if(ending.steps, is_post);
    EXPECT_TRUE(std::all_of(first_post, ending.steps.end(), is_post));
}

TEST_P(CrashWalk, survives_every_fault_at_every_call) {
    auto const clean = make_fake(GetParam());
    auto const calls = Walk(adapter(), long_thread(GetParam()), *clean).run().calls;
    ASSERT_GT(calls, 7);
    for (int faulty = 0; faulty < calls; ++faulty) {
        for (auto const fault : all_faults()) {
            SCOPED_TRACE(std::string(name_of(fault)) + " at call " + std::to_string(faulty));
            auto const network = make_fake(GetParam());
            Walk walk(adapter(), long_thread(GetParam()), *network);
            auto const ending = walk.run(
                [&](int call, Call const&) { return call == faulty ? std::optional(fault) : std::nullopt; });
            expect_settled(walk, *network, ending);
            bool const lost = std::holds_alternative<Unconfirmed>(ending.decision);
            if (lost) expect_finished_by_a_person(walk, *network);
        }
    }
}

TEST_P(CrashWalk, survives_two_faults_in_a_row_at_every_call) {
    auto const clean = make_fake(GetParam());
    auto const calls = Walk(adapter(), long_thread(GetParam()), *clean).run().calls;
    for (int faulty = 0; faulty < calls; ++faulty) {
        for (auto const first : all_faults()) {
            for (auto const second : all_faults()) {
                SCOPED_TRACE(std::string(name_of(first)) + ", " + std::string(name_of(second)) + " at call " +
                             std::to_string(faulty));
                auto const network = make_fake(GetParam());
                Walk walk(adapter(), long_thread(GetParam()), *network);
                auto const ending = walk.run([&](int call, Call const&) -> std::optional<Fault> {
                    if (call == faulty) return first;
                    return call == faulty + 1 ? std::optional(second) : std::nullopt;
                });
                expect_settled(walk, *network, ending);
            }
        }
    }
}

TEST_P(CrashWalk, goes_on_after_hours_of_downtime_at_every_call) {
    auto const clean = make_fake(GetParam());
    auto const calls = Walk(adapter(), long_thread(GetParam()), *clean).run().calls;
    for (int faulty = 0; faulty < calls; ++faulty) {
        for (auto const fault : {Fault::died_before_sending, Fault::died_after_sending}) {
            SCOPED_TRACE(std::string(name_of(fault)) + " at call " + std::to_string(faulty));
            auto const network = make_fake(GetParam());
            Walk walk(adapter(), long_thread(GetParam()), *network);
            struct Stopped {};
            try {
                walk.run([&](int call, Call const&) -> std::optional<Fault> {
                    if (call == faulty) return fault;
                    if (call == faulty + 1) throw Stopped{};
                    return std::nullopt;
                });
            } catch (Stopped const&) {
            }
            walk.advance(std::chrono::hours(3));
            auto const ending = walk.run();
            expect_settled(walk, *network, ending);
        }
    }
}

TEST_P(CrashWalk, takes_a_late_answer_as_proof) {
    auto const network = make_fake(GetParam());
    Walk walk(adapter(), one_post(GetParam(), "late"), *network);
    struct Stopped {};
    try {
        walk.run([](int call, Call const&) -> std::optional<Fault> {
            if (call == 0) return Fault::died_after_sending;
            throw Stopped{};
        });
    } catch (Stopped const&) {
    }
    // The worker that was thought dead writes its outcome after all.
    ASSERT_EQ(network->posts.size(), 1U);
    auto& entry = walk.journal().front();
    entry.outcome = Outcome::ok;
    entry.facts = {
        {"id", network->posts[0].id}, {"uri", network->posts[0].id}, {"cid", "c"}, {"url", "https://u"}};
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_EQ(network->posts.size(), 1U);
}

TEST_P(CrashWalk, resumes_a_thread_from_the_first_missing_part) {
    auto const network = make_fake(GetParam());
    auto publication = publication_on(GetParam(), {});
    for (int i = 0; i < 5; ++i) {
        publication.parts.push_back(
            part(i == 0 ? PartRole::post : PartRole::thread, i, "part " + std::to_string(i + 1)));
    }
    // The network refuses part 3 for good.
    class Refusing final : public FakeNetwork {
      public:
        explicit Refusing(FakeNetwork& inner) : inner_(inner) {}
        net::Response handle(Call const& call, Instant now) override {
            if (refuses && call.part == 2) return json_answer(400, json::object{{"error", "InvalidRequest"}});
            return inner_.handle(call, now);
        }
        bool refuses = true;

      private:
        FakeNetwork& inner_;
    };
    Refusing refusing(*network);
    Walk walk(adapter(), publication, refusing);
    auto const ending = walk.run();
    auto const* failed = std::get_if<Failed>(&ending.decision);
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(failed->outcome, Outcome::validation);
    EXPECT_EQ(network->posts.size(), 2U);
    auto results = walk.results();
    EXPECT_EQ(results[1].state, PartState::published);
    EXPECT_EQ(results[2].state, PartState::failed);
    EXPECT_EQ(results[3].state, PartState::pending);

    // Without a retry it stays failed and calls nothing.
    auto const again = walk.run();
    EXPECT_TRUE(std::holds_alternative<Failed>(again.decision));
    EXPECT_EQ(again.calls, ending.calls);

    refusing.refuses = false;
    walk.mark(JournalEntry::Kind::retry);
    auto const retried = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(retried.decision));
    expect_whole(*network, publication);
}

TEST_P(CrashWalk, decides_the_same_for_the_same_arguments) {
    auto const network = make_fake(GetParam());
    Walk walk(adapter(), long_thread(GetParam()), *network);
    walk.run([&](int, Call const& call) -> std::optional<Fault> {
        auto const again = adapter().next(walk.publication(), walk.journal(), walk.now());
        auto const* twin = std::get_if<Call>(&again);
        EXPECT_TRUE(twin != nullptr && twin->step == call.step && twin->intent == call.intent &&
                    twin->request.url == call.request.url);
        return std::nullopt;
    });
}

// The walk is worth something only if it notices: an adapter that forgets what it does not know the end of.
TEST(CrashWalkItself, notices_a_call_that_must_not_be_repeated) {
    auto const registry = make_registry();
    auto const& x = *registry.find("x");
    auto const network = make_fake("x");
    auto const publication = one_post("x", "twice");
    Walk walk(x, publication, *network);
    struct Stopped {};
    try {
        walk.run([](int call, Call const&) -> std::optional<Fault> {
            if (call == 0) return Fault::died_after_sending;
            throw Stopped{};
        });
    } catch (Stopped const&) {
    }
    auto const forgotten = x.next(publication, {}, walk.now());
    EXPECT_THROW(walk.perform(std::get<Call>(forgotten), std::nullopt), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(Networks, CrashWalk, ::testing::Values("x", "mastodon", "bluesky"),
                         [](auto const& info) { return info.param; });

}  // namespace
}  // namespace mypost::networks::test
