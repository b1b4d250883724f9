#include "queue/job_queue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <stdexcept>

#include "core/ids.hpp"

namespace mypost::queue {

namespace {

constexpr Milliseconds longest_pause = std::chrono::hours(24);
constexpr int largest_priority = 2'097'151;  // BullMQ's
constexpr std::size_t longest_id = 200;

}  // namespace

std::string_view to_string(QueueName queue) {
    switch (queue) {
        case QueueName::publish:
            return "publish";
        case QueueName::token_refresh:
            return "token-refresh";
        case QueueName::analytics:
            return "analytics";
        case QueueName::media:
            return "media";
        case QueueName::mail:
            return "mail";
        case QueueName::webhooks:
            return "webhooks";
        case QueueName::maintenance:
            return "maintenance";
    }
    return "";
}

std::optional<QueueName> parse_queue_name(std::string_view text) {
    for (auto queue : all_queues) {
        if (to_string(queue) == text) return queue;
    }
    return std::nullopt;
}

std::string_view to_string(JobState state) {
    switch (state) {
        case JobState::waiting:
            return "waiting";
        case JobState::delayed:
            return "delayed";
        case JobState::active:
            return "active";
        case JobState::completed:
            return "completed";
        case JobState::failed:
            return "failed";
    }
    return "";
}

std::optional<JobState> parse_job_state(std::string_view text) {
    for (auto state :
         {JobState::waiting, JobState::delayed, JobState::active, JobState::completed, JobState::failed}) {
        if (to_string(state) == text) return state;
    }
    return std::nullopt;
}

Milliseconds backoff_pause(Backoff const& backoff, int attempts_made, double chance) {
    auto pause = static_cast<double>(backoff.delay.count());
    if (backoff.kind == Backoff::Kind::exponential) {
        for (int i = 1; i < attempts_made && pause < static_cast<double>(longest_pause.count()); ++i)
            pause *= 2;
    }
    pause = std::min(pause, static_cast<double>(longest_pause.count()));
    return Milliseconds(static_cast<std::int64_t>(pause * (1.0 - backoff.jitter * chance)));
}

void check(NewJob& job) {
    auto const refuse = [&](std::string_view rule) {
        throw std::invalid_argument(fmt::format("job {}/{}: {}", to_string(job.queue), job.name, rule));
    };
    if (job.id.empty()) job.id = Uuid::make().to_string();
    bool const number = std::ranges::all_of(job.id, [](char c) { return c >= '0' && c <= '9'; });
    if (number) refuse("its id must not be a number");
    if (job.id.find(':') != std::string::npos) refuse("its id must not hold a colon");
    if (job.id.size() > longest_id) refuse("its id is longer than 200 bytes");
    if (job.name.empty()) refuse("it has no name");
    if (job.delay < Milliseconds(0)) refuse("its delay is negative");
    if (job.priority < 0 || job.priority > largest_priority) refuse("its priority is outside 0…2097151");
    if (job.attempts < 1) refuse("it needs at least one attempt");
    if (job.backoff.delay < Milliseconds(0)) refuse("its backoff is negative");
    if (job.backoff.jitter < 0 || job.backoff.jitter > 1) refuse("its jitter is outside 0…1");
    boost::system::error_code error;
    boost::json::parse(job.data, error);
    if (error) refuse("its data is not JSON");
}

}  // namespace mypost::queue
