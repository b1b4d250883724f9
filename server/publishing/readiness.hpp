// Will it go out? Targets of the next 7 days are checked again hourly and whenever an account, media or
// approval changes.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "publishing/runner.hpp"

namespace mypost::publishing {

struct ReadinessReason {
    std::string code;     // needs_reconnect | account_disconnected | token_expires | paused | approval |
                          // <preflight's code>
    bool blocks = false;  // false: at risk
    std::string message;
};

// What the reasons add up to: ok | at_risk | blocked.
std::string readiness_of(std::vector<ReadinessReason> const& reasons);

// Narrows what is checked; empty: everything due within the next 7 days.
struct ReadinessScope {
    std::optional<PostId> post;
    std::optional<AccountId> account;
    std::optional<GrantId> grant;
};

// Checks and stores what changed. Returns how many targets are now different.
asio::awaitable<int> refresh_readiness(Services const& services, ReadinessScope scope = {});

// The same for the targets of grants and accounts that changed since `since` (connected, refused,
// disconnected, paused).
asio::awaitable<int> refresh_changed_readiness(Services const& services, Instant since);

}  // namespace mypost::publishing
