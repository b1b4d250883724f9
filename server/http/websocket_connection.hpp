// WebSocket over Beast: queued writes, pings, limits.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <list>

#include "http/connection.hpp"
#include "http/wire.hpp"

namespace mypost::http {

class WebSocketConnection final : public WebSocket, public std::enable_shared_from_this<WebSocketConnection> {
  public:
    explicit WebSocketConnection(tcp::socket socket);

    // Answers the upgrade request; false when the client's handshake is wrong.
    asio::awaitable<bool> accept(Parser const& parser);

    asio::awaitable<std::optional<std::string>> read() override;
    void send(std::string message) override;
    void close(std::uint16_t code, std::string reason) override;

    // Closes (1000) unless that was done, and waits until the peer has answered or 10 s have passed.
    asio::awaitable<void> finish();
    // Ends at once, without a word.
    void abort();

  private:
    void write_next();
    void send_close();

    boost::beast::websocket::stream<tcp::socket, false> stream_;  // no deflate: it holds memory per socket
    boost::beast::flat_buffer incoming_;
    std::list<std::string> outgoing_;  // a deque would hold half a kilobyte while empty
    std::size_t waiting_bytes_ = 0;
    bool writing_ = false;
    bool close_sent_ = false;
    bool read_failed_ = false;  // closed or broken: Beast must not be asked to read again
    std::optional<boost::beast::websocket::close_reason> close_reason_;
};

}  // namespace mypost::http
