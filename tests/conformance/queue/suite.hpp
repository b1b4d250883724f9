// What every job queue must do: the suites run over each implementation.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "async/sleep.hpp"
#include "queue/embedded/embedded_queue.hpp"
#include "support/database.hpp"

namespace mypost::queue {

class JobQueueSuite : public testing::TestWithParam<db::Engine> {
  protected:
    // A process of its own, as far as the queue can tell. It is quick to notice what others do.
    JobQueue& make_process(EmbeddedQueueOptions options = quick()) {
        processes_.push_back(make_embedded_queue(io_.get_executor(), *database_, options));
        return *processes_.back();
    }
    static EmbeddedQueueOptions quick() {
        EmbeddedQueueOptions options;
        options.poll = Milliseconds(20);
        options.recover_every = Milliseconds(20);
        options.renew_every = Milliseconds(20);
        return options;
    }

    template <class T>
    T run(asio::awaitable<T> work) {
        return test::run(io_, std::move(work));
    }
    void run(asio::awaitable<void> work) { test::run(io_, std::move(work)); }

    // Lets the event loop go on until `met`; fails the test when that never comes.
    void run_until(std::function<bool()> met) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        io_.restart();
        while (!met() && std::chrono::steady_clock::now() < deadline)
            io_.run_one_for(std::chrono::milliseconds(50));
        ASSERT_TRUE(met()) << "what was waited for never came";
    }
    // Gives the queue every chance to do what it must not do: several polls of each process.
    void let_run() { run(async::sleep_for(Milliseconds(150))); }

    void shift_clock(Milliseconds by) { test::shift_clock(io_, *database_, by); }
    Counts counts(JobQueue& queue, QueueName name = QueueName::mail) { return run(queue.counts(name)); }

    static NewJob job(std::string id, std::string data = "{}") {
        NewJob made;
        made.queue = QueueName::mail;
        made.id = std::move(id);
        made.name = "test";
        made.data = std::move(data);
        return made;
    }
    void add(JobQueue& queue, NewJob made) { run(queue.add(std::move(made))); }

    void TearDown() override {
        for (auto& process : processes_) run(process->stop(Milliseconds(0)));
        shift_clock(Milliseconds(0));
    }

    asio::io_context io_;
    test::TemporaryDatabase database_{io_, GetParam()};
    std::vector<std::unique_ptr<JobQueue>> processes_;
};

inline std::string suite_name(testing::TestParamInfo<db::Engine> const& info) {
    return test::engine_name(info.param);
}

}  // namespace mypost::queue

#define MYPOST_ON_EVERY_QUEUE(Suite)                                                                    \
    INSTANTIATE_TEST_SUITE_P(Queue, Suite,                                                              \
                             testing::Values(mypost::db::Engine::sqlite, mypost::db::Engine::postgres), \
                             mypost::queue::suite_name)
