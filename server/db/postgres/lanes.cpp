#include "db/postgres/lanes.hpp"

namespace mypost::db::postgres {

Lanes::Lanes(asio::any_io_executor executor, Settings settings, std::size_t limit)
    : opener_(std::make_shared<Opener>(std::move(executor), std::move(settings))), limit_(limit) {}

void Lanes::start(ConnectionHandle first) {
    auto const weak = weak_from_this();
    opener_->set_handlers(
        [weak](std::shared_ptr<Connection> connection) {
            if (auto self = weak.lock()) self->add(std::move(connection));
        },
        [weak](std::exception_ptr error) {
            if (auto self = weak.lock()) self->fail_waiting(error);
        });
    if (first) add(opener_->adopt(std::move(first)));
}

void Lanes::stop() {
    stopped_ = true;
    opener_->stop();
    auto const lanes = lanes_;
    for (auto const& lane : lanes) lane->close("the database is closed");
    fail_waiting(std::make_exception_ptr(Unavailable("the database is closed")));
}

asio::awaitable<Rows> Lanes::run(Query const& query, Params const& params) {
    if (stopped_) throw Unavailable("the database is closed");
    auto connection = best();
    if (!connection) {
        auto wait = [&](Ready reply) {
            waiting_.push_back(std::move(reply));
            opener_->open();
        };
        connection = co_await await_reply<std::shared_ptr<Connection>>(wait);
    }
    auto send = [&](std::shared_ptr<Reply<Rows>> reply) {
        connection->send(query, params, false, std::move(reply));
    };
    co_return co_await await_reply<Rows>(send);
}

std::size_t Lanes::in_flight() const {
    std::size_t sum = waiting_.size();
    for (auto const& lane : lanes_) sum += lane->in_flight();
    return sum;
}

// The least busy lane that nothing blocks; asks for another one when all are busy.
std::shared_ptr<Connection> Lanes::best() {
    std::shared_ptr<Connection> found;
    std::size_t usable = 0;
    for (auto const& lane : lanes_) {
        if (!lane->is_open() || lane->avoid()) continue;
        ++usable;
        if (!found || lane->in_flight() < found->in_flight()) found = lane;
    }
    bool const busy = !found || found->in_flight() > 0;
    if (busy && usable < limit_) opener_->open();
    return found;
}

void Lanes::add(std::shared_ptr<Connection> connection) {
    if (stopped_) return connection->close("the database is closed");
    connection->on_closed([weak = weak_from_this(), raw = connection.get()] {
        if (auto self = weak.lock()) self->remove(raw);
    });
    lanes_.push_back(connection);
    for (auto& ready : std::exchange(waiting_, {})) ready->succeed(connection);
}

void Lanes::remove(Connection const* connection) {
    std::erase_if(lanes_, [connection](auto const& lane) { return lane.get() == connection; });
}

void Lanes::fail_waiting(std::exception_ptr error) {
    for (auto& ready : std::exchange(waiting_, {})) ready->fail(error);
}

}  // namespace mypost::db::postgres
