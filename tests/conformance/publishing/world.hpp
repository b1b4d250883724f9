// A whole installation around the runner: database, clock, fake network; posts are made through the real
// scheduling.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <vector>

#include "accounts/tokens.hpp"
#include "async/task_group.hpp"
#include "fake_network.hpp"
#include "publishing/actions.hpp"
#include "publishing/dispatch.hpp"
#include "publishing/pause.hpp"
#include "publishing/runner.hpp"
#include "publishing/scheduling.hpp"
#include "support/database.hpp"

namespace mypost::test {

class Recorder final : public publishing::Notifier {
  public:
    void changed(publishing::Changes changes) override {
        for (auto& target : changes.targets) targets.push_back(std::move(target));
        for (auto& post : changes.posts) posts.push_back(std::move(post));
        for (auto& grant : changes.grants) grants.push_back(std::move(grant));
        for (auto& alarm : changes.alarms) alarms.push_back(std::move(alarm));
    }
    std::vector<publishing::TargetChange> targets;
    std::vector<publishing::PostChange> posts;
    std::vector<publishing::GrantChange> grants;
    std::vector<publishing::Alarm> alarms;
};

struct MadePost {
    PostId post;
    std::vector<TargetId> targets;
    TargetId target() const { return targets.front(); }
};

// Passes everything on until operation number `fail_at` (writes and transactions, from 1): from then on the
// process is "dead" and everything throws. `after`: that operation itself still is committed.
class DyingDatabase final : public db::Database {
  public:
    struct Died : std::runtime_error {
        Died() : std::runtime_error("the process died") {}
    };
    DyingDatabase(db::Database& inner, int fail_at, bool after)
        : inner_(inner), fail_at_(fail_at), after_(after) {}

    bool died() const { return dead_; }
    db::Engine engine() const override { return inner_.engine(); }
    asio::awaitable<db::Rows> read(db::Query const& query, db::Params params) override;
    asio::awaitable<db::Rows> write(db::Query const& query, db::Params params,
                                    db::Priority priority) override;
    asio::awaitable<void> transaction(Body body, db::Priority priority) override;
    asio::awaitable<void> migrate() override { return inner_.migrate(); }
    asio::awaitable<bool> schema_is_current() override { return inner_.schema_is_current(); }
    asio::awaitable<void> ping() override { return inner_.ping(); }
    asio::awaitable<void> close() override { return inner_.close(); }

  private:
    void count();
    void die_after();
    db::Database& inner_;
    int fail_at_;
    bool after_;
    int operations_ = 0;
    bool dead_ = false;
};

class World : public testing::TestWithParam<db::Engine> {
  protected:
    World();
    ~World() override;

    template <class T>
    T run(asio::awaitable<T> work) {
        return test::run(io, std::move(work));
    }
    void run(asio::awaitable<void> work) { test::run(io, std::move(work)); }

    db::Rows sql(std::string_view text, db::Params params = {}) {
        return run(database->write(db::Query{"test", text}, std::move(params)));
    }
    db::Rows query(std::string_view text, db::Params params = {}) {
        return run(database->read(db::Query{"test", text}, std::move(params)));
    }

    AccountId make_account(std::string const& handle);
    // A scheduled post with one part per text; one target per account.
    MadePost make_post(std::vector<std::string> texts, Instant at, std::vector<AccountId> accounts);
    MadePost make_post(std::string text, Instant at) {
        return make_post(std::vector{std::move(text)}, at, {account});
    }
    MadePost make_draft(std::vector<std::string> texts, std::vector<AccountId> accounts);

    // Runs a body on the locked post and tells the notifier.
    template <class F>
    Result<Done> change(PostId post, F body, bool for_change = false);
    Result<Done> schedule(PostId post, Instant at);

    publishing::Runner make_runner(std::string const& name, db::Database& db);
    publishing::Services services(db::Database& db);

    // Looks at everything due until nothing is; returns the number of looks.
    int sweep();
    // Sweeps, and moves the clock to the next look, until nothing is left to do or `until` has come.
    void drive(std::chrono::hours limit = std::chrono::hours(48));
    void expire_leases() { sql("UPDATE post_targets SET lease_until = 1 WHERE lease_until IS NOT NULL"); }

    std::string state(TargetId target);
    std::string text_column(TargetId target, std::string const& column);
    std::string status(PostId post);
    int live(TargetId target, int part = 0) { return network.count(target.to_string(), part); }
    std::vector<std::string> part_states(TargetId target);

    boost::asio::io_context io;
    TemporaryDatabase database{io, GetParam()};
    ManualClock clock{from_ms(1'795'000'000'000)};
    FakeNetwork network{clock};
    FakeAdapter* adapter = nullptr;
    std::unique_ptr<networks::Registry> registry;
    NoMedia media;
    Recorder recorder;
    publishing::Metrics metrics;
    Cipher cipher{std::string(32, 'k')};
    std::unique_ptr<accounts::GrantTokens> tokens;
    publishing::PublishSettings settings;
    std::unique_ptr<async::TaskGroup> background;
    std::unique_ptr<publishing::Runner> runner;
    double random = 0.5;

    TenantId tenant = TenantId::make();
    UserId user = UserId::make();
    UserId editor = UserId::make();
    WorkspaceId workspace = WorkspaceId::make();
    BrandId brand = BrandId::make();
    GrantId grant = GrantId::make();
    AccountId account;
};

template <class F>
Result<Done> World::change(PostId post, F body, bool for_change) {
    publishing::Changes changes;
    auto work = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        auto locked = for_change ? co_await publishing::lock_for_change(tx, workspace, post)
                                 : co_await publishing::lock_post(tx, workspace, post);
        if (!locked) co_return locked.error();
        auto done = co_await body(tx, *locked, changes);
        if (!done) co_return done.error();
        co_await publishing::recompute_post(tx, post, clock.now(), changes);
        co_return Done{};
    };
    auto result = run(db::in_transaction<Result<Done>>(*database, work));
    recorder.changed(std::move(changes));
    return result;
}

}  // namespace mypost::test

#define MYPOST_WORLD_ON_BOTH_ENGINES(Suite)                                                             \
    INSTANTIATE_TEST_SUITE_P(Publishing, Suite,                                                         \
                             testing::Values(mypost::db::Engine::sqlite, mypost::db::Engine::postgres), \
                             [](auto const& info) { return mypost::test::engine_name(info.param); })
