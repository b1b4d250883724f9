#include "queue/embedded/embedded_queue.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <map>
#include <set>
#include <stdexcept>

#include "async/task_group.hpp"
#include "core/ids.hpp"
#include "core/log.hpp"
#include "queue/embedded/processor.hpp"
#include "queue/embedded/store.hpp"

namespace mypost::queue {

namespace {

class EmbeddedQueue final : public JobQueue {
  public:
    EmbeddedQueue(asio::any_io_executor executor, db::Database& database, EmbeddedQueueOptions options)
        : executor_(executor),
          options_(options),
          store_(database, Uuid::make().to_string(), options.lease),
          tasks_(executor),
          upkeep_(executor),
          renew_timer_(executor),
          recover_timer_(executor) {}

    asio::awaitable<Added> add(NewJob job) override {
        std::vector<NewJob> jobs;
        jobs.push_back(std::move(job));
        auto added = co_await add_many(std::move(jobs));
        co_return std::move(added.front());
    }

    asio::awaitable<std::vector<Added>> add_many(std::vector<NewJob> jobs) override {
        std::set<QueueName> queues;
        for (auto& job : jobs) {
            check(job);
            queues.insert(job.queue);
        }
        auto added = co_await store_.add(std::move(jobs));
        for (auto queue : queues) wake(queue);
        co_return added;
    }

    void process(QueueName queue, ProcessOptions options, Handler handler) override {
        if (options.concurrency == 0) throw std::invalid_argument("a queue's concurrency must be at least 1");
        if (processors_.contains(queue)) throw std::invalid_argument("this queue is already being worked on");
        auto& processor = processors_[queue];
        processor = std::make_unique<Processor>(executor_, store_, tasks_, queue, options, options_,
                                                std::move(handler));
        tasks_.spawn("queue", [raw = processor.get()] { return raw->run(); });
        if (processors_.size() > 1) return;
        upkeep_.spawn("queue leases",
                      [this] { return every(renew_timer_, options_.renew_every, &EmbeddedQueue::renew); });
        upkeep_.spawn("queue recovery", [this] {
            return every(recover_timer_, options_.recover_every, &EmbeddedQueue::recover);
        });
    }

    asio::awaitable<void> stop(Milliseconds grace) override {
        for (auto& [queue, processor] : processors_) processor->stop_claiming();
        co_await tasks_.stop(grace);
        // Leases are renewed until the last job has ended.
        stopping_ = true;
        renew_timer_.cancel();
        recover_timer_.cancel();
        co_await upkeep_.stop(Milliseconds(1000));
    }

    asio::awaitable<void> pause(QueueName queue) override { co_await store_.set_paused(queue, true); }

    asio::awaitable<void> resume(QueueName queue) override {
        co_await store_.set_paused(queue, false);
        wake(queue);
    }

    asio::awaitable<Counts> counts(QueueName queue) override { return store_.counts(queue); }

    asio::awaitable<std::optional<JobInfo>> find(QueueName queue, std::string id) override {
        return store_.find(queue, std::move(id));
    }

    asio::awaitable<std::vector<JobInfo>> list(QueueName queue, JobState state, int limit,
                                               int offset) override {
        return store_.list(queue, state, limit, offset);
    }

    asio::awaitable<bool> retry(QueueName queue, std::string id) override {
        bool const found = co_await store_.retry(queue, std::move(id));
        if (found) wake(queue);
        co_return found;
    }

    asio::awaitable<bool> promote(QueueName queue, std::string id) override {
        bool const found = co_await store_.promote(queue, std::move(id));
        if (found) wake(queue);
        co_return found;
    }

    asio::awaitable<bool> remove(QueueName queue, std::string id) override {
        return store_.remove(queue, std::move(id));
    }

    asio::awaitable<std::int64_t> drain(QueueName queue, bool with_delayed) override {
        return store_.drain(queue, with_delayed);
    }

    asio::awaitable<std::int64_t> clean(QueueName queue, JobState state, Milliseconds age) override {
        if (state != JobState::completed && state != JobState::failed) {
            throw std::invalid_argument("only completed and failed jobs can be cleaned");
        }
        return store_.clean(queue, state, age);
    }

    asio::awaitable<Result<Done>> obliterate(QueueName queue, bool force) override {
        return store_.obliterate(queue, force);
    }

  private:
    void wake(QueueName queue) {
        auto const found = processors_.find(queue);
        if (found != processors_.end()) found->second->wake();
    }

    asio::awaitable<void> every(asio::steady_timer& timer, Milliseconds interval,
                                asio::awaitable<void> (EmbeddedQueue::*work)()) {
        while (!stopping_) {
            timer.expires_after(interval);
            boost::system::error_code ignored;
            co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
            if (stopping_) co_return;
            std::string problem;
            try {
                co_await (this->*work)();
            } catch (std::exception const& error) {
                problem = error.what();
            }
            if (!problem.empty()) log::warning("queue upkeep failed", {{"error", problem}});
        }
    }

    asio::awaitable<void> renew() {
        std::size_t running = 0;
        for (auto const& [queue, processor] : processors_) running += processor->running();
        if (running > 0) co_await store_.renew();
    }

    asio::awaitable<void> recover() {
        auto const stalled = co_await store_.recover(options_.max_stalled);
        for (auto const& job : stalled) {
            log::warning(job.failed ? "job failed: its worker vanished too often"
                                    : "job put back: its worker vanished",
                         {{"queue", to_string(job.queue)}, {"job_id", job.id}});
            wake(job.queue);
        }
    }

    asio::any_io_executor executor_;
    EmbeddedQueueOptions const options_;
    EmbeddedStore store_;
    async::TaskGroup tasks_;   // claiming and jobs
    async::TaskGroup upkeep_;  // leases and recovery
    asio::steady_timer renew_timer_;
    asio::steady_timer recover_timer_;
    std::map<QueueName, std::unique_ptr<Processor>> processors_;
    bool stopping_ = false;
};

}  // namespace

std::unique_ptr<JobQueue> make_embedded_queue(asio::any_io_executor executor, db::Database& database,
                                              EmbeddedQueueOptions options) {
    return std::make_unique<EmbeddedQueue>(std::move(executor), database, options);
}

}  // namespace mypost::queue
