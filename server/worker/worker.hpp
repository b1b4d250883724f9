// Runs what is due: the sweep, the runs it starts, and the periodic tasks, each with a heartbeat.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "async/task_group.hpp"
#include "publishing/dispatch.hpp"
#include "publishing/runner.hpp"
#include "queue/job_queue.hpp"
#include "worker/clock_watch.hpp"
#include "worker/heartbeats.hpp"

namespace mypost::worker {

// `run` is not called again before it has ended; an exception is logged and the task goes on at its next
// time.
struct PeriodicTask {
    std::string name;
    std::chrono::milliseconds every;
    std::function<asio::awaitable<void>()> run;
};

struct WorkerSettings {
    std::string name;  // unique among running workers: "<host>:<pid>"
    int concurrency = 64;
    std::chrono::milliseconds sweep_every{1000};
    std::chrono::milliseconds beat_every{10'000};
    std::chrono::milliseconds alarms_every{15'000};
    // Looks go through this queue, so that other processes' workers take them too; nothing: this worker looks
    // itself, which is all that an installation without Redis needs. It outlives the worker, and is stopped
    // by its owner after it.
    queue::JobQueue* queue = nullptr;
    std::function<Instant()> wall;  // what the clock watch compares; empty: the system's clock
    std::function<std::chrono::milliseconds()> since_boot;  // empty: time_since_boot()
};

class Worker {
  public:
    // `publishing` outlives the worker; the media, tokens etc. behind it too.
    Worker(asio::any_io_executor executor, publishing::Services publishing,
           publishing::PublishSettings settings, std::vector<PeriodicTask> tasks, WorkerSettings worker);

    void start();
    // Something became due: sweeps at once.
    void kick();
    // No new claims; runs end after the call they are in, within `drain`, then they are cut off (their
    // journal tells the next worker). Returns when nothing runs any more.
    asio::awaitable<void> stop(std::chrono::milliseconds drain);

    // The clock as it is now is right: dispatch goes on.
    void confirm_clock() { watch_.confirm(); }
    ClockWatch const& clock_watch() const { return watch_; }
    int running() const { return running_; }
    publishing::Runner& runner() { return runner_; }

  private:
    asio::awaitable<void> sweep_loop();
    asio::awaitable<bool> sweep();
    asio::awaitable<void> hand_over(std::vector<publishing::DueTarget> due);
    asio::awaitable<queue::Outcome> look_at_job(queue::Job job);
    asio::awaitable<void> run_chain(TargetId first);
    asio::awaitable<void> task_loop(PeriodicTask task);
    asio::awaitable<void> send_beat();
    asio::awaitable<void> check_alarms();
    asio::awaitable<void> pause_for(asio::steady_timer& timer, std::chrono::milliseconds time);
    void spawn_task(PeriodicTask task);

    publishing::Services services_;
    WorkerSettings settings_;
    std::vector<PeriodicTask> tasks_;
    async::TaskGroup group_;
    publishing::Runner runner_;
    ClockWatch watch_;
    AlarmBell bell_;
    asio::steady_timer sweep_timer_;
    std::vector<std::unique_ptr<asio::steady_timer>> timers_;  // of all loops, cancelled by stop()
    int running_ = 0;
    bool kicked_ = false;
    bool stopping_ = false;
};

// Host name and process id.
std::string default_worker_name();

// Deletes rows whose time is over: live events after 24 h, idempotency keys, consents on their way, refresh
// tokens, budgets, heartbeats of processes that are gone.
asio::awaitable<void> clean_up(db::Database& database, Instant now);

// The tasks that publishing needs on every installation: readiness (hourly), read-back (15 s), clean-up (10
// min).
std::vector<PeriodicTask> publishing_tasks(publishing::Services services);

}  // namespace mypost::worker
