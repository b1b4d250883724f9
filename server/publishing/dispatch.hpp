// Finding what is due. The database is the source of truth: a look that is lost is repeated, one too many
// does nothing.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <vector>

#include "db/database.hpp"
#include "publishing/backoff.hpp"
#include "publishing/states.hpp"

namespace mypost::publishing {

namespace asio = boost::asio;

struct DueTarget {
    TargetId id;
    AccountId account;
    TargetState state = TargetState::scheduled;
    std::optional<Instant> scheduled_at;
    bool catch_up = false;
    std::int64_t look = 0;  // dispatch_seq: the job of this look is "target-<id>-<look>"
};

// Takes at most `limit` targets whose dispatch_at has come, and puts their next look off. Marks what is found
// late by its first look: after downtime it is spaced and capped. Several workers may take at the same time.
asio::awaitable<std::vector<DueTarget>> take_due(db::Database& database, PublishSettings settings,
                                                 Instant now, int limit);

// Of these, the ones worth looking at now: of an account's scheduled and retrying targets only the first in
// its order (the others follow when it is done), all in other states.
std::vector<DueTarget> first_in_line(std::vector<DueTarget> due);

struct DueBacklog {
    std::int64_t waiting = 0;          // dispatch_at has come and nobody took them
    std::optional<Instant> oldest_at;  // their earliest dispatch_at
    std::int64_t under_way = 0;        // publishing with a lease
};
asio::awaitable<DueBacklog> due_backlog(db::Database& database, Instant now);

}  // namespace mypost::publishing
