#include "events/routes.hpp"

namespace mypost::events {

void add_routes(http::Router& router) {
    http::RawRoute<http::None> route(
        http::Method::get, "/ws", "openSocket", "Live events over a WebSocket", http::public_route(),
        {.other_statuses = {426}},
        {.ok = 101,
         .tags = {"events"},
         .description =
             "The first message signs in, within 10 s: {\"type\":\"auth\",\"token\":…,\"workspace_id\":…,"
             "\"last_event_id\"?}. The server says {\"type\":\"ready\"}, then {\"id\",\"type\",\"data\"} for "
             "each event "
             "that the caller may see; {\"type\":\"resync\"} when what was missed cannot be told. Close code "
             "4401: "
             "the session has ended."});
    router.add_raw(std::move(route),
                   [](access::Caller const&, http::Request) -> http::asio::awaitable<Result<http::Response>> {
                       auto response = http::text_response(426, "This address speaks WebSocket.\n");
                       response.headers.set("Upgrade", "websocket");
                       co_return response;
                   });
}

}  // namespace mypost::events
