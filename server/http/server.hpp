// HTTP/1.1 server: keep-alive, pipelining, time-outs, limits, WebSocket upgrade, graceful shutdown.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "http/message.hpp"
#include "http/websocket.hpp"

namespace mypost::http {

struct ServerOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;  // 0 = any free port, see Server::port()
    std::size_t max_header_bytes = 16 * 1024;
    std::size_t max_body_bytes = 1024 * 1024;  // for requests that no BodyPolicy widens
    std::chrono::seconds header_timeout{10};   // from the first byte of a request to the end of its headers
    std::chrono::seconds idle_timeout{75};     // keep-alive without a request
    std::chrono::seconds body_timeout{30};     // without any progress while reading a body
    std::chrono::seconds write_timeout{30};    // without any progress while writing
    std::size_t max_connections = 10'000;
    std::vector<std::string> trusted_proxies;  // addresses or CIDR ranges whose X-Forwarded-* are believed
};

// What the server must know before it reads a body: the limit, and whether the handler reads it itself.
struct BodyPolicy {
    std::size_t max_bytes;
    bool streamed = false;
    // The handler is called with Request::body_too_large instead of the server answering 413 by itself, so
    // that it can refuse for better reasons first (no such route, not signed in).
    bool deliver_oversized = false;
};

class Server {
  public:
    struct Callbacks {
        Handler handle;                                              // never throws
        std::function<BodyPolicy(Request const& head)> body_policy;  // may be empty: max_body_bytes, whole
        std::function<bool(Request const& head)> accepts_websocket;  // may be empty: none
        std::function<asio::awaitable<void>(Request, std::shared_ptr<WebSocket>)> handle_websocket;
    };

    // Binds and listens at once. Throws std::system_error when the address is taken or not this machine's.
    Server(asio::io_context& io, ServerOptions options, Callbacks callbacks);
    ~Server();

    std::uint16_t port() const;
    void start();  // begins to accept

    // Stops accepting, lets running requests end within `drain`, then cancels them. Ends when all are gone.
    asio::awaitable<void> stop(std::chrono::milliseconds drain);

    struct Stats {
        std::size_t connections = 0;
        std::uint64_t requests = 0;
    };
    Stats stats() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;  // also held by what still runs on the event loop
};

}  // namespace mypost::http
