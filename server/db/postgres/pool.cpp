#include "db/postgres/pool.hpp"

#include <fmt/format.h>

namespace mypost::db::postgres {

namespace {

constexpr std::chrono::seconds acquire_limit{10};
constexpr std::chrono::seconds watch_interval{1};

}  // namespace

Pool::Pool(asio::any_io_executor executor, Settings settings, std::size_t limit)
    : opener_(std::make_shared<Opener>(executor, std::move(settings))), watch_(executor), limit_(limit) {}

void Pool::start() {
    auto const weak = weak_from_this();
    opener_->set_handlers(
        [weak](std::shared_ptr<Connection> connection) {
            if (auto self = weak.lock()) self->opened(std::move(connection));
        },
        [weak](std::exception_ptr error) {
            if (auto self = weak.lock()) self->open_failed(error);
        });
}

void Pool::stop() {
    stopped_ = true;
    opener_->stop();
    watch_.cancel();
    for (auto const& connection : std::exchange(idle_, {})) connection->close("the database is closed");
    fail_waiting(std::make_exception_ptr(Unavailable("the database is closed")));
}

asio::awaitable<std::shared_ptr<Connection>> Pool::acquire(Priority priority) {
    if (stopped_) throw Unavailable("the database is closed");
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());
        idle_.pop_back();
        co_return connection;
    }
    auto wait = [&](std::shared_ptr<Reply<std::shared_ptr<Connection>>> reply) {
        auto& queue = priority == Priority::high ? high_ : normal_;
        queue.push_back(Waiter{std::move(reply), std::chrono::steady_clock::now() + acquire_limit});
        open_if_needed();
        watch();
    };
    co_return co_await await_reply<std::shared_ptr<Connection>>(wait);
}

void Pool::release(std::shared_ptr<Connection> connection) {
    if (!connection->is_open()) return;
    if (stopped_ || connection->avoid() || connection->in_flight() > 0) {
        return connection->close("its transaction was given up");
    }
    if (!connection->in_transaction()) return offer(std::move(connection));
    auto* const raw = connection.get();
    raw->send_rollback([weak = weak_from_this(), connection = std::move(connection)] {
        auto self = weak.lock();
        if (!self || !connection->is_open()) return;
        if (self->stopped_ || connection->in_transaction()) return connection->close("its rollback failed");
        self->offer(connection);
    });
}

void Pool::opened(std::shared_ptr<Connection> connection) {
    if (stopped_) return connection->close("the database is closed");
    ++open_;
    connection->on_closed([weak = weak_from_this(), raw = connection.get()] {
        if (auto self = weak.lock()) self->closed(raw);
    });
    offer(std::move(connection));
}

void Pool::open_failed(std::exception_ptr error) {
    // Those who wait are served by connections that come back, if there are any.
    if (open_ == 0) fail_waiting(error);
}

void Pool::offer(std::shared_ptr<Connection> connection) {
    for (auto* queue : {&high_, &normal_}) {
        while (!queue->empty()) {
            auto waiter = std::move(queue->front());
            queue->pop_front();
            if (!waiter.reply->claim()) continue;  // cancelled meanwhile
            waiter.reply->succeed(std::move(connection));
            open_if_needed();
            return;
        }
    }
    idle_.push_back(std::move(connection));
}

void Pool::closed(Connection const* connection) {
    --open_;
    std::erase_if(idle_, [connection](auto const& entry) { return entry.get() == connection; });
    open_if_needed();
}

void Pool::open_if_needed() {
    bool const wanted = !high_.empty() || !normal_.empty();
    if (wanted && open_ < limit_) opener_->open();
}

void Pool::watch() {
    if (watching_) return;
    watching_ = true;
    watch_.expires_after(watch_interval);
    watch_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        auto self = weak.lock();
        if (!self) return;
        self->watching_ = false;
        if (!error) self->drop_expired();
    });
}

void Pool::drop_expired() {
    auto const now = std::chrono::steady_clock::now();
    for (auto* queue : {&high_, &normal_}) {
        while (!queue->empty() && (queue->front().until <= now || queue->front().reply->answered())) {
            auto const why = fmt::format("all {} database connections have been busy for {} s", limit_,
                                         acquire_limit.count());
            queue->front().reply->fail(std::make_exception_ptr(Unavailable(why)));
            queue->pop_front();
        }
    }
    if (!high_.empty() || !normal_.empty()) watch();
}

void Pool::fail_waiting(std::exception_ptr error) {
    for (auto* queue : {&high_, &normal_}) {
        for (auto& waiter : std::exchange(*queue, {})) waiter.reply->fail(error);
    }
}

}  // namespace mypost::db::postgres
