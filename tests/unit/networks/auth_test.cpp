#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "networks/instances.hpp"
#include "unit/networks/publications.hpp"
#include "unit/networks/scripted_http.hpp"

namespace mypost::networks::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Auth : public ::testing::Test {
  protected:
    NetworkAdapter const& on(char const* network) const { return *registry_.find(network); }
    AppCredentials app(std::string secret = "s3cret") const { return {"client", std::move(secret), {}}; }
    Tokens tokens() const {
        Tokens out;
        out.access_token = "old-access";
        out.refresh_token = "old-refresh";
        out.scopes = {"a"};
        return out;
    }
    ScriptedHttp http;

  private:
    Registry registry_ = make_registry();
};
using XAuth = Auth;
using MastodonAuth = Auth;
using BlueskyAuth = Auth;

std::string query_value(std::string const& url, std::string const& name) {
    auto const begin = url.find(name + "=");
    if (begin == std::string::npos) return {};
    auto const from = begin + name.size() + 1;
    return percent_decode(url.substr(from, url.find('&', from) - from)).value_or("");
}

// ---- X ----

TEST_F(XAuth, asks_for_consent_with_pkce) {
    auto const begun =
        finish(on("x").begin_consent(http, app(), "", "http://127.0.0.1:8080/cb", "st@te", {"publish"}));
    ASSERT_TRUE(begun);
    auto const& url = begun->authorize_url;
    EXPECT_TRUE(url.starts_with("https://x.com/i/oauth2/authorize?"));
    EXPECT_EQ(query_value(url, "redirect_uri"), "http://127.0.0.1:8080/cb");
    EXPECT_EQ(query_value(url, "state"), "st@te");
    EXPECT_EQ(query_value(url, "scope"), "tweet.read tweet.write users.read media.write offline.access");
    EXPECT_EQ(query_value(url, "code_challenge_method"), "S256");
    std::string const verifier(begun->secret.at("code_verifier").as_string());
    EXPECT_EQ(verifier.size(), 43U);
    EXPECT_EQ(query_value(url, "code_challenge"), base64url_encode(crypto::sha256(verifier)));
    EXPECT_THAT(url, Not(HasSubstr(verifier)));
    EXPECT_TRUE(http.seen.empty());
}

TEST_F(XAuth, exchanges_the_code_and_learns_whose_account_it_is) {
    http.reply(
        200,
        R"({"token_type":"bearer","expires_in":7200,"access_token":"A","scope":"tweet.read tweet.write","refresh_token":"R"})");
    http.reply(200, R"({"data":{"id":"2244994945","name":"Ann","username":"ann"}})");
    auto const granted = finish(
        on("x").exchange_code(http, app(), "", "http://cb", "c0de", {{"code_verifier", "v"}}, start()));
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->subject, "2244994945");
    EXPECT_EQ(granted->tokens.access_token, "A");
    EXPECT_EQ(granted->tokens.refresh_token, "R");
    EXPECT_EQ(granted->tokens.expires_at, start() + 2h);
    EXPECT_THAT(granted->tokens.scopes, ElementsAre("tweet.read", "tweet.write"));
    EXPECT_EQ(http.seen[0].url, "https://api.x.com/2/oauth2/token");
    EXPECT_EQ(http.header(0, "Authorization"), "Basic " + base64_encode("client:s3cret"));
    EXPECT_THAT(http.body(0), HasSubstr("code_verifier=v"));
    EXPECT_THAT(http.body(0), Not(HasSubstr("client_id")));
    EXPECT_EQ(http.header(1, "Authorization"), "Bearer A");
}

TEST_F(XAuth, names_a_public_client_in_the_body) {
    http.reply(
        400, R"({"error":"invalid_request","error_description":"Value passed for the token was invalid."})");
    auto const granted = finish(on("x").exchange_code(http, app(""), "", "http://cb", "c", {}, start()));
    ASSERT_FALSE(granted);
    EXPECT_EQ(granted.error().code, ErrorCode::network_error);
    EXPECT_THAT(granted.error().message, HasSubstr("invalid_request"));
    EXPECT_THAT(http.body(0), HasSubstr("client_id=client"));
    EXPECT_EQ(http.header(0, "Authorization"), "");
}

TEST_F(XAuth, refreshes_and_keeps_the_old_refresh_token_when_none_comes) {
    http.reply(200, R"({"expires_in":7200,"access_token":"A2"})");
    auto const result = finish(on("x").refresh(http, app(), "", tokens(), start()));
    auto const* renewed = std::get_if<Tokens>(&result);
    ASSERT_NE(renewed, nullptr);
    EXPECT_EQ(renewed->access_token, "A2");
    EXPECT_EQ(renewed->refresh_token, "old-refresh");
    EXPECT_THAT(renewed->scopes, ElementsAre("a"));
}

TEST_F(XAuth, knows_what_ends_a_grant_and_what_does_not) {
    struct Case {
        int status;
        char const* body;
        bool final;
    };
    for (auto const& [status, body, final] :
         {Case{400,
               R"({"error":"invalid_request","error_description":"Value passed for the token was invalid."})",
               true},
          Case{400, R"({"error":"invalid_grant"})", true},
          Case{401, R"({"error":"unauthorized_client"})", false}, Case{429, "", false}, Case{500, "", false},
          Case{503, "<html>", false}}) {
        http.reply(status, body);
        auto const result = finish(on("x").refresh(http, app(), "", tokens(), start()));
        EXPECT_EQ(std::holds_alternative<RefreshRefused>(result), final) << status << body;
        EXPECT_EQ(std::holds_alternative<RefreshLater>(result), !final) << status << body;
    }
}

TEST_F(XAuth, tells_a_lost_refresh_from_one_that_was_not_sent) {
    http.fail(net::Failure::Kind::unknown_outcome);
    EXPECT_TRUE(
        std::holds_alternative<RefreshLost>(finish(on("x").refresh(http, app(), "", tokens(), start()))));
    http.fail(net::Failure::Kind::not_sent);
    EXPECT_TRUE(
        std::holds_alternative<RefreshLater>(finish(on("x").refresh(http, app(), "", tokens(), start()))));
    http.reply(200, "{");
    EXPECT_TRUE(
        std::holds_alternative<RefreshLost>(finish(on("x").refresh(http, app(), "", tokens(), start()))));
}

TEST_F(XAuth, has_one_destination_with_its_subscription) {
    http.reply(
        200,
        R"({"data":{"id":"7","name":"Ann","username":"ann","profile_image_url":"https://i","subscription_type":"Premium"}})");
    auto const found = finish(on("x").destinations(http, "", tokens()));
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 1U);
    EXPECT_EQ(found->front().handle, "ann");
    EXPECT_EQ(found->front().kind, "profile");
    AccountRef account = account_on("x");
    account.profile = found->front().profile;
    EXPECT_EQ(on("x").info_for(account).kinds[0].text.max, 25'000);
}

TEST_F(XAuth, reads_a_post_back_and_deletes_it) {
    auto const account = account_on("x");
    http.reply(200, R"({"data":[{"id":"5","text":"t"}]})");
    EXPECT_EQ(finish(on("x").verify(http, account, tokens(), "5")), Presence::live);
    http.reply(
        200,
        R"({"errors":[{"resource_id":"5","type":"https://api.twitter.com/2/problems/resource-not-found"}]})");
    EXPECT_EQ(finish(on("x").verify(http, account, tokens(), "5")), Presence::removed);
    http.reply(503, "");
    EXPECT_EQ(finish(on("x").verify(http, account, tokens(), "5")), Presence::unknown);
    http.reply(200, R"({"data":{"deleted":true}})");
    EXPECT_TRUE(finish(on("x").delete_post(http, account, tokens(), "5")));
    EXPECT_EQ(http.seen.back().method, "DELETE");
    http.reply(404, "{}");
    EXPECT_TRUE(finish(on("x").delete_post(http, account, tokens(), "5")));
    http.reply(403, R"({"detail":"no"})");
    EXPECT_FALSE(finish(on("x").delete_post(http, account, tokens(), "5")));
}

// ---- Mastodon ----

TEST_F(MastodonAuth, registers_itself_at_the_instance) {
    http.reply(200, R"({"client_id":"TWhM","client_secret":"ZEaF"})");
    auto const registered =
        finish(on("mastodon").register_app(http, "https://Social.Example/@ann", "https://app/cb"));
    ASSERT_TRUE(registered);
    EXPECT_EQ(registered->client_id, "TWhM");
    EXPECT_EQ(http.seen[0].url, "https://social.example/api/v1/apps");
    EXPECT_THAT(http.body(0), HasSubstr("scopes=read%3Aaccounts%20read%3Astatuses%20read%3Anotifications%"
                                        "20write%3Astatuses%20write%3Amedia"));
    EXPECT_TRUE(http.seen[0].guarded);

    http.reply(422, R"({"error":"Validation failed: Redirect URI must be an absolute URI."})");
    EXPECT_FALSE(finish(on("mastodon").register_app(http, "social.example", "cb")));
    auto const nonsense = finish(on("mastodon").register_app(http, "not a host", "cb"));
    ASSERT_FALSE(nonsense);
    EXPECT_EQ(nonsense.error().fields.at(0).field, "/instance");
}

TEST_F(MastodonAuth, uses_what_the_instance_says_of_itself) {
    http.reply(
        200,
        R"({"issuer":"https://social.example/","authorization_endpoint":"https://auth.social.example/oauth/authorize",
        "token_endpoint":"https://auth.social.example/oauth/token","code_challenge_methods_supported":["S256"]})");
    auto const begun = finish(
        on("mastodon")
            .begin_consent(http, app(), "social.example", "https://app/cb", "s", {"publish", "engage"}));
    ASSERT_TRUE(begun);
    EXPECT_TRUE(begun->authorize_url.starts_with("https://auth.social.example/oauth/authorize?"));
    EXPECT_EQ(query_value(begun->authorize_url, "scope"),
              "read:accounts read:statuses write:statuses write:media read:notifications");
    EXPECT_EQ(query_value(begun->authorize_url, "code_challenge_method"), "S256");
    EXPECT_EQ(begun->secret.at("token_endpoint").as_string(), "https://auth.social.example/oauth/token");
    EXPECT_TRUE(begun->secret.contains("code_verifier"));
}

TEST_F(MastodonAuth, falls_back_to_the_fixed_paths_of_older_servers) {
    http.reply(404, "<html>");
    auto const begun =
        finish(on("mastodon").begin_consent(http, app(), "social.example", "https://app/cb", "s", {}));
    ASSERT_TRUE(begun);
    EXPECT_TRUE(begun->authorize_url.starts_with("https://social.example/oauth/authorize?"));
    EXPECT_EQ(begun->authorize_url.find("code_challenge"), std::string::npos);
    EXPECT_FALSE(begun->secret.contains("code_verifier"));
}

TEST_F(MastodonAuth, exchanges_the_code_for_a_token_that_lives_on) {
    http.reply(
        200,
        R"({"access_token":"ZA","token_type":"Bearer","scope":"read:accounts write:statuses","created_at":1790000000})");
    http.reply(200, R"({"id":"42","username":"ann"})");
    auto const granted = finish(on("mastodon")
                                    .exchange_code(http, app(), "Social.example", "https://cb", "c",
                                                   {{"code_verifier", "v"}}, start()));
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->instance, "social.example");
    EXPECT_EQ(granted->subject, "42");
    EXPECT_FALSE(granted->tokens.expires_at);
    EXPECT_TRUE(granted->tokens.refresh_token.empty());
    EXPECT_THAT(http.body(0), HasSubstr("code_verifier=v"));
    EXPECT_EQ(http.seen[0].url, "https://social.example/oauth/token");
}

TEST_F(MastodonAuth, says_when_the_instance_forgot_the_app) {
    http.reply(401, R"({"error":"invalid_client","error_description":"Client authentication failed"})");
    auto const granted =
        finish(on("mastodon").exchange_code(http, app(), "social.example", "https://cb", "c", {}, start()));
    ASSERT_FALSE(granted);
    EXPECT_EQ(granted.error().params.at("error"), "invalid_client");
}

TEST_F(MastodonAuth, has_nothing_to_refresh) {
    auto const result = finish(on("mastodon").refresh(http, app(), "social.example", tokens(), start()));
    EXPECT_TRUE(std::holds_alternative<RefreshRefused>(result));
    EXPECT_TRUE(http.seen.empty());
}

TEST_F(MastodonAuth, reads_the_limits_of_the_instance_also_by_the_old_path) {
    http.reply(
        200,
        R"({"id":"42","username":"ann","display_name":"","avatar":"https://a","url":"https://social.example/@ann","source":{"privacy":"unlisted"}})");
    http.reply(404, R"({"error":"Record not found"})");
    http.reply(200, R"({"version":"3.5.0","max_toot_chars":700})");
    auto const found = finish(on("mastodon").destinations(http, "social.example", tokens()));
    ASSERT_TRUE(found);
    auto const& account = found->front();
    EXPECT_EQ(account.handle, "ann@social.example");
    EXPECT_EQ(account.name, "ann");
    EXPECT_EQ(account.profile.at("limits").at("max_characters").as_int64(), 700);
    EXPECT_EQ(account.profile.at("default_visibility").as_string(), "unlisted");
}

TEST_F(MastodonAuth, reads_a_status_back_and_deletes_it) {
    auto const account = account_on("mastodon");
    http.reply(200, R"({"id":"5"})");
    EXPECT_EQ(finish(on("mastodon").verify(http, account, tokens(), "5")), Presence::live);
    http.reply(404, R"({"error":"Record not found"})");
    EXPECT_EQ(finish(on("mastodon").verify(http, account, tokens(), "5")), Presence::removed);
    http.reply(404, "<html>moved</html>");
    EXPECT_EQ(finish(on("mastodon").verify(http, account, tokens(), "5")), Presence::unknown);
    http.reply(404, R"({"error":"Record not found"})");
    EXPECT_TRUE(finish(on("mastodon").delete_post(http, account, tokens(), "5")));
    http.reply(404, "<html>moved</html>");
    EXPECT_FALSE(finish(on("mastodon").delete_post(http, account, tokens(), "5")));
}

// ---- Bluesky ----

std::string jwt(std::int64_t exp) {
    return "h." + base64url_encode(json::serialize(json::object{{"exp", exp}, {"sub", "did:plc:ann"}})) +
           ".s";
}
std::string session_body(Instant now) {
    auto const seconds = to_ms(now) / 1000;
    json::object service{{"id", "#atproto_pds"},
                         {"type", "AtprotoPersonalDataServer"},
                         {"serviceEndpoint", "https://pds.example"}};
    return json::serialize(json::object{{"accessJwt", jwt(seconds + 7200)},
                                        {"refreshJwt", jwt(seconds + 90 * 86400)},
                                        {"handle", "ann.example.com"},
                                        {"did", "did:plc:ann"},
                                        {"didDoc", json::object{{"service", json::array{service}}}}});
}

TEST_F(BlueskyAuth, finds_the_server_of_the_handle_and_signs_in_there) {
    http.reply(200, R"({"did":"did:plc:ann"})");
    http.reply(
        200,
        R"({"id":"did:plc:ann","service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example/"}]})");
    http.reply(200, session_body(start()));
    auto const granted = finish(on("bluesky").connect(
        http, {{"handle", " @Ann.Example.com "}, {"app_password", "abcd-efgh-ijkl-mnop"}}, start()));
    ASSERT_TRUE(granted) << granted.error().message;
    EXPECT_EQ(granted->instance, "https://pds.example");
    EXPECT_EQ(granted->subject, "did:plc:ann");
    EXPECT_EQ(granted->tokens.expires_at, start() + 2h);
    EXPECT_EQ(http.seen[0].url,
              "https://bsky.social/xrpc/com.atproto.identity.resolveHandle?handle=ann.example.com");
    EXPECT_EQ(http.seen[1].url, "https://plc.directory/did:plc:ann");
    EXPECT_EQ(http.seen[2].url, "https://pds.example/xrpc/com.atproto.server.createSession");
    EXPECT_EQ(json::parse(http.body(2)),
              json::parse(R"({"identifier":"ann.example.com","password":"abcd-efgh-ijkl-mnop"})"));
}

TEST_F(BlueskyAuth, signs_accounts_of_bluesky_in_at_the_entryway) {
    http.reply(200, R"({"did":"did:plc:ann"})");
    http.reply(
        200,
        R"({"service":[{"id":"did:plc:ann#atproto_pds","serviceEndpoint":"https://morel.us-east.host.bsky.network"}]})");
    http.reply(200, session_body(start()));
    ASSERT_TRUE(
        finish(on("bluesky").connect(http, {{"handle", "ann.bsky.social"}, {"app_password", "p"}}, start())));
    EXPECT_EQ(http.seen[2].url, "https://bsky.social/xrpc/com.atproto.server.createSession");
}

TEST_F(BlueskyAuth, asks_the_handles_own_host_and_web_identities) {
    http.reply(400, R"({"error":"InvalidRequest","message":"Unable to resolve handle"})");
    http.reply(200, "did:web:ann.example.com\n");
    http.reply(200, R"({"service":[{"id":"#atproto_pds","serviceEndpoint":"https://pds.example"}]})");
    auto body = json::parse(session_body(start())).as_object();
    body["did"] = "did:web:ann.example.com";
    http.reply(200, json::serialize(body));
    auto const granted =
        finish(on("bluesky").connect(http, {{"handle", "ann.example.com"}, {"app_password", "p"}}, start()));
    ASSERT_TRUE(granted) << granted.error().message;
    EXPECT_EQ(http.seen[1].url, "https://ann.example.com/.well-known/atproto-did");
    EXPECT_EQ(http.seen[2].url, "https://ann.example.com/.well-known/did.json");
}

TEST_F(BlueskyAuth, goes_straight_to_a_named_service) {
    auto body = json::parse(session_body(start())).as_object();
    body.erase("didDoc");
    http.reply(200, json::serialize(body));
    auto const granted = finish(on("bluesky").connect(
        http, {{"handle", "ann.test.example"}, {"app_password", "p"}, {"service", "http://localhost:2583/"}},
        start()));
    ASSERT_TRUE(granted) << granted.error().message;
    EXPECT_EQ(granted->instance, "http://localhost:2583");
    EXPECT_EQ(http.seen[0].url, "http://localhost:2583/xrpc/com.atproto.server.createSession");
}

TEST_F(BlueskyAuth, refuses_a_session_of_another_account) {
    http.reply(200, R"({"did":"did:plc:bob"})");
    http.reply(200, R"({"service":[{"id":"#atproto_pds","serviceEndpoint":"https://pds.example"}]})");
    http.reply(200, session_body(start()));
    EXPECT_FALSE(
        finish(on("bluesky").connect(http, {{"handle", "bob.example.com"}, {"app_password", "p"}}, start())));
}

TEST_F(BlueskyAuth, names_every_wrong_field) {
    auto const refused = finish(on("bluesky").connect(
        http, {{"handle", "no handle"}, {"service", "ftp://x"}, {"colour", 1}}, start()));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::validation_failed);
    std::vector<std::string> fields;
    for (auto const& field : refused.error().fields) fields.push_back(field.field);
    EXPECT_THAT(fields, ElementsAre("/credentials/handle", "/credentials/app_password",
                                    "/credentials/service", "/credentials/colour"));
    EXPECT_TRUE(http.seen.empty());
}

TEST_F(BlueskyAuth, explains_refused_passwords) {
    struct Case {
        int status;
        char const* body;
        char const* field;
        char const* code;
    };
    for (auto const& [status, body, field, code] :
         {Case{401, R"({"error":"AuthenticationRequired","message":"Invalid identifier or password"})",
               "/credentials/app_password", "invalid_credentials"},
          Case{401, R"({"error":"AuthFactorTokenRequired"})", "/credentials/app_password",
               "app_password_needed"},
          Case{401, R"({"error":"AccountTakedown"})", "/credentials/handle", "account_state"}}) {
        http.reply(status, body);
        auto const refused = finish(on("bluesky").connect(
            http, {{"handle", "did:plc:ann"}, {"app_password", "p"}, {"service", "https://pds.example"}},
            start()));
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().fields.at(0).field, field);
        EXPECT_EQ(refused.error().fields.at(0).code, code);
    }
}

TEST_F(BlueskyAuth, refreshes_with_the_refresh_token) {
    http.reply(200, session_body(start()));
    auto const result = finish(on("bluesky").refresh(http, {}, "https://pds.example", tokens(), start()));
    ASSERT_TRUE(std::holds_alternative<Tokens>(result));
    EXPECT_EQ(std::get<Tokens>(result).expires_at, start() + 2h);
    EXPECT_EQ(http.header(0, "Authorization"), "Bearer old-refresh");
    EXPECT_EQ(http.seen[0].method, "POST");

    http.reply(400, R"({"error":"ExpiredToken"})");
    EXPECT_TRUE(std::holds_alternative<RefreshRefused>(
        finish(on("bluesky").refresh(http, {}, "https://pds.example", tokens(), start()))));
    http.reply(502, R"({"error":"UpstreamFailure"})");
    EXPECT_TRUE(std::holds_alternative<RefreshLater>(
        finish(on("bluesky").refresh(http, {}, "https://pds.example", tokens(), start()))));
    http.fail(net::Failure::Kind::unknown_outcome);
    EXPECT_TRUE(std::holds_alternative<RefreshLost>(
        finish(on("bluesky").refresh(http, {}, "https://pds.example", tokens(), start()))));
}

TEST_F(BlueskyAuth, has_one_destination_even_without_a_profile) {
    http.reply(200, R"({"did":"did:plc:ann","handle":"ann.example.com","active":true})");
    http.reply(502, "");
    http.reply(200, R"({"did":"did:web:pds.example","blobUploadLimit":1000000})");
    auto const found = finish(on("bluesky").destinations(http, "https://pds.example", tokens()));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->front().remote_id, "did:plc:ann");
    EXPECT_EQ(found->front().name, "ann.example.com");
    EXPECT_EQ(found->front().profile.at("blob_limit").as_int64(), 1'000'000);
}

TEST_F(BlueskyAuth, reads_a_record_back_and_deletes_it) {
    auto const account = account_on("bluesky");
    std::string const uri = "at://did:plc:ann/app.bsky.feed.post/3mabcdefghi2k";
    http.reply(200, R"({"uri":"at://did:plc:ann/app.bsky.feed.post/3mabcdefghi2k","cid":"c","value":{}})");
    EXPECT_EQ(finish(on("bluesky").verify(http, account, tokens(), uri)), Presence::live);
    http.reply(400, R"({"error":"RecordNotFound"})");
    EXPECT_EQ(finish(on("bluesky").verify(http, account, tokens(), uri)), Presence::removed);
    http.reply(500, "");
    EXPECT_EQ(finish(on("bluesky").verify(http, account, tokens(), uri)), Presence::unknown);
    EXPECT_EQ(finish(on("bluesky").verify(http, account, tokens(), "nonsense")), Presence::unknown);
    http.reply(200, "{}");
    EXPECT_TRUE(finish(on("bluesky").delete_post(http, account, tokens(), uri)));
    EXPECT_EQ(
        json::parse(http.body(3)),
        json::parse(R"({"repo":"did:plc:ann","collection":"app.bsky.feed.post","rkey":"3mabcdefghi2k"})"));
    http.reply(400, R"({"error":"ExpiredToken"})");
    EXPECT_FALSE(finish(on("bluesky").delete_post(http, account, tokens(), uri)));
}

// ---- hosts ----

TEST(Instances, are_found_in_what_people_paste) {
    EXPECT_EQ(normalise_host(" https://Social.Example/@ann?x#y "), "social.example");
    EXPECT_EQ(normalise_host("@ann@social.example"), "social.example");
    EXPECT_EQ(normalise_host("social.example:443"), "social.example");
    EXPECT_EQ(normalise_host("social.example:8443"), "social.example:8443");
    EXPECT_EQ(normalise_host("xn--mnchen-3ya.social."), "xn--mnchen-3ya.social");
    for (auto const* wrong : {"", "social", "a b.example", "-a.example", "a..example", "social.example:port",
                              "[::1]", "münchen.social"}) {
        EXPECT_EQ(normalise_host(wrong), std::nullopt) << wrong;
    }
}

TEST(Instances, are_reached_by_https_but_for_this_machine) {
    EXPECT_EQ(base_url("social.example"), "https://social.example");
    EXPECT_EQ(base_url("localhost:3000"), "http://localhost:3000");
    EXPECT_EQ(normalise_base_url("https://pds.example/"), "https://pds.example");
    EXPECT_EQ(normalise_base_url("pds.example"), "https://pds.example");
    EXPECT_EQ(normalise_base_url("http://127.0.0.1:2583"), "http://127.0.0.1:2583");
    for (auto const* wrong : {"http://pds.example", "https://pds.example/path", "https://user@pds.example",
                              "ftp://pds.example"}) {
        EXPECT_EQ(normalise_base_url(wrong), std::nullopt) << wrong;
    }
}

}  // namespace
}  // namespace mypost::networks::test
