#include "queue/embedded/processor.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "async/sleep.hpp"
#include "core/log.hpp"

namespace mypost::queue {

namespace {

constexpr Milliseconds settle_pause{
    500};  // between two tries to record an outcome while the database is away
constexpr int settle_tries_when_stopping = 3;

double chance() {
    static thread_local std::minstd_rand random{std::random_device{}()};
    return std::uniform_real_distribution<double>(0.0, 1.0)(random);
}

}  // namespace

Processor::Processor(asio::any_io_executor const& executor, EmbeddedStore& store, async::TaskGroup& tasks,
                     QueueName queue, ProcessOptions options, EmbeddedQueueOptions timing, Handler handler)
    : store_(store),
      tasks_(tasks),
      queue_(queue),
      options_(options),
      timing_(timing),
      handler_(std::move(handler)),
      timer_(executor) {}

asio::awaitable<void> Processor::run() {
    bool ensured = false;
    while (!stopping_) {
        std::string problem;
        try {
            if (!ensured) co_await store_.ensure(queue_);
            ensured = true;
            co_await claim_and_start();
        } catch (std::exception const& error) {
            problem = error.what();
        }
        if (problem.empty()) continue;
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) co_return;
        log::warning("cannot take jobs", {{"queue", to_string(queue_)}, {"error", problem}});
        co_await wait(timing_.poll);
    }
}

// One look at the queue, and the pause until the next.
asio::awaitable<void> Processor::claim_and_start() {
    if (running_ >= options_.concurrency) {
        nudged_ = false;
        co_await wait(timing_.lease);  // a job's end wakes
        co_return;
    }
    bool const look_first = !std::exchange(woken_, false);
    nudged_ = false;
    auto const free = options_.concurrency - running_;
    auto claim = co_await store_.claim(queue_, free, options_.rate_limit, look_first);
    if (stopping_) {
        for (auto& job : claim.jobs) co_await settle(std::move(job), Completed{}, true);
        co_return;
    }
    for (auto& job : claim.jobs) {
        ++running_;
        tasks_.spawn("job", [this, job = std::move(job)] { return run_job(job); });
    }
    if (claim.jobs.size() == free) {
        woken_ = true;  // there may be more
        co_return;
    }
    co_await wait(std::min(timing_.poll, claim.wait.value_or(timing_.poll)));
}

void Processor::wake() {
    woken_ = true;
    nudge();
}

void Processor::nudge() {
    nudged_ = true;
    timer_.cancel();
}

void Processor::stop_claiming() {
    stopping_ = true;
    nudge();
}

asio::awaitable<void> Processor::wait(Milliseconds limit) {
    if (nudged_ || stopping_) co_return;
    timer_.expires_after(std::max(limit, Milliseconds(1)));
    boost::system::error_code ignored;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<void> Processor::run_job(ClaimedJob job) {
    struct Leave {
        Processor& processor;
        ~Leave() {
            --processor.running_;
            processor.nudge();
        }
    } leave{*this};

    Outcome outcome = Completed{};
    bool give_back = stopping_;
    if (!give_back) {
        bool thrown = false;
        try {
            outcome = co_await handler_(job.job);
        } catch (std::exception const& error) {
            outcome = Retry{error.what(), std::nullopt};
            thrown = true;
        }
        auto const state = co_await asio::this_coro::cancellation_state;
        give_back = thrown && state.cancelled() != asio::cancellation_type::none;
    }
    // What follows must happen, cancelled or not.
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await settle(std::move(job), std::move(outcome), give_back);
}

// While the database is away the outcome is kept and the lease runs on; who stops meanwhile leaves it to the
// recovery.
asio::awaitable<void> Processor::settle(ClaimedJob job, Outcome outcome, bool give_back) {
    for (int tries_left = settle_tries_when_stopping;;) {
        std::string problem;
        try {
            if (!co_await record(job, outcome, give_back)) {
                log::warning("a job's outcome came after its lease",
                             {{"queue", to_string(queue_)}, {"job_id", job.job.id}});
            }
        } catch (std::exception const& error) {
            problem = error.what();
        }
        if (problem.empty()) co_return;
        log::warning("cannot record a job's outcome",
                     {{"queue", to_string(queue_)}, {"job_id", job.job.id}, {"error", problem}});
        if (stopping_ && --tries_left == 0) co_return;
        co_await async::sleep_for(settle_pause);
    }
}

asio::awaitable<bool> Processor::record(ClaimedJob const& job, Outcome const& outcome, bool give_back) {
    if (give_back) co_return co_await store_.give_back(job);
    if (std::holds_alternative<Completed>(outcome)) co_return co_await store_.complete(job);
    if (auto const* snooze = std::get_if<Snooze>(&outcome))
        co_return co_await store_.snooze(job, snooze->until);
    auto const* retry = std::get_if<Retry>(&outcome);
    int const made = job.job.attempts_made + 1;
    if (retry && made < job.job.attempts) {
        auto const pause = retry->after.value_or(backoff_pause(job.backoff, made, chance()));
        co_return co_await store_.delay(job, pause, retry->reason);
    }
    auto const reason = retry ? retry->reason : std::get<Cancel>(outcome).reason;
    log::warning("job failed", {{"queue", to_string(queue_)}, {"job_id", job.job.id}, {"reason", reason}});
    co_return co_await store_.fail(job, reason);
}

}  // namespace mypost::queue
