// Taking jobs: the part of the store that many processes fight over.
#include "queue/embedded/rows.hpp"
#include "queue/embedded/store.hpp"

namespace mypost::queue {

namespace {

using db::Query;

constexpr Query sql_ensure{"queue.ensure",
                           "INSERT INTO queue_state (queue) VALUES ($1) ON CONFLICT (queue) DO NOTHING"};

constexpr Query sql_look{
    "queue.look",
    "SELECT EXISTS (SELECT 1 FROM queue_jobs WHERE queue = $1 AND state = 'waiting'),"
    " (SELECT min(run_at) FROM queue_jobs WHERE queue = $1 AND state = 'delayed'),"
    " (SELECT count(*) FROM queue_state WHERE queue = $1 AND paused_at IS NOT NULL), db_now()"};

// A claim shares the queue's row with other claims and excludes a pause; with a rate limit it excludes other
// claims too.
constexpr Query sql_lock_shared{"queue.lock_shared",
                                "SELECT paused_at, window_started_at, window_used, db_now(),"
                                " (SELECT min(run_at) FROM queue_jobs WHERE queue = $1 AND state = 'delayed')"
                                " FROM queue_state WHERE queue = $1 FOR SHARE"};
constexpr Query sql_lock_alone{"queue.lock_alone",
                               "SELECT paused_at, window_started_at, window_used, db_now(),"
                               " (SELECT min(run_at) FROM queue_jobs WHERE queue = $1 AND state = 'delayed')"
                               " FROM queue_state WHERE queue = $1 FOR UPDATE"};

constexpr Query sql_promote{
    "queue.promote_due",
    "UPDATE queue_jobs SET state = 'waiting' WHERE seq IN"
    " (SELECT seq FROM queue_jobs WHERE queue = $1 AND state = 'delayed' AND run_at <= $2"
    " ORDER BY run_at LIMIT 1000 FOR UPDATE SKIP LOCKED)"};

constexpr Query sql_claim{"queue.claim",
                          "UPDATE queue_jobs SET state = 'active', worker = $3, lease_until = $4, started_at "
                          "= $5, fence = fence + 1"
                          " WHERE seq IN (SELECT seq FROM queue_jobs WHERE queue = $1 AND state = 'waiting'"
                          " ORDER BY priority, run_at, seq LIMIT $2 FOR UPDATE SKIP LOCKED)"
                          " RETURNING seq, fence, id, name, data, priority, attempts, attempts_made, "
                          "backoff, backoff_ms, backoff_jitter,"
                          " keep, created_at, run_at"};

constexpr Query sql_use_window{
    "queue.use_window", "UPDATE queue_state SET window_started_at = $2, window_used = $3 WHERE queue = $1"};

struct Lock {
    bool paused;
    Instant window_started_at;
    std::int64_t window_used;
    Instant now;
    std::optional<Instant> next_delayed_at;
};

Lock read_lock(db::Row const& row) {
    return Lock{!row.is_null(0), row.instant(1), row.int64(2), row.instant(3), row.opt_instant(4)};
}

ClaimedJob read_claimed(QueueName queue, db::Row const& row) {
    Job job{queue,
            row.text(2),
            row.text(3),
            row.text(4),
            static_cast<int>(row.int64(5)),
            static_cast<int>(row.int64(6)),
            static_cast<int>(row.int64(7)),
            row.instant(12)};
    Backoff const backoff{parse_backoff(row.text(8)), Milliseconds(row.int64(9)), row.real(10)};
    return ClaimedJob{std::move(job), backoff, row.boolean(11), row.int64(0), row.int64(1)};
}

// RETURNING has no order of its own.
std::vector<ClaimedJob> in_order(QueueName queue, db::Rows rows) {
    auto const key = [](db::Row const& row) { return std::tuple(row.int64(5), row.int64(13), row.int64(0)); };
    std::ranges::sort(rows.rows, {}, key);
    std::vector<ClaimedJob> jobs;
    for (auto const& row : rows) jobs.push_back(read_claimed(queue, row));
    return jobs;
}

}  // namespace

asio::awaitable<void> EmbeddedStore::ensure(QueueName queue) {
    db::Params params{to_string(queue)};
    co_await database_.write(sql_ensure, std::move(params));
}

asio::awaitable<Claim> EmbeddedStore::claim(QueueName queue, std::size_t max, RateLimit limit,
                                            bool look_first) {
    Claim claim;
    if (look_first) {
        db::Params params{to_string(queue)};
        auto const rows = co_await database_.read(sql_look, std::move(params));
        auto const& row = rows.front();
        auto const next = row.opt_instant(1);
        bool const due = row.boolean(0) || (next && *next <= row.instant(3));
        if (!due || row.int64(2) > 0) {
            if (next && row.int64(2) == 0) claim.wait = *next - row.instant(3);
            co_return claim;
        }
    }
    co_await database_.transaction([&](db::Transaction& tx) -> asio::awaitable<void> {
        db::Params of_queue{to_string(queue)};
        auto const locked =
            co_await tx.run(limit.max > 0 ? sql_lock_alone : sql_lock_shared, std::move(of_queue));
        if (locked.empty()) co_return;  // obliterated meanwhile; the next turn makes the row again
        auto const lock = read_lock(locked.front());
        if (lock.paused) co_return;
        if (lock.next_delayed_at) claim.wait = std::max(Milliseconds(0), *lock.next_delayed_at - lock.now);

        auto take = static_cast<std::int64_t>(max);
        bool const same_window =
            lock.window_started_at <= lock.now && lock.now < lock.window_started_at + limit.per;
        auto const used = same_window ? lock.window_used : 0;
        auto const window = same_window ? lock.window_started_at : lock.now;
        if (limit.max > 0) take = std::min(take, limit.max - used);
        if (take <= 0) {
            claim.wait = window + limit.per - lock.now;
            co_return;
        }
        if (lock.next_delayed_at && *lock.next_delayed_at <= lock.now) {
            db::Params due{to_string(queue), lock.now};
            co_await tx.run(sql_promote, std::move(due));
        }
        db::Params params{to_string(queue), take, worker_, lock.now + lease_, lock.now};
        auto rows = co_await tx.run(sql_claim, std::move(params));
        auto const taken = static_cast<std::int64_t>(rows.size());
        if (limit.max > 0 && taken > 0) {
            db::Params use{to_string(queue), window, used + taken};
            co_await tx.run(sql_use_window, std::move(use));
        }
        claim.jobs = in_order(queue, std::move(rows));
    });
    co_return claim;
}

}  // namespace mypost::queue
