#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <regex>
#include <set>

#include "networks/bluesky/bluesky.hpp"
#include "unit/networks/publications.hpp"
#include "unit/networks/walk.hpp"

namespace mypost::networks::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

class RecordingBluesky final : public FakeNetwork {
  public:
    using Answer = std::function<std::optional<net::Response>(Call const&)>;
    explicit RecordingBluesky(Answer answer = nullptr)
        : answer_(std::move(answer)), inner_(make_fake_bluesky()) {}
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

TEST(BlueskyTid, sorts_by_time_and_has_the_form_of_the_specification) {
    std::regex const form("^[2-7a-j][2-7a-z]{12}$");
    auto const micros = to_ms(start()) * 1000;
    std::string before;
    for (int i = 0; i < 200; ++i) {
        auto const tid = bluesky::make_tid(micros + i, static_cast<std::uint32_t>(1023 - i));
        EXPECT_TRUE(std::regex_match(tid, form)) << tid;
        EXPECT_LT(before, tid);
        before = tid;
    }
    EXPECT_EQ(bluesky::make_tid(0, 0), "2222222222222");
}

TEST(BlueskyFacets, count_in_bytes_and_do_not_overlap) {
    std::string const text = "Héllo #news @bob.example.com @nobody.example https://a.example/#x b.com";
    auto const facets =
        bluesky::facets_of(text, {{"bob.example.com", "did:plc:bob"}, {"nobody.example", ""}});
    std::vector<std::string> seen;
    for (auto const& value : facets) {
        auto const& index = value.at("index");
        auto const begin = index.at("byteStart").to_number<std::size_t>();
        auto const end = index.at("byteEnd").to_number<std::size_t>();
        auto const& feature = value.at("features").at(0).as_object();
        auto const what = feature.contains("uri")   ? feature.at("uri")
                          : feature.contains("tag") ? feature.at("tag")
                                                    : feature.at("did");
        seen.push_back(text.substr(begin, end - begin) + " → " + std::string(what.as_string()));
    }
    EXPECT_THAT(seen, ElementsAre("#news → news", "@bob.example.com → did:plc:bob",
                                  "https://a.example/#x → https://a.example/#x", "b.com → https://b.com"));
}

TEST(BlueskyPublish, writes_the_record_of_the_lexicon) {
    bluesky::BlueskyAdapter const adapter;
    RecordingBluesky network;
    auto publication = one_post("bluesky", "Hi @bob.example.com", {picture("p")});
    publication.options = {{"language", "en"}, {"content_label", "nudity"}};
    Walk walk(adapter, publication, network);
    auto const ending = walk.run();
    ASSERT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_THAT(ending.steps, ElementsAre("blob/0/0", "resolve/bob.example.com", "record/0"));
    auto const body = body_of(network.seen.back());
    EXPECT_EQ(body.at("repo").as_string(), "did:plc:ann");
    EXPECT_EQ(body.at("collection").as_string(), "app.bsky.feed.post");
    auto const& record = body.at("record").as_object();
    EXPECT_EQ(record.at("langs"), json::parse(R"(["en"])"));
    EXPECT_EQ(record.at("labels"),
              json::parse(R"({"$type":"com.atproto.label.defs#selfLabels","values":[{"val":"nudity"}]})"));
    auto const& image = record.at("embed").at("images").at(0).as_object();
    EXPECT_EQ(image.at("alt").as_string(), "alt of p");
    EXPECT_EQ(image.at("aspectRatio"), json::parse(R"({"width":1200,"height":800})"));
    EXPECT_EQ(image.at("image").at("ref").at("$link").as_string(), "bafk00");
    EXPECT_EQ(record.at("facets").at(0).at("features").at(0).at("did").as_string(),
              "did:plc:bob.example.com");
    auto const result = walk.results()[0];
    EXPECT_TRUE(result.remote_id.starts_with("at://did:plc:ann/app.bsky.feed.post/"));
    EXPECT_TRUE(result.remote_url.starts_with("https://bsky.app/profile/did:plc:ann/post/"));
}

TEST(BlueskyPublish, repeats_the_very_same_record_under_the_same_key) {
    bluesky::BlueskyAdapter const adapter;
    RecordingBluesky network;
    Walk walk(adapter, one_post("bluesky", "t"), network);
    int lost = 0;
    auto const ending = walk.run([&](int, Call const& call) -> std::optional<Fault> {
        return call.step == "record/0" && lost++ < 3 ? std::optional(Fault::answer_lost) : std::nullopt;
    });
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    ASSERT_EQ(network.seen.size(), 4U);
    for (auto const& call : network.seen) EXPECT_EQ(body_of(call), body_of(network.seen[0]));
    EXPECT_EQ(network.held().size(), 1U);
}

TEST(BlueskyPublish, uploads_again_what_the_server_lost_and_keeps_the_record) {
    bluesky::BlueskyAdapter const adapter;
    int missing = 0;
    RecordingBluesky network([&](Call const& call) -> std::optional<net::Response> {
        if (call.step != "record/0" || missing++ > 0) return std::nullopt;
        return json_answer(
            400, json::object{{"error", "BlobNotFound"}, {"message", "Could not find blob: bafkrei"}});
    });
    Walk walk(adapter, one_post("bluesky", "t", {picture("p")}), network);
    auto const ending = walk.run();
    EXPECT_TRUE(std::holds_alternative<AllDone>(ending.decision));
    EXPECT_THAT(ending.steps, ElementsAre("blob/0/0", "record/0", "blob/0/0", "record/0"));
}

TEST(BlueskyPublish, gives_up_when_blobs_are_lost_again) {
    bluesky::BlueskyAdapter const adapter;
    RecordingBluesky network([&](Call const& call) -> std::optional<net::Response> {
        if (call.step != "record/0") return std::nullopt;
        return json_answer(400, json::object{{"error", "BlobNotFound"}});
    });
    Walk walk(adapter, one_post("bluesky", "t", {picture("p")}), network);
    auto const ending = walk.run();
    ASSERT_TRUE(std::holds_alternative<Failed>(ending.decision));
    EXPECT_EQ(std::ranges::count(ending.steps, "record/0"), 2);
}

TEST(BlueskyPublish, keeps_the_key_when_the_content_was_changed_after_a_doubt) {
    bluesky::BlueskyAdapter const adapter;
    RecordingBluesky network([](Call const& call) -> std::optional<net::Response> {
        return json_answer(200, json::object{{"uri", "at://did:plc:ann/app.bsky.feed.post/" +
                                                         std::string(body_of(call).at("rkey").as_string())},
                                             {"cid", "c"}});
    });
    Walk walk(adapter, one_post("bluesky", "first"), network);
    struct Stopped {};
    try {
        walk.run([&](int call, Call const&) -> std::optional<Fault> {
            if (call == 0) return Fault::died_after_sending;
            throw Stopped{};
        });
    } catch (Stopped const&) {
    }
    walk.mark(JournalEntry::Kind::declared_not_live);
    walk.publication().parts[0].text = "second";
    EXPECT_TRUE(std::holds_alternative<AllDone>(walk.run().decision));
    EXPECT_EQ(body_of(network.seen[0]).at("rkey"), body_of(network.seen[1]).at("rkey"));
    EXPECT_EQ(body_of(network.seen[1]).at("record").at("text").as_string(), "second");
}

TEST(BlueskyPublish, leaves_unknown_names_as_plain_text) {
    bluesky::BlueskyAdapter const adapter;
    RecordingBluesky network([](Call const& call) -> std::optional<net::Response> {
        if (!call.step.starts_with("resolve/")) return std::nullopt;
        return json_answer(
            400, json::object{{"error", "InvalidRequest"}, {"message", "Unable to resolve handle"}});
    });
    Walk walk(adapter, one_post("bluesky", "Hi @bob.example.com"), network);
    EXPECT_TRUE(std::holds_alternative<AllDone>(walk.run().decision));
    EXPECT_FALSE(body_of(network.seen.back()).at("record").as_object().contains("facets"));
    EXPECT_FALSE(network.seen[0].authorised);
}

TEST(BlueskyPublish, makes_a_card_of_a_link_without_pictures) {
    bluesky::BlueskyAdapter const adapter;
    RecordingBluesky network;
    auto publication = one_post("bluesky", "Read");
    publication.link = "https://example.com/a";
    struct Stopped {};
    auto const decision = adapter.next(publication, {}, start());
    auto const record = body_of(std::get<Call>(decision)).at("record").as_object();
    EXPECT_EQ(record.at("text").as_string(), "Read");
    EXPECT_EQ(
        record.at("embed"),
        json::parse(
            R"({"$type":"app.bsky.embed.external","external":{"uri":"https://example.com/a","title":"example.com/a","description":""}})"));
}

TEST(BlueskyPublish, gives_parts_and_targets_of_one_moment_different_keys) {
    bluesky::BlueskyAdapter const adapter;
    std::set<std::string> keys;
    for (int target = 0; target < 50; ++target) {
        auto publication = one_post("bluesky", "t");
        publication.target_id = "target " + std::to_string(target);
        auto const decision = adapter.next(publication, {}, start());
        keys.emplace(body_of(std::get<Call>(decision)).at("rkey").as_string());
    }
    EXPECT_EQ(keys.size(), 50U);
}

}  // namespace
}  // namespace mypost::networks::test
