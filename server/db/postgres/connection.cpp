#include "db/postgres/connection.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cassert>

#include "db/postgres/decode.hpp"

namespace mypost::db::postgres {

namespace {

constexpr std::size_t prepared_limit = 500;  // texts beyond it are prepared for one use
constexpr std::chrono::seconds watch_interval{1};

// Parameters in the form libpq takes: texts untyped, so that the server infers the type from the place; bytes
// binary.
class BoundParams {
  public:
    explicit BoundParams(Params const& params) {
        texts_.reserve(params.size());
        for (auto const& param : params) std::visit([this](auto const& value) { add(value); }, param.value());
    }
    int count() const { return static_cast<int>(values_.size()); }
    char const* const* values() const { return values_.data(); }
    int const* lengths() const { return lengths_.data(); }
    int const* formats() const { return formats_.data(); }

  private:
    void add(std::monostate) { push(nullptr, 0, 0); }
    void add(std::int64_t value) { keep(std::to_string(value)); }
    void add(double value) { keep(fmt::format("{}", value)); }
    void add(bool value) { push(value ? "t" : "f", 1, 0); }
    void add(std::string const& value) { push(value.c_str(), value.size(), 0); }
    void add(Blob const& value) { push(value.bytes.data(), value.bytes.size(), 1); }

    void keep(std::string text) {
        auto const& kept = texts_.emplace_back(std::move(text));
        push(kept.c_str(), kept.size(), 0);
    }
    void push(char const* value, std::size_t length, int format) {
        values_.push_back(value);
        lengths_.push_back(static_cast<int>(length));
        formats_.push_back(format);
    }

    std::vector<std::string> texts_;  // reserved in full: the pointers into it stay
    std::vector<char const*> values_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

}  // namespace

Connection::Connection(asio::any_io_executor executor, ConnectionHandle handle, bool named_statements)
    : executor_(executor),
      handle_(std::move(handle)),
      // A duplicate: libpq and Asio each close their own.
      socket_(executor, ::dup(PQsocket(handle_.get()))),
      watch_(executor),
      named_statements_(named_statements) {}

Connection::~Connection() = default;

void Connection::start() {
    if (PQsetnonblocking(handle_.get(), 1) != 0 || PQenterPipelineMode(handle_.get()) != 1) {
        return close(connection_message(handle_.get()));
    }
    wait_readable();
}

void Connection::send(Query const& query, Params const& params, bool begin,
                      std::shared_ptr<Reply<Rows>> reply) {
    Pending pending;
    pending.name = query.name;
    pending.reply = std::move(reply);
    bool sent = is_open();
    if (sent && begin) {
        sent = PQsendQueryParams(handle_.get(), "BEGIN", 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
        pending.steps.push_back(Step::begin);
    }
    if (sent) sent = send_statement(query, params, pending);
    finish_sending(std::move(pending), sent);
}

void Connection::send_control(char const* sql, std::shared_ptr<Reply<Rows>> reply) {
    Pending pending;
    pending.name = sql;
    pending.reply = std::move(reply);
    pending.control = true;
    send_text(sql, std::move(pending));
}

void Connection::send_rollback(std::function<void()> done) {
    Pending pending;
    pending.name = "ROLLBACK";
    pending.done = std::move(done);
    send_text("ROLLBACK", std::move(pending));
}

void Connection::send_text(char const* sql, Pending pending) {
    pending.steps.push_back(Step::query);
    bool const sent =
        is_open() && PQsendQueryParams(handle_.get(), sql, 0, nullptr, nullptr, nullptr, nullptr, 0) == 1;
    finish_sending(std::move(pending), sent);
}

bool Connection::send_statement(Query const& query, Params const& params, Pending& pending) {
    std::string sql(query.sql);
    BoundParams const bound(params);
    auto known = prepared_.find(sql);
    if (known == prepared_.end() && named_statements_ && prepared_.size() < prepared_limit) {
        auto const name = fmt::format("s{}", ++next_name_);
        if (PQsendPrepare(handle_.get(), name.c_str(), sql.c_str(), 0, nullptr) != 1) return false;
        pending.steps.push_back(Step::prepare);
        pending.preparing = sql;
        // Remembered at once, for those who send the same text before the server has answered.
        known = prepared_.emplace(sql, name).first;
    }
    pending.steps.push_back(Step::query);
    if (known != prepared_.end()) {
        return PQsendQueryPrepared(handle_.get(), known->second.c_str(), bound.count(), bound.values(),
                                   bound.lengths(), bound.formats(), 0) == 1;
    }
    return PQsendQueryParams(handle_.get(), sql.c_str(), bound.count(), nullptr, bound.values(),
                             bound.lengths(), bound.formats(), 0) == 1;
}

void Connection::finish_sending(Pending pending, bool sent) {
    if (sent) sent = PQpipelineSync(handle_.get()) == 1;
    pending.steps.push_back(Step::sync);
    pending.sent = std::chrono::steady_clock::now();
    pending_.push_back(std::move(pending));
    if (sent) {
        flush();
        watch();
        return;
    }
    // Not from inside send(): its caller is still busy with its own state.
    failed_ = true;
    asio::post(executor_, [self = shared_from_this()] {
        self->close(self->handle_ ? connection_message(self->handle_.get()) : "the connection was closed");
    });
}

bool Connection::avoid() const {
    if (retiring_) return true;
    return std::ranges::any_of(pending_, [](Pending const& p) { return p.reply && p.reply->answered(); });
}

void Connection::close(std::string const& why) {
    failed_ = true;
    boost::system::error_code ignored;
    socket_.close(ignored);
    watch_.cancel();
    auto pending = std::exchange(pending_, {});
    auto closed = std::exchange(closed_, {});
    handle_.reset();
    for (auto& entry : pending) {
        auto const error = std::make_exception_ptr(ConnectionLost(fmt::format("{}: {}", entry.name, why)));
        if (entry.reply) entry.reply->fail(entry.error ? entry.error : error);
        if (entry.done) entry.done();
    }
    if (closed) closed();
}

void Connection::retire() {
    retiring_ = true;
    if (handle_ && !has_unanswered()) close("the connection is being replaced");
}

bool Connection::has_unanswered() const {
    return std::ranges::any_of(pending_, [](Pending const& p) { return p.done || !p.reply->answered(); });
}

void Connection::flush() {
    int const left = PQflush(handle_.get());
    if (left < 0) {
        failed_ = true;  // what the server still said is read first; the reader then finds the end
        return;
    }
    if (left > 0 && !writing_) wait_writable();
}

void Connection::wait_writable() {
    writing_ = true;
    socket_.async_wait(asio::posix::stream_descriptor::wait_write,
                       [self = shared_from_this()](boost::system::error_code error) {
                           self->writing_ = false;
                           if (!error && self->handle_) self->flush();
                       });
}

void Connection::wait_readable() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [self = shared_from_this()](boost::system::error_code error) {
                           if (!error && self->handle_) self->on_readable();
                       });
}

void Connection::on_readable() {
    bool const alive = PQconsumeInput(handle_.get()) == 1;
    if (pending_.empty()) PQisBusy(handle_.get());  // reads notices that came while nothing was asked
    auto const why = alive ? std::string() : connection_message(handle_.get());
    take_results();
    if (!handle_) return;
    if (!alive || PQstatus(handle_.get()) != CONNECTION_OK)
        return close(alive ? connection_message(handle_.get()) : why);
    if (retiring_ && !has_unanswered()) return close("the connection is being replaced");
    flush();
    wait_readable();
}

void Connection::take_results() {
    bool ended = true;  // the last thing seen was the null that ends a command's results
    while (handle_ && !pending_.empty() && PQisBusy(handle_.get()) == 0) {
        ResultHandle const result(PQgetResult(handle_.get()));
        if (result) {
            ended = PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC;
            take(result.get());
            continue;
        }
        // Two in a row: libpq has nothing for us although something is owed, as after a lost connection.
        if (ended) return;
        auto& steps = pending_.front().steps;
        if (steps.front() != Step::sync) steps.pop_front();
        ended = true;
    }
}

void Connection::take(PGresult const* result) {
    auto& front = pending_.front();
    switch (PQresultStatus(result)) {
        case PGRES_PIPELINE_SYNC:
            return finish_front();
        case PGRES_PIPELINE_ABORTED:
            if (front.steps.front() == Step::prepare) prepared_.erase(front.preparing);
            return;
        case PGRES_COMMAND_OK:
        case PGRES_TUPLES_OK:
            if (front.steps.front() != Step::query) return;
            if (front.control) {
                std::string const tag = PQcmdStatus(const_cast<PGresult*>(result));
                front.rows.rows.emplace_back(std::vector<Row::Value>{tag});
            } else {
                front.rows = decode(result);
            }
            return;
        default:
            break;
    }
    if (!front.error) front.error = to_error(result, front.name);
    if (front.steps.front() == Step::prepare) prepared_.erase(front.preparing);
    if (spoils_connection(result)) retiring_ = true;
}

void Connection::finish_front() {
    auto finished = std::move(pending_.front());
    pending_.pop_front();
    if (finished.done) return finished.done();
    if (finished.error) return finished.reply->fail(finished.error);
    finished.reply->succeed(std::move(finished.rows));
}

void Connection::watch() {
    if (watching_) return;
    watching_ = true;
    watch_.expires_after(watch_interval);
    watch_.async_wait([self = shared_from_this()](boost::system::error_code error) {
        self->watching_ = false;
        if (!error && self->handle_) self->check_age();
    });
}

void Connection::check_age() {
    if (pending_.empty()) return;
    auto const& front = pending_.front();
    auto const age = std::chrono::steady_clock::now() - front.sent;
    if (age > response_limit) return close("no answer from the server");
    // Its asker was cancelled and it still runs: nobody new waits behind it, and the server is told by the
    // close.
    if (age > watch_interval && front.reply && front.reply->answered()) {
        retire();
        if (!handle_) return;
    }
    watch();
}

}  // namespace mypost::db::postgres
