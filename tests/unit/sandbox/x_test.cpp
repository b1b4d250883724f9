// The simulated X by the rules of its documentation.
#include <gtest/gtest.h>

#include "core/encoding.hpp"
#include "sandbox/framework/digest.hpp"
#include "sandbox/x/x.hpp"
#include "unit/sandbox/support.hpp"

namespace mypost::sandbox::testing {

namespace {

constexpr char const* redirect = "http://127.0.0.1:8080/callback";
constexpr char const* all_scopes = "tweet.read tweet.write users.read media.write offline.access";
std::string const verifier(60, 'v');

class XSandbox : public ::testing::Test {
  protected:
    static std::string authorize_url(std::string const& redirect_uri = redirect,
                                     std::string const& scope = all_scopes,
                                     std::string const& method = "S256") {
        auto const challenge = method == "plain" ? verifier : base64url_encode(sha256(verifier));
        return "/x.com/i/oauth2/authorize?response_type=code&client_id=sandbox&redirect_uri=" +
               percent_encode(redirect_uri) + "&scope=" + percent_encode(scope) +
               "&state=st&code_challenge=" + challenge + "&code_challenge_method=" + method;
    }

    std::string code(std::string const& account = "annkeller", std::string const& scope = all_scopes) {
        return location_parameters(bench.post_form(authorize_url(redirect, scope),
                                                   {{"decision", "allow"}, {"account", account}}))
            .at("code");
    }

    Answer token_call(Pairs fields) {
        return bench.post_form("/api.x.com/2/oauth2/token", fields, "",
                               {{"Authorization", "Basic " + base64_encode("sandbox:sandbox")}});
    }

    Answer exchange(std::string const& given, std::string const& given_verifier = verifier,
                    std::string const& redirect_uri = redirect) {
        return token_call({{"grant_type", "authorization_code"},
                           {"code", given},
                           {"redirect_uri", redirect_uri},
                           {"code_verifier", given_verifier}});
    }

    std::string token(std::string const& account = "annkeller", std::string const& scope = all_scopes) {
        return exchange(code(account, scope)).text("/access_token");
    }

    Answer publish(json::object body, std::string const& bearer) {
        return bench.post_json("/api.x.com/2/tweets", body, bearer);
    }
    Answer publish(std::string const& text, std::string const& bearer) {
        return publish(json::object{{"text", text}}, bearer);
    }

    Answer upload(std::string bytes, std::string const& bearer) {
        return bench.upload(
            "/api.x.com/2/media/upload",
            {{"media", std::move(bytes), "a.png", ""}, {"media_category", "tweet_image", "", ""}}, bearer);
    }

    std::string chunked(std::string const& bytes, std::string const& bearer, std::string const& type,
                        std::string const& category) {
        auto const id = bench
                            .post_json("/api.x.com/2/media/upload/initialize",
                                       json::object{{"media_type", type},
                                                    {"total_bytes", bytes.size()},
                                                    {"media_category", category}},
                                       bearer)
                            .text("/data/id");
        auto const half = bytes.size() / 2;
        append(id, "0", bytes.substr(0, half), bearer);
        append(id, "1", bytes.substr(half), bearer);
        return id;
    }

    Answer append(std::string const& id, std::string const& index, std::string bytes,
                  std::string const& bearer) {
        return bench.upload("/api.x.com/2/media/upload/" + id + "/append",
                            {{"segment_index", index, "", ""}, {"media", std::move(bytes), "blob", ""}},
                            bearer);
    }

    Answer finalize(std::string const& id, std::string const& bearer) {
        return bench.post_form("/api.x.com/2/media/upload/" + id + "/finalize", {}, bearer);
    }
    Answer media_state(std::string const& id, std::string const& bearer) {
        return bench.get("/api.x.com/2/media/upload?command=STATUS&media_id=" + id, bearer);
    }

    Bench bench;
};

}  // namespace

TEST_F(XSandbox, demands_pkce_and_an_acceptable_redirect) {
    EXPECT_EQ(bench.get(authorize_url()).status, 200);
    EXPECT_EQ(bench
                  .get("/x.com/i/oauth2/"
                       "authorize?response_type=code&client_id=sandbox&redirect_uri=https%3A%2F%2Fa.example&"
                       "scope=tweet.read&state=s")
                  .status,
              400);
    EXPECT_EQ(bench.get(authorize_url("http://localhost:8080/callback")).status, 400);
    EXPECT_EQ(bench.get(authorize_url("http://app.example/callback")).status, 400);
    EXPECT_EQ(bench.get(authorize_url(redirect, "tweet.everything")).status, 400);
    auto const denied = bench.post_form(authorize_url(), {{"decision", "deny"}});
    EXPECT_EQ(location_parameters(denied).at("error"), "access_denied");
    EXPECT_EQ(location_parameters(denied).at("state"), "st");
}

TEST_F(XSandbox, knows_registered_redirects_only_once_there_are_some) {
    bench.setting("x", json::object{{"switches", {{"redirect_uris", {"https://app.example/cb"}}}}});
    EXPECT_EQ(bench.get(authorize_url()).status, 400);
    EXPECT_EQ(bench.get(authorize_url("https://app.example/cb")).status, 200);
    EXPECT_EQ(bench.get(authorize_url("https://app.example/cb/")).status, 400);
}

TEST_F(XSandbox, gives_a_token_for_two_hours) {
    auto const granted = exchange(code());
    ASSERT_EQ(granted.status, 200) << granted.body;
    EXPECT_EQ(granted.text("/token_type"), "bearer");
    EXPECT_EQ(granted.at("/expires_in").to_number<int>(), 7200);
    EXPECT_EQ(granted.text("/scope"), all_scopes);
    auto const bearer = granted.text("/access_token");
    EXPECT_EQ(bench.get("/api.x.com/2/users/me", bearer).text("/data/username"), "annkeller");
    bench.advance(7201);
    EXPECT_EQ(bench.get("/api.x.com/2/users/me", bearer).status, 401);
}

TEST_F(XSandbox, gives_no_refresh_token_without_offline_access) {
    EXPECT_FALSE(exchange(code("annkeller", "tweet.read users.read")).has("/refresh_token"));
}

TEST_F(XSandbox, takes_a_code_once_within_thirty_seconds) {
    auto const first = code();
    EXPECT_EQ(exchange(first).status, 200);
    EXPECT_EQ(exchange(first).status, 400);
    auto const late = code();
    bench.advance(31);
    EXPECT_EQ(exchange(late).text("/error"), "invalid_request");
    EXPECT_EQ(exchange(code(), std::string(60, 'w')).status, 400);
    EXPECT_EQ(exchange(code(), verifier, "http://127.0.0.1:8080/other").status, 400);
}

TEST_F(XSandbox, refuses_a_wrong_client) {
    auto const wrong =
        bench.post_form("/api.x.com/2/oauth2/token", {{"grant_type", "authorization_code"}, {"code", code()}},
                        "", {{"Authorization", "Basic " + base64_encode("sandbox:guess")}});
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.text("/error"), "unauthorized_client");
}

TEST_F(XSandbox, rotates_refresh_tokens_and_kills_the_old_one) {
    auto const first = exchange(code()).text("/refresh_token");
    auto const second = token_call({{"grant_type", "refresh_token"}, {"refresh_token", first}});
    ASSERT_EQ(second.status, 200);
    auto const replay = token_call({{"grant_type", "refresh_token"}, {"refresh_token", first}});
    EXPECT_EQ(replay.status, 400);
    EXPECT_EQ(replay.text("/error_description"), "Value passed for the token was invalid.");
    EXPECT_EQ(token_call({{"grant_type", "refresh_token"}, {"refresh_token", second.text("/refresh_token")}})
                  .status,
              200);
}

TEST_F(XSandbox, loses_a_token_answer_after_the_work) {
    auto const first = exchange(code()).text("/refresh_token");
    bench.fault("x", json::object{{"match", {{"path", "/2/oauth2/token"}, {"account", "annkeller"}}},
                                  {"mode", "drop_after"}});
    EXPECT_TRUE(token_call({{"grant_type", "refresh_token"}, {"refresh_token", first}}).dropped);
    EXPECT_EQ(token_call({{"grant_type", "refresh_token"}, {"refresh_token", first}}).status, 400);
}

TEST_F(XSandbox, revokes_tokens) {
    auto const bearer = token();
    EXPECT_TRUE(bench
                    .post_form("/api.x.com/2/oauth2/revoke", {{"token", bearer}}, "",
                               {{"Authorization", "Basic " + base64_encode("sandbox:sandbox")}})
                    .at("/revoked")
                    .as_bool());
    EXPECT_EQ(bench.get("/api.x.com/2/users/me", bearer).status, 401);
}

TEST_F(XSandbox, guards_endpoints_by_scope_and_kind_of_authentication) {
    auto const reader = token("annkeller", "tweet.read users.read");
    auto const refused = publish("hello", reader);
    EXPECT_EQ(refused.status, 403);
    EXPECT_TRUE(refused.text("/type").ends_with("/client-forbidden"));
    EXPECT_EQ(upload(png(4, 4), reader).status, 403);
    auto const oauth1 = bench.send({http::Method::get,
                                    "/api.x.com/2/users/me",
                                    "",
                                    "",
                                    "",
                                    {{"Authorization", "OAuth oauth_token=\"x\""}}});
    EXPECT_TRUE(oauth1.text("/type").ends_with("/unsupported-authentication"));
    EXPECT_TRUE(bench.posts("x").empty());
}

TEST_F(XSandbox, creates_posts_with_short_links_and_escapes) {
    auto const bearer = token();
    auto const post = publish("a < b & see https://example.com/path?x=1 now", bearer);
    ASSERT_EQ(post.status, 201) << post.body;
    auto const text = post.text("/data/text");
    EXPECT_TRUE(text.starts_with("a &lt; b &amp; see https://t.co/")) << text;
    EXPECT_EQ(post.text("/data/edit_history_tweet_ids/0"), post.text("/data/id"));
    auto const read = bench.get("/api.x.com/2/tweets?ids=" + post.text("/data/id") +
                                    "&tweet.fields=entities,created_at,conversation_id",
                                bearer);
    EXPECT_EQ(read.text("/data/0/entities/urls/0/expanded_url"), "https://example.com/path?x=1");
    auto const start = read.at("/data/0/entities/urls/0/start").to_number<std::size_t>();
    EXPECT_EQ(text.substr(start, 13), "https://t.co/");
    EXPECT_EQ(bench.posts("x")[0].at("text").as_string(), "a < b & see https://example.com/path?x=1 now");
    EXPECT_EQ(bench.get("/x.com/annkeller/status/" + post.text("/data/id")).status, 200);
    EXPECT_EQ(bench.get("/x.com/i/web/status/" + post.text("/data/id")).status, 200);
}

TEST_F(XSandbox, limits_length_by_account_class) {
    auto const bearer = token();
    EXPECT_EQ(publish(std::string(280, 'x'), bearer).status, 201);
    EXPECT_EQ(publish(std::string(281, 'x'), bearer).status, 403);
    bench.setting("x", json::object{{"switches", {{"too_long_status", 400}}}});
    EXPECT_EQ(publish(std::string(281, 'x'), bearer).status, 400);
    auto const premium = token("davidnovak");
    auto const post = publish(std::string(1000, 'y'), premium);
    ASSERT_EQ(post.status, 201);
    auto const read =
        bench.get("/api.x.com/2/tweets?ids=" + post.text("/data/id") + "&tweet.fields=note_tweet", premium);
    EXPECT_LT(read.text("/data/0/text").size(), 300u);
    EXPECT_EQ(read.text("/data/0/note_tweet/text"), std::string(1000, 'y'));
}

TEST_F(XSandbox, refuses_duplicates_even_of_deleted_posts) {
    auto const bearer = token();
    auto const id = publish("same", bearer).text("/data/id");
    auto const again = publish("same", bearer);
    EXPECT_EQ(again.status, 403);
    EXPECT_EQ(again.text("/detail"), "You are not allowed to create a Tweet with duplicate content.");
    EXPECT_TRUE(bench.remove("/api.x.com/2/tweets/" + id, bearer).at("/data/deleted").as_bool());
    EXPECT_EQ(publish("same", bearer).status, 403);
    EXPECT_EQ(publish("same", token("benokafor")).status, 201);
    bench.advance(86'401);
    EXPECT_EQ(publish("same", token()).status, 201);
}

TEST_F(XSandbox, answers_only_where_one_may) {
    auto const ann = token();
    auto const ben = token("benokafor");
    auto const reply_to = [](std::string text, std::string const& id) {
        return json::object{{"text", text}, {"reply", {{"in_reply_to_tweet_id", id}}}};
    };
    auto const plain = publish("nothing for you", ann).text("/data/id");
    auto const inviting = publish("hey @BenOkafor what do you think", ann).text("/data/id");
    auto const own = publish(reply_to("part 2", plain), ann);
    ASSERT_EQ(own.status, 201) << own.body;
    EXPECT_TRUE(publish(reply_to("hi", plain), ben)
                    .text("/detail")
                    .starts_with("Reply to this conversation is not allowed"));
    EXPECT_EQ(publish(reply_to("hi", inviting), ben).status, 201);
    EXPECT_EQ(publish(reply_to("hi", "1"), ben).status, 403);
    auto const read = bench.get(
        "/api.x.com/2/tweets?ids=" + own.text("/data/id") + "&tweet.fields=conversation_id,referenced_tweets",
        ann);
    EXPECT_EQ(read.text("/data/0/conversation_id"), plain);
    EXPECT_EQ(read.text("/data/0/referenced_tweets/0/id"), plain);
    bench.setting("x", json::object{{"switches", {{"self_replies", false}}}});
    EXPECT_EQ(publish(reply_to("part 3", plain), ann).status, 403);
}

TEST_F(XSandbox, refuses_what_the_plan_lacks) {
    auto const bearer = token();
    EXPECT_EQ(publish("$AAPL and $TSLA", bearer).status, 403);
    EXPECT_EQ(publish("$AAPL only", bearer).status, 201);
    EXPECT_EQ(publish(json::object{{"text", "q"}, {"quote_tweet_id", "1"}}, bearer).status, 403);
    EXPECT_EQ(publish("hello @benokafor", bearer).status, 201);
    bench.setting("x", json::object{{"switches", {{"refuse_mentions", true}}}});
    EXPECT_EQ(publish("hello again @benokafor", bearer).status, 403);
}

struct BadBody {
    char const* name;
    char const* body;
    char const* parameter;
};

class XBadBody : public XSandbox, public ::testing::WithParamInterface<BadBody> {};

TEST_P(XBadBody, is_refused_with_400) {
    auto const answer = bench.send(
        {http::Method::post, "/api.x.com/2/tweets", GetParam().body, "application/json", token(), {}});
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_TRUE(answer.text("/type").ends_with("/invalid-request"));
    if (*GetParam().parameter) {
        EXPECT_TRUE(answer.at("/errors/0/parameters").as_object().contains(GetParam().parameter))
            << answer.body;
    }
    EXPECT_TRUE(bench.posts("x").empty());
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, XBadBody,
    ::testing::Values(
        BadBody{"not_json", "{", ""}, BadBody{"an_array", "[]", ""}, BadBody{"empty", "{}", "text"},
        BadBody{"unknown_field", R"({"text":"a","colour":"red"})", "colour"},
        BadBody{"unknown_inner_field", R"({"text":"a","reply":{"in_reply_to_tweet_id":"1","loud":true}})",
                "reply.loud"},
        BadBody{"text_is_a_number", R"({"text":5})", "text"},
        BadBody{
            "poll_and_media",
            R"({"text":"a","poll":{"options":["a","b"],"duration_minutes":5},"media":{"media_ids":["1"]}})",
            ""},
        BadBody{"one_option", R"({"text":"a","poll":{"options":["a"],"duration_minutes":5}})",
                "poll.options"},
        BadBody{"long_option",
                R"({"text":"a","poll":{"options":["a","12345678901234567890123456"],"duration_minutes":5}})",
                "poll.options"},
        BadBody{"short_poll", R"({"text":"a","poll":{"options":["a","b"],"duration_minutes":4}})",
                "poll.duration_minutes"},
        BadBody{"unknown_media", R"({"text":"a","media":{"media_ids":["99"]}})", "media.media_ids"},
        BadBody{"no_media", R"({"text":"a","media":{"media_ids":[]}})", "media.media_ids"},
        BadBody{"five_media", R"({"text":"a","media":{"media_ids":["1","2","3","4","5"]}})",
                "media.media_ids"},
        BadBody{"reply_settings", R"({"text":"a","reply_settings":"nobody"})", "reply_settings"}),
    [](auto const& info) { return info.param.name; });

TEST_F(XSandbox, takes_images_in_one_go_with_alt_text) {
    auto const bearer = token();
    auto const media = upload(png(20, 10), bearer);
    ASSERT_EQ(media.status, 200) << media.body;
    auto const id = media.text("/data/id");
    EXPECT_EQ(media.text("/data/media_key"), "3_" + id);
    EXPECT_FALSE(media.has("/data/processing_info"));
    EXPECT_EQ(
        bench
            .post_json("/api.x.com/2/media/metadata",
                       json::object{{"id", id}, {"metadata", {{"alt_text", {{"text", "grey"}}}}}}, bearer)
            .status,
        200);
    EXPECT_EQ(bench
                  .post_json("/api.x.com/2/media/metadata",
                             json::object{{"id", id},
                                          {"metadata", {{"alt_text", {{"text", std::string(1001, 'x')}}}}}},
                             bearer)
                  .status,
              400);
    auto const post = publish(json::object{{"text", "look"}, {"media", {{"media_ids", {id}}}}}, bearer);
    ASSERT_EQ(post.status, 201) << post.body;
    auto const read = bench.get(
        "/api.x.com/2/tweets?ids=" + post.text("/data/id") +
            "&tweet.fields=attachments&expansions=attachments.media_keys&media.fields=alt_text,width",
        bearer);
    EXPECT_EQ(read.text("/data/0/attachments/media_keys/0"), "3_" + id);
    EXPECT_EQ(read.text("/includes/media/0/alt_text"), "grey");
    EXPECT_EQ(bench.posts("x")[0].at("media").at(0).at("sha256").as_string(), sha256_hex(png(20, 10)));
}

TEST_F(XSandbox, refuses_wrong_files_and_the_old_upload_style) {
    auto const bearer = token();
    EXPECT_EQ(upload("plain text", bearer).status, 400);
    EXPECT_EQ(upload(png(20, 20).substr(0, 50), bearer).status, 400);
    EXPECT_EQ(bench
                  .upload("/api.x.com/2/media/upload",
                          {{"command", "INIT", "", ""}, {"total_bytes", "5", "", ""}}, bearer)
                  .status,
              400);
    EXPECT_EQ(bench
                  .upload("/api.x.com/2/media/upload",
                          {{"media", mp4(), "a.mp4", ""}, {"media_category", "tweet_video", "", ""}}, bearer)
                  .status,
              400);
}

TEST_F(XSandbox, gives_media_to_its_owner_only_and_for_a_day) {
    auto const bearer = token();
    auto const id = upload(png(4, 4), bearer).text("/data/id");
    auto const with = [&](std::string text) {
        return json::object{{"text", text}, {"media", {{"media_ids", {id}}}}};
    };
    auto const foreign = publish(with("mine"), token("benokafor"));
    EXPECT_EQ(foreign.status, 400);
    EXPECT_EQ(foreign.text("/errors/0/message"), "Your media IDs are invalid.");
    bench.advance(86'401);
    EXPECT_EQ(publish(with("late"), token()).status, 400);
}

TEST_F(XSandbox, walks_a_chunked_upload_through_its_states) {
    auto const bearer = token();
    auto const video = mp4();
    auto const id = chunked(video, bearer, "video/mp4", "tweet_video");
    auto const done = finalize(id, bearer);
    ASSERT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(done.text("/data/processing_info/state"), "pending");
    EXPECT_GE(done.at("/data/processing_info/check_after_secs").to_number<int>(), 1);
    auto const body = json::object{{"text", "film"}, {"media", {{"media_ids", {id}}}}};
    EXPECT_EQ(publish(body, bearer).status, 400);
    bench.advance(1.5);
    EXPECT_EQ(media_state(id, bearer).text("/data/processing_info/state"), "in_progress");
    bench.advance(3);
    EXPECT_EQ(media_state(id, bearer).text("/data/processing_info/state"), "succeeded");
    EXPECT_EQ(publish(body, bearer).status, 201);
    EXPECT_EQ(bench.posts("x")[0].at("media").at(0).at("sha256").as_string(), sha256_hex(video));
}

TEST_F(XSandbox, refuses_chunks_out_of_order_of_things) {
    auto const bearer = token();
    auto const init = [&](json::object body) {
        return bench.post_json("/api.x.com/2/media/upload/initialize", body, bearer);
    };
    EXPECT_EQ(
        init({{"media_type", "video/avi"}, {"total_bytes", 10}, {"media_category", "tweet_video"}}).status,
        400);
    EXPECT_EQ(
        init({{"media_type", "video/mp4"}, {"total_bytes", 10}, {"media_category", "tweet_image"}}).status,
        400);
    EXPECT_EQ(
        init({{"media_type", "image/png"}, {"total_bytes", 6'000'000}, {"media_category", "tweet_image"}})
            .status,
        400);
    auto const id =
        init({{"media_type", "video/mp4"}, {"total_bytes", 10}, {"media_category", "tweet_video"}})
            .text("/data/id");
    EXPECT_EQ(append(id, "1000", "x", bearer).status, 400);
    EXPECT_EQ(append(id, "-1", "x", bearer).status, 400);
    EXPECT_EQ(append(id, "0", std::string(11, 'x'), bearer).status, 400);
    EXPECT_EQ(append(id, "1", "12345", bearer).status, 200);
    EXPECT_EQ(finalize(id, bearer).status, 400);
    EXPECT_EQ(append(id, "0", "1234", bearer).status, 200);
    EXPECT_EQ(finalize(id, bearer).status, 400);
    EXPECT_EQ(append(id, "0", "12345", bearer).status, 200);
    EXPECT_EQ(finalize(id, token("benokafor")).status, 400);
    EXPECT_EQ(finalize(id, bearer).status, 200);
    EXPECT_EQ(append(id, "2", "1", bearer).status, 400);
}

TEST_F(XSandbox, lets_processing_fail) {
    auto const bearer = token();
    bench.fault("x", json::object{{"match", {{"path", "/2/media/upload/"}}}, {"mode", "processing_failed"}});
    auto const id = chunked(mp4(), bearer, "video/mp4", "tweet_video");
    finalize(id, bearer);
    bench.advance(10);
    EXPECT_EQ(media_state(id, bearer).text("/data/processing_info/state"), "failed");
    EXPECT_EQ(media_state(id, bearer).text("/data/processing_info/error/name"), "InvalidMedia");
}

TEST_F(XSandbox, mixes_no_kinds_of_media) {
    auto const bearer = token();
    auto const image = upload(png(4, 4), bearer).text("/data/id");
    auto const animation = chunked(gif(3), bearer, "image/gif", "tweet_gif");
    finalize(animation, bearer);
    bench.advance(10);
    EXPECT_EQ(
        publish(json::object{{"text", "m"}, {"media", {{"media_ids", {image, animation}}}}}, bearer).status,
        400);
    EXPECT_EQ(publish(json::object{{"media", {{"media_ids", {animation}}}}}, bearer).status, 201);
}

TEST_F(XSandbox, lists_a_users_posts_after_the_lag) {
    auto const bearer = token();
    auto const me = bench.get("/api.x.com/2/users/me", bearer).text("/data/id");
    auto const list = "/api.x.com/2/users/" + me + "/tweets";
    std::vector<std::string> ids;
    for (int i = 0; i < 7; ++i) ids.push_back(publish("post " + std::to_string(i), bearer).text("/data/id"));
    EXPECT_EQ(bench.get(list, bearer).at("/meta/result_count").to_number<int>(), 0);
    EXPECT_EQ(bench.get("/api.x.com/2/tweets?ids=" + ids[0], bearer).text("/data/0/id"), ids[0]);
    bench.advance(3);
    auto const page = bench.get(list + "?max_results=5", bearer);
    EXPECT_EQ(page.text("/data/0/id"), ids[6]);
    EXPECT_EQ(page.at("/meta/result_count").to_number<int>(), 5);
    EXPECT_EQ(bench.get(list + "?max_results=5&pagination_token=" + page.text("/meta/next_token"), bearer)
                  .at("/meta/result_count")
                  .to_number<int>(),
              2);
    EXPECT_EQ(bench.get(list + "?since_id=" + ids[4], bearer).at("/meta/result_count").to_number<int>(), 2);
    EXPECT_EQ(bench.get(list + "?start_time=2100-01-01T00%3A00%3A00Z", bearer)
                  .at("/meta/result_count")
                  .to_number<int>(),
              0);
    EXPECT_EQ(bench.get(list + "?max_results=4", bearer).status, 400);
    EXPECT_EQ(bench.get(list + "?tweet.fields=mood", bearer).status, 400);
    EXPECT_EQ(bench.get(list + "?wanted=all", bearer).status, 400);
}

TEST_F(XSandbox, speaks_both_generations_of_names) {
    auto const bearer = token();
    auto const first = publish("one", bearer).text("/data/id");
    auto const second =
        publish(json::object{{"text", "two"}, {"reply", {{"in_reply_to_tweet_id", first}}}}, bearer)
            .text("/data/id");
    auto const query = "/api.x.com/2/tweets?ids=" + second + "&post.fields=referenced_posts,public_metrics";
    EXPECT_TRUE(bench.get(query, bearer).has("/data/0/referenced_tweets"));
    bench.setting("x", json::object{{"switches", {{"field_names", "new"}}}});
    auto const renamed = bench.get(query, bearer);
    EXPECT_TRUE(renamed.has("/data/0/referenced_posts"));
    EXPECT_TRUE(renamed.has("/data/0/public_metrics/repost_count"));
    EXPECT_TRUE(renamed.has("/data/0/edit_history_post_ids"));
}

TEST_F(XSandbox, answers_partially) {
    auto const bearer = token();
    auto const id = publish("one", bearer).text("/data/id");
    auto const mixed = bench.get("/api.x.com/2/tweets?ids=" + id + ",12345", bearer);
    EXPECT_EQ(mixed.status, 200);
    EXPECT_EQ(mixed.text("/data/0/id"), id);
    EXPECT_EQ(mixed.text("/errors/0/resource_id"), "12345");
    bench.advance(31.0 * 86'400);
    auto const old = bench.get("/api.x.com/2/tweets?ids=" + id + "&tweet.fields=non_public_metrics", token());
    EXPECT_EQ(old.text("/errors/0/field"), "non_public_metrics");
    EXPECT_FALSE(bench.get("/api.x.com/2/tweets?ids=12345", token()).has("/data"));
}

TEST_F(XSandbox, tells_its_limits_and_keeps_them) {
    auto const bearer = token();
    bench.setting("x", json::object{{"limits", {{"create_15min", 2}}}});
    auto const first = publish("1", bearer);
    EXPECT_EQ(first.header("x-rate-limit-limit"), "2");
    EXPECT_EQ(first.header("x-rate-limit-remaining"), "1");
    EXPECT_GT(std::stoll(first.header("x-rate-limit-reset")), 1'700'000'000);
    EXPECT_EQ(first.header("x-user-limit-24hour-limit"), "50");
    EXPECT_EQ(first.header("x-app-limit-24hour-limit"), "10000");
    publish("2", bearer);
    auto const third = publish("3", bearer);
    EXPECT_EQ(third.status, 429);
    EXPECT_EQ(third.text("/title"), "Too Many Requests");
    bench.setting("x", json::object{{"switches", {{"rate_limit_body", "code88"}}}});
    EXPECT_EQ(publish("3", bearer).at("/errors/0/code").to_number<int>(), 88);
    bench.advance(901);
    EXPECT_EQ(publish("3", bearer).status, 201);
}

TEST_F(XSandbox, limits_unverified_accounts_to_fifty_posts_a_day) {
    auto const bearer = token();
    bench.setting("x", json::object{{"limits", {{"unverified_posts_24h", 3}}}});
    for (int i = 0; i < 3; ++i) ASSERT_EQ(publish("p" + std::to_string(i), bearer).status, 201);
    auto const fourth = publish("p3", bearer);
    EXPECT_EQ(fourth.status, 429);
    EXPECT_EQ(fourth.header("x-user-limit-24hour-remaining"), "0");
    EXPECT_GT(std::stoll(fourth.header("x-user-limit-24hour-reset")) -
                  std::stoll(fourth.header("x-rate-limit-reset")),
              3600);
    EXPECT_EQ(fourth.header("x-rate-limit-remaining"), "96");
    auto const premium = token("davidnovak");
    for (int i = 0; i < 5; ++i) EXPECT_EQ(publish("q" + std::to_string(i), premium).status, 201);
}

TEST_F(XSandbox, keeps_a_ledger_and_stops_at_the_last_credit) {
    auto const bearer = token();
    publish("plain", bearer);
    publish("link https://example.com", bearer);
    auto const ledger = bench.get("/_sandbox/state").at("/networks/x/ledger").as_object();
    EXPECT_DOUBLE_EQ(ledger.at("total_usd").as_double(), 0.215);
    bench.setting("x", json::object{{"switches", {{"credits_usd", 0.1}}}});
    auto const refused = publish("more", bearer);
    EXPECT_EQ(refused.status, 402);
    EXPECT_EQ(refused.text("/title"), "CreditsDepleted");
}

TEST_F(XSandbox, refuses_suspended_accounts) {
    bench.post_json("/_sandbox/x/accounts", json::object{{"handle", "gone"}, {"suspended", true}});
    auto const refused = publish("hello", token("gone"));
    EXPECT_EQ(refused.status, 403);
    EXPECT_TRUE(refused.text("/type").ends_with("/user-suspended"));
}

TEST_F(XSandbox, commits_before_a_lost_answer) {
    auto const bearer = token();
    bench.fault("x",
                json::object{{"match", {{"method", "post"}, {"path", "/2/tweets"}}}, {"mode", "drop_after"}});
    EXPECT_TRUE(publish("once", bearer).dropped);
    EXPECT_EQ(bench.posts("x").size(), 1u);
    EXPECT_EQ(publish("once", bearer).status, 403);
}

}  // namespace mypost::sandbox::testing
