// Tells events to whoever listens, and keeps them for a day for those who come back.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "events/event.hpp"

namespace mypost::events {

// Ends the subscription when it goes out of scope.
class Subscription {
  public:
    virtual ~Subscription() = default;
};

using Listener = std::function<void(EventPointer const&)>;

struct Replay {
    bool possible = false;  // false: the id is too old, or too much happened since: fetch everything anew
    std::vector<EventPointer> events;
};

class EventBus {
  public:
    virtual ~EventBus() = default;

    // Returns at once; the event is stored and told in the order of the calls. Never throws for what storage
    // does.
    virtual void publish(Event event) = 0;

    // Calls `listener` on the event loop for each event, in order. It must not throw and may publish.
    [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(Listener listener) = 0;

    // What happened in a workspace since `last`, from 10 s before it on (processes' clocks differ, commits
    // overtake each other): the receiver drops what it has.
    virtual boost::asio::awaitable<Replay> replay(WorkspaceId workspace, EventId last) = 0;
};

}  // namespace mypost::events
