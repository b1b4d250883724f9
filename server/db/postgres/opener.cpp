#include "db/postgres/opener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "core/log.hpp"

namespace mypost::db::postgres {

namespace {

constexpr std::chrono::milliseconds first_pause{100};
constexpr std::chrono::milliseconds longest_pause{5000};

}  // namespace

Opener::Opener(asio::any_io_executor executor, Settings settings)
    : executor_(executor), settings_(std::move(settings)), timer_(executor) {}

void Opener::set_handlers(Opened opened, Failed failed) {
    opened_ = std::move(opened);
    failed_ = std::move(failed);
}

void Opener::open() {
    if (opening_ || stopped_) return;
    opening_ = true;
    auto work = [](std::shared_ptr<Opener> self) -> asio::awaitable<void> { co_await self->attempt(); };
    asio::co_spawn(executor_, work(shared_from_this()),
                   [self = shared_from_this()](std::exception_ptr error) {
                       self->opening_ = false;
                       if (self->stopped_ || !error) return;
                       ++self->failures_;
                       try {
                           std::rethrow_exception(error);
                       } catch (std::exception const& e) {
                           // Once an outage, not once an attempt.
                           if (self->failures_ == 1)
                               log::warning("database unreachable", {{"error", e.what()}});
                       }
                       self->failed_(error);
                   });
}

asio::awaitable<void> Opener::attempt() {
    if (failures_ > 0) {
        timer_.expires_after(pause());
        boost::system::error_code ignored;
        co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        if (stopped_) co_return;
    }
    auto handle = co_await settings_.connect();
    if (stopped_) co_return;
    if (failures_ > 0) log::info("database reachable again");
    failures_ = 0;
    auto connection = adopt(std::move(handle));
    opening_ = false;  // the handler may ask for the next one
    opened_(std::move(connection));
}

std::shared_ptr<Connection> Opener::adopt(ConnectionHandle handle) const {
    auto connection =
        std::make_shared<Connection>(executor_, std::move(handle), !settings_.transaction_pooler());
    connection->start();
    return connection;
}

void Opener::stop() {
    stopped_ = true;
    opened_ = {};
    failed_ = {};
    timer_.cancel();
}

// Doubles with each failure; a quarter of chance, so that many processes don't come back at once.
std::chrono::milliseconds Opener::pause() const {
    auto const doubled = first_pause * (1 << std::min(failures_ - 1, 6));
    auto const limited = std::min<std::chrono::milliseconds>(doubled, longest_pause);
    static thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<std::int64_t> chance(0, limited.count() / 4);
    return limited + std::chrono::milliseconds(chance(random));
}

}  // namespace mypost::db::postgres
