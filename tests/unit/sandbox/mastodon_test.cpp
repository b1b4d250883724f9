// The simulated Mastodon servers by the rules of Mastodon's documentation.
#include <gtest/gtest.h>

#include "core/clock.hpp"
#include "core/encoding.hpp"
#include "sandbox/framework/digest.hpp"
#include "unit/sandbox/support.hpp"

namespace mypost::sandbox::testing {

namespace {

constexpr char const* redirect = "http://127.0.0.1:8080/callback";
constexpr char const* all_scopes = "read:accounts read:statuses write:statuses write:media";

class MastodonSandbox : public ::testing::Test {
  protected:
    std::string base(std::string_view host = "mastodon.example") const { return "/" + std::string(host); }

    Answer register_app(std::string host, std::string scopes = all_scopes) {
        return bench.post_form(
            base(host) + "/api/v1/apps",
            {{"client_name", "Test"}, {"redirect_uris", redirect}, {"scopes", std::move(scopes)}});
    }

    std::string authorize_url(std::string const& host, std::string const& client_id,
                              std::string const& scopes, std::string const& more = "") {
        return base(host) + "/oauth/authorize?response_type=code&client_id=" + client_id +
               "&redirect_uri=" + percent_encode(redirect) + "&scope=" + percent_encode(scopes) +
               "&state=s1" + more;
    }

    // A token of `account` on `host`.
    std::string token(std::string const& account = "ann", std::string const& host = "mastodon.example",
                      std::string const& scopes = all_scopes) {
        auto const app = register_app(host, scopes);
        auto const consent = bench.post_form(authorize_url(host, app.text("/client_id"), scopes),
                                             {{"decision", "allow"}, {"account", account}});
        auto const code = location_parameters(consent).at("code");
        return bench
            .post_form(base(host) + "/oauth/token", {{"grant_type", "authorization_code"},
                                                     {"code", code},
                                                     {"client_id", app.text("/client_id")},
                                                     {"client_secret", app.text("/client_secret")},
                                                     {"redirect_uri", redirect}})
            .text("/access_token");
    }

    Answer publish(std::string const& text, std::string const& bearer, std::string const& key = "",
                   Pairs more = {}, std::string host = "mastodon.example") {
        Pairs fields{{"status", text}};
        fields.insert(fields.end(), more.begin(), more.end());
        Pairs headers;
        if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
        return bench.post_form(base(host) + "/api/v1/statuses", fields, bearer, headers);
    }

    Answer upload(std::string bytes, std::string const& bearer, std::string description = "") {
        std::vector<UploadPart> parts{{"file", std::move(bytes), "a.bin", "image/png"}};
        if (!description.empty()) parts.push_back({"description", std::move(description), "", ""});
        return bench.upload("/mastodon.example/api/v2/media", parts, bearer);
    }

    Bench bench;
};

}  // namespace

TEST_F(MastodonSandbox, registers_an_app_per_instance) {
    auto const app = register_app("mastodon.example");
    ASSERT_EQ(app.status, 200) << app.body;
    EXPECT_EQ(app.at("/redirect_uris/0").as_string(), redirect);
    auto const elsewhere = bench.get(authorize_url("other.example", app.text("/client_id"), "read:accounts"));
    EXPECT_EQ(elsewhere.status, 401);
}

TEST_F(MastodonSandbox, refuses_an_app_with_a_relative_redirect) {
    auto const app =
        bench.post_form("/mastodon.example/api/v1/apps", {{"client_name", "T"}, {"redirect_uris", "/cb"}});
    EXPECT_EQ(app.status, 422);
    EXPECT_EQ(app.text("/error"), "Validation failed: Redirect URI must be an absolute URI.");
}

TEST_F(MastodonSandbox, takes_redirect_uris_as_json_array) {
    auto const app = bench.post_json(
        "/mastodon.example/api/v1/apps",
        json::object{{"client_name", "T"}, {"redirect_uris", {redirect, "https://b.example/cb"}}});
    ASSERT_EQ(app.status, 200);
    EXPECT_EQ(app.at("/redirect_uris").as_array().size(), 2u);
}

TEST_F(MastodonSandbox, offers_discovery_from_4_3_on) {
    EXPECT_EQ(bench.get("/mastodon.example/.well-known/oauth-authorization-server").text("/token_endpoint"),
              "https://mastodon.example/oauth/token");
    EXPECT_EQ(bench.get("/old.example/.well-known/oauth-authorization-server").status, 404);
}

TEST_F(MastodonSandbox, refuses_scopes_beyond_the_registered_ones) {
    auto const app = register_app("mastodon.example", "read:accounts");
    auto const refused =
        bench.get(authorize_url("mastodon.example", app.text("/client_id"), "read:accounts write:statuses"));
    EXPECT_EQ(refused.status, 302);
    EXPECT_EQ(location_parameters(refused).at("error"), "invalid_scope");
    EXPECT_EQ(location_parameters(refused).at("state"), "s1");
}

TEST_F(MastodonSandbox, shows_a_consent_form_and_takes_no_for_an_answer) {
    auto const app = register_app("mastodon.example");
    auto const url = authorize_url("mastodon.example", app.text("/client_id"), "read:accounts");
    auto const form = bench.get(url);
    EXPECT_EQ(form.status, 200);
    EXPECT_NE(form.body.find("name=\"account\" value=\"ann\" checked"), std::string::npos);
    auto const denied = bench.post_form(url, {{"decision", "deny"}});
    EXPECT_EQ(location_parameters(denied).at("error"), "access_denied");
}

TEST_F(MastodonSandbox, checks_pkce_when_it_is_used) {
    auto const app = register_app("mastodon.example");
    std::string const verifier(50, 'v');
    auto const challenge = base64url_encode(sha256(verifier));
    auto const url = authorize_url("mastodon.example", app.text("/client_id"), "read:accounts",
                                   "&code_challenge_method=S256&code_challenge=" + challenge);
    auto const exchange = [&](std::string const& given) {
        auto const code = location_parameters(bench.post_form(url, {{"decision", "allow"}})).at("code");
        return bench.post_form("/mastodon.example/oauth/token",
                               {{"grant_type", "authorization_code"},
                                {"code", code},
                                {"client_id", app.text("/client_id")},
                                {"client_secret", app.text("/client_secret")},
                                {"redirect_uri", redirect},
                                {"code_verifier", given}});
    };
    EXPECT_EQ(exchange(std::string(50, 'x')).text("/error"), "invalid_grant");
    EXPECT_EQ(exchange(verifier).status, 200);
}

TEST_F(MastodonSandbox, takes_a_code_once_and_only_with_its_redirect) {
    auto const app = register_app("mastodon.example");
    auto const consent = bench.post_form(
        authorize_url("mastodon.example", app.text("/client_id"), "read:accounts"), {{"decision", "allow"}});
    Pairs fields{{"grant_type", "authorization_code"},
                 {"code", location_parameters(consent).at("code")},
                 {"client_id", app.text("/client_id")},
                 {"client_secret", app.text("/client_secret")},
                 {"redirect_uri", "https://evil.example/"}};
    EXPECT_EQ(bench.post_form("/mastodon.example/oauth/token", fields).text("/error"), "invalid_grant");
    fields.back().second = redirect;
    auto const granted = bench.post_form("/mastodon.example/oauth/token", fields);
    ASSERT_EQ(granted.status, 200) << granted.body;
    EXPECT_FALSE(granted.has("/expires_in"));
    EXPECT_FALSE(granted.has("/refresh_token"));
    EXPECT_EQ(bench.post_form("/mastodon.example/oauth/token", fields).status, 400);
    fields[3].second = "wrong";
    EXPECT_EQ(bench.post_form("/mastodon.example/oauth/token", fields).text("/error"), "invalid_client");
}

TEST_F(MastodonSandbox, keeps_tokens_alive_until_they_are_revoked) {
    auto const app = register_app("mastodon.example");
    auto const bearer = token("ben");
    bench.advance(400.0 * 86'400);
    auto const me = bench.get("/mastodon.example/api/v1/accounts/verify_credentials", bearer);
    EXPECT_EQ(me.text("/username"), "ben");
    EXPECT_EQ(me.text("/source/privacy"), "public");
    EXPECT_EQ(bench
                  .post_form("/mastodon.example/oauth/revoke", {{"client_id", app.text("/client_id")},
                                                                {"client_secret", app.text("/client_secret")},
                                                                {"token", bearer}})
                  .status,
              403);
    bench.fault("mastodon", json::object{{"match", {{"account", "ben"}}}, {"mode", "revoke"}});
    auto const dead = bench.get("/mastodon.example/api/v1/accounts/verify_credentials", bearer);
    EXPECT_EQ(dead.status, 401);
    EXPECT_EQ(dead.text("/error"), "The access token was revoked");
}

TEST_F(MastodonSandbox, guards_endpoints_by_scope) {
    auto const bearer = token("ann", "mastodon.example", "read:accounts");
    auto const refused = publish("hello", bearer);
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.text("/error"), "This action is outside the authorized scopes");
    EXPECT_EQ(publish("hello", "").text("/error"), "This API requires an authenticated user");
    EXPECT_EQ(publish("hello", "nonsense").text("/error"), "The access token is invalid");
    EXPECT_TRUE(bench.posts("mastodon").empty());
}

TEST_F(MastodonSandbox, publishes_with_html_content) {
    auto const status = publish("Hi <b> & @ben see https://example.com/a?b=1 #News\n\nbye", token());
    ASSERT_EQ(status.status, 200) << status.body;
    auto const content = status.text("/content");
    EXPECT_NE(content.find("<p>Hi &lt;b&gt; &amp; "), std::string::npos) << content;
    EXPECT_NE(content.find("href=\"https://example.com/a?b=1\""), std::string::npos) << content;
    EXPECT_NE(content.find("https://mastodon.example/tags/News"), std::string::npos) << content;
    EXPECT_NE(content.find("</p><p>bye</p>"), std::string::npos) << content;
    EXPECT_EQ(status.text("/mentions/0/username"), "ben");
    EXPECT_EQ(status.text("/url"), "https://mastodon.example/@ann/" + status.text("/id"));
    EXPECT_EQ(status.text("/application/name"), "Test");
    EXPECT_EQ(bench.get("/mastodon.example/@ann/" + status.text("/id")).status, 200);
}

TEST_F(MastodonSandbox, gives_ids_that_rise) {
    auto const bearer = token();
    std::string last;
    for (int i = 0; i < 20; ++i) {
        auto const id = publish("post " + std::to_string(i), bearer).text("/id");
        EXPECT_GT(id, last);
        last = id;
    }
}

TEST_F(MastodonSandbox, counts_text_and_warning_together_links_as_23_and_mentions_short) {
    auto const bearer = token();
    EXPECT_EQ(publish(std::string(500, 'x'), bearer).status, 200);
    EXPECT_EQ(publish(std::string(501, 'x'), bearer).text("/error"),
              "Validation failed: Text character limit of 500 exceeded");
    EXPECT_EQ(publish(std::string(491, 'x'), bearer, "", {{"spoiler_text", "0123456789"}}).status, 422);
    EXPECT_EQ(publish(std::string(476, 'x') + " https://example.com/" + std::string(300, 'y'), bearer).status,
              200);
    EXPECT_EQ(publish(std::string(495, 'x') + " @ann@a-long-host-name.example", bearer).status, 200);
    std::string families;
    for (int i = 0; i < 500; ++i) families += "👨‍👩‍👧‍👦";
    EXPECT_EQ(publish(families, bearer).status, 200);
}

TEST_F(MastodonSandbox, needs_text_or_media) {
    auto const bearer = token();
    EXPECT_EQ(publish("  \n ", bearer).text("/error"), "Validation failed: Text can't be blank");
    auto const picture = upload(png(4, 4), bearer).text("/id");
    EXPECT_EQ(publish("", bearer, "", {{"media_ids[]", picture}}).status, 200);
}

TEST_F(MastodonSandbox, repeats_the_first_answer_for_an_hour) {
    auto const bearer = token();
    auto const first = publish("one", bearer, "k1");
    auto const again = publish("another body", bearer, "k1");
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.text("/id"), first.text("/id"));
    EXPECT_EQ(publish("one", token("ben"), "k1").text("/account/username"), "ben");
    EXPECT_EQ(bench.posts("mastodon", "ann").size(), 1u);
    bench.advance(3601);
    EXPECT_NE(publish("one", bearer, "k1").text("/id"), first.text("/id"));
    EXPECT_EQ(bench.posts("mastodon", "ann").size(), 2u);
}

TEST_F(MastodonSandbox, answers_404_to_a_repeat_whose_status_was_deleted) {
    auto const bearer = token();
    auto const id = publish("one", bearer, "k1").text("/id");
    EXPECT_EQ(bench.remove("/mastodon.example/api/v1/statuses/" + id, bearer).text("/text"), "one");
    EXPECT_EQ(publish("one", bearer, "k1").status, 404);
}

TEST_F(MastodonSandbox, treats_concurrent_twins_by_the_lock_switch) {
    auto const bearer = token();
    bench.setting("mastodon", json::object{{"switches", {{"idempotency_race_ms", 60'000}}}});
    publish("one", bearer, "k1");
    EXPECT_EQ(publish("one", bearer, "k1").status, 503);
    bench.setting("mastodon", json::object{{"switches", {{"idempotency_lock", false}}}});
    EXPECT_EQ(publish("one", bearer, "k1").status, 200);
    EXPECT_EQ(bench.posts("mastodon").size(), 2u);
}

TEST_F(MastodonSandbox, takes_images_at_once_and_describes_them) {
    auto const bearer = token();
    auto const media = upload(png(30, 20), bearer, "a grey square");
    ASSERT_EQ(media.status, 200) << media.body;
    EXPECT_EQ(media.text("/type"), "image");
    EXPECT_EQ(media.at("/meta/original/width").to_number<int>(), 30);
    EXPECT_EQ(media.text("/description"), "a grey square");
    auto const id = media.text("/id");
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/media/" + id, bearer).status, 200);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/media/" + id, token("ben")).status, 404);
    auto const status = publish("look", bearer, "", {{"media_ids[]", id}});
    EXPECT_EQ(status.text("/media_attachments/0/id"), id);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/media/" + id, bearer).status, 404);
    EXPECT_EQ(publish("again", bearer, "", {{"media_ids[]", id}}).status, 422);
    auto const posts = bench.posts("mastodon");
    EXPECT_EQ(posts[0].at("media").at(0).at("alt").as_string(), "a grey square");
    EXPECT_EQ(posts[0].at("media").at(0).at("sha256").as_string(), sha256_hex(png(30, 20)));
}

TEST_F(MastodonSandbox, processes_video_before_it_can_be_posted) {
    auto const bearer = token();
    auto const media = upload(mp4(), bearer);
    ASSERT_EQ(media.status, 202) << media.body;
    EXPECT_TRUE(media.at("/url").is_null());
    auto const id = media.text("/id");
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/media/" + id, bearer).status, 206);
    EXPECT_EQ(
        publish("v", bearer, "", {{"media_ids[]", id}}).text("/error"),
        "Validation failed: Cannot attach files that have not finished processing. Try again in a moment!");
    bench.advance(4);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/media/" + id, bearer).status, 200);
    auto const picture = upload(png(4, 4), bearer).text("/id");
    EXPECT_EQ(publish("mixed", bearer, "", {{"media_ids[]", picture}, {"media_ids[]", id}}).text("/error"),
              "Validation failed: Cannot attach a video to a post that already contains images");
    EXPECT_EQ(publish("v", bearer, "", {{"media_ids[]", id}}).status, 200);
}

TEST_F(MastodonSandbox, lets_processing_fail_or_hang_on_request) {
    auto const bearer = token();
    bench.fault("mastodon", json::object{{"mode", "processing_failed"}});
    auto const failed = upload(mp4(), bearer).text("/id");
    bench.fault("mastodon", json::object{{"mode", "processing_stuck"}});
    auto const stuck = upload(mp4(), bearer).text("/id");
    bench.advance(3600);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/media/" + failed, bearer).status, 422);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/media/" + stuck, bearer).status, 206);
}

TEST_F(MastodonSandbox, refuses_files_that_are_not_what_they_should_be) {
    auto const bearer = token();
    EXPECT_EQ(upload("not a picture", bearer).text("/error"),
              "Validation failed: File content type is invalid, File is invalid");
    EXPECT_EQ(upload(png(50, 50).substr(0, 60), bearer).status, 422);
    EXPECT_EQ(upload(png(7000, 5000), bearer).status, 422);
    EXPECT_EQ(upload(png(4, 4), bearer, std::string(1501, 'd')).text("/error"),
              "Validation failed: Description is too long (maximum is 1500 characters)");
    EXPECT_EQ(bench
                  .upload("/mastodon.example/api/v2/media",
                          {{"file", png(4, 4), "a.png", ""}, {"focus", "2,0", "", ""}}, bearer)
                  .status,
              422);
}

TEST_F(MastodonSandbox, vacuums_unattached_media_after_a_day) {
    auto const bearer = token();
    auto const id = upload(png(4, 4), bearer).text("/id");
    bench.advance(86'401);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/media/" + id, bearer).status, 404);
    EXPECT_EQ(publish("late", bearer, "", {{"media_ids[]", id}}).status, 422);
}

TEST_F(MastodonSandbox, limits_attachments_as_the_instance_says) {
    auto const bearer = token();
    Pairs media;
    for (int i = 0; i < 5; ++i) media.emplace_back("media_ids[]", upload(png(4, 4), bearer).text("/id"));
    EXPECT_EQ(publish("five", bearer, "", media).text("/error"),
              "Validation failed: Cannot attach more than 4 files");
    media.pop_back();
    EXPECT_EQ(publish("four", bearer, "", media).status, 200);
}

TEST_F(MastodonSandbox, threads_posts_and_refuses_missing_parents) {
    auto const bearer = token();
    auto const first = publish("1/2", bearer).text("/id");
    auto const second = publish("2/2", bearer, "", {{"in_reply_to_id", first}});
    EXPECT_EQ(second.text("/in_reply_to_id"), first);
    EXPECT_EQ(publish("x", bearer, "", {{"in_reply_to_id", "1"}}).status, 404);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/statuses/" + first + "/context", bearer)
                  .text("/descendants/0/id"),
              second.text("/id"));
    EXPECT_EQ(bench.posts("mastodon")[1].at("parent_id").as_string(), first);
}

TEST_F(MastodonSandbox, checks_polls) {
    auto const bearer = token();
    auto const with = [&](Pairs poll) { return publish("which?", bearer, "", std::move(poll)); };
    auto const ok = with({{"poll[options][]", "a"}, {"poll[options][]", "b"}, {"poll[expires_in]", "3600"}});
    ASSERT_EQ(ok.status, 200) << ok.body;
    EXPECT_EQ(ok.text("/poll/options/1/title"), "b");
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/polls/" + ok.text("/poll/id"), bearer).status, 200);
    EXPECT_EQ(with({{"poll[options][]", "a"}, {"poll[expires_in]", "3600"}}).status, 422);
    EXPECT_EQ(with({{"poll[options][]", "a"}, {"poll[options][]", "b"}, {"poll[expires_in]", "60"}}).status,
              422);
    EXPECT_EQ(with({{"poll[options][]", std::string(51, 'a')},
                    {"poll[options][]", "b"},
                    {"poll[expires_in]", "3600"}})
                  .status,
              422);
    auto const picture = upload(png(4, 4), bearer).text("/id");
    EXPECT_EQ(with({{"poll[options][]", "a"},
                    {"poll[options][]", "b"},
                    {"poll[expires_in]", "3600"},
                    {"media_ids[]", picture}})
                  .status,
              422);
}

TEST_F(MastodonSandbox, accepts_json_bodies_too) {
    auto const bearer = token();
    auto const id = upload(png(4, 4), bearer).text("/id");
    auto const status =
        bench.post_json("/mastodon.example/api/v1/statuses",
                        json::object{{"status", "json"}, {"media_ids", {id}}, {"sensitive", true}}, bearer);
    ASSERT_EQ(status.status, 200) << status.body;
    EXPECT_TRUE(status.at("/sensitive").as_bool());
}

TEST_F(MastodonSandbox, lists_statuses_newest_first_with_links) {
    auto const bearer = token();
    std::vector<std::string> ids;
    for (int i = 0; i < 5; ++i) ids.push_back(publish("post " + std::to_string(i), bearer).text("/id"));
    auto const me = bench.get("/mastodon.example/api/v1/accounts/verify_credentials", bearer).text("/id");
    auto const list = "/mastodon.example/api/v1/accounts/" + me + "/statuses";
    auto const page = bench.get(list + "?limit=2", bearer);
    EXPECT_EQ(page.text("/0/id"), ids[4]);
    EXPECT_NE(page.header("Link").find("max_id=" + ids[3] + ">; rel=\"next\""), std::string::npos)
        << page.header("Link");
    EXPECT_EQ(bench.get(list + "?limit=2&max_id=" + ids[3], bearer).text("/0/id"), ids[2]);
    EXPECT_EQ(bench.get(list + "?limit=2&min_id=" + ids[0], bearer).text("/0/id"), ids[2]);
    EXPECT_EQ(bench.get(list + "?limit=2&since_id=" + ids[0], bearer).text("/0/id"), ids[4]);
    bench.setting("mastodon", json::object{{"listing_lag_ms", 60'000}});
    EXPECT_EQ(bench.get(list, bearer).json.as_array().size(), 0u);
    bench.advance(61);
    EXPECT_EQ(bench.get(list, bearer).json.as_array().size(), 5u);
}

TEST_F(MastodonSandbox, shows_private_posts_to_their_author_only) {
    auto const bearer = token();
    auto const id = publish("secret", bearer, "", {{"visibility", "private"}}).text("/id");
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/statuses/" + id, bearer).status, 200);
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/statuses/" + id, token("ben")).status, 404);
    EXPECT_EQ(publish("x", bearer, "", {{"visibility", "everyone"}}).status, 422);
}

TEST_F(MastodonSandbox, reads_in_batches_from_4_3_on) {
    auto const bearer = token();
    auto const id = publish("one", bearer).text("/id");
    auto const batch = bench.get("/mastodon.example/api/v1/statuses?id[]=" + id + "&id[]=1", bearer);
    ASSERT_EQ(batch.json.as_array().size(), 1u);
    EXPECT_EQ(bench.get("/old.example/api/v1/statuses?id[]=1", token("ann", "old.example")).status, 404);
}

TEST_F(MastodonSandbox, edits_statuses) {
    auto const bearer = token();
    auto const id = publish("tpyo", bearer).text("/id");
    auto const edited =
        bench.put_json("/mastodon.example/api/v1/statuses/" + id, json::object{{"status", "typo"}}, bearer);
    ASSERT_EQ(edited.status, 200) << edited.body;
    EXPECT_FALSE(edited.at("/edited_at").is_null());
    EXPECT_EQ(bench.get("/mastodon.example/api/v1/statuses/" + id + "/source", bearer).text("/text"), "typo");
    EXPECT_EQ(
        bench.put_json("/mastodon.example/api/v1/statuses/" + id, json::object{{"status", "x"}}, token("ben"))
            .status,
        404);
}

TEST_F(MastodonSandbox, has_servers_that_differ) {
    EXPECT_EQ(bench.get("/mastodon.example/api/v2/instance")
                  .at("/configuration/statuses/max_characters")
                  .to_number<int>(),
              500);
    EXPECT_EQ(bench.get("/big.example/api/v2/instance")
                  .at("/configuration/statuses/max_characters")
                  .to_number<int>(),
              5000);
    EXPECT_EQ(bench.get("/old.example/api/v1/instance").text("/version"), "4.2.20");
    auto const status = publish("opaque", token("ann", "gotosocial.example"), "", {}, "gotosocial.example");
    EXPECT_EQ(status.text("/id").size(), 26u);
    EXPECT_NE(status.text("/id").find_first_not_of("0123456789"), std::string::npos);
    EXPECT_EQ(publish(std::string(201, 'x'), token("ann", "tiny.example"), "", {}, "tiny.example").status,
              422);
    bench.setting("mastodon",
                  json::object{{"switches", {{"instances", {{"own.example", {{"max_characters", 7}}}}}}}});
    EXPECT_EQ(bench.get("/own.example/api/v2/instance")
                  .at("/configuration/statuses/max_characters")
                  .to_number<int>(),
              7);
}

TEST_F(MastodonSandbox, limits_new_statuses_and_says_when_it_ends) {
    auto const bearer = token();
    bench.setting("mastodon", json::object{{"limits", {{"statuses_3h", 2}}}});
    auto const first = publish("1", bearer);
    EXPECT_EQ(first.header("X-RateLimit-Limit"), "2");
    EXPECT_EQ(first.header("X-RateLimit-Remaining"), "1");
    EXPECT_TRUE(parse_rfc3339(first.header("X-RateLimit-Reset")));
    publish("2", bearer);
    auto const third = publish("3", bearer);
    EXPECT_EQ(third.status, 429);
    EXPECT_EQ(third.text("/error"), "Too many requests");
    bench.advance(3 * 3600 + 1);
    EXPECT_EQ(publish("3", bearer).status, 200);
    bench.setting("mastodon", json::object{{"limits", "off"}});
    for (int i = 0; i < 10; ++i) EXPECT_EQ(publish("free " + std::to_string(i), bearer).status, 200);
}

TEST_F(MastodonSandbox, limits_uploads) {
    auto const bearer = token();
    for (int i = 0; i < 30; ++i) ASSERT_EQ(upload(png(2, 2), bearer).status, 200);
    EXPECT_EQ(upload(png(2, 2), bearer).status, 429);
}

}  // namespace mypost::sandbox::testing
