// The one connection that writes, on a thread of its own, with group commit (docs/decisions/group-commit.md).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "db/database.hpp"
#include "db/sqlite/connection.hpp"

namespace mypost::db::sqlite {

// Work for the writer. All but construction happens on its thread, in this order; none of it must throw but
// run().
class WriterJob {
  public:
    virtual ~WriterJob() = default;
    // For error messages.
    virtual std::string_view name() const = 0;
    // False: the caller is gone, leave it out.
    virtual bool claim() = 0;
    // Inside the group's transaction, behind a savepoint. What it throws rolls back to that savepoint.
    virtual void run(Connection& connection) = 0;
    // After the group's COMMIT (error is null), or when the job or the group failed. Nobody else holds the
    // error, so that its last owner is the thread that reads it.
    virtual void finish(std::exception_ptr error) = 0;
};

// Counters since the start, for metrics and for the proof that commits are shared.
struct WriterCounts {
    std::uint64_t commits = 0;  // groups
    std::uint64_t jobs = 0;     // transactions in them
};

class Writer {
  public:
    // Opens the database on the calling thread. Throws Unavailable.
    explicit Writer(std::string const& path);
    ~Writer();  // stops after the running job; queued ones fail with Unavailable
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;

    // Any thread. After close() the job fails with Unavailable.
    void enqueue(std::shared_ptr<WriterJob> job, Priority priority);

    // Runs `work` on the writer's thread between two groups, outside a transaction.
    void enqueue_alone(std::shared_ptr<WriterJob> job);

    // No more jobs are taken; when those queued have ended, `done` is called (on any thread).
    void close(std::function<void()> done);

    // The writer is going away: whoever waits for a command must stop waiting.
    bool stopping() const { return stopping_.load(); }

    WriterCounts counts() const { return {commits_.load(), jobs_.load()}; }

  private:
    struct Outcome {
        std::shared_ptr<WriterJob> job;
        std::exception_ptr error;
    };

    void work();
    std::shared_ptr<WriterJob> next();
    std::shared_ptr<WriterJob> next_alone();
    void run_group();
    bool run_in_savepoint(WriterJob& job, std::exception_ptr& error);
    std::string commit();
    void roll_back();
    void fail_all_queued(std::string const& why);

    Connection connection_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::shared_ptr<WriterJob>> high_;
    std::deque<std::shared_ptr<WriterJob>> normal_;
    std::deque<std::shared_ptr<WriterJob>> alone_;
    bool closing_ = false;
    bool ended_ = false;
    std::vector<std::function<void()>> closed_;
    std::atomic<bool> stopping_ = false;
    std::atomic<std::uint64_t> commits_ = 0;
    std::atomic<std::uint64_t> jobs_ = 0;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace mypost::db::sqlite
