// Writing how a claim's run ended, or how far it came.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "publishing/changes.hpp"
#include "publishing/journal.hpp"
#include "publishing/states.hpp"

namespace mypost::publishing {

struct Problem {
    std::string code;
    std::map<std::string, std::string> params;
    std::string message;  // English: what happened and what to do
    bool retryable = true;
};

struct Settlement {
    TargetEvent event = TargetEvent::wait;
    std::optional<Instant> look_at;  // when the target is looked at next; required by wait, back_off, hold
    std::optional<HeldReason> held_reason;  // of hold
    std::optional<Problem> problem;         // of back_off, fail, lose_track; hold may have one
    int attempt_count = 0;
    std::vector<networks::PartResult> parts;  // as the journal proves them
    bool verify = false;                      // read it back later
};

// Where people find a remote address: the sandbox's when calls go through it.
using LinkOf = std::function<std::string(std::string const& network, std::string const& url)>;

// Ends the claim: moves the target from publishing by `settlement.event` and gives the lease back. False, and
// nothing is written, when the claim is no longer ours.
asio::awaitable<bool> settle(db::Database& database, Claim claim, Settlement settlement, Instant now,
                             Changes& changes);

// Brings the parts up to what the journal proves; to be called inside a transaction.
asio::awaitable<void> write_parts(db::Transaction& tx, TargetId target,
                                  std::vector<networks::PartResult> parts);

// An outcome came in for a target that this worker no longer holds. When the journal now proves every part
// live, lifts it to published, whatever state it is in; an unconfirmed one that is only partly proven is
// looked at again.
asio::awaitable<void> lift(db::Database& database, networks::NetworkAdapter const& adapter, Claim claim,
                           LinkOf link, Instant now, Changes& changes);

// results() with addresses as people reach them.
std::vector<networks::PartResult> proven_parts(networks::NetworkAdapter const& adapter,
                                               networks::Publication const& publication,
                                               networks::Journal const& journal, LinkOf const& link);
bool all_live(std::vector<networks::PartResult> const& parts);
bool any_live(std::vector<networks::PartResult> const& parts);
bool any_unknown(std::vector<networks::PartResult> const& parts);

// `problem` as the target shows it: partially_published when some parts are live, with the cause in its
// params.
Problem partial(Problem problem, std::vector<networks::PartResult> const& parts);

}  // namespace mypost::publishing
