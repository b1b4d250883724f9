#include "http/server.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <system_error>

#include "core/log.hpp"
#include "http/connection.hpp"
#include "http/websocket_connection.hpp"
#include "http/wire.hpp"

namespace mypost::http {

namespace {

constexpr std::chrono::milliseconds tick_interval{250};
constexpr std::chrono::milliseconds accept_pause{100};  // after an error such as no free file descriptor
constexpr std::uint16_t going_away = 1001;

std::vector<IpRange> parse_ranges(std::vector<std::string> const& texts) {
    std::vector<IpRange> ranges;
    for (auto const& text : texts) {
        auto const range = IpRange::parse(text);
        if (!range)
            throw std::system_error(std::make_error_code(std::errc::invalid_argument),
                                    "trusted proxy " + text);
        ranges.push_back(*range);
    }
    return ranges;
}

IpAddress address_of(tcp::socket const& socket) {
    error_code error;
    auto const endpoint = socket.remote_endpoint(error);
    if (error) return {};
    return IpAddress::parse(endpoint.address().to_string()).value_or(IpAddress());
}

}  // namespace

std::string const& ServerState::date() {
    auto const now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    if (now.count() != date_second_) {
        date_second_ = now.count();
        date_ = http_date(date_second_);
    }
    return date_;
}

class Server::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& io, ServerOptions options, Callbacks callbacks)
        : io_(io), acceptor_(io), tick_(io), state_(std::make_shared<ServerState>()) {
        state_->trusted = parse_ranges(options.trusted_proxies);
        state_->options = std::move(options);
        state_->callbacks = std::move(callbacks);
        listen();
    }

    std::uint16_t port() const { return port_; }

    void start() {
        // The coroutine may end after the Server has gone: it keeps the Impl.
        asio::co_spawn(io_, accept_all(shared_from_this()), [](std::exception_ptr) {});
    }

    void shut() {
        error_code ignored;
        acceptor_.close(ignored);
        tick_.cancel();
    }

    asio::awaitable<void> stop(std::chrono::milliseconds drain);

    Stats stats() const { return {state_->connections.size(), state_->requests}; }

  private:
    void listen() {
        try {
            tcp::endpoint const endpoint(asio::ip::make_address(state_->options.address),
                                         state_->options.port);
            acceptor_.open(endpoint.protocol());
            acceptor_.set_option(tcp::acceptor::reuse_address(true));
            if (endpoint.protocol() == tcp::v6()) acceptor_.set_option(asio::ip::v6_only(false));
            acceptor_.bind(endpoint);
            acceptor_.listen(1024);
            port_ = acceptor_.local_endpoint().port();
        } catch (boost::system::system_error const& e) {
            throw std::system_error(
                e.code().value(), std::generic_category(),
                "listening on " + state_->options.address + ":" + std::to_string(state_->options.port));
        }
    }

    static asio::awaitable<void> accept_all(std::shared_ptr<Impl> self);
    void take(tcp::socket socket);
    bool make_room();
    void tick();
    void check_deadlines();

    asio::io_context& io_;
    tcp::acceptor acceptor_;
    asio::steady_timer tick_;
    bool ticking_ = false;
    std::uint16_t port_ = 0;
    std::shared_ptr<ServerState> state_;
};

asio::awaitable<void> Server::Impl::accept_all(std::shared_ptr<Impl> self) {
    while (self->acceptor_.is_open()) {
        error_code error;
        tcp::socket socket =
            co_await self->acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error == asio::error::operation_aborted || self->state_->stopping) co_return;
        if (error) {
            log::warning("connection not accepted", {{"error", error.message()}});
            asio::steady_timer pause(self->io_, accept_pause);
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
            continue;
        }
        self->take(std::move(socket));
    }
}

// When the limit is reached, the connection that has been idle longest makes room.
bool Server::Impl::make_room() {
    if (state_->connections.size() < state_->options.max_connections) return true;
    std::shared_ptr<Connection> oldest;
    for (auto const& connection : state_->connections) {
        bool const evictable = connection->idle && !connection->closing && connection->socket.is_open();
        if (evictable && (!oldest || connection->idle_since < oldest->idle_since)) oldest = connection;
    }
    if (!oldest) return false;
    oldest->closing = true;
    oldest->close();
    return true;
}

void Server::Impl::take(tcp::socket socket) {
    if (!make_room()) {
        log::warning("connection refused: too many", {{"max_connections", state_->options.max_connections}});
        return;  // closes it
    }
    error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    IpAddress const peer = address_of(socket);
    state_->connections.push_back(std::make_shared<Connection>(std::move(socket), peer));
    auto const place = std::prev(state_->connections.end());
    auto state = state_;
    auto ended = [state, place](std::exception_ptr failure) {
        if (failure) {
            try {
                std::rethrow_exception(failure);
            } catch (boost::system::system_error const& e) {
                log::debug("connection ended", {{"error", e.what()}});
            } catch (std::exception const& e) {
                log::error("connection ended", {{"error", e.what()}});
            }
        }
        (*place)->close();
        state->connections.erase(place);
    };
    asio::co_spawn(io_, serve(state_, *place), asio::bind_cancellation_slot((*place)->cancel.slot(), ended));
    tick();
}

// Runs only while there are connections, so that an idle server sleeps.
void Server::Impl::tick() {
    if (ticking_) return;
    ticking_ = true;
    tick_.expires_after(tick_interval);
    tick_.async_wait([self = shared_from_this()](error_code error) {
        self->ticking_ = false;
        if (error) return;
        self->check_deadlines();
        if (!self->state_->connections.empty()) self->tick();
    });
}

void Server::Impl::check_deadlines() {
    auto const now = Connection::Clock::now();
    for (auto const& connection : state_->connections) {
        if (connection->deadline > now) continue;
        connection->deadline = Connection::Clock::time_point::max();
        connection->expired = true;
        error_code ignored;
        connection->socket.cancel(ignored);
    }
}

asio::awaitable<void> Server::Impl::stop(std::chrono::milliseconds drain) {
    auto self = shared_from_this();
    auto state = state_;
    state->stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    for (auto const& connection : state->connections) {
        connection->closing = true;
        if (auto websocket = connection->websocket.lock()) {
            websocket->close(going_away, "the server is stopping");
        } else if (connection->idle) {
            connection->close();
        }
    }
    auto const deadline = Connection::Clock::now() + drain;
    asio::steady_timer pause(io_);
    bool cancelled = false;
    while (!state->connections.empty()) {
        if (!cancelled && Connection::Clock::now() >= deadline) {
            cancelled = true;
            auto const rest = state->connections;  // a connection may leave the list inside emit()
            for (auto const& connection : rest) {
                connection->cancel.emit(asio::cancellation_type::terminal);
                if (auto websocket = connection->websocket.lock()) websocket->abort();
                connection->close();
            }
        }
        pause.expires_after(std::chrono::milliseconds(10));
        co_await pause.async_wait(asio::use_awaitable);
    }
    tick_.cancel();
}

Server::Server(asio::io_context& io, ServerOptions options, Callbacks callbacks)
    : impl_(std::make_shared<Impl>(io, std::move(options), std::move(callbacks))) {}
Server::~Server() {
    impl_->shut();
}

std::uint16_t Server::port() const {
    return impl_->port();
}
void Server::start() {
    impl_->start();
}
asio::awaitable<void> Server::stop(std::chrono::milliseconds drain) {
    return impl_->stop(drain);
}
Server::Stats Server::stats() const {
    return impl_->stats();
}

}  // namespace mypost::http
