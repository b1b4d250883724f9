// The WebSocket /api/v1/ws: signs in with its first message, then tells events.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <list>
#include <memory>

#include "events/bus.hpp"
#include "http/server.hpp"
#include "http/services.hpp"

namespace mypost::events {

inline constexpr std::chrono::seconds sign_in_limit{10};
inline constexpr std::chrono::seconds recheck_interval{60};

// Close codes: 4400 the message is not understood, 4401 not signed in (any more), 4404 no such workspace.
//
// Client → server: {"type":"auth","token":…,"workspace_id":…,"last_event_id"?}, within 10 s. Later messages
// are ignored. Server → client: {"type":"ready"}, then events; {"type":"resync"} when replay is impossible.
class EventSockets {
  public:
    // All outlive the sockets.
    EventSockets(boost::asio::any_io_executor executor, EventBus& bus, http::Authenticator& authenticator);
    ~EventSockets();

    // For Server::Callbacks::handle_websocket. Ends when the socket does.
    boost::asio::awaitable<void> serve(http::Request request, std::shared_ptr<http::WebSocket> socket);

    // Sessions or roles changed: every socket asks again at once what it may do. Also done each minute.
    void recheck_all();

    std::size_t count() const;

  private:
    struct Member;
    struct Signed;
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace mypost::events
