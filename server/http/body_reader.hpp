// A request's body from the socket, piece by piece.
#pragma once

#include "http/connection.hpp"
#include "http/pace.hpp"
#include "http/wire.hpp"

namespace mypost::http {

// Shared with the handler of a streaming route; after the exchange it is cut off and only gives errors.
class BodyReader final : public BodyStream {
  public:
    BodyReader(std::shared_ptr<Connection> connection, Parser& parser, std::size_t limit,
               std::chrono::seconds progress_timeout, bool expects_continue)
        : connection_(std::move(connection)),
          parser_(&parser),
          limit_(limit),
          progress_timeout_(progress_timeout),
          expects_continue_(expects_continue) {}

    // At most 64 KiB; empty at the end. Errors: payload_too_large, malformed_request (also when the client
    // broke off or was too slow: nothing for progress_timeout, or slower than Pace asks).
    asio::awaitable<Result<std::string>> read() override;

    // The whole body.
    asio::awaitable<Result<std::string>> read_all();

    // Drops what has already arrived of the rest, without waiting. True when the body is complete then; false
    // when the connection must end after the response.
    bool discard_received();

    bool timed_out() const { return timed_out_; }
    void detach() { parser_ = nullptr; }

  private:
    asio::awaitable<error_code> receive(std::string& piece);
    asio::awaitable<error_code> send_continue();

    std::shared_ptr<Connection> connection_;
    Parser* parser_;
    std::size_t limit_;
    std::chrono::seconds progress_timeout_;
    bool expects_continue_;
    bool timed_out_ = false;
    bool failed_ = false;  // nothing more can be read
    std::size_t received_ = 0;
    Pace pace_;
};

}  // namespace mypost::http
