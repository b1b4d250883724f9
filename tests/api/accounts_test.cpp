// Connecting accounts through the sandbox's consent pages and credentials.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/support/connecting.hpp"

namespace mypost::api_test {

namespace {

class Accounts : public testing::TestWithParam<db::Engine> {
  protected:
    Accounts() { networks_.register_app("x"); }

    std::string stored(std::string const& column, std::string const& account) {
        return installation_
            .sql("SELECT CAST(" + column + " AS TEXT) FROM social_accounts WHERE id = $1", {account})
            .front()
            .text(0);
    }

    Installation installation_{InstallationOptions{.engine = GetParam(), .sandbox = true}};
    World world_{installation_};
    Place place_{world_.workspace(), world_.brand("Brand")};
    Connecting networks_{world_, place_};
};

TEST_P(Accounts, x_and_mastodon_connect_by_consent) {
    for (std::string const network : {"x", "mastodon"}) {
        SCOPED_TRACE(network);
        Answer const account = networks_.connect(network, 0);
        EXPECT_EQ(account.text("/data/0/network"), network);
        EXPECT_EQ(account.text("/data/0/state"), "active");
        EXPECT_EQ(account.text("/data/0/brand_id"), place_.brand);
        EXPECT_FALSE(account.text("/data/0/handle").empty());
    }
    EXPECT_EQ(world_.must("GET", world_.in("/accounts")).json().at("data").as_array().size(), 2U);
    EXPECT_EQ(installation_.sql("SELECT count(*) FROM audit_events WHERE action = 'account.connect'")
                  .front()
                  .int64(0),
              2);
}

TEST_P(Accounts, bluesky_connects_with_an_app_password_and_names_what_is_wrong) {
    auto const before = installation_.count("social_accounts");
    Answer const wrong = networks_.bluesky(0, "abcd-abcd-abcd-abcd");
    EXPECT_TRUE(wrong.names("/credentials/app_password")) << wrong.body;
    EXPECT_EQ(installation_.count("social_accounts"), before);
    Answer const account = networks_.bluesky(0);
    ASSERT_EQ(account.status, 201) << account.body;
    EXPECT_EQ(account.text("/network"), "bluesky");
    std::string const unknown =
        R"({"network":"bluesky","credentials":{"handle":"a.bsky.social","colour":"red"}})";
    Answer const fields = world_.as(world_.owner(), "POST",
                                    world_.in("/brands/" + place_.brand + "/accounts/connect"), unknown);
    EXPECT_EQ(fields.status, 422);
    EXPECT_TRUE(fields.names("/credentials/colour")) << fields.body;
    EXPECT_TRUE(fields.names("/credentials/app_password")) << fields.body;
}

TEST_P(Accounts, no_token_or_secret_is_stored_in_the_clear_or_shown) {
    networks_.connect("x", 0);
    networks_.bluesky(0);
    std::string const secret = networks_.person("bluesky", 0).app_password;
    auto const contents = installation_.contents();
    EXPECT_EQ(contents.at("grants").find(secret), std::string::npos);
    EXPECT_EQ(contents.at("network_apps").find("|sandbox|sandbox|"), std::string::npos);
    for (auto const& row : installation_.sql("SELECT tokens FROM grants"))
        EXPECT_EQ(row.text(0).find("access"), std::string::npos);
    std::string const shown = world_.must("GET", "/system/network-apps").body;
    EXPECT_EQ(shown.find("client_secret"), std::string::npos);
}

TEST_P(Accounts, the_secret_of_a_network_app_is_never_readable) {
    std::string const body = R"({"client_id":"my-client","client_secret":"very-secret-word"})";
    world_.must("PUT", "/system/network-apps/x", body);
    EXPECT_EQ(world_.must("GET", "/system/network-apps").body.find("very-secret-word"), std::string::npos);
    for (auto const& [table, rows] : installation_.contents())
        EXPECT_EQ(rows.find("very-secret-word"), std::string::npos) << table;
    EXPECT_NE(world_.must("GET", "/system/network-apps").body.find("my-client"), std::string::npos);
    world_.must("DELETE", "/system/network-apps/x");
    EXPECT_EQ(world_.as(world_.owner(), "DELETE", "/system/network-apps/x").status, 404);
}

TEST_P(Accounts, a_network_without_an_app_says_so) {
    world_.must("DELETE", "/system/network-apps/x");
    Answer const answer = networks_.authorize("x");
    EXPECT_EQ(answer.status, 409) << answer.body;
}

TEST_P(Accounts, the_consent_carries_a_pkce_challenge_and_is_bound_to_the_browser) {
    Answer const start = networks_.authorize("x");
    std::string const url = start.text("/authorize_url");
    EXPECT_NE(url.find("code_challenge="), std::string::npos);
    EXPECT_NE(url.find("code_challenge_method=S256"), std::string::npos);
    std::string const line = start.cookie_line("mypost_oauth");
    EXPECT_NE(line.find("HttpOnly"), std::string::npos) << line;
    EXPECT_NE(line.find("SameSite=Lax"), std::string::npos) << line;

    std::string const back = networks_.consent(url, "allow", networks_.person("x", 0).handle);
    // Another browser, one without a cookie: refused, and the right one can still finish.
    EXPECT_NE(networks_.finish(back, "somebody-elses").find("error=other_browser"), std::string::npos);
    EXPECT_NE(networks_.finish(back, "").find("error=other_browser"), std::string::npos);
    EXPECT_EQ(installation_.count("grants"), 0);
    std::string const done = networks_.finish(back, start.cookie("mypost_oauth"));
    EXPECT_NE(done.find("/accounts/connect?connection="), std::string::npos) << done;
    // The same address again: the state is used up.
    EXPECT_NE(networks_.finish(back, start.cookie("mypost_oauth")).find("error=consent_expired"),
              std::string::npos);
    EXPECT_EQ(installation_.count("grants"), 1);
    EXPECT_EQ(installation_.count("connections"), 1);
}

TEST_P(Accounts, a_state_of_another_network_or_none_is_refused) {
    Answer const start = networks_.authorize("x");
    std::string back =
        networks_.consent(start.text("/authorize_url"), "allow", networks_.person("x", 0).handle);
    std::string other = back;
    other.replace(other.find("/oauth/x/"), 9, "/oauth/mastodon/");
    EXPECT_NE(networks_.finish(other, start.cookie("mypost_oauth")).find("error=consent_expired"),
              std::string::npos);
    EXPECT_NE(networks_.finish("/api/v1/oauth/x/callback?code=a&state=b", start.cookie("mypost_oauth"))
                  .find("error=consent_expired"),
              std::string::npos);
    installation_.sql("UPDATE oauth_states SET expires_at = 1");
    EXPECT_NE(networks_.finish(back, start.cookie("mypost_oauth")).find("error=consent_expired"),
              std::string::npos);
    EXPECT_EQ(installation_.count("grants"), 0);
}

TEST_P(Accounts, a_denied_consent_comes_back_and_stores_nothing) {
    for (std::string const network : {"x", "mastodon"}) {
        Answer const start = networks_.authorize(network);
        std::string const back =
            networks_.consent(start.text("/authorize_url"), "deny", networks_.person(network, 0).handle);
        EXPECT_NE(networks_.finish(back, start.cookie("mypost_oauth")).find("error=access_denied"),
                  std::string::npos);
    }
    EXPECT_EQ(installation_.count("grants"), 0);
}

TEST_P(Accounts, under_another_host_name_a_ticket_leads_to_the_public_one) {
    std::string const local = fmt::format("localhost:{}", installation_.port());
    std::vector<Header> const elsewhere{{"Host", local}, {"Origin", "http://" + local}};
    Answer const start = networks_.authorize("x", elsewhere);
    std::string const url = start.text("/authorize_url");
    std::string const prefix = installation_.settings().public_url + "/api/v1/oauth/start?ticket=";
    ASSERT_TRUE(url.starts_with(prefix)) << url;
    EXPECT_EQ(start.cookie("mypost_oauth"), "") << "the cookie belongs to the public host";
    Call const use{"GET", url.substr(installation_.settings().public_url.size())};
    Answer const started = installation_.send(use);
    ASSERT_EQ(started.status, 302) << started.body;
    EXPECT_FALSE(started.cookie("mypost_oauth").empty());
    EXPECT_EQ(installation_.send(use).status, 404) << "a ticket is used once";
    std::string const back =
        networks_.consent(started.header("Location"), "allow", networks_.person("x", 0).handle);
    std::string const done = networks_.finish(back, started.cookie("mypost_oauth"));
    EXPECT_TRUE(done.starts_with("http://" + local + "/accounts/connect?connection=")) << done;

    Answer const late = networks_.authorize("x", elsewhere);
    installation_.sql("UPDATE oauth_states SET ticket_expires_at = ticket_expires_at - 60000");
    EXPECT_EQ(
        installation_
            .send({"GET", late.text("/authorize_url").substr(installation_.settings().public_url.size())})
            .status,
        404)
        << "60 seconds";
}

TEST_P(Accounts, the_way_back_is_never_a_foreign_page) {
    Answer const start = networks_.authorize("x", {{"Origin", "https://evil.example"}});
    std::string const back =
        networks_.consent(start.text("/authorize_url"), "allow", networks_.person("x", 0).handle);
    EXPECT_TRUE(networks_.finish(back, start.cookie("mypost_oauth"))
                    .starts_with(installation_.settings().public_url + "/accounts/connect?"));
}

TEST_P(Accounts, reconnecting_keeps_the_account_and_its_history) {
    Answer const first = networks_.connect("mastodon", 1);
    std::string const id = first.text("/data/0/id");
    std::string const post = world_.post(place_, "Before", {id});
    world_.must("DELETE", world_.in("/accounts/" + id));
    EXPECT_EQ(world_.must("GET", world_.in("/accounts/" + id)).text("/state"), "disconnected");
    EXPECT_EQ(world_.must("GET", world_.in("/posts/" + post)).text("/targets/0/account_id"), id);
    Answer const again = networks_.connect("mastodon", 1);
    EXPECT_EQ(again.text("/data/0/id"), id);
    EXPECT_EQ(again.text("/data/0/state"), "active");
    EXPECT_EQ(world_.must("GET", world_.in("/posts/" + post)).text("/targets/0/account_id"), id);
}

TEST_P(Accounts, disconnecting_throws_the_tokens_away) {
    Answer const account = networks_.bluesky(0);
    world_.must("DELETE", world_.in("/accounts/" + account.text("/id")));
    auto const grants = installation_.sql("SELECT state, refresh_at FROM grants");
    EXPECT_EQ(grants.front().text(0), "revoked");
    EXPECT_TRUE(grants.front().is_null(1));
    EXPECT_EQ(
        world_.as(world_.owner(), "POST", world_.in("/accounts/" + account.text("/id") + "/refresh")).status,
        409);
}

TEST_P(Accounts, an_account_moves_once_no_post_needs_it) {
    std::string const id = networks_.bluesky(0).text("/id");
    std::string const other = world_.brand("Other");
    std::string const post = world_.post(place_, "Waiting", {id});
    std::string const body = fmt::format(R"({{"brand_id":"{}"}})", other);
    EXPECT_EQ(world_.as(world_.owner(), "POST", world_.in("/accounts/" + id + "/move"), body).status, 409);
    world_.must("DELETE", world_.in("/posts/" + post));
    EXPECT_EQ(world_.must("POST", world_.in("/accounts/" + id + "/move"), body).text("/brand_id"), other);
    Answer const nowhere = world_.as(world_.owner(), "POST", world_.in("/accounts/" + id + "/move"),
                                     fmt::format(R"({{"brand_id":"{}"}})", BrandId::make().to_string()));
    EXPECT_TRUE(nowhere.names("/brand_id")) << nowhere.body;
}

TEST_P(Accounts, a_connection_belongs_to_who_made_it) {
    Answer const start = networks_.authorize("x");
    std::string const back =
        networks_.consent(start.text("/authorize_url"), "allow", networks_.person("x", 0).handle);
    std::string const done = networks_.finish(back, start.cookie("mypost_oauth"));
    std::string const connection = done.substr(done.find("connection=") + 11);
    Person const other = world_.member("Other", access::PermissionSet::all());
    std::string const path = world_.in("/connections/" + connection + "/destinations");
    EXPECT_EQ(world_.as(other, "GET", path).status, 404);
    EXPECT_EQ(world_.must("GET", path).json().at("data").as_array().size(), 1U);
    Answer const unknown =
        world_.as(world_.owner(), "POST", world_.in("/connections/" + connection + "/accounts"),
                  R"({"destination_ids":["nothing"]})");
    EXPECT_TRUE(unknown.names("/destination_ids/0"));
}

// One engine: the statements behind it run on both in the suites of publishing, and a database costs seconds.
INSTANTIATE_TEST_SUITE_P(Engines, Accounts, testing::Values(db::Engine::sqlite),
                         [](auto const& each) { return test::engine_name(each.param); });

}  // namespace
}  // namespace mypost::api_test
