#include "worker/worker.hpp"

#include <unistd.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include "core/log.hpp"
#include "publishing/dispatch.hpp"

namespace mypost::worker {

namespace {

constexpr int queued_at_once = 500;  // looks handed to the queue by one sweep

}  // namespace

Worker::Worker(asio::any_io_executor executor, publishing::Services publishing,
               publishing::PublishSettings settings, std::vector<PeriodicTask> tasks, WorkerSettings worker)
    : services_(std::move(publishing)),
      settings_(std::move(worker)),
      tasks_(std::move(tasks)),
      group_(executor),
      runner_(services_, settings, settings_.name, group_),
      sweep_timer_(executor) {
    if (!settings_.wall) settings_.wall = [] { return SystemClock().now(); };
    if (!settings_.since_boot) settings_.since_boot = time_since_boot;
}

void Worker::start() {
    group_.spawn("sweep", [this] { return sweep_loop(); });
    if (settings_.queue) {
        queue::ProcessOptions options;
        options.concurrency = static_cast<std::size_t>(settings_.concurrency);
        settings_.queue->process(queue::QueueName::publish, options,
                                 [this](queue::Job job) { return look_at_job(std::move(job)); });
    }
    tasks_.push_back({"heartbeat", settings_.beat_every, [this] { return send_beat(); }});
    tasks_.push_back({"alarms", settings_.alarms_every, [this] { return check_alarms(); }});
    for (auto const& task : tasks_) spawn_task(task);
}

void Worker::spawn_task(PeriodicTask task) {
    group_.spawn(task.name, [this, task] { return task_loop(task); });
}

void Worker::kick() {
    kicked_ = true;
    sweep_timer_.cancel();
}

asio::awaitable<void> Worker::stop(std::chrono::milliseconds drain) {
    stopping_ = true;
    runner_.stop();
    sweep_timer_.cancel();
    for (auto const& timer : timers_) timer->cancel();
    co_await group_.stop(drain);
    try {
        co_await stop_beating(services_.database, "worker:" + settings_.name);
    } catch (std::exception const& error) {
        log::warning("worker could not take its heartbeat back", {{"error", error.what()}});
    }
}

asio::awaitable<void> Worker::pause_for(asio::steady_timer& timer, std::chrono::milliseconds time) {
    if (stopping_) co_return;
    timer.expires_after(time);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

// ---- due targets
// -------------------------------------------------------------------------------------------------

asio::awaitable<void> Worker::sweep_loop() {
    while (!stopping_) {
        std::string failure;
        bool more = false;
        try {
            more = co_await sweep();
        } catch (std::exception const& error) {
            failure = error.what();
        }
        if (!failure.empty()) log::error("sweep failed", {{"error", failure}});
        if (stopping_) break;
        bool const again = (more && running_ < settings_.concurrency) || kicked_;
        kicked_ = false;
        if (!again) co_await pause_for(sweep_timer_, settings_.sweep_every);
    }
}

// True when there may be more.
asio::awaitable<bool> Worker::sweep() {
    if (!watch_.observe(settings_.wall(), settings_.since_boot())) co_return false;
    int const room = settings_.queue ? queued_at_once : settings_.concurrency - running_;
    if (room <= 0) co_return false;
    auto due =
        co_await publishing::take_due(services_.database, runner_.settings(), services_.clock.now(), room);
    bool const full = static_cast<int>(due.size()) == room;
    due = publishing::first_in_line(std::move(due));
    if (settings_.queue) {
        co_await hand_over(std::move(due));
        co_return full;
    }
    for (auto const& target : due) {
        if (stopping_) break;
        ++running_;
        group_.spawn("publish", [this, id = target.id] { return run_chain(id); });
    }
    co_return full;
}

// One job a look: a doubled one is not added, and a lost one is looked for again by the next sweep.
asio::awaitable<void> Worker::hand_over(std::vector<publishing::DueTarget> due) {
    std::vector<queue::NewJob> jobs;
    for (auto const& target : due) {
        queue::NewJob job;
        job.queue = queue::QueueName::publish;
        job.id = fmt::format("target-{}-{}", target.id.to_string(), target.look);
        job.name = "look";
        job.data = fmt::format(R"({{"target_id":"{}"}})", target.id.to_string());
        jobs.push_back(std::move(job));
    }
    if (!jobs.empty()) co_await settings_.queue->add_many(std::move(jobs));
}

asio::awaitable<queue::Outcome> Worker::look_at_job(queue::Job job) {
    boost::system::error_code error;
    auto const data = boost::json::parse(job.data, error);
    auto const* const text =
        !error && data.is_object() ? data.get_object().if_contains("target_id") : nullptr;
    auto const target =
        text && text->is_string() ? TargetId::parse(std::string(text->get_string())) : std::nullopt;
    if (!target) co_return queue::Cancel{"The job names no target."};
    ++running_;
    co_await run_chain(*target);
    co_return queue::Completed{};
}

// One target after the other of the same account, so that a busy account needs no sweep between two posts.
asio::awaitable<void> Worker::run_chain(TargetId first) {
    struct Running {
        Worker& worker;
        ~Running() {
            --worker.running_;
            if (!worker.stopping_ && worker.running_ + 1 == worker.settings_.concurrency) worker.kick();
        }
    } const running{*this};
    std::optional<TargetId> next = first;
    while (next && !stopping_ && !watch_.halted()) {
        auto const target = *next;
        std::string failure;
        try {
            next = co_await runner_.run(target);
        } catch (boost::system::system_error const& error) {
            if (stopping_) co_return;
            failure = error.what();
        } catch (std::exception const& error) {
            failure = error.what();
        }
        if (failure.empty()) continue;
        // Its lease ends by itself; the sweep looks again then.
        log::error("publishing run failed", {{"target_id", target.to_string()}, {"error", failure}});
        co_return;
    }
}

// ---- periodic tasks
// ----------------------------------------------------------------------------------------------

asio::awaitable<void> Worker::task_loop(PeriodicTask task) {
    auto& timer =
        *timers_.emplace_back(std::make_unique<asio::steady_timer>(co_await asio::this_coro::executor));
    auto const detail = fmt::format("{{\"every_ms\":{}}}", task.every.count());
    while (!stopping_) {
        std::string failure;
        try {
            co_await task.run();
            co_await beat(services_.database, "task:" + task.name, detail, services_.clock.now());
        } catch (std::exception const& error) {
            failure = error.what();
        }
        if (!failure.empty() && !stopping_)
            log::error("periodic task failed", {{"task", task.name}, {"error", failure}});
        co_await pause_for(timer, task.every);
    }
}

asio::awaitable<void> Worker::send_beat() {
    auto const detail = fmt::format("{{\"running\":{},\"halted\":{}}}", running_, watch_.halted());
    co_await beat(services_.database, "worker:" + settings_.name, detail, services_.clock.now());
}

asio::awaitable<void> Worker::check_alarms() {
    auto const now = services_.clock.now();
    auto const beats = co_await read_heartbeats(services_.database);
    auto const backlog = co_await publishing::due_backlog(services_.database, now);
    services_.metrics.queue_depth(backlog.waiting, backlog.under_way);
    auto present = alarms_of(beats, backlog.oldest_at, now);
    if (watch_.halted()) {
        publishing::Alarm alarm;
        alarm.key = alarm.code = "clock_jump";
        alarm.params = {
            {"seconds",
             std::to_string(std::chrono::duration_cast<std::chrono::seconds>(watch_.jump()).count())}};
        present.push_back(std::move(alarm));
    }
    publishing::Changes changes;
    changes.alarms = bell_.changes(std::move(present));
    for (auto const& alarm : changes.alarms) {
        if (alarm.raised) log::error("alarm", {{"code", alarm.code}, {"key", alarm.key}});
    }
    if (!changes.empty()) services_.notifier.changed(std::move(changes));
}

std::string default_worker_name() {
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0) host.fill('\0');
    return fmt::format("{}:{}", host.data(), getpid());
}

}  // namespace mypost::worker
