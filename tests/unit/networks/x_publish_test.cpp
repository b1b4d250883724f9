#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "networks/x/x.hpp"
#include "unit/networks/publications.hpp"
#include "unit/networks/walk.hpp"

namespace mypost::networks::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Answers with what it is given, in order; then like the fake X.
class Scripted final : public FakeNetwork {
  public:
    explicit Scripted(std::vector<net::Response> answers)
        : answers_(std::move(answers)), inner_(make_fake_x(10s)) {}
    net::Response handle(Call const& call, Instant now) override {
        seen.push_back(call);
        if (next_ < answers_.size()) return answers_[next_++];
        return inner_->handle(call, now);
    }
    FakeNetwork& inner() { return *inner_; }
    std::vector<Call> seen;

  private:
    std::vector<net::Response> answers_;
    std::size_t next_ = 0;
    std::unique_ptr<FakeNetwork> inner_;
};

net::Response media_answer(std::string id, json::object processing = {}) {
    json::object data{{"id", id}, {"media_key", "7_" + id}, {"expires_after_secs", 86400}};
    if (!processing.empty()) data["processing_info"] = processing;
    return json_answer(200, json::object{{"data", data}});
}
net::Response created(std::string id) {
    return json_answer(201, json::object{{"data", json::object{{"id", id}}}});
}
net::Response invalid_media() {
    json::object error{{"message", "Your media IDs are invalid."}};
    return json_answer(400, json::object{{"errors", json::array{error}}, {"title", "Invalid Request"}});
}
net::Response duplicate() {
    return json_answer(
        403, json::object{{"detail", "You are not allowed to create a Tweet with duplicate content."}});
}
net::Response nothing_listed() {
    return json_answer(200, json::object{{"meta", json::object{{"result_count", 0}}}});
}

TEST(XPublish, sends_one_picture_in_one_request_and_names_it) {
    x::XAdapter const adapter;
    Scripted network({});
    Walk walk(adapter, one_post("x", "Hello", {picture("p")}), network);
    auto const ending = walk.run();
    ASSERT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_THAT(ending.steps, ElementsAre("media/0/0", "media/0/0/alt", "create/0"));
    auto const& form = std::get<std::vector<FormField>>(network.seen[0].request.body);
    EXPECT_EQ(network.seen[0].request.url, "https://api.x.com/2/media/upload");
    EXPECT_EQ(std::get<std::string>(form.at(0).content), "tweet_image");
    EXPECT_EQ(form.at(1).name, "media");
    EXPECT_TRUE(std::holds_alternative<MediaRef>(form.at(1).content));
    EXPECT_EQ(body_of(network.seen[1]),
              json::parse(R"({"id":"991","metadata":{"alt_text":{"text":"alt of p"}}})"));
    EXPECT_EQ(body_of(network.seen[2]), json::parse(R"({"text":"Hello","media":{"media_ids":["991"]}})"));
    EXPECT_FALSE(network.seen[2].repeatable);
    EXPECT_EQ(walk.results()[0].remote_url, "https://x.com/ann/status/1945000000000000000");
}

TEST(XPublish, sends_a_gif_in_segments_and_waits_for_its_processing) {
    x::XAdapter const adapter;
    auto gif = picture("g", "image/gif", 9 * 1024 * 1024);
    gif.alt.clear();
    Scripted network({media_answer("1"), text_answer(200, "{}"), text_answer(200, "{}"),
                      text_answer(200, "{}"),
                      media_answer("1", {{"state", "pending"}, {"check_after_secs", 5}}),
                      media_answer("1", {{"state", "in_progress"}, {"check_after_secs", 7}}),
                      media_answer("1", {{"state", "succeeded"}}), created("5")});
    Walk walk(adapter, one_post("x", "", {gif}), network);
    auto const began = walk.now();
    auto const ending = walk.run();
    ASSERT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_THAT(ending.steps, ElementsAre("media/0/0/init", "media/0/0/append/0", "media/0/0/append/1",
                                          "media/0/0/append/2", "media/0/0/finalize", "media/0/0/status",
                                          "media/0/0/status", "create/0"));
    EXPECT_EQ(body_of(network.seen[0]).at("total_bytes").to_number<std::int64_t>(), 9 * 1024 * 1024);
    std::uint64_t sent = 0;
    for (int segment = 1; segment <= 3; ++segment) {
        auto const& form =
            std::get<std::vector<FormField>>(network.seen[static_cast<std::size_t>(segment)].request.body);
        EXPECT_EQ(std::get<std::string>(form.at(0).content), std::to_string(segment - 1));
        auto const ref = std::get<MediaRef>(form.at(1).content);
        EXPECT_EQ(ref.offset, sent);
        EXPECT_LE(ref.length, 5'000'000U);
        sent += ref.length;
    }
    EXPECT_EQ(sent, gif.size_bytes);
    EXPECT_GE(walk.now() - began, 12s);
    EXPECT_FALSE(body_of(network.seen.back()).contains("text"));
}

TEST(XPublish, begins_a_chunked_upload_anew_when_an_answer_is_lost) {
    x::XAdapter const adapter;
    Scripted network(
        {media_answer("1"), media_answer("2"), text_answer(200, "{}"), media_answer("2"), created("5")});
    auto gif = picture("g", "image/gif", 1000);
    gif.alt.clear();
    Walk walk(adapter, one_post("x", "t", {gif}), network);
    auto const ending = walk.run([](int call, Call const&) -> std::optional<Fault> {
        return call == 1 ? std::optional(Fault::request_lost) : std::nullopt;
    });
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_THAT(ending.steps, ElementsAre("media/0/0/init", "media/0/0/append/0", "media/0/0/init",
                                          "media/0/0/append/0", "media/0/0/finalize", "create/0"));
}

TEST(XPublish, uploads_again_once_when_x_refuses_the_ids) {
    x::XAdapter const adapter;
    Scripted once({media_answer("1"), text_answer(200, "{}"), invalid_media(), media_answer("2"),
                   text_answer(200, "{}"), created("5")});
    Walk walk(adapter, one_post("x", "t", {picture("p")}), once);
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_EQ(body_of(once.seen.back()).at("media").at("media_ids").at(0).as_string(), "2");

    Scripted twice({media_answer("1"), text_answer(200, "{}"), invalid_media(), media_answer("2"),
                    text_answer(200, "{}"), invalid_media()});
    Walk second(adapter, one_post("x", "t", {picture("p")}), twice);
    auto const failed = second.run();
    ASSERT_TRUE(std::holds_alternative<Failed>(failed.decision));
    EXPECT_EQ(std::get<Failed>(failed.decision).outcome, Outcome::media);
    EXPECT_EQ(second.results()[0].state, PartState::failed);
}

TEST(XPublish, uploads_again_what_expired_before_the_post) {
    x::XAdapter const adapter;
    Scripted network({media_answer("1"), text_answer(200, "{}"),
                      json_answer(402, json::object{{"title", "CreditsDepleted"}})});
    Walk walk(adapter, one_post("x", "t", {picture("p")}), network);
    struct Stopped {};
    try {
        walk.run([](int call, Call const&) -> std::optional<Fault> {
            if (call == 3) throw Stopped{};
            return std::nullopt;
        });
    } catch (Stopped const&) {
    }
    walk.advance(24h);
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_EQ(std::ranges::count(ending.steps, "media/0/0"), 2);
}

TEST(XPublish, looks_twice_with_a_pause_before_it_gives_up) {
    x::XAdapter const adapter;
    Scripted network({nothing_listed(), nothing_listed()});
    Walk walk(adapter, one_post("x", "t"), network);
    auto const began = walk.now();
    std::vector<Instant> looked_at;
    auto const ending = walk.run([&](int call, Call const& made) -> std::optional<Fault> {
        if (made.step == "look/0") looked_at.push_back(walk.now());
        return call == 0 ? std::optional(Fault::died_before_sending) : std::nullopt;
    });
    ASSERT_TRUE(std::holds_alternative<Unconfirmed>(ending.decision));
    ASSERT_EQ(looked_at.size(), 2U);
    EXPECT_GE(looked_at[0], began + 60s);  // the call's deadline and the listing's lag
    EXPECT_GE(looked_at[1], looked_at[0] + 30s);
    EXPECT_THAT(
        network.seen[0].request.url,
        HasSubstr(
            "https://api.x.com/2/users/1001/tweets?max_results=100&start_time=2026-11-22T17%3A59%3A00.000Z"));

    // A person asks to look again: two more looks.
    walk.mark(JournalEntry::Kind::recheck);
    EXPECT_TRUE(std::holds_alternative<Unconfirmed>(walk.run().decision));
    EXPECT_EQ(network.seen.size(), 4U);
}

TEST(XPublish, stays_in_doubt_when_the_listing_lags_behind_both_looks) {
    x::XAdapter const adapter;
    auto const network = make_fake_x(10min);
    Walk walk(adapter, one_post("x", "slow"), *network);
    auto const ending = walk.run([](int call, Call const&) -> std::optional<Fault> {
        return call == 0 ? std::optional(Fault::answer_lost) : std::nullopt;
    });
    EXPECT_TRUE(std::holds_alternative<Unconfirmed>(ending.decision));
    EXPECT_EQ(network->posts.size(), 1U);
    walk.advance(10min);
    walk.mark(JournalEntry::Kind::recheck);
    EXPECT_TRUE(std::holds_alternative<AllDone>(walk.run().decision));
    EXPECT_EQ(network->posts.size(), 1U);
}

TEST(XPublish, finds_the_first_post_when_it_is_sent_again_by_mistake) {
    x::XAdapter const adapter;
    auto const network = make_fake_x(10min);
    Walk walk(adapter, one_post("x", "twice"), *network);
    walk.run([](int call, Call const&) -> std::optional<Fault> {
        return call == 0 ? std::optional(Fault::answer_lost) : std::nullopt;
    });
    walk.advance(10min);
    walk.mark(JournalEntry::Kind::declared_not_live);  // it is live after all: X answers "duplicate"
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_EQ(network->posts.size(), 1U);
}

TEST(XPublish, fails_a_duplicate_of_an_older_post) {
    x::XAdapter const adapter;
    Scripted network({duplicate(), nothing_listed(), nothing_listed()});
    Walk walk(adapter, one_post("x", "old news"), network);
    auto const ending = walk.run();
    auto const* failed = std::get_if<Failed>(&ending.decision);
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(failed->code, "x_duplicate_content");
    EXPECT_EQ(walk.results()[0].state, PartState::failed);
}

TEST(XPublish, is_in_doubt_when_it_may_not_look) {
    x::XAdapter const adapter;
    Scripted network({json_answer(403, json::object{{"title", "Forbidden"}})});
    Walk walk(adapter, one_post("x", "t"), network);
    auto const ending = walk.run([](int call, Call const&) -> std::optional<Fault> {
        return call == 0 ? std::optional(Fault::request_lost) : std::nullopt;
    });
    ASSERT_TRUE(std::holds_alternative<Unconfirmed>(ending.decision));
    EXPECT_EQ(std::get<Unconfirmed>(ending.decision).code, "x_cannot_look");
    EXPECT_EQ(walk.results()[0].state, PartState::unconfirmed);
}

TEST(XPublish, sends_options_and_the_link) {
    x::XAdapter const adapter;
    Scripted network({});
    auto publication = one_post("x", "Read");
    publication.link = "https://example.com/a";
    publication.options = {
        {"reply_settings", "following"}, {"made_with_ai", true}, {"paid_partnership", false}};
    Walk walk(adapter, publication, network);
    walk.run();
    EXPECT_EQ(
        body_of(network.seen[0]),
        json::parse(
            R"({"text":"Read\n\nhttps://example.com/a","reply_settings":"following","made_with_ai":true})"));
}

TEST(XMatch, reads_old_and_new_field_names) {
    json::object const wanted{{"since", to_ms(start())},
                              {"until", to_ms(start() + 120s)},
                              {"text", "a & b example.com/x"},
                              {"media_keys", json::array{}},
                              {"media_count", 0},
                              {"reply_to", "7"}};
    for (auto const* names : {"referenced_tweets", "referenced_posts"}) {
        auto const post =
            json::parse(
                R"({"id":"8","created_at":"2026-11-22T18:00:05.000Z","text":"a &amp; b https://t.co/1",
            "entities":{"urls":[{"url":"https://t.co/1","expanded_url":"http://example.com/x"}]},
            ")" +
                std::string(names) + R"(":[{"type":"replied_to","id":"7"}]})")
                .as_object();
        EXPECT_TRUE(x::matches(post, wanted)) << names;
    }
    for (auto const* names : {"note_tweet", "note_post"}) {
        auto const post =
            json::parse(
                R"({"id":"8","created_at":"2026-11-22T18:00:05Z","text":"a &amp; b ht…",
            "referenced_tweets":[{"type":"replied_to","id":"7"}],
            ")" +
                std::string(names) +
                R"(":{"text":"@ann a &amp; b https://t.co/1","entities":{"urls":[{"url":"https://t.co/1","expanded_url":"https://example.com/x"}]}}})")
                .as_object();
        EXPECT_TRUE(x::matches(post, wanted)) << names;
    }
}

TEST(XMatch, takes_no_other_post_for_ones_own) {
    json::object const wanted{{"since", to_ms(start())}, {"until", to_ms(start() + 120s)},
                              {"text", "same"},          {"media_keys", json::array{}},
                              {"media_count", 0},        {"reply_to", ""}};
    auto const matches = [&](char const* post) { return x::matches(json::parse(post).as_object(), wanted); };
    EXPECT_TRUE(matches(R"({"id":"1","created_at":"2026-11-22T18:00:05Z","text":"same"})"));
    EXPECT_FALSE(matches(R"({"id":"1","created_at":"2026-11-22T17:59:00Z","text":"same"})"))
        << "before the attempt";
    EXPECT_FALSE(matches(R"({"id":"1","created_at":"2026-11-22T18:09:00Z","text":"same"})"))
        << "long after it";
    EXPECT_FALSE(matches(R"({"id":"1","created_at":"2026-11-22T18:00:05Z","text":"other"})"));
    EXPECT_FALSE(matches(R"({"id":"1","text":"same"})")) << "no time";
    EXPECT_FALSE(matches(
        R"({"id":"1","created_at":"2026-11-22T18:00:05Z","text":"same","attachments":{"media_keys":["3_9"]}})"));
    EXPECT_FALSE(matches(
        R"({"id":"1","created_at":"2026-11-22T18:00:05Z","text":"same","referenced_tweets":[{"type":"replied_to","id":"3"}]})"));
}

TEST(XMatch, knows_a_post_by_its_picture) {
    json::object const wanted{{"since", to_ms(start())}, {"until", to_ms(start() + 120s)},
                              {"text", "same"},          {"media_keys", json::array{"3_1"}},
                              {"media_count", 1},        {"reply_to", ""}};
    auto const mine =
        json::parse(
            R"({"id":"1","created_at":"2026-11-22T18:00:05Z","text":"changed https://t.co/p","attachments":{"media_keys":["3_1"]}})")
            .as_object();
    auto const other =
        json::parse(
            R"({"id":"1","created_at":"2026-11-22T18:00:05Z","text":"same","attachments":{"media_keys":["3_2"]}})")
            .as_object();
    EXPECT_TRUE(x::matches(mine, wanted));
    EXPECT_FALSE(x::matches(other, wanted));
}

}  // namespace
}  // namespace mypost::networks::test
