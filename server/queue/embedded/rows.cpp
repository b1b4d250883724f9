#include "queue/embedded/rows.hpp"

#include <boost/json.hpp>
#include <stdexcept>

namespace mypost::queue {

namespace json = boost::json;

std::string_view to_string(Backoff::Kind kind) {
    switch (kind) {
        case Backoff::Kind::fixed:
            return "fixed";
        case Backoff::Kind::exponential:
            return "exponential";
    }
    return "";
}

Backoff::Kind parse_backoff(std::string_view text) {
    return text == "fixed" ? Backoff::Kind::fixed : Backoff::Kind::exponential;
}

JobInfo read_info(QueueName queue, db::Row const& row) {
    auto const state = parse_job_state(row.text(7));
    if (!state) throw std::logic_error("unknown job state in queue_jobs");
    Job job{queue,
            row.text(0),
            row.text(1),
            row.text(2),
            static_cast<int>(row.int64(3)),
            static_cast<int>(row.int64(4)),
            static_cast<int>(row.int64(5)),
            row.instant(6)};
    return JobInfo{std::move(job),
                   *state,
                   row.instant(8),
                   row.opt_instant(9),
                   row.opt_instant(10),
                   static_cast<int>(row.int64(11)),
                   row.opt_text(12).value_or("")};
}

std::string to_json(std::vector<NewJob> const& jobs) {
    json::array all;
    std::int64_t position = 0;
    for (auto const& job : jobs) {
        all.push_back(json::object{{"n", ++position},
                                   {"queue", to_string(job.queue)},
                                   {"id", job.id},
                                   {"name", job.name},
                                   {"data", job.data},
                                   {"delay", job.delay.count()},
                                   {"priority", job.priority},
                                   {"attempts", job.attempts},
                                   {"backoff", to_string(job.backoff.kind)},
                                   {"backoff_ms", job.backoff.delay.count()},
                                   {"backoff_jitter", job.backoff.jitter},
                                   {"keep", job.keep_completed}});
    }
    return json::serialize(all);
}

}  // namespace mypost::queue
