// Works on one queue in this process: claims jobs while there are free places, runs them, records how they
// ended.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "async/task_group.hpp"
#include "queue/embedded/embedded_queue.hpp"
#include "queue/embedded/store.hpp"

namespace mypost::queue {

class Processor {
  public:
    // `store` and `tasks` outlive the processor; run() and the jobs live in `tasks`.
    Processor(asio::any_io_executor const& executor, EmbeddedStore& store, async::TaskGroup& tasks,
              QueueName queue, ProcessOptions options, EmbeddedQueueOptions timing, Handler handler);

    // Until stop_claiming().
    asio::awaitable<void> run();

    // There is new work: claim without looking first.
    void wake();
    void stop_claiming();
    std::size_t running() const { return running_; }

  private:
    asio::awaitable<void> claim_and_start();
    void nudge();
    asio::awaitable<void> wait(Milliseconds limit);
    asio::awaitable<void> run_job(ClaimedJob job);
    asio::awaitable<void> settle(ClaimedJob job, Outcome outcome, bool give_back);
    asio::awaitable<bool> record(ClaimedJob const& job, Outcome const& outcome, bool give_back);

    EmbeddedStore& store_;
    async::TaskGroup& tasks_;
    QueueName const queue_;
    ProcessOptions const options_;
    EmbeddedQueueOptions const timing_;
    Handler handler_;
    asio::steady_timer timer_;
    bool woken_ = true;    // there is work, as far as is known; at the start nothing is
    bool nudged_ = false;  // something changed
    bool stopping_ = false;
    std::size_t running_ = 0;
};

}  // namespace mypost::queue
