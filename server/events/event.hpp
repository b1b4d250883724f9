// Live events: what happened, for the people who may see it.
#pragma once

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.hpp"
#include "core/ids.hpp"

namespace mypost::events {

struct EventTag;
using EventId = Id<EventTag>;

// Types: post.created, post.updated, post.deleted, target.updated, media.progress, account.updated,
// notification, comment.created, presence, alarm. Who sees an event follows from its type, brand and data
// (visibility.hpp).
struct Event {
    WorkspaceId workspace;         // nil: the whole installation (system administrators)
    std::optional<BrandId> brand;  // nothing: of the workspace itself
    std::string type;
    boost::json::object data;  // ids, states and other small things; never texts of posts, never secrets
};

struct PublishedEvent {
    EventId id;
    Event event;
    std::string text;  // {"id":…,"type":…,"data":…}, as it is sent
};
using EventPointer = std::shared_ptr<PublishedEvent const>;

EventPointer make_published(EventId id, Event event);

// The wall-clock milliseconds in a UUIDv7; nothing for another version.
std::optional<Instant> instant_of(Uuid const& id);
// The smallest UUIDv7 of that millisecond.
Uuid first_id_at(Instant instant);

}  // namespace mypost::events
