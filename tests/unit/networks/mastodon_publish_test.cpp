#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "networks/mastodon/mastodon.hpp"
#include "unit/networks/publications.hpp"
#include "unit/networks/walk.hpp"

namespace mypost::networks::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

std::string key_of(Call const& call) {
    for (auto const& [name, value] : call.request.headers) {
        if (name == "Idempotency-Key") return value;
    }
    return {};
}

class RecordingMastodon final : public FakeNetwork {
  public:
    using Answer = std::function<std::optional<net::Response>(Call const&)>;
    explicit RecordingMastodon(Answer answer = nullptr)
        : answer_(std::move(answer)), inner_(make_fake_mastodon()) {}
    net::Response handle(Call const& call, Instant now) override {
        seen.push_back(call);
        if (auto scripted = answer_ ? answer_(call) : std::nullopt) return *scripted;
        return inner_->handle(call, now);
    }
    std::vector<HeldPost>& held() { return inner_->posts; }
    std::vector<Call> seen;

  private:
    Answer answer_;
    std::unique_ptr<FakeNetwork> inner_;
};

std::optional<Fault> lose_first_status(int, Call const& call, int& lost, Fault fault) {
    if (call.step != "status/0" || lost++ > 0) return std::nullopt;
    return fault;
}

TEST(MastodonPublish, sends_all_options) {
    mastodon::MastodonAdapter const adapter;
    RecordingMastodon network;
    auto publication = one_post("mastodon", "Hallo", {picture("p")});
    publication.options = {
        {"visibility", "unlisted"}, {"spoiler_text", "CW"}, {"sensitive", true}, {"language", "de"}};
    Walk walk(adapter, publication, network);
    auto const ending = walk.run();
    ASSERT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_THAT(ending.steps, ElementsAre("media/0/0", "media/0/0/poll", "media/0/0/poll", "status/0"));
    EXPECT_EQ(
        body_of(network.seen.back()),
        json::parse(
            R"({"status":"Hallo","media_ids":["1"],"spoiler_text":"CW","visibility":"unlisted","language":"de","sensitive":true})"));
    auto const& form = std::get<std::vector<FormField>>(network.seen.front().request.body);
    EXPECT_EQ(std::get<std::string>(form.at(0).content), "alt of p");
    EXPECT_EQ(form.at(1).content_type, "image/jpeg");
    EXPECT_EQ(walk.results()[0].remote_url, "https://social.example/@ann/11550000");
}

TEST(MastodonPublish, repeats_under_the_same_key_once_the_first_call_is_over) {
    mastodon::MastodonAdapter const adapter;
    RecordingMastodon network;
    Walk walk(adapter, one_post("mastodon", "t"), network);
    auto const began = walk.now();
    int lost = 0;
    Instant repeated_at{};
    auto const ending = walk.run([&](int call, Call const& made) {
        if (lost == 1) repeated_at = walk.now();
        return lose_first_status(call, made, lost, Fault::answer_lost);
    });
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    ASSERT_EQ(network.seen.size(), 2U);
    EXPECT_EQ(key_of(network.seen[0]), key_of(network.seen[1]));
    EXPECT_GE(repeated_at, began + 30s) << "two twins at once can both post";
    EXPECT_EQ(network.held().size(), 1U);
}

TEST(MastodonPublish, looks_in_the_list_when_the_key_is_too_old) {
    mastodon::MastodonAdapter const adapter;
    for (auto const fault : {Fault::died_after_sending, Fault::died_before_sending}) {
        RecordingMastodon network;
        Walk walk(adapter, one_post("mastodon", "old key"), network);
        struct Stopped {};
        try {
            walk.run([&](int call, Call const&) -> std::optional<Fault> {
                if (call == 0) return fault;
                throw Stopped{};
            });
        } catch (Stopped const&) {
        }
        walk.advance(55min);
        auto const ending = walk.run();
        EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
        EXPECT_EQ(network.held().size(), 1U);
        if (fault == Fault::died_after_sending) {
            EXPECT_THAT(ending.steps, ElementsAre("status/0", "look/0"));
        } else {
            EXPECT_THAT(ending.steps, ElementsAre("status/0", "look/0", "status/0"));
        }
    }
}

TEST(MastodonPublish, leaves_a_direct_message_in_doubt_rather_than_send_it_twice) {
    mastodon::MastodonAdapter const adapter;
    RecordingMastodon network;
    auto publication = one_post("mastodon", "@bob@example.com hi");
    publication.options = {{"visibility", "direct"}};
    Walk walk(adapter, publication, network);
    struct Stopped {};
    try {
        walk.run([&](int call, Call const&) -> std::optional<Fault> {
            if (call == 0) return Fault::died_before_sending;
            throw Stopped{};
        });
    } catch (Stopped const&) {
    }
    walk.advance(2h);
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<Unconfirmed>(ending.decision));
    EXPECT_EQ(walk.results()[0].state, PartState::unconfirmed);
    EXPECT_TRUE(network.held().empty());
}

TEST(MastodonPublish, pages_through_a_long_list) {
    mastodon::MastodonAdapter const adapter;
    int pages = 0;
    RecordingMastodon network([&](Call const& call) -> std::optional<net::Response> {
        if (call.step != "look/0") return std::nullopt;
        json::array page;
        for (int i = 0; i < 40; ++i) {
            page.emplace_back(json::object{{"id", std::to_string(9000 - pages * 40 - i)},
                                           {"created_at", "2026-11-22T18:30:00.000Z"},
                                           {"content", "<p>other</p>"},
                                           {"media_attachments", json::array{}}});
        }
        if (++pages == 3) return json_answer(200, json::array{});
        return json_answer(200, page);
    });
    Walk walk(adapter, one_post("mastodon", "t"), network);
    struct Stopped {};
    try {
        walk.run([&](int call, Call const&) -> std::optional<Fault> {
            if (call == 0) return Fault::died_before_sending;
            throw Stopped{};
        });
    } catch (Stopped const&) {
    }
    walk.advance(1h);
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_EQ(pages, 3);
    EXPECT_NE(network.seen[1].request.url.find("max_id=8961"), std::string::npos)
        << network.seen[1].request.url;
    // A new run has a new key.
    EXPECT_NE(key_of(network.seen.back()), "");
}

TEST(MastodonPublish, keeps_the_key_when_a_person_sends_again_soon) {
    mastodon::MastodonAdapter const adapter;
    RecordingMastodon network([](Call const& call) -> std::optional<net::Response> {
        if (call.step == "look/0")
            return json_answer(403, json::object{{"error", "This action is not allowed"}});
        return std::nullopt;
    });
    Walk walk(adapter, one_post("mastodon", "t"), network);
    struct Stopped {};
    try {
        walk.run([&](int call, Call const&) -> std::optional<Fault> {
            if (call == 0) return Fault::died_after_sending;
            throw Stopped{};
        });
    } catch (Stopped const&) {
    }
    walk.mark(JournalEntry::Kind::declared_not_live);  // wrong: it is live
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_EQ(network.held().size(), 1U);
    EXPECT_EQ(key_of(network.seen[0]), key_of(network.seen[1]));
}

TEST(MastodonPublish, asks_for_the_media_again_when_they_were_not_ready) {
    mastodon::MastodonAdapter const adapter;
    int refusals = 0;
    RecordingMastodon network([&](Call const& call) -> std::optional<net::Response> {
        if (call.step != "status/0" || refusals++ > 0) return std::nullopt;
        return json_answer(
            422,
            json::object{
                {"error", "Cannot attach files that have not finished processing. Try again in a moment!"}});
    });
    Walk walk(adapter, one_post("mastodon", "t", {picture("p")}), network);
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_THAT(ending.steps, ElementsAre("media/0/0", "media/0/0/poll", "media/0/0/poll", "status/0",
                                          "media/0/0/poll", "status/0"));
}

TEST(MastodonPublish, gives_up_media_that_never_get_ready_and_uploads_anew_after_a_retry) {
    mastodon::MastodonAdapter const adapter;
    bool stuck = true;
    RecordingMastodon network([&](Call const& call) -> std::optional<net::Response> {
        if (!stuck || call.step != "media/0/0/poll") return std::nullopt;
        return json_answer(206, json::object{{"id", "1"}, {"url", nullptr}});
    });
    Walk walk(adapter, one_post("mastodon", "t", {picture("p")}), network);
    auto const ending = walk.run();
    auto const* failed = std::get_if<Failed>(&ending.decision);
    ASSERT_NE(failed, nullptr);
    EXPECT_EQ(failed->code, "mastodon_media_processing_timeout");
    EXPECT_EQ(walk.results()[0].state, PartState::failed);
    stuck = false;
    walk.mark(JournalEntry::Kind::retry);
    auto const retried = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(retried.decision));
    EXPECT_EQ(std::ranges::count(retried.steps, "media/0/0"), 2);
}

TEST(MastodonMatch, compares_the_text_behind_the_html) {
    json::object const wanted{
        {"since", to_ms(start())},
        {"until", to_ms(start() + 120s)},
        {"media_ids", json::array{}},
        {"reply_to", ""},
        {"text", "Hi @bob@other.example, see https://example.com/a/b & #tag\n\n\"end\""}};
    auto const status =
        json::parse(
            R"({"id":"1","created_at":"2026-11-22T18:00:01.000Z","in_reply_to_id":null,"media_attachments":[],
        "content":"<p>Hi <span class=\"h-card\"><a href=\"https://other.example/@bob\" class=\"u-url mention\">@<span>bob</span></a></span>, see <a href=\"https://example.com/a/b\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">example.com/a</span><span class=\"invisible\">/b</span></a> &amp; <a href=\"x\">#<span>tag</span></a></p><p>&quot;end&quot;</p>"})")
            .as_object();
    EXPECT_TRUE(mastodon::matches(status, wanted));
    auto other = wanted;
    other["text"] = "Hi";
    EXPECT_FALSE(mastodon::matches(status, other));
    auto with_media = wanted;
    with_media["media_ids"] = json::array{"5"};
    EXPECT_FALSE(mastodon::matches(status, with_media));
}

TEST(MastodonLimits, come_from_the_instance) {
    mastodon::MastodonAdapter const adapter;
    auto account = account_on("mastodon");
    account.profile["limits"] = mastodon::limits_of(json::parse(R"({"configuration":{
        "statuses":{"max_characters":5000,"max_media_attachments":6,"characters_reserved_per_url":30},
        "media_attachments":{"description_limit":200,"image_size_limit":1000000,"image_matrix_limit":4000,
        "supported_mime_types":["image/png","video/mp4"]}}})")
                                                        .as_object());
    auto const info = adapter.info_for(account);
    auto const& post = info.kinds.front();
    EXPECT_EQ(post.text.max, 5000);
    EXPECT_EQ(post.text.url_length, 30);
    EXPECT_EQ(post.media.max_count, 6);
    EXPECT_EQ(post.media.alt_max, 200);
    EXPECT_EQ(post.media.max_bytes, 1'000'000U);
    EXPECT_EQ(post.media.max_pixels, 4000);
    EXPECT_THAT(post.media.content_types, ElementsAre("image/png"));
}

TEST(MastodonLimits, of_older_servers_are_understood_and_nonsense_is_not) {
    mastodon::MastodonAdapter const adapter;
    auto account = account_on("mastodon");
    account.profile["limits"] = mastodon::limits_of(
        json::parse(
            R"({"max_toot_chars":"1000","upload_limit":5,"configuration":{"statuses":{"max_characters":-4}}})")
            .as_object());
    EXPECT_EQ(adapter.info_for(account).kinds.front().text.max, 1000);
    account.profile["limits"] = {{"max_characters", 99999999999999}, {"description_limit", "x"}};
    EXPECT_EQ(adapter.info_for(account).kinds.front().text.max, 500);
    account.profile["limits"] = 7;
    EXPECT_EQ(adapter.info_for(account).kinds.front().text.max, 500);
}

}  // namespace
}  // namespace mypost::networks::test
