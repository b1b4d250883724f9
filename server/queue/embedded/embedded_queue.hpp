// The job queue in the database: SQLite or PostgreSQL, any number of processes.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "db/database.hpp"
#include "queue/job_queue.hpp"

namespace mypost::queue {

struct EmbeddedQueueOptions {
    Milliseconds lease{30'000};  // a worker silent for so long has lost its jobs
    Milliseconds renew_every{10'000};
    Milliseconds recover_every{5'000};  // how often each process looks for lost jobs
    Milliseconds poll{1'000};           // how soon other processes' jobs are noticed; own ones at once
    int max_stalled = 3;                // a job whose worker vanished more often fails
};

// `database` outlives the queue. Nothing runs before process().
std::unique_ptr<JobQueue> make_embedded_queue(asio::any_io_executor executor, db::Database& database,
                                              EmbeddedQueueOptions options = {});

}  // namespace mypost::queue
