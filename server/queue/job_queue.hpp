// Background jobs: one interface, an embedded implementation in the database (embedded/) and, later, BullMQ's
// on Redis. What each word means: docs/queue.md.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"

namespace mypost::queue {

namespace asio = boost::asio;

// Every queue of the product. On the wire and in tables "token-refresh" has a hyphen.
enum class QueueName { publish, token_refresh, analytics, media, mail, webhooks, maintenance };
inline constexpr QueueName all_queues[] = {
    QueueName::publish, QueueName::token_refresh, QueueName::analytics,  QueueName::media,
    QueueName::mail,    QueueName::webhooks,      QueueName::maintenance};
std::string_view to_string(QueueName queue);
std::optional<QueueName> parse_queue_name(std::string_view text);

// The pause before another attempt. fixed: `delay` each time; exponential: delay · 2^(attempts made - 1), at
// most a day. `jitter` 0…1 is the share of it that chance may take away.
struct Backoff {
    enum class Kind { fixed, exponential };
    Kind kind = Kind::exponential;
    Milliseconds delay{1000};
    double jitter = 0.0;
};

// The pause after the `attempts_made`-th attempt (from 1). `chance` is random in [0, 1).
Milliseconds backoff_pause(Backoff const& backoff, int attempts_made, double chance);

struct NewJob {
    QueueName queue = QueueName::maintenance;
    std::string id;    // unique in its queue while the job exists; not a number, no ':' (BullMQ's rules).
                       // Empty: made up
    std::string name;  // what kind of work
    std::string data = "{}";  // JSON, for the handler
    Milliseconds delay{0};
    int priority = 0;  // 0…2097151; smaller goes first
    int attempts = 1;  // how often it may be tried in all
    Backoff backoff = {};
    bool keep_completed = false;  // else it is forgotten when done, and its id is free again
};

struct Job {
    QueueName queue;
    std::string id;
    std::string name;
    std::string data;
    int priority;
    int attempts;
    int attempts_made;  // before this one
    Instant created_at;
};

enum class JobState { waiting, delayed, active, completed, failed };
std::string_view to_string(JobState state);
std::optional<JobState> parse_job_state(std::string_view text);

// A job as people look at it.
struct JobInfo {
    Job job;
    JobState state;
    Instant run_at;
    std::optional<Instant> started_at;
    std::optional<Instant> finished_at;
    int stalled_count;
    std::string reason;  // of the last failure
};

struct Counts {
    std::int64_t waiting = 0;
    std::int64_t delayed = 0;
    std::int64_t active = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    bool paused = false;
};

// How a job's run ended. An exception that leaves the handler counts as Retry with its message.
struct Completed {};
struct Retry {  // spends an attempt; the last one fails the job
    std::string reason;
    std::optional<Milliseconds> after;  // else the job's backoff
};
struct Snooze {     // spends no attempt: a rate limit, "not yet"
    Instant until;  // by the database's clock
};
struct Cancel {  // fails at once, whatever attempts are left
    std::string reason;
};
using Outcome = std::variant<Completed, Retry, Snooze, Cancel>;

using Handler = std::function<asio::awaitable<Outcome>(Job)>;

struct RateLimit {
    int max = 0;  // 0: none
    Milliseconds per{1000};
};

struct ProcessOptions {
    std::size_t concurrency = 1;  // jobs at once in this process
    RateLimit rate_limit = {};    // starts over all processes
};

struct Added {
    std::string id;
    bool added;  // false: a job of this id exists already, and nothing happened
};

// Throws db::Unavailable (or its Redis equal) when the store is away, std::invalid_argument for a job that
// breaks the rules above: that is a programmer's error.
class JobQueue {
  public:
    virtual ~JobQueue() = default;

    virtual asio::awaitable<Added> add(NewJob job) = 0;
    // All or none, in one round trip; in the order given.
    virtual asio::awaitable<std::vector<Added>> add_many(std::vector<NewJob> jobs) = 0;

    // Starts to work on `queue`; once a queue. A cancelled handler (see stop) gives its job back unspent.
    virtual void process(QueueName queue, ProcessOptions options, Handler handler) = 0;
    // Takes no more jobs; lets running ones end within `grace`, then cancels them: those go back unspent.
    virtual asio::awaitable<void> stop(Milliseconds grace) = 0;

    // After pause() has returned no job of the queue starts, in any process; running ones go on.
    virtual asio::awaitable<void> pause(QueueName queue) = 0;
    virtual asio::awaitable<void> resume(QueueName queue) = 0;

    virtual asio::awaitable<Counts> counts(QueueName queue) = 0;
    virtual asio::awaitable<std::optional<JobInfo>> find(QueueName queue, std::string id) = 0;
    // waiting and delayed: next to run first; active: oldest first; completed and failed: newest first. limit
    // 1…1000.
    virtual asio::awaitable<std::vector<JobInfo>> list(QueueName queue, JobState state, int limit,
                                                       int offset) = 0;

    // A failed job runs again, with all its attempts. False when there is no such failed job.
    virtual asio::awaitable<bool> retry(QueueName queue, std::string id) = 0;
    // A delayed job runs now. False when there is no such delayed job.
    virtual asio::awaitable<bool> promote(QueueName queue, std::string id) = 0;
    // False when there is no such job or it is running.
    virtual asio::awaitable<bool> remove(QueueName queue, std::string id) = 0;
    // Removes what waits (and what is delayed, when asked). Returns how many.
    virtual asio::awaitable<std::int64_t> drain(QueueName queue, bool with_delayed) = 0;
    // Removes completed or failed jobs that ended more than `age` ago. Returns how many.
    virtual asio::awaitable<std::int64_t> clean(QueueName queue, JobState state, Milliseconds age) = 0;
    // Removes the whole queue, its pause included. A conflict while jobs run, unless `force`: their outcome
    // is dropped.
    virtual asio::awaitable<Result<Done>> obliterate(QueueName queue, bool force) = 0;
};

// Fills in an id where there is none. Throws std::invalid_argument that names the rule.
void check(NewJob& job);

}  // namespace mypost::queue
