// What people do with a post before anything of it is sent. Every function runs inside the caller's
// transaction on a post from lock_post() or lock_for_change(), keeps `post` up to date, and appends to
// `changes`; the caller ends with recompute_post() and, after the commit, Notifier::changed(). Permissions
// are the caller's to check.
#pragma once

#include "publishing/locked_post.hpp"

namespace mypost::publishing {

struct Actor {
    UserId user;
    bool may_approve = false;  // posts.approve in the brand
};

// A time that a person chose: the instant, and the wall clock and zone it was chosen in, if so.
struct ChosenTime {
    Instant at;
    std::string local;      // "2026-11-22T09:00", or empty
    std::string time_zone;  // IANA, or empty
};

// ---- the post as a whole ----

// Sets the time and schedules every target that waits (draft, pending_approval, scheduled, held, missed,
// failed with nothing live). A target without a time of its own gets `time`; the others keep their distance:
// all move by `time.at` − post.scheduled_at. Leads to pending_approval where approval is asked, the actor may
// not give it, and the current version has none. Errors: invalid("/scheduled_at","in_past"), invalid_state
// when no target can be scheduled.
asio::awaitable<Result<Done>> schedule(db::Transaction& tx, LockedPost& post, ChosenTime time, Actor actor,
                                       Instant now, Changes& changes);
// The same with the time now.
asio::awaitable<Result<Done>> publish_now(db::Transaction& tx, LockedPost& post, Actor actor, Instant now,
                                          Changes& changes);
// Back to draft; times stay as the plan. invalid_state when nothing is scheduled.
asio::awaitable<Result<Done>> unschedule(db::Transaction& tx, LockedPost& post, Instant now,
                                         Changes& changes);

// Asks for approval: drafts → pending_approval (with `time`, or the times they have).
asio::awaitable<Result<Done>> submit(db::Transaction& tx, LockedPost& post, std::optional<ChosenTime> time,
                                     Actor actor, Instant now, Changes& changes);
// Approves the current version; pending targets with a time → scheduled (a past one within the grace period
// goes out now), those without stay pending until scheduled. permission_denied for the author's own where the
// policy does not allow it.
asio::awaitable<Result<Done>> approve(db::Transaction& tx, LockedPost& post, Actor actor, Instant now,
                                      Changes& changes);
// pending_approval, scheduled → draft, and the approval is void.
asio::awaitable<Result<Done>> reject(db::Transaction& tx, LockedPost& post, Instant now, Changes& changes);

// ---- targets ----

struct NewTarget {
    AccountId account;
    std::string network;
    std::string kind = "post";
    std::int64_t ordinal = 0;
    std::string overrides = "{}";  // JSON object: content field-wise
    std::string options = "{}";
    std::optional<ChosenTime> time;
};

// Adds a draft target; after_edit() schedules it when the post is. conflict when account + kind + ordinal
// exists.
asio::awaitable<Result<TargetId>> add_target(db::Transaction& tx, LockedPost& post, NewTarget target,
                                             Instant now, Changes& changes);

struct TargetEdit {
    std::string overrides;
    std::string options;
    std::optional<ChosenTime> time;  // nothing: keeps the present one
    bool clear_time = false;         // follow the post's time again
};
// publishing_started when it is past its claim.
asio::awaitable<Result<Done>> edit_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                          TargetEdit edit, Instant now, Changes& changes);
// Deletes it; one that was ever tried is cancelled instead, its evidence stays. publishing_started as above.
asio::awaitable<Result<Done>> remove_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                            Instant now, Changes& changes);

// Schedules this target alone for `time` (not checked here), or asks for approval where the actor may not
// give it.
asio::awaitable<Result<Done>> plan_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                          ChosenTime time, Actor actor, Instant now, Changes& changes);

// After the caller stored a new version (posts.current_version_id = `version`): voids or carries over the
// approval, and lets added targets join a post that is scheduled or pending. `version` becomes
// post.current_version.
asio::awaitable<Result<Done>> after_edit(db::Transaction& tx, LockedPost& post, PostVersionId version,
                                         Actor actor, Instant now, Changes& changes);

}  // namespace mypost::publishing
