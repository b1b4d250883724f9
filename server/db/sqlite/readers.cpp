#include "db/sqlite/readers.hpp"

namespace mypost::db::sqlite {

namespace {

constexpr std::chrono::seconds statement_limit{30};  // as PostgreSQL's statement_timeout
constexpr std::chrono::seconds idle_before_release{10};

std::exception_ptr closed_error() {
    return std::make_exception_ptr(Unavailable("the database is closed"));
}

}  // namespace

Readers::Readers(std::string path, std::size_t limit)
    : path_(std::move(path)), limit_(std::max<std::size_t>(limit, 1)) {}

Readers::~Readers() {
    stopping_.store(true);
    close([] {});
    for (auto& thread : threads_) thread.join();
    for (auto& read : queue_) read.reply->fail(closed_error());
}

void Readers::enqueue(Query const& query, Params const& params, std::shared_ptr<Reply<Rows>> reply) {
    {
        std::lock_guard lock(mutex_);
        if (!closing_) {
            queue_.push_back(Read{&query, &params, std::move(reply)});
            if (idle_ < queue_.size() && threads_.size() < limit_) threads_.emplace_back([this] { work(); });
            wake_.notify_one();
            return;
        }
    }
    reply->fail(closed_error());
}

void Readers::close(std::function<void()> done) {
    {
        std::lock_guard lock(mutex_);
        closing_ = true;
        wake_.notify_all();
        if (!queue_.empty() || running_ > 0) {
            closed_.push_back(std::move(done));
            return;
        }
    }
    done();
}

void Readers::work() {
    std::unique_ptr<Connection> connection;
    std::unique_lock lock(mutex_);
    ++idle_;
    for (;;) {
        auto const ready = [this] { return closing_ || !queue_.empty(); };
        if (!wake_.wait_for(lock, idle_before_release, ready)) {
            if (connection) connection->release_memory();
            wake_.wait(lock, ready);
        }
        if (queue_.empty() || stopping_.load()) break;
        --idle_;
        auto const read = std::move(queue_.front());
        queue_.pop_front();
        ++running_;
        lock.unlock();
        auto const answer = run(connection, read);
        // Free before the answer: who asks again at once then finds this thread and starts no other.
        lock.lock();
        --running_;
        ++idle_;
        lock.unlock();
        answer();
        lock.lock();
    }
    --idle_;
    if (running_ > 0) return;
    auto const closed = std::exchange(closed_, {});
    lock.unlock();
    for (auto const& done : closed) done();
}

std::function<void()> Readers::run(std::unique_ptr<Connection>& connection, Read const& read) {
    if (!read.reply->claim()) return [] {};
    std::exception_ptr error;
    try {
        if (!connection) connection = std::make_unique<Connection>(path_, Connection::Role::reader);
        auto const deadline = std::chrono::steady_clock::now() + statement_limit;
        connection->set_interrupt([&] {
            return stopping_.load() || read.reply->cancel_requested() ||
                   std::chrono::steady_clock::now() > deadline;
        });
        auto rows = connection->run(*read.query, *read.params);
        return [reply = read.reply, rows = std::move(rows)]() mutable { reply->succeed(std::move(rows)); };
    } catch (...) {
        error = read.reply->cancel_requested() ? cancelled_error() : std::current_exception();
    }
    return [reply = read.reply, error = std::move(error)]() mutable { reply->fail(std::move(error)); };
}

}  // namespace mypost::db::sqlite
