// The same against a real personal data server, where one is named: MYPOST_TEST_PDS (base URL),
// MYPOST_TEST_PDS_HANDLE and MYPOST_TEST_PDS_PASSWORD (an app password). Any server that speaks the protocol
// will do, one's own on this machine, too.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <thread>

#include "conformance/networks/live_runner.hpp"
#include "conformance/networks/pictures.hpp"
#include "net/curl_client.hpp"
#include "networks/requests.hpp"

namespace mypost::networks::test {
namespace {

// Can lose an answer: the server does its work, the connection "breaks" before its answer is read.
class LosingAnswers final : public net::HttpClient {
  public:
    explicit LosingAnswers(net::HttpClient& inner) : inner_(inner) {}
    boost::asio::awaitable<tl::expected<net::Response, net::Failure>> send(net::Request request) override {
        bool const loses = lose_next && request.url.find("putRecord") != std::string::npos;
        auto answer = co_await inner_.send(std::move(request));
        if (!loses) co_return answer;
        lose_next = false;
        co_return tl::unexpected(net::Failure{net::Failure::Kind::unknown_outcome, "lost on purpose"});
    }
    bool lose_next = false;

  private:
    net::HttpClient& inner_;
};

class RealHost final : public Host {
  public:
    RealHost() {
        net::CurlClientOptions options;
        options.allowed_private_ranges = {*IpRange::parse("127.0.0.0/8"), *IpRange::parse("::1/128")};
        curl_ = net::make_curl_client(io().get_executor(), options);
        losing_ = std::make_unique<LosingAnswers>(*curl_);
    }
    net::HttpClient& http() override { return *losing_; }
    Instant now() const override { return SystemClock().now(); }
    void advance(std::chrono::seconds by) override { std::this_thread::sleep_for(by); }
    void lose_next_record() { losing_->lose_next = true; }

  private:
    std::unique_ptr<net::HttpClient> curl_;
    std::unique_ptr<LosingAnswers> losing_;
};

std::string setting(char const* name) {
    auto const* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

TEST(RealPersonalDataServer, takes_a_thread_whose_first_answer_is_lost) {
    auto const service = setting("MYPOST_TEST_PDS");
    if (service.empty()) GTEST_SKIP() << "MYPOST_TEST_PDS names no server";
    RealHost host;
    auto const registry = make_registry();
    auto const& adapter = *registry.find("bluesky");
    json::object const credentials{{"handle", setting("MYPOST_TEST_PDS_HANDLE")},
                                   {"app_password", setting("MYPOST_TEST_PDS_PASSWORD")},
                                   {"service", service}};
    auto granted = host.run(adapter.connect(host.http(), credentials, host.now()));
    ASSERT_TRUE(granted) << granted.error().message;
    auto const found = host.run(adapter.destinations(host.http(), granted->instance, granted->tokens));
    ASSERT_TRUE(found) << found.error().message;
    Connected connected;
    connected.granted = *granted;
    connected.account = {"bluesky",
                         granted->instance,
                         found->front().kind,
                         found->front().remote_id,
                         found->front().handle,
                         found->front().profile};

    Publication wanted;
    wanted.target_id = "0193f000-0000-7000-8000-000000000001";
    wanted.account = connected.account;
    wanted.kind = "post";
    wanted.parts.resize(3);
    wanted.parts[0].text =
        "Héllo 👩‍👩‍👧‍👦 #news https://example.com/a?b=ü @" + connected.account.handle;
    wanted.parts[0].media = {picture_file("png", png(), "image/png")};
    wanted.parts[1].role = PartRole::thread;
    wanted.parts[1].index = 1;
    wanted.parts[1].text = "Two";
    wanted.parts[2].role = PartRole::first_comment;
    wanted.parts[2].text = "A comment";
    wanted.options = {{"language", "de"}, {"content_label", "nudity"}};
    wanted.frozen_at = host.now();
    for (auto const& issue : adapter.validate(wanted)) EXPECT_FALSE(issue.error) << issue.message;

    LiveRunner runner(host, adapter, connected);
    runner.add_media("png", png());
    host.lose_next_record();
    auto const decision = runner.run(wanted);
    ASSERT_TRUE(std::holds_alternative<AllDone>(decision))
        << runner.journal().back().code << " " << json::serialize(runner.journal().back().facts);
    auto const results = adapter.results(wanted, runner.journal());
    std::set<std::string> uris;
    for (auto const& result : results) {
        EXPECT_EQ(result.state, PartState::published);
        uris.insert(result.remote_id);
        EXPECT_EQ(host.run(adapter.verify(host.http(), connected.account, connected.granted.tokens,
                                          result.remote_id)),
                  Presence::live);
    }
    EXPECT_EQ(uris.size(), 3U);

    auto const listed = host.run(host.http().send(get_request(
        granted->instance + "/xrpc/com.atproto.repo.listRecords?repo=" + connected.account.remote_id +
        "&collection=app.bsky.feed.post&limit=100")));
    ASSERT_TRUE(listed);
    auto const records = json::parse(listed->body).at("records").as_array();
    EXPECT_EQ(
        std::ranges::count_if(
            records, [&](auto const& one) { return uris.contains(std::string(one.at("uri").as_string())); }),
        3);
    for (auto const& one : records) {
        if (one.at("uri").as_string() != results[0].remote_id) continue;
        auto const& value = one.at("value").as_object();
        EXPECT_EQ(value.at("text").as_string(), wanted.parts[0].text);
        EXPECT_EQ(value.at("facets").as_array().size(), 3U);  // tag, link, mention
        EXPECT_EQ(value.at("embed").at("images").as_array().size(), 1U);
    }

    auto const renewed =
        host.run(adapter.refresh(host.http(), {}, granted->instance, granted->tokens, host.now()));
    ASSERT_TRUE(std::holds_alternative<Tokens>(renewed));
    auto const& tokens = std::get<Tokens>(renewed);
    for (auto const& uri : uris) {
        EXPECT_TRUE(host.run(adapter.delete_post(host.http(), connected.account, tokens, uri)));
        EXPECT_EQ(host.run(adapter.verify(host.http(), connected.account, tokens, uri)), Presence::removed);
    }
    mypost::test::run(host.io(), adapter.revoke(host.http(), {}, granted->instance, tokens));
    EXPECT_TRUE(std::holds_alternative<RefreshRefused>(
        host.run(adapter.refresh(host.http(), {}, granted->instance, tokens, host.now()))));
}

}  // namespace
}  // namespace mypost::networks::test
