// Set-up, sign-in, sessions: design section 8.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "api/support/world.hpp"

namespace mypost::api_test {

namespace {

constexpr char setup_body[] =
    R"({"name":"Olga","email":"olga@example.org","password":"correct horse battery","workspace_name":"First"})";

std::string login_body(std::string const& email, std::string const& secret) {
    return boost::json::serialize(boost::json::object{{"email", email}, {"password", secret}});
}

Call json_call(std::string method, std::string path, std::string body, std::vector<Header> headers = {}) {
    headers.emplace_back("Content-Type", "application/json");
    return {std::move(method), "/api/v1" + path, std::move(headers), std::move(body)};
}

Call with_cookie(std::string path, std::string const& refresh, std::vector<Header> headers = {}) {
    headers.emplace_back("Cookie", "mypost_refresh=" + refresh);
    return {"POST", "/api/v1" + path, std::move(headers)};
}

class Setup : public testing::TestWithParam<db::Engine> {
  protected:
    Installation installation_{InstallationOptions{.engine = GetParam()}};
};

TEST_P(Setup, is_done_once) {
    EXPECT_TRUE(installation_.send({"GET", "/api/v1/setup"}).json().at("needed").as_bool());
    Answer const done = installation_.send(json_call("POST", "/setup", setup_body));
    ASSERT_EQ(done.status, 201) << done.body;
    EXPECT_FALSE(done.cookie("mypost_refresh").empty());
    Answer const me = installation_.send({"GET", "/api/v1/auth/me", {bearer(done.text("/access_token"))}});
    EXPECT_TRUE(me.json().at("is_system_admin").as_bool());
    auto const before = installation_.contents();
    Answer const again = installation_.send(json_call("POST", "/setup", setup_body));
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.code(), "setup_done");
    EXPECT_EQ(difference(before, installation_.contents()), "");
    EXPECT_FALSE(installation_.send({"GET", "/api/v1/setup"}).json().at("needed").as_bool());
}

TEST_P(Setup, has_one_winner_when_many_come_at_once) {
    std::vector<std::future<Answer>> racing;
    for (int i = 0; i < 6; ++i) {
        racing.push_back(std::async(std::launch::async, [this] {
            return installation_.send(json_call("POST", "/setup", setup_body));
        }));
    }
    std::map<int, int> statuses;
    for (auto& each : racing) ++statuses[each.get().status];
    EXPECT_EQ(statuses, (std::map<int, int>{{201, 1}, {409, 5}}));
    EXPECT_EQ(installation_.count("users"), 1);
    EXPECT_EQ(installation_.count("tenants"), 1);
    EXPECT_EQ(installation_.count("workspaces"), 1);
}

TEST_P(Setup, names_all_wrong_fields_at_once) {
    auto const before = installation_.contents();
    Answer const answer = installation_.send(json_call(
        "POST", "/setup",
        R"({"name":"  ","email":"nobody","password":"short","workspace_name":" ","time_zone":"Mars/Phobos"})"));
    EXPECT_EQ(answer.status, 422);
    for (char const* field : {"/name", "/email", "/password", "/workspace_name", "/time_zone"})
        EXPECT_TRUE(answer.names(field)) << field << answer.body;
    EXPECT_EQ(difference(before, installation_.contents()), "");
}

class SignIn : public testing::TestWithParam<db::Engine> {
  protected:
    Answer login(std::string const& email = "olga@example.org", std::string const& secret = password) {
        return installation_.send(json_call("POST", "/auth/login", login_body(email, secret)),
                                  fmt::format("127.1.{}.1", ++logins_));
    }
    Answer refresh(std::string const& token, std::vector<Header> headers = {}) {
        return installation_.send(with_cookie("/auth/refresh", token, std::move(headers)));
    }
    int me(std::string const& access) {
        return installation_.send({"GET", "/api/v1/auth/me", {bearer(access)}}).status;
    }
    // As if the token had been rotated that much longer ago.
    void age(std::chrono::seconds by) {
        installation_.sql("UPDATE refresh_tokens SET used_at = used_at - $1 WHERE used_at IS NOT NULL",
                          {std::int64_t{by.count() * 1000}});
    }

    Installation installation_{InstallationOptions{.engine = GetParam()}};
    World world_{installation_};
    int logins_ = 0;
};

TEST_P(SignIn, gives_a_token_and_a_cookie_that_scripts_cannot_read) {
    Answer const answer = login("OLGA@Example.ORG");
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.text("/token_type"), "Bearer");
    EXPECT_EQ(answer.number("/expires_in"), 900);
    EXPECT_EQ(me(answer.text("/access_token")), 200);
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
    std::string const line = answer.cookie_line("mypost_refresh");
    for (char const* part : {"HttpOnly", "SameSite=Lax", "Path=/api/v1/auth", "Max-Age=604800"})
        EXPECT_NE(line.find(part), std::string::npos) << line;
    EXPECT_EQ(line.find("Secure"), std::string::npos) << line;
    EXPECT_EQ(answer.body.find(answer.cookie("mypost_refresh")), std::string::npos);
}

TEST_P(SignIn, keeps_no_secret_in_the_clear) {
    Answer const answer = login();
    for (auto const& [table, rows] : installation_.contents()) {
        EXPECT_EQ(rows.find(answer.cookie("mypost_refresh")), std::string::npos) << table;
        EXPECT_EQ(rows.find(password), std::string::npos) << table;
        EXPECT_EQ(rows.find(answer.text("/access_token")), std::string::npos) << table;
    }
}

TEST_P(SignIn, refuses_wrong_password_and_unknown_address_alike) {
    auto const before = installation_.contents();
    Answer const wrong = login("olga@example.org", "wrong password");
    Answer const unknown = login("nobody@example.org", "wrong password");
    for (auto const* answer : {&wrong, &unknown}) {
        EXPECT_EQ(answer->status, 401);
        EXPECT_EQ(answer->code(), "invalid_credentials");
        EXPECT_EQ(answer->cookie("mypost_refresh"), "");
    }
    EXPECT_EQ(wrong.text("/detail"), unknown.text("/detail"));
    EXPECT_EQ(difference(before, installation_.contents()), "");
}

TEST_P(SignIn, refuses_the_suspended_everywhere) {
    Person const person = world_.person("Sven Suspended");
    installation_.sql("UPDATE users SET status = 'suspended' WHERE id = $1", {person.id});
    Answer const answer = login(person.email);
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.code(), "account_suspended");
    Answer const old_token = installation_.send({"GET", "/api/v1/auth/me", {bearer(person.token)}});
    EXPECT_EQ(old_token.status, 403);
    EXPECT_EQ(old_token.code(), "account_suspended");
    // A wrong password does not tell that the account exists.
    EXPECT_EQ(login(person.email, "wrong password").code(), "invalid_credentials");
}

TEST_P(SignIn, rotates_the_refresh_token) {
    std::string const first = login().cookie("mypost_refresh");
    Answer const rotated = refresh(first);
    ASSERT_EQ(rotated.status, 200) << rotated.body;
    std::string const second = rotated.cookie("mypost_refresh");
    EXPECT_NE(second, first);
    EXPECT_EQ(me(rotated.text("/access_token")), 200);
    Answer const third = refresh(second);
    EXPECT_EQ(third.status, 200);
}

TEST_P(SignIn, answers_a_lost_rotation_again_within_ten_seconds) {
    std::string const first = login().cookie("mypost_refresh");
    ASSERT_EQ(refresh(first).status, 200);
    age(std::chrono::seconds(8));
    Answer const again = refresh(first);
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(refresh(again.cookie("mypost_refresh")).status, 200);
}

TEST_P(SignIn, ends_the_family_when_an_old_token_comes_back_after_the_grace) {
    Answer const start = login();
    std::string const first = start.cookie("mypost_refresh");
    Answer const rotated = refresh(first);
    age(std::chrono::seconds(11));
    Answer const stolen = refresh(first);
    EXPECT_EQ(stolen.status, 401);
    EXPECT_EQ(stolen.code(), "refresh_reused");
    EXPECT_EQ(refresh(rotated.cookie("mypost_refresh")).status, 401);
    EXPECT_EQ(me(rotated.text("/access_token")), 401) << "the access token dies with its session";
    EXPECT_EQ(login().status, 200);
}

TEST_P(SignIn, ends_the_family_when_the_successor_was_used) {
    std::string const first = login().cookie("mypost_refresh");
    std::string const second = refresh(first).cookie("mypost_refresh");
    ASSERT_EQ(refresh(second).status, 200);
    EXPECT_EQ(refresh(first).code(), "refresh_reused");
}

TEST_P(SignIn, two_tabs_at_once_both_go_on) {
    std::string const first = login().cookie("mypost_refresh");
    auto one = std::async(std::launch::async, [&] { return refresh(first); });
    auto two = std::async(std::launch::async, [&] { return refresh(first); });
    Answer const a = one.get();
    Answer const b = two.get();
    EXPECT_EQ(a.status, 200);
    EXPECT_EQ(b.status, 200);
    // The browser keeps one of the two cookies; whichever it is, it works.
    EXPECT_EQ(refresh(b.cookie("mypost_refresh")).status, 200);
}

TEST_P(SignIn, refuses_unknown_and_expired_refresh_tokens) {
    EXPECT_EQ(refresh("no such token").status, 401);
    EXPECT_EQ(installation_.send({"POST", "/api/v1/auth/refresh"}).status, 401);
    std::string const token = login().cookie("mypost_refresh");
    installation_.sql("UPDATE refresh_tokens SET expires_at = 1");
    EXPECT_EQ(refresh(token).status, 401);
}

TEST_P(SignIn, refresh_asks_where_the_page_was_opened) {
    std::string token = login().cookie("mypost_refresh");
    auto from = [&](std::string const& origin, std::string const& host = {}) {
        std::vector<Header> headers{{"Origin", origin}};
        if (!host.empty()) headers.emplace_back("Host", host);
        Answer answer = refresh(token, headers);
        if (answer.status == 200) token = answer.cookie("mypost_refresh");
        return answer;
    };
    std::string const port = std::to_string(installation_.port());
    EXPECT_EQ(from("http://127.0.0.1:" + port).status, 200) << "the public URL";
    EXPECT_EQ(from("http://localhost:" + port, "localhost:" + port).status, 200) << "the request's own host";
    EXPECT_EQ(from("http://[::1]:" + port, "[::1]:" + port).status, 200) << "an IPv6 address";
    EXPECT_EQ(from("http://127.0.0.1:" + port, "localhost:" + port).status, 200) << "a proxy that renames";
    for (std::string const origin :
         {"https://evil.example", "null", "http://localhost:1", "http://127.0.0.1"}) {
        Answer const answer = from(origin);
        EXPECT_EQ(answer.status, 403) << origin;
        EXPECT_EQ(answer.code(), "origin_mismatch");
        EXPECT_NE(answer.text("/detail").find("MYPOST_PUBLIC_URL"), std::string::npos) << answer.body;
    }
    EXPECT_EQ(from("http://127.0.0.1:" + port).status, 200) << "the refused ones used nothing up";
}

TEST_P(SignIn, logout_by_cookie_ends_the_session) {
    Answer const start = login();
    Answer const out = installation_.send(with_cookie("/auth/logout", start.cookie("mypost_refresh")));
    EXPECT_EQ(out.status, 204);
    EXPECT_NE(out.cookie_line("mypost_refresh").find("Max-Age=0"), std::string::npos);
    EXPECT_EQ(me(start.text("/access_token")), 401);
    EXPECT_EQ(refresh(start.cookie("mypost_refresh")).status, 401);
}

TEST_P(SignIn, logout_by_bearer_ends_the_session) {
    Answer const start = login();
    EXPECT_EQ(
        installation_.send({"POST", "/api/v1/auth/logout", {bearer(start.text("/access_token"))}}).status,
        204);
    EXPECT_EQ(me(start.text("/access_token")), 401);
    EXPECT_EQ(installation_.send({"POST", "/api/v1/auth/logout"}).status, 204)
        << "nothing to end is no error";
}

TEST_P(SignIn, lists_sessions_and_ends_one) {
    Answer const here = login();
    Answer const there = login();
    Header const auth = bearer(here.text("/access_token"));
    auto const list = installation_.send({"GET", "/api/v1/auth/sessions", {auth}}).json();
    std::string other;
    int current = 0;
    for (auto const& session : list.at("data").as_array()) {
        if (session.at("current").as_bool()) ++current;
    }
    EXPECT_EQ(current, 1);
    JwtSigner const signer(installation_.settings().jwt_secret, "mypost");
    auto const claims = signer.verify(there.text("/access_token"), SystemClock().now());
    other = claims->sid.to_string();
    Call const end{"DELETE", "/api/v1/auth/sessions/" + other, {auth}};
    EXPECT_EQ(installation_.send(end).status, 204);
    EXPECT_EQ(me(there.text("/access_token")), 401);
    EXPECT_EQ(me(here.text("/access_token")), 200);
    EXPECT_EQ(installation_.send(end).status, 404);
    Person const stranger = world_.person("Stranger");
    EXPECT_EQ(world_.as(world_.owner(), "DELETE", "/auth/sessions/" + stranger.session.to_string()).status,
              404);
    EXPECT_EQ(me(stranger.token), 200);
}

TEST_P(SignIn, a_new_password_ends_the_other_sessions) {
    Answer const here = login();
    Answer const there = login();
    auto change = [&](std::string const& present, std::string const& next) {
        boost::json::object const body{{"current_password", present}, {"new_password", next}};
        return installation_.send(json_call("POST", "/auth/password/change", boost::json::serialize(body),
                                            {bearer(here.text("/access_token"))}));
    };
    EXPECT_TRUE(change("wrong", "a good new password").names("/current_password"));
    EXPECT_TRUE(change(password, "short").names("/new_password"));
    EXPECT_EQ(me(there.text("/access_token")), 200);
    EXPECT_EQ(change(password, "a good new password").status, 204);
    EXPECT_EQ(me(here.text("/access_token")), 200);
    EXPECT_EQ(me(there.text("/access_token")), 401);
    EXPECT_EQ(refresh(there.cookie("mypost_refresh")).status, 401);
    EXPECT_EQ(login().status, 401);
    EXPECT_EQ(login("olga@example.org", "a good new password").status, 200);
}

TEST_P(SignIn, is_limited_by_account_and_says_when_to_come_back) {
    std::map<int, int> statuses;
    Answer last;
    for (int i = 0; i < 12; ++i) {
        last = login("olga@EXAMPLE.org", "wrong password");  // spelled in any way, from any address
        ++statuses[last.status];
    }
    EXPECT_EQ(statuses, (std::map<int, int>{{401, 10}, {429, 2}}));
    EXPECT_EQ(last.code(), "rate_limited");
    EXPECT_EQ(last.header("RateLimit-Limit"), "10");
    EXPECT_EQ(last.header("RateLimit-Remaining"), "0");
    EXPECT_FALSE(last.header("RateLimit-Reset").empty());
    EXPECT_FALSE(last.header("Retry-After").empty());
    EXPECT_EQ(login().status, 429) << "the right password, too";
}

TEST_P(SignIn, is_limited_by_address) {
    std::map<int, int> statuses;
    for (int i = 0; i < 32; ++i) {
        Call const call =
            json_call("POST", "/auth/login", login_body(fmt::format("a{}@b.c", i), "wrong word"));
        ++statuses[installation_.send(call, "127.9.9.9").status];
    }
    EXPECT_EQ(statuses, (std::map<int, int>{{401, 30}, {429, 2}}));
}

TEST_P(SignIn, profile_changes_are_kept) {
    Answer const changed = world_.as(world_.owner(), "PATCH", "/auth/me",
                                     R"({"name":"Olga O.","locale":"de","time_zone":"Asia/Tokyo"})");
    EXPECT_EQ(changed.status, 200) << changed.body;
    Answer const me_now = world_.as(world_.owner(), "GET", "/auth/me");
    EXPECT_EQ(me_now.text("/name"), "Olga O.");
    EXPECT_EQ(me_now.text("/locale"), "de");
    EXPECT_EQ(me_now.text("/time_zone"), "Asia/Tokyo");
    EXPECT_TRUE(world_.as(world_.owner(), "PATCH", "/auth/me", R"({"time_zone":null})")
                    .json()
                    .at("time_zone")
                    .is_null());
    EXPECT_TRUE(world_.as(world_.owner(), "PATCH", "/auth/me", R"({"locale":"xx"})").names("/locale"));
}

class Idempotency : public SignIn {};

TEST_P(Idempotency, gives_the_first_answer_again) {
    std::vector<Header> const key{{"Idempotency-Key", "one"}};
    Answer const first = world_.must("POST", world_.in("/brands"), R"({"name":"Once"})", key);
    Answer const again = world_.must("POST", world_.in("/brands"), R"({"name":"Once"})", key);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("Idempotency-Replayed"), "true");
    EXPECT_EQ(installation_.count("brands"), 1);
    Answer const other = world_.as(world_.owner(), "POST", world_.in("/brands"), R"({"name":"Twice"})", key);
    EXPECT_EQ(other.status, 409);
    EXPECT_EQ(other.code(), "idempotency_conflict");
    EXPECT_EQ(installation_.count("brands"), 1);
    // Another person's key is another key, as is the same on another route.
    Person const colleague = world_.member("Colleague", access::PermissionSet::all());
    EXPECT_EQ(world_.as(colleague, "POST", world_.in("/brands"), R"({"name":"Twice"})", key).status, 201);
    EXPECT_EQ(world_.must("POST", world_.in("/labels"), R"({"name":"Once","color":"#aabbcc"})", key).status,
              201);
}

TEST_P(Idempotency, keeps_a_refusal_too) {
    std::vector<Header> const key{{"Idempotency-Key", "refused"}};
    world_.must("POST", world_.in("/brands"), R"({"name":"Taken"})");
    Answer const first = world_.as(world_.owner(), "POST", world_.in("/brands"), R"({"name":"Taken"})", key);
    Answer const again = world_.as(world_.owner(), "POST", world_.in("/brands"), R"({"name":"Taken"})", key);
    EXPECT_EQ(first.status, 422);
    EXPECT_EQ(again.body, first.body);
}

TEST_P(Idempotency, has_one_winner_among_twins) {
    std::vector<std::future<Answer>> twins;
    for (int i = 0; i < 6; ++i) {
        twins.push_back(std::async(std::launch::async, [this] {
            return world_.as(world_.owner(), "POST", world_.in("/labels"),
                             R"({"name":"Twin","color":"#aabbcc"})", {{"Idempotency-Key", "twins"}});
        }));
    }
    std::set<std::string> ids;
    for (auto& each : twins) {
        Answer const answer = each.get();
        EXPECT_THAT(answer.status, testing::AnyOf(201, 409)) << answer.body;
        if (answer.status == 201) ids.insert(answer.text("/id"));
        if (answer.status == 409) EXPECT_EQ(answer.code(), "idempotency_conflict");
    }
    EXPECT_EQ(ids.size(), 1U);
    EXPECT_EQ(installation_.count("labels"), 1);
}

class Versions : public SignIn {};

TEST_P(Versions, if_none_match_is_answered_304) {
    Answer const first = world_.must("GET", world_.in(""));
    ASSERT_FALSE(first.header("ETag").empty());
    Answer const same =
        world_.as(world_.owner(), "GET", world_.in(""), "", {{"If-None-Match", first.header("ETag")}});
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body, "");
    EXPECT_EQ(same.header("ETag"), first.header("ETag"));
    world_.must("PATCH", world_.in(""), R"({"name":"Renamed"})", {{"If-Match", "\"1\""}});
    Answer const changed =
        world_.as(world_.owner(), "GET", world_.in(""), "", {{"If-None-Match", first.header("ETag")}});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(changed.text("/name"), "Renamed");
}

TEST_P(Versions, the_second_of_two_saves_is_refused_with_what_is_there) {
    world_.must("PATCH", world_.in(""), R"({"name":"Mine"})", {{"If-Match", "\"1\""}});
    Answer const stale =
        world_.as(world_.owner(), "PATCH", world_.in(""), R"({"name":"Yours"})", {{"If-Match", "\"1\""}});
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(stale.code(), "version_mismatch");
    EXPECT_EQ(stale.text("/current/name"), "Mine");
    EXPECT_EQ(stale.number("/current/version"), 2);
}

auto const engines = testing::Values(db::Engine::sqlite, db::Engine::postgres);
std::string name_of(testing::TestParamInfo<db::Engine> const& info) {
    return test::engine_name(info.param);
}
INSTANTIATE_TEST_SUITE_P(Engines, Setup, engines, name_of);
INSTANTIATE_TEST_SUITE_P(Engines, SignIn, engines, name_of);
INSTANTIATE_TEST_SUITE_P(Engines, Idempotency, engines, name_of);
INSTANTIATE_TEST_SUITE_P(Engines, Versions, engines, name_of);

}  // namespace
}  // namespace mypost::api_test
