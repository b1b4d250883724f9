// Misbehaviour on request, seen from the network's side and from the caller's.
#include <gtest/gtest.h>

#include "unit/sandbox/support.hpp"

namespace mypost::sandbox::testing {

namespace {

class SandboxFaults : public ::testing::Test {
  protected:
    SandboxFaults() { bearer = sign_in("ann"); }

    std::string sign_in(std::string const& account) {
        auto const consent = bench.post_form(
            "/mastodon.example/oauth/"
            "authorize?response_type=code&client_id=sandbox&redirect_uri=https%3A%2F%2Fa.example%2F&scope="
            "read%20write",
            {{"decision", "allow"}, {"account", account}});
        return bench
            .post_form("/mastodon.example/oauth/token", {{"grant_type", "authorization_code"},
                                                         {"code", location_parameters(consent).at("code")},
                                                         {"client_id", "sandbox"},
                                                         {"client_secret", "sandbox"},
                                                         {"redirect_uri", "https://a.example/"}})
            .text("/access_token");
    }

    Answer publish(std::string const& text, std::string const& key = "") {
        Pairs headers;
        if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
        return bench.post_form("/mastodon.example/api/v1/statuses", {{"status", text}}, bearer, headers);
    }

    Bench bench;
    std::string bearer;
};

json::object create(std::string_view mode, json::object more = {}) {
    json::object fault{{"match", {{"method", "POST"}, {"path", "/api/v1/statuses"}}}, {"mode", mode}};
    for (auto& member : more) fault[member.key()] = member.value();
    return fault;
}

}  // namespace

TEST_F(SandboxFaults, answers_a_status_as_often_as_asked) {
    bench.fault("mastodon", create("status", {{"status", 503}, {"times", 2}}));
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/accounts/verify_credentials", bearer).status, 200);
    EXPECT_EQ(publish("a").status, 503);
    EXPECT_EQ(publish("a").status, 503);
    EXPECT_EQ(publish("a").status, 200);
    EXPECT_EQ(bench.posts("mastodon").size(), 1u);
}

TEST_F(SandboxFaults, answers_with_a_given_body) {
    bench.fault("mastodon", create("status", {{"status", 502}, {"body", "<html>Bad gateway</html>"}}));
    auto const answer = publish("a");
    EXPECT_EQ(answer.status, 502);
    EXPECT_EQ(answer.body, "<html>Bad gateway</html>");
    EXPECT_TRUE(answer.header("Content-Type").starts_with("text/html"));
}

TEST_F(SandboxFaults, drops_before_the_work) {
    bench.fault("mastodon", create("drop_before"));
    EXPECT_TRUE(publish("a").dropped);
    EXPECT_TRUE(bench.posts("mastodon").empty());
}

TEST_F(SandboxFaults, drops_after_the_work_and_the_key_finds_it) {
    bench.fault("mastodon", create("drop_after"));
    EXPECT_TRUE(publish("a", "k").dropped);
    ASSERT_EQ(bench.posts("mastodon").size(), 1u);
    EXPECT_EQ(publish("a", "k").text("/id"), bench.posts("mastodon")[0].at("id").as_string());
    EXPECT_EQ(bench.posts("mastodon").size(), 1u);
}

TEST_F(SandboxFaults, answers_503_after_the_work) {
    bench.fault("mastodon", create("drop_after", {{"status", 503}}));
    EXPECT_EQ(publish("a").status, 503);
    EXPECT_EQ(bench.posts("mastodon").size(), 1u);
}

TEST_F(SandboxFaults, says_when_the_limit_ends) {
    bench.fault("bluesky", json::object{{"mode", "rate_limit"}, {"delay_ms", 7'000}});
    EXPECT_EQ(bench.get("/bsky.social/xrpc/com.atproto.server.describeServer").header("Retry-After"), "7");
}

TEST_F(SandboxFaults, refuses_text_that_is_not_utf8) {
    EXPECT_EQ(publish("\xFF\xFE").status, 400);
    EXPECT_TRUE(bench.posts("mastodon").empty());
}

TEST_F(SandboxFaults, times_out_after_the_work) {
    bench.fault("mastodon", create("timeout_after", {{"delay_ms", 1}}));
    EXPECT_TRUE(publish("a").dropped);
    EXPECT_EQ(bench.posts("mastodon").size(), 1u);
}

TEST_F(SandboxFaults, is_slow_and_answers) {
    bench.fault("mastodon", create("slow", {{"delay_ms", 1}}));
    EXPECT_EQ(publish("a").status, 200);
}

TEST_F(SandboxFaults, limits_the_rate) {
    bench.fault("mastodon", create("rate_limit"));
    auto const answer = publish("a");
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.header("X-RateLimit-Remaining"), "0");
    EXPECT_TRUE(bench.posts("mastodon").empty());
}

TEST_F(SandboxFaults, revokes_in_the_middle) {
    bench.fault("mastodon", create("revoke"));
    EXPECT_EQ(publish("a").status, 401);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/accounts/verify_credentials", bearer).status, 401);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/accounts/verify_credentials", sign_in("ben")).status, 200);
}

TEST_F(SandboxFaults, takes_a_post_down_later) {
    bench.fault("mastodon", create("reject_later", {{"delay_ms", 60'000}}));
    auto const id = publish("a").text("/id");
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/statuses/" + id, bearer).status, 200);
    bench.advance(61);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/statuses/" + id, bearer).status, 404);
    EXPECT_FALSE(bench.posts("mastodon")[0].at("visible").as_bool());
}

TEST_F(SandboxFaults, matches_the_account) {
    auto const ben = sign_in("ben");
    bench.fault(
        "mastodon",
        json::object{{"match", {{"account", "ben"}}}, {"mode", "status"}, {"status", 500}, {"times", 100}});
    EXPECT_EQ(publish("a").status, 200);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/accounts/verify_credentials", ben).status, 500);
}

TEST_F(SandboxFaults, are_listed_and_cleared) {
    bench.fault("mastodon", create("drop_before", {{"times", 5}}));
    auto const list = bench.get("/_sandbox/mastodon/faults");
    EXPECT_EQ(list.text("/data/0/mode"), "drop_before");
    EXPECT_EQ(bench.get("/_sandbox/state").at("/networks/mastodon/faults/0/times").to_number<int>(), 5);
    EXPECT_EQ(bench.remove("/_sandbox/mastodon/faults").status, 204);
    EXPECT_EQ(publish("a").status, 200);
}

TEST_F(SandboxFaults, are_refused_with_every_wrong_field) {
    auto const answer = bench.post_json(
        "/_sandbox/x/faults",
        json::object{{"match", {{"verb", "GET"}}}, {"mode", "explode"}, {"times", 0}, {"colour", "red"}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.at("/errors").as_array().size(), 4u) << answer.body;
}

}  // namespace mypost::sandbox::testing
