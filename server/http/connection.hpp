// One accepted connection and what the server keeps for all of them.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <list>
#include <memory>

#include "core/ip_range.hpp"
#include "http/server.hpp"

namespace mypost::http {

using asio::ip::tcp;
using boost::system::error_code;

class WebSocketConnection;

struct Connection {
    using Clock = std::chrono::steady_clock;

    tcp::socket socket;
    IpAddress peer;
    boost::beast::flat_buffer buffer;  // bytes received and not parsed yet
    asio::cancellation_signal cancel;
    std::weak_ptr<WebSocketConnection> websocket;
    Clock::time_point deadline = Clock::time_point::max();  // the server's tick cancels the socket then
    Clock::time_point idle_since = Clock::now();
    bool expired = false;  // the deadline cancelled the last operation
    bool idle = true;      // waits for the first byte of a request
    bool closing = false;  // the server stops: no further request on this connection

    Connection(tcp::socket accepted, IpAddress address) : socket(std::move(accepted)), peer(address) {}

    void close() {
        error_code ignored;
        socket.close(ignored);
    }

    // Limits the socket operations of one scope.
    class Deadline {
      public:
        Deadline(Connection& connection, std::chrono::milliseconds limit) : connection_(connection) {
            connection_.deadline = Clock::now() + limit;
            connection_.expired = false;
        }
        ~Deadline() { connection_.deadline = Clock::time_point::max(); }
        Deadline(Deadline const&) = delete;
        Deadline& operator=(Deadline const&) = delete;

      private:
        Connection& connection_;
    };
};

struct ServerState {
    ServerOptions options;
    Server::Callbacks callbacks;
    std::vector<IpRange> trusted;
    std::list<std::shared_ptr<Connection>> connections;
    std::uint64_t requests = 0;
    bool stopping = false;

    // The Date field's text, made once a second.
    std::string const& date();

  private:
    std::int64_t date_second_ = -1;
    std::string date_;
};

// Serves requests until the connection ends. Never throws but for cancellation.
asio::awaitable<void> serve(std::shared_ptr<ServerState> state, std::shared_ptr<Connection> connection);

}  // namespace mypost::http
