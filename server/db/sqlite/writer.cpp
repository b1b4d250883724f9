#include "db/sqlite/writer.hpp"

#include <fmt/format.h>

#include "core/log.hpp"
#include "db/sqlite/errors.hpp"

namespace mypost::db::sqlite {

namespace {

// A group takes what is queued, up to these limits; whoever came first should not wait long for the commit.
constexpr std::size_t group_jobs = 128;
constexpr std::chrono::milliseconds group_time{10};
constexpr std::chrono::seconds idle_before_release{10};

constexpr char closed[] = "the database is closed";

}  // namespace

Writer::Writer(std::string const& path)
    : connection_(path, Connection::Role::writer), thread_([this] { work(); }) {}

Writer::~Writer() {
    stopping_.store(true);
    close([] {});
    thread_.join();
}

void Writer::enqueue(std::shared_ptr<WriterJob> job, Priority priority) {
    {
        std::lock_guard lock(mutex_);
        if (!closing_) {
            (priority == Priority::high ? high_ : normal_).push_back(std::move(job));
            wake_.notify_one();
            return;
        }
    }
    job->finish(std::make_exception_ptr(Unavailable(closed)));
}

void Writer::enqueue_alone(std::shared_ptr<WriterJob> job) {
    {
        std::lock_guard lock(mutex_);
        if (!closing_) {
            alone_.push_back(std::move(job));
            wake_.notify_one();
            return;
        }
    }
    job->finish(std::make_exception_ptr(Unavailable(closed)));
}

void Writer::close(std::function<void()> done) {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
        if (!ended_) {
            closed_.push_back(std::move(done));
            wake_.notify_one();
            return;
        }
    }
    done();
}

void Writer::work() {
    for (;;) {
        std::unique_lock lock(mutex_);
        auto const ready = [this] {
            return closing_ || !high_.empty() || !normal_.empty() || !alone_.empty();
        };
        if (!wake_.wait_for(lock, idle_before_release, ready)) {
            connection_.release_memory();
            wake_.wait(lock, ready);
        }
        bool const empty = high_.empty() && normal_.empty() && alone_.empty();
        if (closing_ && (empty || stopping_.load())) break;
        lock.unlock();
        if (auto job = next_alone()) {
            if (!job->claim()) continue;
            std::exception_ptr error;
            try {
                job->run(connection_);
            } catch (...) {
                error = std::current_exception();
                roll_back();
            }
            job->finish(std::move(error));
            continue;
        }
        run_group();
    }
    fail_all_queued(closed);
    std::vector<std::function<void()>> waiting;
    {
        std::lock_guard lock(mutex_);
        ended_ = true;
        waiting.swap(closed_);
    }
    for (auto& done : waiting) done();
}

std::shared_ptr<WriterJob> Writer::next() {
    std::lock_guard lock(mutex_);
    auto& queue = high_.empty() ? normal_ : high_;
    if (queue.empty() || stopping_.load()) return nullptr;
    auto job = std::move(queue.front());
    queue.pop_front();
    return job;
}

std::shared_ptr<WriterJob> Writer::next_alone() {
    std::lock_guard lock(mutex_);
    if (alone_.empty()) return nullptr;
    auto job = std::move(alone_.front());
    alone_.pop_front();
    return job;
}

void Writer::run_group() {
    try {
        connection_.control("BEGIN IMMEDIATE");
    } catch (std::exception const& error) {
        // Another process has held the lock for longer than busy_timeout: all have waited, none is served.
        fail_all_queued(error.what());
        return;
    }
    std::vector<Outcome> group;
    bool alive = true;
    auto const deadline = std::chrono::steady_clock::now() + group_time;
    while (alive && group.size() < group_jobs && std::chrono::steady_clock::now() < deadline) {
        auto job = next();
        if (!job) break;
        if (!job->claim()) continue;
        std::exception_ptr error;
        alive = run_in_savepoint(*job, error);
        group.push_back(Outcome{std::move(job), std::move(error)});
    }
    auto const failure = alive ? commit() : "the transaction was lost by a neighbour's failure";
    if (!failure.empty()) roll_back();
    commits_.fetch_add(1);
    jobs_.fetch_add(group.size());
    for (auto& outcome : group) {
        // A job that failed by itself keeps its own error; the others may simply be tried again.
        if (!outcome.error && !failure.empty()) outcome.error = std::make_exception_ptr(Unavailable(failure));
        outcome.job->finish(std::move(outcome.error));
    }
}

// Returns false when the group's transaction is lost with everything in it.
bool Writer::run_in_savepoint(WriterJob& job, std::exception_ptr& error) {
    try {
        connection_.control("SAVEPOINT job");
        job.run(connection_);
        // Found out now, it costs this job; at COMMIT it would cost the whole group.
        if (connection_.in_transaction() && connection_.has_unresolved_foreign_keys()) {
            throw ConstraintViolation(
                ConstraintViolation::Kind::foreign_key, {},
                fmt::format("{}: a deferred foreign key was not satisfied at the end", job.name()));
        }
        if (!connection_.in_transaction()) {
            throw DatabaseError("the transaction was ended by one of its own statements");
        }
        connection_.control("RELEASE job");
        return true;
    } catch (...) {
        error = std::current_exception();
    }
    if (!connection_.in_transaction()) return false;
    try {
        connection_.control("ROLLBACK TO job");
        connection_.control("RELEASE job");
        return true;
    } catch (...) {
        error = std::current_exception();
        return false;
    }
}

// Returns why it failed, or nothing.
std::string Writer::commit() {
    try {
        connection_.control("COMMIT");
        return {};
    } catch (std::exception const& error) {
        return error.what();
    }
}

void Writer::roll_back() {
    if (!connection_.in_transaction()) return;
    try {
        connection_.control("ROLLBACK");
    } catch (std::exception const& error) {
        log::error("rollback failed", {{"error", error.what()}});
    }
}

void Writer::fail_all_queued(std::string const& why) {
    std::deque<std::shared_ptr<WriterJob>> dropped;
    {
        std::lock_guard lock(mutex_);
        for (auto* queue : {&high_, &normal_, &alone_}) {
            dropped.insert(dropped.end(), queue->begin(), queue->end());
            queue->clear();
        }
    }
    for (auto& job : dropped) {
        if (job->claim()) job->finish(std::make_exception_ptr(Unavailable(why)));
    }
}

}  // namespace mypost::db::sqlite
