// The control API and the pages.
#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "unit/sandbox/support.hpp"

namespace mypost::sandbox::testing {

TEST(SandboxControl, lists_networks_people_and_clock) {
    Bench bench;
    auto const state = bench.get("/_sandbox/state");
    ASSERT_EQ(state.status, 200);
    for (auto const* network : {"x", "mastodon", "bluesky"}) {
        auto const accounts = state.at("/networks/" + std::string(network) + "/accounts").as_array();
        EXPECT_GE(accounts.size(), 20u) << network;
        EXPECT_TRUE(accounts[0].as_object().contains("handle"));
    }
    EXPECT_TRUE(state.has("/networks/bluesky/accounts/0/app_password"));
    EXPECT_TRUE(parse_rfc3339(state.text("/clock/now")));
}

TEST(SandboxControl, advances_its_clock) {
    Bench bench;
    auto const before = *parse_rfc3339(bench.get("/_sandbox/clock").text("/now"));
    bench.advance(3600);
    auto const after = *parse_rfc3339(bench.get("/_sandbox/clock").text("/now"));
    EXPECT_GE(after - before, std::chrono::hours(1));
    EXPECT_EQ(bench.post_json("/_sandbox/clock", json::object{{"seconds", 1}}).status, 422);
    EXPECT_EQ(bench.post_json("/_sandbox/clock", json::object{{"advance_seconds", "soon"}})
                  .at("/errors/0/field")
                  .as_string(),
              "/advance_seconds");
}

TEST(SandboxControl, adds_accounts) {
    Bench bench;
    auto const added = bench.post_json(
        "/_sandbox/x/accounts",
        json::object{{"handle", "newbie"}, {"name", "New B"}, {"subscription_type", "Premium"}});
    EXPECT_EQ(added.status, 201) << added.body;
    EXPECT_EQ(bench.post_json("/_sandbox/x/accounts", json::object{{"handle", "newbie"}}).status, 409);
    EXPECT_EQ(
        bench.post_json("/_sandbox/x/accounts", json::object{{"handle", "much too long a name"}}).status,
        422);
    EXPECT_EQ(bench.post_json("/_sandbox/mastodon/accounts", json::object{{"handle", "zoe@only.example"}})
                  .text("/instance"),
              "only.example");
}

TEST(SandboxControl, refuses_unknown_settings_and_changes_nothing) {
    Bench bench;
    auto const answer = bench.put_json(
        "/_sandbox/x/settings",
        json::object{{"listing_lag_ms", 9}, {"switches", {{"self_replies", "no"}, {"unheard_of", 1}}}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.at("/errors").as_array().size(), 2u) << answer.body;
    EXPECT_EQ(bench.get("/_sandbox/x/settings").at("/listing_lag_ms").to_number<int>(), 2000);
}

TEST(SandboxControl, sets_limits_and_switches_them_off_and_on) {
    Bench bench;
    bench.setting("x", json::object{{"limits", {{"create_15min", 3}}}});
    EXPECT_EQ(bench.get("/_sandbox/x/settings").at("/limits/create_15min").to_number<int>(), 3);
    bench.setting("x", json::object{{"limits", "off"}});
    EXPECT_EQ(bench.get("/_sandbox/x/settings").text("/limits"), "off");
    bench.setting("x", json::object{{"limits", json::object()}});
    EXPECT_EQ(bench.get("/_sandbox/x/settings").at("/limits/create_15min").to_number<int>(), 3);
}

TEST(SandboxControl, logs_requests_without_secrets) {
    Bench bench;
    bench.post_form("/api.x.com/2/oauth2/token",
                    {{"grant_type", "refresh_token"}, {"refresh_token", "very-secret"}}, "",
                    {{"Authorization", "Basic c2VjcmV0"}});
    bench.get("/api.x.com/2/users/me?code=very-secret", "very-secret-token");
    auto const log = bench.get("/_sandbox/x/requests");
    ASSERT_EQ(log.at("/data").as_array().size(), 2u);
    EXPECT_EQ(log.body.find("very-secret"), std::string::npos);
    EXPECT_EQ(log.body.find("c2VjcmV0"), std::string::npos);
    EXPECT_EQ(log.text("/data/0/method"), "POST");
    EXPECT_EQ(log.at("/data/1/answer/status").to_number<int>(), 401);
    EXPECT_EQ(bench.get("/_sandbox/x/requests?since=1").at("/data").as_array().size(), 1u);
}

TEST(SandboxControl, resets_everything) {
    Bench bench;
    bench.advance(1000);
    bench.setting("x", json::object{{"listing_lag_ms", 5}});
    bench.post_json("/_sandbox/x/accounts", json::object{{"handle", "newbie"}});
    bench.fault("x", json::object{{"mode", "drop_before"}});
    auto const state = bench.post_json("/_sandbox/reset", nullptr);
    EXPECT_EQ(state.at("/clock/offset_seconds").to_number<int>(), 0);
    EXPECT_EQ(state.at("/networks/x/faults").as_array().size(), 0u);
    EXPECT_EQ(state.at("/networks/x/settings/listing_lag_ms").to_number<int>(), 2000);
    EXPECT_EQ(state.body.find("newbie"), std::string::npos);
}

TEST(SandboxControl, delays_by_latency) {
    Bench bench;
    EXPECT_EQ(bench.post_json("/_sandbox/x/latency", json::object{{"ms", 2}, {"jitter_ms", 2}})
                  .at("/latency/ms")
                  .to_number<int>(),
              2);
    EXPECT_EQ(bench.get("/api.x.com/2/users/me").status, 401);
    EXPECT_EQ(bench.post_json("/_sandbox/x/latency", json::object{{"ms", -1}}).status, 422);
}

TEST(SandboxControl, says_what_it_does_not_have) {
    Bench bench;
    EXPECT_EQ(bench.get("/_sandbox/nothing").status, 404);
    EXPECT_EQ(bench.get("/_sandbox/tiktok/posts").status, 404);
    EXPECT_EQ(bench.get("/graph").status, 404);
    EXPECT_EQ(bench.post_json("/_sandbox/x/faults", nullptr).status, 422);
    EXPECT_EQ(bench.send({http::Method::post, "/_sandbox/x/faults", "{", "application/json", "", {}}).status,
              400);
}

TEST(SandboxPages, show_posts_escaped) {
    Bench bench;
    auto const consent = bench.post_form(
        "/mastodon.example/oauth/"
        "authorize?response_type=code&client_id=sandbox&redirect_uri=https%3A%2F%2Fa.example%2F&scope=read%"
        "20write",
        {{"decision", "allow"}});
    auto const bearer =
        bench
            .post_form("/mastodon.example/oauth/token", {{"grant_type", "authorization_code"},
                                                         {"code", location_parameters(consent).at("code")},
                                                         {"client_id", "sandbox"},
                                                         {"client_secret", "sandbox"},
                                                         {"redirect_uri", "https://a.example/"}})
            .text("/access_token");
    auto const media =
        bench
            .upload("/mastodon.example/api/v2/media",
                    {{"file", png(5, 5), "a.png", ""}, {"description", "alt \"><script>", "", ""}}, bearer)
            .text("/id");
    auto const id = bench
                        .post_form("/mastodon.example/api/v1/statuses",
                                   {{"status", "<script>alert(1)</script> https://example.com/\"x"},
                                    {"media_ids[]", media}},
                                   bearer)
                        .text("/id");
    for (auto const& target : {std::string("/"), std::string("/mastodon"), std::string("/mastodon/ann"),
                               std::string("/mastodon/ann@mastodon.example"), "/mastodon.example/@ann/" + id,
                               std::string("/mastodon.example/@ann")}) {
        auto const page = bench.get(target);
        EXPECT_EQ(page.status, 200) << target;
        EXPECT_NE(page.body.find("&lt;script&gt;alert(1)"), std::string::npos) << target;
        EXPECT_EQ(page.body.find("<script>"), std::string::npos) << target;
        EXPECT_NE(page.body.find("Simulated network"), std::string::npos) << target;
        EXPECT_FALSE(page.header("Content-Security-Policy").empty());
    }
    auto const sha = bench.posts("mastodon")[0].at("media").at(0).at("sha256").as_string();
    auto const picture = bench.get("/_sandbox/media/" + std::string(sha));
    EXPECT_EQ(picture.body, png(5, 5));
    EXPECT_EQ(picture.header("Content-Type"), "image/png");
    EXPECT_EQ(bench.get("/_sandbox/media/..%2F..%2Fetc%2Fpasswd").status, 404);
}

TEST(SandboxPages, say_so_when_there_is_nothing) {
    Bench bench;
    EXPECT_EQ(bench.get("/x/nobody").status, 404);
    EXPECT_EQ(bench.get("/x.com/annkeller/status/1").status, 404);
    EXPECT_EQ(bench.get("/x/annkeller").status, 200);
    EXPECT_EQ(bench.get("/x").status, 200);
}

}  // namespace mypost::sandbox::testing
