// Taking a due target: the decision as a pure function of what the rows say, and the transaction that carries
// it out.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <variant>

#include "core/error.hpp"
#include "db/database.hpp"
#include "networks/publication.hpp"
#include "publishing/backoff.hpp"
#include "publishing/changes.hpp"
#include "publishing/journal.hpp"
#include "publishing/states.hpp"

namespace mypost::publishing {

// A pause of the installation, a workspace, a brand or an account. Over when `until` has passed.
struct Pause {
    std::optional<Instant> since;
    std::optional<Instant> until;  // nothing: until resumed
    bool holds(Instant now) const { return since && (!until || now < *until); }
};

// All that the decision rests on, read under the locks of the post and the account.
struct ClaimView {
    TargetState state = TargetState::draft;
    std::optional<Instant> scheduled_at;
    std::optional<Instant> next_attempt_at;
    std::optional<HeldReason> held_reason;
    bool started = false;   // an intent exists in this run
    bool sent_any = false;  // some part is or may be live
    bool leased = false;    // by another worker, still
    bool frozen = false;
    bool send_late = false;
    bool catch_up = false;
    bool manual_kind = false;

    bool version_frozen = false;  // what is frozen is the current version
    bool approved = true;         // the current version may go out

    Pause installation, workspace, brand, account;
    bool account_disconnected = false;
    bool grant_active = true;
    std::chrono::minutes grace{60};
    std::chrono::seconds catch_up_gap{60};
    int catch_up_per_hour = 20;
    Instant account_free_at;  // catch-up spacing: nothing late before this
    Instant catch_up_since;   // the hour in which catch_up_count late targets started
    int catch_up_count = 0;
    bool account_busy = false;  // another target of the account is publishing, or goes first
};

struct TakeIt {
    bool freeze = false;  // with the newest content; else what is frozen goes on
};
struct LeaveIt {};  // not due, held by another worker, or finished
struct LookLater {
    Instant at;
    bool for_order = false;  // another target of the account goes first
};
struct HoldIt {
    HeldReason reason;
    std::optional<Instant> look_at;
};
struct ReleaseIt {};  // → scheduled, looked at again at once
struct MissIt {};
struct HandItOver {};  // to a person
using ClaimDecision = std::variant<TakeIt, LeaveIt, LookLater, HoldIt, ReleaseIt, MissIt, HandItOver>;

ClaimDecision decide_claim(ClaimView const& view, PublishSettings const& settings, Instant now);

// What a claim is tried with; from a look without locks.
struct ClaimRequest {
    TargetId target;
    PostId post;
    AccountId account;
    std::string worker;
    bool manual_kind = false;
    // The content of `version`, ready to be frozen; nothing: only a frozen one can go on.
    std::optional<networks::Publication> prepared;
    PostVersionId version;
    // Instead of `prepared`: why the content cannot be sent (a missing picture). Unavailable and internal
    // errors pass.
    std::optional<Error> refusal;
};

struct Claimed {
    Claim claim;
    networks::Publication publication;
    int attempt_count = 0;
    std::optional<Instant> started_at;
    bool fresh = false;  // frozen by this claim: preflight first
};
// The content changed since it was prepared, or none was: prepare it (again) and come back.
struct NeedsContent {};
struct NotClaimed {
    std::optional<Instant> look_at;
};
using ClaimResult = std::variant<Claimed, NeedsContent, NotClaimed>;

// Locks the post, then the account, decides, and does it. One target is publishing per account at a time, in
// the order of (scheduled_at, id).
asio::awaitable<ClaimResult> claim(db::Database& database, PublishSettings const& settings,
                                   ClaimRequest request, Instant now, Changes& changes);

// Prolongs the lease to at least `lease` from now (database clock) and the next look with it. False: the
// claim is lost.
asio::awaitable<bool> extend_lease(db::Database& database, Claim claim, Milliseconds lease, Instant now);

// Inside a transaction: is it still ours?
asio::awaitable<bool> still_claimed(db::Transaction& tx, Claim claim);

}  // namespace mypost::publishing
