#include "idempotency/database_store.hpp"

#include <gtest/gtest.h>

#include "support/database.hpp"

namespace mypost::idempotency {

namespace {

using State = http::IdempotencyStore::State;

class IdempotencyStore : public testing::TestWithParam<db::Engine> {
  protected:
    boost::asio::io_context io;
    test::TemporaryDatabase database{io, GetParam()};
    ManualClock clock{from_ms(1'700'000'000'000)};
    Cipher cipher{std::string(32, 'k')};
    DatabaseStore store{*database, clock, cipher};
    http::IdempotencyStore::Key const key{"user:1", "createPost", WorkspaceId::make(), "hash"};

    http::IdempotencyStore::Claim claim(http::IdempotencyStore::Key const& of,
                                        std::string request = "request") {
        return test::run(io, store.claim(of, std::move(request)));
    }
    void finish(bool secret = false) {
        http::IdempotencyStore::Answer answer{
            201, {{"Content-Type", "application/json"}, {"Set-Cookie", "a=b"}}, R"({"token":"s3cret"})"};
        test::run(io, store.finish(key, std::move(answer), secret));
    }
    std::string stored_body() {
        static constexpr db::Query sql{"test.body", "SELECT body FROM idempotency_keys"};
        return test::run(io, database->read(sql)).front().text(0);
    }
};

}  // namespace

TEST_P(IdempotencyStore, gives_the_first_answer_again) {
    EXPECT_EQ(claim(key).state, State::claimed);
    EXPECT_EQ(claim(key).state, State::in_flight);
    finish();
    auto const again = claim(key);
    ASSERT_EQ(again.state, State::answered);
    EXPECT_EQ(again.answer.status, 201);
    EXPECT_EQ(again.answer.body, R"({"token":"s3cret"})");
    ASSERT_EQ(again.answer.headers.size(), 2U);
    EXPECT_EQ(again.answer.headers[1].second, "a=b");
    EXPECT_EQ(claim(key, "another request").state, State::other_request);
}

TEST_P(IdempotencyStore, keeps_callers_routes_and_workspaces_apart) {
    EXPECT_EQ(claim(key).state, State::claimed);
    for (auto change : {0, 1, 2, 3}) {
        auto other = key;
        if (change == 0) other.caller = "user:2";
        if (change == 1) other.route = "createBrand";
        if (change == 2) other.workspace = WorkspaceId::make();
        if (change == 3) other.key_hash = "other";
        EXPECT_EQ(claim(other).state, State::claimed) << change;
    }
}

TEST_P(IdempotencyStore, encrypts_secret_answers) {
    (void)claim(key);
    finish(true);
    EXPECT_EQ(stored_body().find("s3cret"), std::string::npos);
    EXPECT_EQ(claim(key).answer.body, R"({"token":"s3cret"})");
}

TEST_P(IdempotencyStore, lets_a_dead_claim_run_out) {
    EXPECT_EQ(claim(key).state, State::claimed);
    clock.advance(claim_lifetime - std::chrono::milliseconds(1));
    EXPECT_EQ(claim(key).state, State::in_flight);
    clock.advance(std::chrono::milliseconds(1));
    EXPECT_EQ(claim(key, "another request").state, State::claimed);
}

TEST_P(IdempotencyStore, forgets_what_was_abandoned_and_what_is_old) {
    (void)claim(key);
    test::run(io, store.abandon(key));
    EXPECT_EQ(claim(key).state, State::claimed);
    finish();
    test::run(io, store.abandon(key));  // only claims are given back
    EXPECT_EQ(claim(key).state, State::answered);
    EXPECT_EQ(test::run(io, store.purge()), 0);
    clock.advance(answer_lifetime);
    EXPECT_EQ(claim(key).state, State::claimed);
    clock.advance(claim_lifetime);
    EXPECT_EQ(test::run(io, store.purge()), 1);
}

INSTANTIATE_TEST_SUITE_P(Engines, IdempotencyStore, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](auto const& info) { return test::engine_name(info.param); });

}  // namespace mypost::idempotency
