// The part of the store that people and tests use: looking at jobs, pausing, cleaning up.
#include "queue/embedded/rows.hpp"
#include "queue/embedded/store.hpp"

namespace mypost::queue {

namespace {

using db::Query;

constexpr Query sql_pause{
    "queue.pause",
    "INSERT INTO queue_state (queue, paused_at) VALUES ($1, db_now())"
    " ON CONFLICT (queue) DO UPDATE SET paused_at = coalesce(queue_state.paused_at, db_now())"};
constexpr Query sql_resume{"queue.resume", "UPDATE queue_state SET paused_at = NULL WHERE queue = $1"};
constexpr Query sql_counts{"queue.counts",
                           "SELECT state, count(*) FROM queue_jobs WHERE queue = $1 GROUP BY state"};
constexpr Query sql_is_paused{"queue.is_paused", "SELECT paused_at FROM queue_state WHERE queue = $1"};
constexpr Query sql_find{"queue.find",
                         "SELECT " MYPOST_QUEUE_INFO_COLUMNS " FROM queue_jobs WHERE queue = $1 AND id = $2"};
constexpr Query sql_list_ascending{"queue.list_ascending",
                                   "SELECT " MYPOST_QUEUE_INFO_COLUMNS
                                   " FROM queue_jobs WHERE queue = $1 AND state = $2"
                                   " ORDER BY priority, run_at, seq LIMIT $3 OFFSET $4"};
constexpr Query sql_list_finished{
    "queue.list_finished", "SELECT " MYPOST_QUEUE_INFO_COLUMNS
                           " FROM queue_jobs WHERE queue = $1 AND state = $2 AND finished_at IS NOT NULL"
                           " ORDER BY finished_at DESC, seq DESC LIMIT $3 OFFSET $4"};
constexpr Query sql_retry{"queue.retry",
                          "UPDATE queue_jobs SET state = 'waiting', run_at = db_now(), attempts_made = 0,"
                          " stalled_count = 0, finished_at = NULL, reason = NULL"
                          " WHERE queue = $1 AND id = $2 AND state = 'failed'"};
constexpr Query sql_promote{"queue.promote",
                            "UPDATE queue_jobs SET state = 'waiting', run_at = db_now()"
                            " WHERE queue = $1 AND id = $2 AND state = 'delayed'"};
constexpr Query sql_remove{"queue.remove",
                           "DELETE FROM queue_jobs WHERE queue = $1 AND id = $2 AND state <> 'active'"};
constexpr Query sql_drain{
    "queue.drain",
    "DELETE FROM queue_jobs WHERE queue = $1 AND (state = 'waiting' OR (state = 'delayed' AND $2 = 1))"};
constexpr Query sql_clean{
    "queue.clean",
    "DELETE FROM queue_jobs WHERE queue = $1 AND state = $2 AND finished_at <= (SELECT db_now()) - $3"};
constexpr Query sql_lock{"queue.lock", "SELECT queue FROM queue_state WHERE queue = $1 FOR UPDATE"};
constexpr Query sql_count_active{"queue.count_active",
                                 "SELECT count(*) FROM queue_jobs WHERE queue = $1 AND state = 'active'"};
constexpr Query sql_delete_all{"queue.delete_all", "DELETE FROM queue_jobs WHERE queue = $1"};
constexpr Query sql_reset_state{
    "queue.reset_state",
    "UPDATE queue_state SET paused_at = NULL, window_started_at = 0, window_used = 0"
    " WHERE queue = $1"};

}  // namespace

asio::awaitable<void> EmbeddedStore::set_paused(QueueName queue, bool paused) {
    db::Params params{to_string(queue)};
    co_await database_.write(paused ? sql_pause : sql_resume, std::move(params));
}

asio::awaitable<Counts> EmbeddedStore::counts(QueueName queue) {
    Counts counts;
    db::Params params{to_string(queue)};
    auto const rows = co_await database_.read(sql_counts, params);
    for (auto const& row : rows) {
        auto const count = row.int64(1);
        auto const state = parse_job_state(row.text(0));
        if (!state) continue;
        switch (*state) {
            case JobState::waiting:
                counts.waiting = count;
                break;
            case JobState::delayed:
                counts.delayed = count;
                break;
            case JobState::active:
                counts.active = count;
                break;
            case JobState::completed:
                counts.completed = count;
                break;
            case JobState::failed:
                counts.failed = count;
                break;
        }
    }
    auto const paused = co_await database_.read(sql_is_paused, std::move(params));
    counts.paused = !paused.empty() && !paused.front().is_null(0);
    co_return counts;
}

asio::awaitable<std::optional<JobInfo>> EmbeddedStore::find(QueueName queue, std::string id) {
    db::Params params{to_string(queue), std::move(id)};
    auto const rows = co_await database_.read(sql_find, std::move(params));
    if (rows.empty()) co_return std::nullopt;
    co_return read_info(queue, rows.front());
}

asio::awaitable<std::vector<JobInfo>> EmbeddedStore::list(QueueName queue, JobState state, int limit,
                                                          int offset) {
    bool const finished = state == JobState::completed || state == JobState::failed;
    db::Params params{to_string(queue), to_string(state), std::clamp(limit, 1, 1000), std::max(offset, 0)};
    auto const rows =
        co_await database_.read(finished ? sql_list_finished : sql_list_ascending, std::move(params));
    std::vector<JobInfo> jobs;
    for (auto const& row : rows) jobs.push_back(read_info(queue, row));
    co_return jobs;
}

asio::awaitable<bool> EmbeddedStore::retry(QueueName queue, std::string id) {
    db::Params params{to_string(queue), std::move(id)};
    co_return co_await settle(sql_retry, std::move(params));
}

asio::awaitable<bool> EmbeddedStore::promote(QueueName queue, std::string id) {
    db::Params params{to_string(queue), std::move(id)};
    co_return co_await settle(sql_promote, std::move(params));
}

asio::awaitable<bool> EmbeddedStore::remove(QueueName queue, std::string id) {
    db::Params params{to_string(queue), std::move(id)};
    co_return co_await settle(sql_remove, std::move(params));
}

asio::awaitable<std::int64_t> EmbeddedStore::drain(QueueName queue, bool with_delayed) {
    db::Params params{to_string(queue), with_delayed ? 1 : 0};
    auto const rows = co_await database_.write(sql_drain, std::move(params));
    co_return rows.affected;
}

asio::awaitable<std::int64_t> EmbeddedStore::clean(QueueName queue, JobState state, Milliseconds age) {
    db::Params params{to_string(queue), to_string(state), age.count()};
    auto const rows = co_await database_.write(sql_clean, std::move(params));
    co_return rows.affected;
}

asio::awaitable<Result<Done>> EmbeddedStore::obliterate(QueueName queue, bool force) {
    using Answer = Result<Done>;
    auto body = [&](db::Transaction& tx) -> asio::awaitable<Answer> {
        db::Params const params{to_string(queue)};
        co_await tx.run(sql_lock, params);  // no claim meanwhile
        auto const active = co_await tx.run(sql_count_active, params);
        if (active.front().int64(0) > 0 && !force) co_return conflict("Jobs of this queue are running.");
        co_await tx.run(sql_delete_all, params);
        co_await tx.run(sql_reset_state, params);
        co_return Done{};
    };
    co_return co_await db::in_transaction<Answer>(database_, body);
}

}  // namespace mypost::queue
