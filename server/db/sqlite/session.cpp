#include "db/sqlite/session.hpp"

#include <fmt/format.h>

namespace mypost::db::sqlite {

namespace {

constexpr std::chrono::milliseconds stop_interval{100};

struct RolledBack {};

std::string message_of(std::exception_ptr const& error) {
    try {
        std::rethrow_exception(error);
    } catch (std::exception const& e) {
        return e.what();
    } catch (RolledBack const&) {
        return "the transaction was rolled back";
    }
}

}  // namespace

void Session::submit(Query const& query, Params const& params, std::shared_ptr<Reply<Rows>> reply) {
    reply->claim();  // a running statement is not cancellable: it is short, and the body sees the
                     // cancellation after it
    std::exception_ptr refused;
    {
        std::lock_guard lock(mutex_);
        if (!over_.empty()) {
            refused = std::make_exception_ptr(Unavailable(over_));
        } else if (statement_) {
            refused = std::make_exception_ptr(DatabaseError("a transaction runs one statement at a time"));
        }
        if (!refused) statement_ = Statement{&query, &params, reply};
    }
    if (refused) return reply->fail(std::move(refused));
    wake_.notify_one();
}

void Session::commit(std::shared_ptr<Reply<Committed>> reply) {
    reply->claim();  // whether it is durable must be known, cancelled or not
    std::exception_ptr refused;
    {
        std::lock_guard lock(mutex_);
        if (!over_.empty()) refused = std::make_exception_ptr(Unavailable(over_));
        if (!refused) commit_ = reply;
    }
    if (refused) return reply->fail(std::move(refused));
    wake_.notify_one();
}

void Session::abandon() {
    {
        std::lock_guard lock(mutex_);
        abandoned_ = true;
    }
    wake_.notify_one();
}

void Session::run(Connection& connection) {
    turn_->succeed({});
    auto idle_since = std::chrono::steady_clock::now();
    for (;;) {
        std::unique_lock lock(mutex_);
        auto const called = [this] { return statement_ || commit_ || abandoned_; };
        while (!wake_.wait_for(lock, std::min(stop_interval, idle_limit_), called)) {
            if (writer_.stopping()) throw Unavailable("the database is closed");
            if (std::chrono::steady_clock::now() - idle_since > idle_limit_) {
                throw Unavailable("the transaction was idle for too long");
            }
        }
        if (statement_) {
            auto statement = std::move(*statement_);
            lock.unlock();
            run_statement(connection, std::move(statement));
            if (!connection.in_transaction()) throw Unavailable("the transaction was lost: " + failed_);
            idle_since = std::chrono::steady_clock::now();
            continue;
        }
        if (abandoned_) throw RolledBack{};
        if (!failed_.empty()) {
            // As on PostgreSQL: after an error inside a transaction nothing of it is kept.
            throw DatabaseError(fmt::format("rolled back, because a statement failed earlier: {}", failed_));
        }
        return;
    }
}

void Session::run_statement(Connection& connection, Statement statement) {
    std::exception_ptr error;
    Rows rows;
    try {
        if (!failed_.empty()) {
            throw DatabaseError(
                fmt::format("{}: the transaction is aborted, because a statement failed earlier: {}",
                            statement.query->name, failed_));
        }
        rows = connection.run(*statement.query, *statement.params);
    } catch (std::exception const& e) {
        error = std::current_exception();
        if (failed_.empty()) failed_ = e.what();
    }
    {
        // Before the answer: the next submit may come while this thread is still here.
        std::lock_guard lock(mutex_);
        statement_.reset();
    }
    if (error) {
        statement.reply->fail(std::move(error));
    } else {
        statement.reply->succeed(std::move(rows));
    }
}

void Session::finish(std::exception_ptr error) {
    auto const over = error ? message_of(error) : "the transaction has ended";
    auto const refusal = [&] { return std::make_exception_ptr(Unavailable(over)); };
    std::shared_ptr<Reply<Committed>> commit;
    std::optional<Statement> statement;
    {
        std::lock_guard lock(mutex_);
        over_ = over;
        commit = std::move(commit_);
        statement = std::move(statement_);
    }
    if (!turn_->answered()) turn_->fail(refusal());
    if (statement) statement->reply->fail(refusal());
    if (!commit) return;
    if (error) {
        commit->fail(std::move(error));
    } else {
        commit->succeed({});
    }
}

}  // namespace mypost::db::sqlite
