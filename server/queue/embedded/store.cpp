#include "queue/embedded/store.hpp"

#include <map>

#include "queue/embedded/rows.hpp"

namespace mypost::queue {

namespace {

using db::Query;

// Two texts: the engines unpack JSON each in its own way. One statement and one parameter for any number of
// jobs.
constexpr Query sql_add{
    "queue.add",
    "INSERT INTO queue_jobs (queue, id, name, data, state, priority, run_at, attempts, backoff, backoff_ms,"
    " backoff_jitter, keep, created_at)"
    " SELECT queue, id, name, data, CASE WHEN delay > 0 THEN 'delayed' ELSE 'waiting' END, priority, t.now + "
    "delay,"
    " attempts, backoff, backoff_ms, backoff_jitter, keep, t.now"
    " FROM json_to_recordset($1::json) AS j (n BIGINT, queue TEXT, id TEXT, name TEXT, data TEXT, delay "
    "BIGINT,"
    " priority BIGINT, attempts BIGINT, backoff TEXT, backoff_ms BIGINT, backoff_jitter DOUBLE PRECISION, "
    "keep BOOLEAN),"
    " (SELECT db_now() AS now) AS t ORDER BY n"
    " ON CONFLICT (queue, id) DO NOTHING RETURNING queue, id",
    "INSERT INTO queue_jobs (queue, id, name, data, state, priority, run_at, attempts, backoff, backoff_ms,"
    " backoff_jitter, keep, created_at)"
    " SELECT value ->> 'queue', value ->> 'id', value ->> 'name', value ->> 'data',"
    " CASE WHEN value ->> 'delay' > 0 THEN 'delayed' ELSE 'waiting' END, value ->> 'priority',"
    " t.now + (value ->> 'delay'), value ->> 'attempts', value ->> 'backoff', value ->> 'backoff_ms',"
    " value ->> 'backoff_jitter', value ->> 'keep', t.now"
    " FROM json_each($1), (SELECT db_now() AS now) AS t WHERE TRUE ORDER BY value ->> 'n'"
    " ON CONFLICT (queue, id) DO NOTHING RETURNING queue, id"};

#define MYPOST_QUEUE_MINE " WHERE seq = $1 AND fence = $2 AND worker = $3 AND state = 'active'"
#define MYPOST_QUEUE_RELEASE "worker = NULL, lease_until = NULL"

constexpr Query sql_forget{"queue.forget", "DELETE FROM queue_jobs" MYPOST_QUEUE_MINE};
constexpr Query sql_complete{
    "queue.complete",
    "UPDATE queue_jobs SET state = 'completed', finished_at = db_now(), " MYPOST_QUEUE_RELEASE
        MYPOST_QUEUE_MINE};
constexpr Query sql_delay{"queue.delay",
                          "UPDATE queue_jobs SET state = 'delayed', run_at = db_now() + $4, reason = $5,"
                          " attempts_made = attempts_made + 1, " MYPOST_QUEUE_RELEASE MYPOST_QUEUE_MINE};
constexpr Query sql_snooze{
    "queue.snooze",
    "UPDATE queue_jobs SET state = 'delayed', run_at = $4, " MYPOST_QUEUE_RELEASE MYPOST_QUEUE_MINE};
constexpr Query sql_fail{"queue.fail",
                         "UPDATE queue_jobs SET state = 'failed', finished_at = db_now(), reason = $4,"
                         " attempts_made = attempts_made + 1, " MYPOST_QUEUE_RELEASE MYPOST_QUEUE_MINE};
constexpr Query sql_give_back{
    "queue.give_back", "UPDATE queue_jobs SET state = 'waiting', " MYPOST_QUEUE_RELEASE MYPOST_QUEUE_MINE};

constexpr Query sql_renew{
    "queue.renew",
    "UPDATE queue_jobs SET lease_until = db_now() + $2 WHERE worker = $1 AND state = 'active'"};

// (SELECT db_now()) is worked out once, so that the index on lease_until serves.
constexpr Query sql_fail_stalled{
    "queue.fail_stalled",
    "UPDATE queue_jobs SET state = 'failed', finished_at = db_now(),"
    " reason = 'its worker vanished too often', " MYPOST_QUEUE_RELEASE
    " WHERE state = 'active' AND lease_until < (SELECT db_now()) AND stalled_count >= $1"
    " RETURNING queue, id"};
constexpr Query sql_recover{
    "queue.recover",
    "UPDATE queue_jobs SET state = 'waiting', stalled_count = stalled_count + 1, " MYPOST_QUEUE_RELEASE
    " WHERE state = 'active' AND lease_until < (SELECT db_now()) AND stalled_count < $1"
    " RETURNING queue, id"};

#undef MYPOST_QUEUE_MINE
#undef MYPOST_QUEUE_RELEASE

void collect(std::vector<Stalled>& found, db::Rows const& rows, bool failed) {
    for (auto const& row : rows) {
        auto const queue = parse_queue_name(row.text(0));
        if (queue) found.push_back({*queue, row.text(1), failed});
    }
}

}  // namespace

EmbeddedStore::EmbeddedStore(db::Database& database, std::string worker, Milliseconds lease)
    : database_(database), worker_(std::move(worker)), lease_(lease) {}

asio::awaitable<std::vector<Added>> EmbeddedStore::add(std::vector<NewJob> jobs) {
    std::vector<Added> added;
    if (jobs.empty()) co_return added;
    db::Params params{to_json(jobs)};
    auto const rows = co_await database_.write(sql_add, std::move(params));
    std::map<std::pair<std::string, std::string>, bool> inserted;
    for (auto const& row : rows) inserted[{row.text(0), row.text(1)}] = true;
    for (auto const& job : jobs) {
        // Of doubles within the call the first one was added.
        auto const found = inserted.extract({std::string(to_string(job.queue)), job.id});
        added.push_back({job.id, !found.empty()});
    }
    co_return added;
}

asio::awaitable<bool> EmbeddedStore::settle(Query const& query, db::Params params) {
    auto const rows = co_await database_.write(query, std::move(params));
    co_return rows.affected > 0;
}

asio::awaitable<bool> EmbeddedStore::complete(ClaimedJob const& job) {
    db::Params params{job.seq, job.fence, worker_};
    co_return co_await settle(job.keep_completed ? sql_complete : sql_forget, std::move(params));
}

asio::awaitable<bool> EmbeddedStore::delay(ClaimedJob const& job, Milliseconds pause, std::string reason) {
    db::Params params{job.seq, job.fence, worker_, pause.count(), std::move(reason)};
    co_return co_await settle(sql_delay, std::move(params));
}

asio::awaitable<bool> EmbeddedStore::snooze(ClaimedJob const& job, Instant until) {
    db::Params params{job.seq, job.fence, worker_, until};
    co_return co_await settle(sql_snooze, std::move(params));
}

asio::awaitable<bool> EmbeddedStore::fail(ClaimedJob const& job, std::string reason) {
    db::Params params{job.seq, job.fence, worker_, std::move(reason)};
    co_return co_await settle(sql_fail, std::move(params));
}

asio::awaitable<bool> EmbeddedStore::give_back(ClaimedJob const& job) {
    db::Params params{job.seq, job.fence, worker_};
    co_return co_await settle(sql_give_back, std::move(params));
}

asio::awaitable<void> EmbeddedStore::renew() {
    db::Params params{worker_, lease_.count()};
    co_await database_.write(sql_renew, std::move(params), db::Priority::high);
}

asio::awaitable<std::vector<Stalled>> EmbeddedStore::recover(int limit) {
    std::vector<Stalled> found;
    db::Params params{limit};
    auto const failed = co_await database_.write(sql_fail_stalled, params);
    collect(found, failed, true);
    auto const recovered = co_await database_.write(sql_recover, std::move(params));
    collect(found, recovered, false);
    co_return found;
}

}  // namespace mypost::queue
