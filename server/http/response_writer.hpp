// Responses to the socket, with progress limits.
#pragma once

#include "http/connection.hpp"
#include "http/wire.hpp"

namespace mypost::http {

// True when the connection can carry another request; false when it must end (also when the client went
// away).
asio::awaitable<bool> write_response(std::shared_ptr<ServerState> state,
                                     std::shared_ptr<Connection> connection, Response response,
                                     Framing framing);

}  // namespace mypost::http
