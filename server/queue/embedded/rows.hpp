#pragma once

#include "db/database.hpp"
#include "queue/job_queue.hpp"

namespace mypost::queue {

std::string_view to_string(Backoff::Kind kind);
Backoff::Kind parse_backoff(std::string_view text);

// The columns that read_info() expects, in its order.
#define MYPOST_QUEUE_INFO_COLUMNS                                                                \
    "id, name, data, priority, attempts, attempts_made, created_at, state, run_at, started_at, " \
    "finished_at, "                                                                              \
    "stalled_count, reason"
JobInfo read_info(QueueName queue, db::Row const& row);

// The jobs as one JSON text, so that one statement adds any number of them.
std::string to_json(std::vector<NewJob> const& jobs);

}  // namespace mypost::queue
