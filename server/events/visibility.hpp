// Who may know of an event.
#pragma once

#include "access/caller.hpp"
#include "events/event.hpp"

namespace mypost::events {

// - of another workspace: nobody; of the installation: system administrators
// - notification: the person that data.user_id names
// - of a brand: who has there the permission that belongs to the type (post and target: posts.view, media:
// media.view,
//   account: accounts.view, comment: posts.view, and comments.internal when data.visibility is "internal"),
//   else who sees the brand
// - of the workspace itself: who has a workspace role, with the same permission where one belongs to the type
bool may_see(access::Caller const& caller, Event const& event);

}  // namespace mypost::events
