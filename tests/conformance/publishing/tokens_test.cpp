// Refreshing tokens: one at a time, never lost, and what ends an access.
#include <boost/asio/co_spawn.hpp>

#include "async/sleep.hpp"
#include "world.hpp"

namespace mypost::test {

using namespace publishing;
using std::chrono::minutes;

class Tokens : public World {
  protected:
    void expire_tokens() {
        networks::Tokens old;
        old.access_token = "token-1";
        old.refresh_token = "refresh-1";
        old.expires_at = clock.now() - minutes(1);
        sql("UPDATE grants SET tokens = $1, expires_at = $2, refresh_at = $2",
            {accounts::seal_tokens(cipher, grant, old), clock.now()});
    }
    std::string grant_column(std::string const& column) {
        return query("SELECT " + column + " FROM grants").front().opt_text(0).value_or("");
    }
};

TEST_P(Tokens, refreshes_what_has_expired_before_it_is_used) {
    expire_tokens();
    auto const access = run(tokens->access(grant));
    ASSERT_TRUE(access);
    EXPECT_EQ(access->tokens.access_token, "token-2");
    EXPECT_EQ(access->version, 2);
    auto const again = run(tokens->access(grant));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->tokens.access_token, "token-2");
    EXPECT_EQ(adapter->refresh_calls, 1);
}

TEST_P(Tokens, lets_one_refresh_run_at_a_time_for_everybody) {
    expire_tokens();
    adapter->refresh_takes = std::chrono::milliseconds(50);
    int done = 0;
    std::vector<std::string> seen;
    for (int i = 0; i < 10; ++i) {
        asio::co_spawn(io, tokens->access(grant), [&](std::exception_ptr error, TokenSource::Result result) {
            if (!error && result) seen.push_back(result->tokens.access_token);
            ++done;
        });
    }
    auto all = [&]() -> asio::awaitable<void> {
        while (done < 10) co_await async::sleep_for(std::chrono::milliseconds(10));
    };
    run(all());
    EXPECT_EQ(adapter->refresh_calls, 1);
    EXPECT_EQ(seen, std::vector<std::string>(10, "token-2"));
}

TEST_P(Tokens, keeps_the_old_refresh_token_when_the_answer_has_none) {
    expire_tokens();
    networks::Tokens fresh;
    fresh.access_token = "token-new";
    adapter->refreshes.push_back(fresh);
    ASSERT_TRUE(run(tokens->access(grant)));
    auto const stored = accounts::open_tokens(cipher, grant, grant_column("tokens"));
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->refresh_token, "refresh-1");
    EXPECT_EQ(stored->access_token, "token-new");
}

TEST_P(Tokens, tries_a_lost_answer_once_more_with_the_old_token) {
    expire_tokens();
    adapter->refreshes.push_back(networks::RefreshLost{});
    auto const access = run(tokens->access(grant));
    ASSERT_TRUE(access);
    EXPECT_EQ(adapter->refresh_calls, 2);
    EXPECT_EQ(grant_column("state"), "active");
    EXPECT_EQ(grant_column("CAST(refresh_lost_count AS TEXT)"), "0");
}

TEST_P(Tokens, asks_to_reconnect_when_the_old_token_is_refused_after_a_lost_answer) {
    expire_tokens();
    adapter->refreshes.push_back(networks::RefreshLost{});
    adapter->refreshes.push_back(networks::RefreshRefused{"invalid_request", "Refused."});
    auto const access = run(tokens->access(grant));
    ASSERT_FALSE(access);
    EXPECT_TRUE(access.error().reconnect);
    EXPECT_EQ(grant_column("state"), "needs_reconnect");
    EXPECT_EQ(grant_column("problem"), "refresh_lost");
    ASSERT_EQ(recorder.grants.size(), 1u);
    EXPECT_EQ(recorder.grants.front().problem, "refresh_lost");
}

TEST_P(Tokens, knows_of_an_answer_that_was_lost_with_its_process) {
    expire_tokens();
    // A process journalled its intent, sent, and died: its lease has ended.
    sql("UPDATE grants SET refresh_intent_at = $1, refresh_lease_until = 1, refresh_lease_token = 'dead'",
        {clock.now()});
    adapter->refreshes.push_back(networks::RefreshRefused{"invalid_request", "Refused."});
    ASSERT_FALSE(run(tokens->access(grant)));
    EXPECT_EQ(grant_column("problem"), "refresh_lost");
}

TEST_P(Tokens, never_disconnects_for_a_network_in_trouble) {
    expire_tokens();
    for (int i = 0; i < 20; ++i) {
        adapter->refreshes.push_back(networks::RefreshLater{std::nullopt, "503"});
        adapter->refreshes.push_back(networks::RefreshLost{});
        adapter->refreshes.push_back(networks::RefreshLost{});
    }
    for (int i = 0; i < 20; ++i) {
        auto const access = run(tokens->access(grant));
        ASSERT_FALSE(access);
        EXPECT_FALSE(access.error().reconnect);
    }
    EXPECT_EQ(grant_column("state"), "active");
    adapter->refreshes.clear();
    EXPECT_TRUE(run(tokens->access(grant)));
}

TEST_P(Tokens, refreshes_ahead_of_time_what_is_due) {
    expire_tokens();
    EXPECT_EQ(run(tokens->refresh_due(10)), 1);
    EXPECT_EQ(run(tokens->refresh_due(10)), 0) << "its next time is in the future";
    auto const next = query("SELECT refresh_at FROM grants").front().instant(0);
    EXPECT_EQ(next - clock.now(), minutes(90)) << "at 75 % of two hours";
}

TEST_P(Tokens, publishes_with_a_token_that_expires_in_the_middle) {
    auto const made = make_post({"1", "2", "3"}, clock.now(), {account});
    network.before_answer = [&](std::string path) -> asio::awaitable<void> {
        if (path == "create/0") network.valid_token = "token-2";
        co_return;
    };
    drive();
    EXPECT_EQ(state(made.target()), "published");
    EXPECT_EQ(adapter->refresh_calls, 1);
    for (int part = 0; part < 3; ++part) EXPECT_EQ(live(made.target(), part), 1);
}

MYPOST_WORLD_ON_BOTH_ENGINES(Tokens);

}  // namespace mypost::test
