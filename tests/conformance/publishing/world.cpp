#include "world.hpp"

#include <boost/json.hpp>

namespace mypost::test {

using namespace publishing;

// ---- the database of a process that dies
// -------------------------------------------------------------------------

void DyingDatabase::count() {
    if (dead_) throw Died();
    if (++operations_ == fail_at_ && !after_) {
        dead_ = true;
        throw Died();
    }
}

void DyingDatabase::die_after() {
    if (operations_ != fail_at_ || !after_) return;
    dead_ = true;
    throw Died();
}

asio::awaitable<db::Rows> DyingDatabase::read(db::Query const& query, db::Params params) {
    if (dead_) throw Died();
    co_return co_await inner_.read(query, std::move(params));
}

asio::awaitable<db::Rows> DyingDatabase::write(db::Query const& query, db::Params params,
                                               db::Priority priority) {
    count();
    auto rows = co_await inner_.write(query, std::move(params), priority);
    die_after();
    co_return rows;
}

asio::awaitable<void> DyingDatabase::transaction(Body body, db::Priority priority) {
    count();
    co_await inner_.transaction(std::move(body), priority);
    die_after();
}

// ---- the world
// ---------------------------------------------------------------------------------------------------

World::World() {
    auto fake = std::make_unique<FakeAdapter>();
    adapter = fake.get();
    std::vector<std::unique_ptr<networks::NetworkAdapter>> adapters;
    adapters.push_back(std::move(fake));
    registry = std::make_unique<networks::Registry>(std::move(adapters));
    auto const now = clock.now();
    sql("INSERT INTO tenants (id, name, created_at) VALUES ($1, 'T', $2)", {tenant, now});
    for (auto const& person : {user, editor}) {
        sql("INSERT INTO users (id, tenant_id, email, email_key, name, created_at, updated_at) VALUES ($1, "
            "$2, $3, $3, 'U', $4, $4)",
            {person, tenant, person.to_string(), now});
    }
    sql("INSERT INTO workspaces (id, tenant_id, name, slug, time_zone, created_at, updated_at) VALUES ($1, "
        "$2, 'W', 'w', 'UTC', $3, $3)",
        {workspace, tenant, now});
    sql("INSERT INTO brands (id, workspace_id, name, created_at, updated_at) VALUES ($1, $2, 'B', $3, $3)",
        {brand, workspace, now});
    networks::Tokens first;
    first.access_token = "token-1";
    first.refresh_token = "refresh-1";
    sql("INSERT INTO grants (id, workspace_id, brand_id, network, subject, tokens, created_at, updated_at)"
        " VALUES ($1, $2, $3, 'fake', 's', $4, $5, $5)",
        {grant, workspace, brand, accounts::seal_tokens(cipher, grant, first), now});
    account = make_account("first");
    tokens = std::make_unique<accounts::GrantTokens>(accounts::TokenServices{
        *database, clock, cipher, *registry, network, recorder, metrics, [this] { return random; }});
    background = std::make_unique<async::TaskGroup>(io.get_executor());
    runner = std::make_unique<Runner>(make_runner("worker-1", *database));
}

World::~World() {
    run(background->stop(std::chrono::seconds(5)));
}

Services World::services(db::Database& db) {
    return Services{db,    clock,    *registry, network,  *tokens,
                    media, recorder, metrics,   LinkOf(), [this] { return random; }};
}

Runner World::make_runner(std::string const& name, db::Database& db) {
    return Runner(services(db), settings, name, *background);
}

AccountId World::make_account(std::string const& handle) {
    auto const id = AccountId::make();
    sql("INSERT INTO social_accounts (id, workspace_id, brand_id, grant_id, network, kind, remote_id, name, "
        "handle, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, 'fake', 'profile', $5, $5, $5, $6, $6)",
        {id, workspace, brand, grant, handle, clock.now()});
    return id;
}

MadePost World::make_draft(std::vector<std::string> texts, std::vector<AccountId> accounts) {
    boost::json::object content{{"body", texts.front()}, {"media", boost::json::array()}};
    boost::json::array thread;
    for (std::size_t i = 1; i < texts.size(); ++i) thread.push_back(boost::json::object{{"body", texts[i]}});
    content["thread"] = thread;
    MadePost made;
    made.post = PostId::make();
    auto const version = PostVersionId::make();
    sql("INSERT INTO posts (id, workspace_id, brand_id, author_id, title, content, status, "
        "current_version_id, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, 't', $5, 'draft', $6, $7, $7)",
        {made.post, workspace, brand, user, boost::json::serialize(content), version, clock.now()});
    auto const added =
        change(made.post,
               [&](db::Transaction& tx, LockedPost& post, Changes& changes) -> asio::awaitable<Result<Done>> {
                   for (auto const& to : accounts) {
                       NewTarget target;
                       target.account = to;
                       target.network = "fake";
                       auto id = co_await add_target(tx, post, target, clock.now(), changes);
                       if (!id) co_return id.error();
                       made.targets.push_back(*id);
                   }
                   co_return Done{};
               });
    if (!added) throw std::runtime_error(added.error().message);
    return made;
}

Result<Done> World::schedule(PostId post, Instant at) {
    return change(
        post,
        [&](db::Transaction& tx, LockedPost& locked, Changes& changes) -> asio::awaitable<Result<Done>> {
            co_return co_await publishing::schedule(tx, locked, ChosenTime{at, "", ""}, Actor{user, true},
                                                    clock.now(), changes);
        });
}

MadePost World::make_post(std::vector<std::string> texts, Instant at, std::vector<AccountId> accounts) {
    auto made = make_draft(std::move(texts), std::move(accounts));
    auto const scheduled = schedule(made.post, at);
    if (!scheduled) throw std::runtime_error(scheduled.error().message);
    return made;
}

int World::sweep() {
    int looks = 0;
    while (true) {
        auto due = run(take_due(*database, settings, clock.now(), 100));
        if (due.empty()) return looks;
        for (auto const& target : first_in_line(std::move(due))) {
            std::optional<TargetId> next = target.id;
            while (next) {
                ++looks;
                next = run(runner->run(*next));
            }
        }
    }
}

void World::drive(std::chrono::hours limit) {
    auto const until = clock.now() + limit;
    for (int rounds = 0; rounds < 10'000; ++rounds) {
        sweep();
        auto const next =
            query("SELECT MIN(dispatch_at) FROM post_targets WHERE state <> 'held'").front().opt_instant(0);
        if (!next || *next > until) return;
        if (*next > clock.now()) clock.set(*next);
    }
    FAIL() << "it never comes to rest";
}

std::string World::text_column(TargetId target, std::string const& column) {
    auto const rows = query("SELECT " + column + " FROM post_targets WHERE id = $1", {target});
    return rows.empty() ? "(gone)" : rows.front().opt_text(0).value_or("");
}
std::string World::state(TargetId target) {
    return text_column(target, "state");
}
std::string World::status(PostId post) {
    return query("SELECT status FROM posts WHERE id = $1", {post}).front().text(0);
}

std::vector<std::string> World::part_states(TargetId target) {
    std::vector<std::string> states;
    for (auto const& row :
         query("SELECT state FROM target_parts WHERE target_id = $1 ORDER BY position", {target})) {
        states.push_back(row.text(0));
    }
    return states;
}

}  // namespace mypost::test
