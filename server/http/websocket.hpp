// One WebSocket connection, text messages only.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

namespace mypost::http {

class WebSocket {
  public:
    virtual ~WebSocket() = default;
    // The next message, or nothing when the peer closed, vanished (no pong) or sent more than 64 KiB.
    virtual boost::asio::awaitable<std::optional<std::string>> read() = 0;
    // Queues a message and returns; a peer that does not read is closed when 1 MiB waits for it.
    virtual void send(std::string message) = 0;
    // Sends a close frame with that code (1000, 4401, …) after what is queued.
    virtual void close(std::uint16_t code, std::string reason) = 0;
};

}  // namespace mypost::http
