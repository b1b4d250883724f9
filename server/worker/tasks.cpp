#include "publishing/read_back.hpp"
#include "publishing/readiness.hpp"
#include "worker/worker.hpp"

namespace mypost::worker {

namespace {

constexpr db::Query sql_old_events{.name = "cleanup.events",
                                   .sql = "DELETE FROM events WHERE created_at < $1"};
constexpr db::Query sql_old_keys{.name = "cleanup.idempotency_keys",
                                 .sql = "DELETE FROM idempotency_keys WHERE expires_at < $1"};
constexpr db::Query sql_old_states{.name = "cleanup.oauth_states",
                                   .sql = "DELETE FROM oauth_states WHERE expires_at < $1"};
constexpr db::Query sql_old_connections{.name = "cleanup.connections",
                                        .sql = "DELETE FROM connections WHERE expires_at < $1"};
constexpr db::Query sql_old_refresh{.name = "cleanup.refresh_tokens",
                                    .sql = "DELETE FROM refresh_tokens WHERE expires_at < $1"};
constexpr db::Query sql_old_budgets{.name = "cleanup.rate_budgets",
                                    .sql = "DELETE FROM rate_budgets WHERE reset_at < $1"};
constexpr db::Query sql_old_beats{
    .name = "cleanup.heartbeats",
    .sql = "DELETE FROM heartbeats WHERE beat_at < $1 AND name LIKE 'worker:%'",
};

constexpr std::chrono::hours events_kept{24};
constexpr std::chrono::minutes dead_worker_kept{10};
constexpr int read_back_batch = 50;

}  // namespace

asio::awaitable<void> clean_up(db::Database& database, Instant now) {
    co_await database.write(sql_old_events, {now - events_kept});
    co_await database.write(sql_old_keys, {now});
    co_await database.write(sql_old_states, {now});
    co_await database.write(sql_old_connections, {now});
    co_await database.write(sql_old_refresh, {now});
    co_await database.write(sql_old_budgets, {now});
    co_await database.write(sql_old_beats, {now - dead_worker_kept});
}

std::vector<PeriodicTask> publishing_tasks(publishing::Services given) {
    // The tasks' coroutines refer to it: it must stay where it is.
    auto const services = std::make_shared<publishing::Services const>(std::move(given));
    std::vector<PeriodicTask> tasks;
    tasks.push_back({"readiness", std::chrono::hours(1), [services]() -> asio::awaitable<void> {
                         co_await publishing::refresh_readiness(*services);
                     }});
    auto const since = std::make_shared<Instant>(services->clock.now());
    tasks.push_back(
        {"readiness_changes", std::chrono::seconds(20), [services, since]() -> asio::awaitable<void> {
             auto const begun = services->clock.now();
             co_await publishing::refresh_changed_readiness(*services, *since);
             *since = begun;
         }});
    tasks.push_back({"read_back", std::chrono::seconds(15), [services]() -> asio::awaitable<void> {
                         co_await publishing::read_back_due(*services, read_back_batch);
                     }});
    tasks.push_back({"clean_up", std::chrono::minutes(10), [services]() -> asio::awaitable<void> {
                         co_await clean_up(services->database, services->clock.now());
                     }});
    return tasks;
}

}  // namespace mypost::worker
