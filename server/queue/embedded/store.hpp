// The embedded queue's SQL. One object a process.
#pragma once

#include <string>
#include <vector>

#include "db/database.hpp"
#include "queue/job_queue.hpp"

namespace mypost::queue {

// A job that this process may run. Its outcome is accepted only while no later claim was made.
struct ClaimedJob {
    Job job;
    Backoff backoff;
    bool keep_completed;
    std::int64_t seq;
    std::int64_t fence;
};

struct Claim {
    std::vector<ClaimedJob> jobs;
    // How long nothing can change by itself: until the next delayed job or the next window. Nothing: until
    // told.
    std::optional<Milliseconds> wait;
};

struct Stalled {
    QueueName queue;
    std::string id;
    bool failed;  // it stalled too often
};

class EmbeddedStore {
  public:
    // `worker` names this process in leases.
    EmbeddedStore(db::Database& database, std::string worker, Milliseconds lease);

    asio::awaitable<std::vector<Added>> add(std::vector<NewJob> jobs);

    // Makes the queue's row, which claims lock.
    asio::awaitable<void> ensure(QueueName queue);
    // Takes at most `max` jobs that are due. `look_first`: asks cheaply whether there is anything, without
    // writing.
    asio::awaitable<Claim> claim(QueueName queue, std::size_t max, RateLimit limit, bool look_first);

    // False when the claim was lost meanwhile.
    asio::awaitable<bool> complete(ClaimedJob const& job);
    asio::awaitable<bool> delay(ClaimedJob const& job, Milliseconds pause,
                                std::string reason);  // spends an attempt
    asio::awaitable<bool> snooze(ClaimedJob const& job, Instant until);
    asio::awaitable<bool> fail(ClaimedJob const& job, std::string reason);
    asio::awaitable<bool> give_back(ClaimedJob const& job);

    // Prolongs the leases of this worker.
    asio::awaitable<void> renew();
    // Puts back jobs whose lease ran out; those that stalled `limit` times before fail.
    asio::awaitable<std::vector<Stalled>> recover(int limit);

    asio::awaitable<void> set_paused(QueueName queue, bool paused);
    asio::awaitable<Counts> counts(QueueName queue);
    asio::awaitable<std::optional<JobInfo>> find(QueueName queue, std::string id);
    asio::awaitable<std::vector<JobInfo>> list(QueueName queue, JobState state, int limit, int offset);
    asio::awaitable<bool> retry(QueueName queue, std::string id);
    asio::awaitable<bool> promote(QueueName queue, std::string id);
    asio::awaitable<bool> remove(QueueName queue, std::string id);
    asio::awaitable<std::int64_t> drain(QueueName queue, bool with_delayed);
    asio::awaitable<std::int64_t> clean(QueueName queue, JobState state, Milliseconds age);
    asio::awaitable<Result<Done>> obliterate(QueueName queue, bool force);

  private:
    asio::awaitable<bool> settle(db::Query const& query, db::Params params);

    db::Database& database_;
    std::string const worker_;
    Milliseconds const lease_;
};

}  // namespace mypost::queue
