// The audit trail: every change by a person or token, written in the transaction that makes the change.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "access/caller.hpp"
#include "core/clock.hpp"
#include "db/database.hpp"

namespace mypost::audit {

struct AuditEntry {
    std::string action;  // "post.schedule": entity, dot, verb
    std::string entity;  // "post"
    std::string entity_id;
    std::optional<WorkspaceId> workspace;  // nothing: of the installation
    std::optional<BrandId> brand;
    std::string before;  // JSON of what changed, as it was; empty: did not exist. Never a secret
    std::string after;   // JSON as it is now; empty: gone
};

// Inserts the event: who (caller), from where (address), which request.
boost::asio::awaitable<void> record(db::Transaction& tx, Clock const& clock, access::Caller const& caller,
                                    AuditEntry entry);

}  // namespace mypost::audit
