#include "http/websocket_connection.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/beast/http/field.hpp>

namespace mypost::http {

namespace {

namespace websocket = boost::beast::websocket;

constexpr std::size_t largest_message = 64 * 1024;
constexpr std::size_t most_waiting = 1024 * 1024;
constexpr std::size_t idle_read_bytes = 128;
constexpr std::size_t busy_read_bytes = 4096;
constexpr std::chrono::seconds handshake_limit{10};
// A ping goes out after half of it without a word from the peer.
constexpr std::chrono::seconds silence_limit{60};

websocket::stream_base::timeout timeouts() {
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = handshake_limit;
    limits.idle_timeout = silence_limit;
    limits.keep_alive_pings = true;
    return limits;
}

}  // namespace

WebSocketConnection::WebSocketConnection(tcp::socket socket) : stream_(std::move(socket)) {
    stream_.set_option(timeouts());
    stream_.read_message_max(largest_message);
    stream_.write_buffer_bytes(1024);
    stream_.auto_fragment(false);
    stream_.text(true);
}

asio::awaitable<bool> WebSocketConnection::accept(Parser const& parser) {
    error_code error;
    co_await stream_.async_accept(parser.get(), asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
}

asio::awaitable<std::optional<std::string>> WebSocketConnection::read() {
    // Little room while nothing comes, more once a message has begun.
    std::size_t room = idle_read_bytes;
    incoming_ = {};
    error_code error;
    do {
        if (read_failed_) co_return std::nullopt;
        co_await stream_.async_read_some(incoming_, room, asio::redirect_error(asio::use_awaitable, error));
        if (error) read_failed_ = true;
        room = busy_read_bytes;
    } while (!error && !stream_.is_message_done());
    if (error) co_return std::nullopt;
    if (!stream_.got_text()) {
        close(websocket::close_code::unknown_data, "text messages only");
        co_return std::nullopt;
    }
    auto const data = incoming_.cdata();
    std::string message(static_cast<char const*>(data.data()), data.size());
    incoming_ = {};
    co_return message;
}

void WebSocketConnection::send(std::string message) {
    if (close_reason_ || !stream_.next_layer().is_open()) return;
    waiting_bytes_ += message.size();
    if (waiting_bytes_ > most_waiting) return abort();  // it would not read a close frame either
    outgoing_.push_back(std::move(message));
    if (!writing_) write_next();
}

void WebSocketConnection::close(std::uint16_t code, std::string reason) {
    if (close_reason_) return;
    // A close frame's reason has room for 123 bytes.
    close_reason_.emplace(static_cast<websocket::close_code>(code), reason.substr(0, 123));
    if (!writing_) send_close();
}

void WebSocketConnection::write_next() {
    writing_ = true;
    auto self = shared_from_this();
    stream_.async_write(asio::buffer(outgoing_.front()), [self](error_code error, std::size_t) {
        self->writing_ = false;
        if (self->outgoing_.empty()) return;
        self->waiting_bytes_ -= self->outgoing_.front().size();
        self->outgoing_.pop_front();
        if (error) return self->abort();
        if (!self->outgoing_.empty()) return self->write_next();
        if (self->close_reason_) self->send_close();
    });
}

void WebSocketConnection::send_close() {
    if (close_sent_ || !stream_.is_open()) return;
    close_sent_ = true;
    auto self = shared_from_this();
    stream_.async_close(*close_reason_, [self](error_code error) {
        if (error) self->abort();
    });
}

asio::awaitable<void> WebSocketConnection::finish() {
    close(websocket::close_code::normal, "");
    while (true) {
        auto const rest = co_await read();
        if (!rest) co_return;
    }
}

void WebSocketConnection::abort() {
    error_code ignored;
    stream_.next_layer().close(ignored);
}

}  // namespace mypost::http
