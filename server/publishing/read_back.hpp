// After publishing: reading what is live back, and taking it down again.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "core/result.hpp"
#include "publishing/changes.hpp"
#include "publishing/runner.hpp"

namespace mypost::publishing {

// Reads back published targets whose time has come (1 min, 1 h, 24 h after publishing): verified_at, or
// removed with an alarm when any part is gone. On any doubt it is asked again later; a network that does not
// tell changes nothing. Returns how many were looked at, at most `limit`.
asio::awaitable<int> read_back_due(Services const& services, int limit);

// Deletes what is live of a published or failed target on the network, last part first; then the target is
// `removed`. network_error names what the network said; parts that are gone stay marked so, and the call can
// be repeated.
asio::awaitable<Result<Done>> delete_remote(Services const& services, WorkspaceId workspace, PostId post,
                                            TargetId target);

}  // namespace mypost::publishing
