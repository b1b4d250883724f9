#include <fmt/format.h>
#include <gtest/gtest.h>

#include "conformance/networks/live_runner.hpp"
#include "conformance/networks/pictures.hpp"
#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "networks/rules.hpp"

namespace mypost::networks::test {
namespace {

using namespace std::chrono_literals;

Part part(PartRole role, int index, std::string text, std::vector<MediaFile> media = {}) {
    Part out;
    out.role = role;
    out.index = index;
    out.text = std::move(text);
    out.media = std::move(media);
    return out;
}

class NetworkConformance : public ::testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        account_ = host_.account(network(), 0);
        runner_ = std::make_unique<LiveRunner>(host_, adapter(), connect(host_, adapter(), account_));
        runner_->add_media("png", png());
        runner_->add_media("gif", gif());
        before_ = held().size();
    }

    std::string network() const { return GetParam(); }
    NetworkAdapter const& adapter() const { return *registry_.find(network()); }
    LiveRunner& runner() { return *runner_; }
    std::string handle() const { return std::string(account_.at("handle").as_string()); }

    // What the sandbox holds of the account beyond what it began with.
    json::array held() {
        auto all = host_.posts(network(), handle());
        return json::array(all.begin() + static_cast<std::ptrdiff_t>(before_), all.end());
    }

    Publication publication(std::vector<Part> parts) {
        Publication out;
        out.target_id = "0193f000-0000-7000-8000-00000000000" + std::to_string(made_++);
        out.account = runner().connected().account;
        out.kind = "post";
        out.parts = std::move(parts);
        out.frozen_at = host_.now();
        return out;
    }

    void expect_done(Decision const& decision) {
        auto const* failed = std::get_if<Failed>(&decision);
        auto const* unconfirmed = std::get_if<Unconfirmed>(&decision);
        EXPECT_TRUE(std::holds_alternative<AllDone>(decision))
            << (failed        ? failed->code + ": " + failed->message
                : unconfirmed ? unconfirmed->code
                              : "")
            << "\n"
            << history();
    }
    std::string history() const {
        std::string out;
        for (auto const& entry : runner_->journal()) {
            out += fmt::format("{} {} {} {}\n", entry.seq, entry.step, static_cast<int>(entry.outcome),
                               entry.code + " " + json::serialize(entry.facts));
        }
        return out;
    }

    // The call that makes a post, for faults.
    json::object create_call() const {
        if (network() == "x") return {{"method", "POST"}, {"path", "/2/tweets"}};
        if (network() == "mastodon") return {{"method", "POST"}, {"path", "/api/v1/statuses"}};
        return {{"method", "POST"}, {"path", "/xrpc/com.atproto.repo.putRecord"}};
    }
    void fault(std::string mode, int times = 1, json::object more = {}) {
        json::object body{{"match", create_call()}, {"mode", mode}, {"times", times}};
        for (auto const& [name, value] : more) body[name] = value;
        host_.fault(network(), std::move(body));
    }

    SandboxHost host_;
    Registry registry_ = make_registry();
    json::object account_;
    std::unique_ptr<LiveRunner> runner_;
    std::size_t before_ = 0;
    int made_ = 1;
};

TEST_P(NetworkConformance, publishes_a_thread_with_pictures_and_a_first_comment) {
    auto const wanted =
        publication({part(PartRole::post, 0, "One: see https://example.com/a #tag",
                          {picture_file("png", png(), "image/png")}),
                     part(PartRole::thread, 1, "Two & more <3 — größer 👩‍👩‍👧‍👦"),
                     part(PartRole::first_comment, 0, "More at https://example.org")});
    for (auto const& issue : adapter().validate(wanted)) EXPECT_FALSE(issue.error) << issue.message;
    expect_done(runner().run(wanted));
    auto const posts = held();
    ASSERT_EQ(posts.size(), 3U) << history();
    auto const results = adapter().results(wanted, runner().journal());
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(results[i].state, PartState::published);
        EXPECT_FALSE(results[i].remote_url.empty());
        if (network() != "mastodon") EXPECT_EQ(posts[i].at("text").as_string(), wanted.parts[i].text);
    }
    EXPECT_EQ(posts[0].at("media").as_array().size(), 1U);
    EXPECT_EQ(posts[0].at("media").at(0).at("alt").as_string(), "a pixel of png");
    EXPECT_EQ(posts[0].at("media").at(0).at("sha256").as_string(), hex_encode(crypto::sha256(png())));
    EXPECT_TRUE(posts[0].at("parent_id").is_null());
    EXPECT_EQ(posts[1].at("parent_id"), posts[0].at("id"));
    EXPECT_EQ(posts[2].at("parent_id"), posts[0].at("id"));
}

TEST_P(NetworkConformance, publishes_an_animated_gif) {
    auto const wanted =
        publication({part(PartRole::post, 0, "moving", {picture_file("gif", gif(), "image/gif")})});
    expect_done(runner().run(wanted));
    EXPECT_EQ(held().size(), 1U) << history();
}

TEST_P(NetworkConformance, publishes_once_when_the_answer_is_lost) {
    for (auto const* mode : {"drop_after", "timeout_after", "drop_before"}) {
        SCOPED_TRACE(mode);
        auto const text = fmt::format("lost by {}: see https://example.com/x & so on", mode);
        auto const wanted =
            publication({part(PartRole::post, 0, text), part(PartRole::thread, 1, text + ", part 2")});
        LiveRunner runner(host_, adapter(), runner_->connected());
        auto const before = held().size();
        fault(mode);
        auto const decision = runner.run(wanted);
        auto const posts = held().size() - before;
        bool const nothing_sent = std::string(mode) == "drop_before";
        if (network() == "x" && nothing_sent) {
            // X cannot be asked whether a call came through: an explained doubt.
            bool const doubt = std::holds_alternative<Unconfirmed>(decision);
            EXPECT_EQ(posts, doubt ? 0U : 2U);
            continue;
        }
        EXPECT_TRUE(std::holds_alternative<AllDone>(decision));
        EXPECT_EQ(posts, 2U);
    }
}

TEST_P(NetworkConformance, publishes_once_through_server_errors) {
    auto const wanted = publication({part(PartRole::post, 0, "through a 503")});
    fault("status", 1, {{"status", 503}});
    auto const decision = runner().run(wanted);
    if (std::holds_alternative<Unconfirmed>(decision)) {
        EXPECT_EQ(network(), "x");
        EXPECT_EQ(held().size(), 0U);
        return;
    }
    expect_done(decision);
    EXPECT_EQ(held().size(), 1U);
}

TEST_P(NetworkConformance, waits_out_a_rate_limit) {
    auto const wanted = publication({part(PartRole::post, 0, "limited")});
    fault("rate_limit");
    expect_done(runner().run(wanted));
    EXPECT_EQ(held().size(), 1U) << history();
    ASSERT_GE(runner().journal().size(), 2U);
    EXPECT_EQ(runner().journal().front().outcome, Outcome::rate_limited);
}

TEST_P(NetworkConformance, renews_an_expired_sign_in_and_goes_on) {
    if (network() == "mastodon") GTEST_SKIP() << "tokens of Mastodon do not expire";
    host_.advance(3h);
    auto const wanted = publication({part(PartRole::post, 0, "after three hours")});
    expect_done(runner().run(wanted));
    EXPECT_EQ(runner().refreshes(), 1);
    EXPECT_EQ(held().size(), 1U);
}

TEST_P(NetworkConformance, reads_back_and_deletes) {
    auto const wanted = publication({part(PartRole::post, 0, "here today")});
    expect_done(runner().run(wanted));
    auto const id = adapter().results(wanted, runner().journal())[0].remote_id;
    auto const& connected = runner().connected();
    auto const& tokens = connected.granted.tokens;
    EXPECT_EQ(host_.run(adapter().verify(host_.http(), connected.account, tokens, id)), Presence::live);
    EXPECT_TRUE(host_.run(adapter().delete_post(host_.http(), connected.account, tokens, id)));
    EXPECT_EQ(host_.run(adapter().verify(host_.http(), connected.account, tokens, id)), Presence::removed);
    EXPECT_TRUE(host_.run(adapter().delete_post(host_.http(), connected.account, tokens, id)))
        << "absent already is success";
}

TEST_P(NetworkConformance, is_told_when_the_text_is_too_long) {
    auto const info = adapter().info_for(runner().connected().account);
    auto const& rules = info.kinds.front().text;
    std::string text;
    for (int i = 0; i < rules.max + 1; ++i) text += 'a';
    auto const wanted = publication({part(PartRole::post, 0, text)});
    auto const decision = runner().run(wanted);
    auto const* failed = std::get_if<Failed>(&decision);
    ASSERT_NE(failed, nullptr) << history();
    EXPECT_TRUE(failed->outcome == Outcome::validation || failed->outcome == Outcome::permission)
        << history();
    EXPECT_EQ(held().size(), 0U);
    // One less fits: both sides count the same.
    LiveRunner second(host_, adapter(), runner().connected());
    text.pop_back();
    expect_done(second.run(publication({part(PartRole::post, 0, text)})));
    EXPECT_EQ(held().size(), 1U);
}

TEST_P(NetworkConformance, loses_access_when_the_person_takes_it_back) {
    auto& connected = runner().connected();
    mypost::test::run(host_.io(), adapter().revoke(host_.http(), connected.app, connected.granted.instance,
                                                   connected.granted.tokens));
    auto const result = host_.run(adapter().refresh(host_.http(), connected.app, connected.granted.instance,
                                                    connected.granted.tokens, host_.now()));
    EXPECT_TRUE(std::holds_alternative<RefreshRefused>(result));
}

// Accounts differ: instances of several ages and limits, servers of third parties, paying and new accounts.
TEST_P(NetworkConformance, connects_every_account_and_publishes_to_its_limits) {
    auto const state = host_.control("GET", "/_sandbox/state");
    auto const accounts = state.at("networks").at(network()).at("accounts").as_array();
    ASSERT_GE(accounts.size(), 20U);
    for (auto const& value : accounts) {
        auto const& account = value.as_object();
        std::string const handle(account.at("handle").as_string());
        SCOPED_TRACE(handle);
        LiveRunner runner(host_, adapter(), connect(host_, adapter(), account));
        runner.add_media("png", png());
        auto wanted = publication({part(PartRole::post, 0, "", {picture_file("png", png(), "image/png")}),
                                   part(PartRole::thread, 1, "end")});
        wanted.account = runner.connected().account;
        auto const info = adapter().info_for(wanted.account);
        auto const& rules = info.kinds.front();
        std::string const seed = fmt::format("limit of {} https://example.com/long/path/to/see ", handle);
        auto const counted = static_cast<int>(measure(rules.text, seed));
        wanted.parts[0].text = seed + std::string(static_cast<std::size_t>(rules.text.max - counted), 'x');
        for (auto const& issue : adapter().validate(wanted)) EXPECT_FALSE(issue.error) << issue.message;
        auto const before = host_.posts(network(), handle).size();
        EXPECT_TRUE(std::holds_alternative<AllDone>(runner.run(wanted)))
            << json::serialize(runner.journal().back().facts);
        EXPECT_EQ(host_.posts(network(), handle).size(), before + 2);
    }
}

TEST_P(NetworkConformance, finds_a_lost_post_that_the_listing_shows_late) {
    host_.control("PUT", "/_sandbox/" + network() + "/settings", json::object{{"listing_lag_ms", 45'000}});
    auto const wanted =
        publication({part(PartRole::post, 0, "late in the list: https://example.com/é & <more>")});
    fault("drop_after");
    expect_done(runner().run(wanted));
    EXPECT_EQ(held().size(), 1U) << history();
}

TEST_P(NetworkConformance, takes_up_a_lost_call_after_hours_of_downtime) {
    auto const wanted = publication(
        {part(PartRole::post, 0, "before the downtime", {picture_file("png", png(), "image/png")})});
    fault("drop_after");
    runner().run_until_an_answer_is_lost(wanted);
    host_.advance(100min);
    expect_done(runner().run(wanted));
    EXPECT_EQ(held().size(), 1U) << history();
}

INSTANTIATE_TEST_SUITE_P(Networks, NetworkConformance, ::testing::Values("x", "mastodon", "bluesky"),
                         [](auto const& info) { return info.param; });

}  // namespace
}  // namespace mypost::networks::test
