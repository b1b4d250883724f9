// The state file.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "unit/sandbox/support.hpp"

namespace mypost::sandbox::testing {

namespace {

std::string sign_in(Bench& bench) {
    auto const consent = bench.post_form(
        "/mastodon.example/oauth/"
        "authorize?response_type=code&client_id=sandbox&redirect_uri=https%3A%2F%2Fa.example%2F&scope=read%"
        "20write",
        {{"decision", "allow"}});
    return bench
        .post_form("/mastodon.example/oauth/token", {{"grant_type", "authorization_code"},
                                                     {"code", location_parameters(consent).at("code")},
                                                     {"client_id", "sandbox"},
                                                     {"client_secret", "sandbox"},
                                                     {"redirect_uri", "https://a.example/"}})
        .text("/access_token");
}

}  // namespace

TEST(SandboxState, survives_a_restart) {
    TemporaryFolder folder;
    auto const file = folder.path("sandbox.json");
    std::string bearer, media, id;
    {
        Bench bench(file);
        bench.advance(500);
        bench.setting("x", json::object{{"limits", "off"}, {"listing_lag_ms", 77}});
        bench.fault("x", json::object{{"mode", "status"}, {"status", 500}, {"times", 9}});
        bearer = sign_in(bench);
        media = bench.upload("/mastodon.example/api/v2/media", {{"file", png(6, 6), "a.png", ""}}, bearer)
                    .text("/id");
        id = bench
                 .post_form("/mastodon.example/api/v1/statuses", {{"status", "kept"}, {"media_ids[]", media}},
                            bearer, {{"Idempotency-Key", "k"}})
                 .text("/id");
        bench.sandbox().save();
    }
    EXPECT_EQ(std::filesystem::status(file).permissions() & std::filesystem::perms::mask,
              std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    Bench bench(file);
    EXPECT_GE(bench.get("/_sandbox/clock").at("/offset_seconds").to_number<int>(), 500);
    EXPECT_EQ(bench.get("/_sandbox/x/settings").text("/limits"), "off");
    EXPECT_EQ(bench.get("/_sandbox/x/settings").at("/listing_lag_ms").to_number<int>(), 77);
    EXPECT_EQ(bench.get("/_sandbox/x/faults").at("/data/0/times").to_number<int>(), 9);
    auto const status = bench.get("/mastodon.example/api/v1/statuses/" + id, bearer);
    EXPECT_EQ(status.text("/media_attachments/0/id"), media);
    auto const again = bench.post_form("/mastodon.example/api/v1/statuses", {{"status", "kept"}}, bearer,
                                       {{"Idempotency-Key", "k"}});
    EXPECT_EQ(again.text("/id"), id);
    auto const sha = bench.posts("mastodon")[0].at("media").at(0).at("sha256").as_string();
    EXPECT_EQ(bench.get("/_sandbox/media/" + std::string(sha)).body, png(6, 6));
}

TEST(SandboxState, is_saved_when_the_sandbox_ends) {
    TemporaryFolder folder;
    auto const file = folder.path("sandbox.json");
    {
        Bench(file).advance(42);
    }
    Bench bench(file);
    EXPECT_EQ(bench.get("/_sandbox/clock").at("/offset_seconds").to_number<int>(), 42);
}

TEST(SandboxState, refuses_a_file_that_is_none) {
    TemporaryFolder folder;
    auto const file = folder.path("sandbox.json");
    std::ofstream(file) << "{\"version\":1";
    EXPECT_THROW(Bench{file}, std::runtime_error);
    std::ofstream(file) << "{\"version\":99}";
    EXPECT_THROW(Bench{file}, std::runtime_error);
}

}  // namespace mypost::sandbox::testing
