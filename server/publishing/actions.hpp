// What people do with one target after its time: retry, look again, settle, finish by hand, move, give up.
// Each runs inside the caller's transaction on a post from lock_post(); the caller ends with recompute_post()
// and, after the commit, tells the notifier. not_found when the post has no such target, invalid_state when
// the action does not fit its state.
#pragma once

#include "networks/publication.hpp"
#include "publishing/locked_post.hpp"
#include "publishing/scheduling.hpp"

namespace mypost::publishing {

// failed, missed, held, retrying: go on now. With nothing live it starts anew with the newest text; else from
// the first missing part. However late it is: the grace rule does not apply to what a person asks for.
asio::awaitable<Result<Done>> retry_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                           UserId user, Instant now, Changes& changes);

// unconfirmed: look at the network again.
asio::awaitable<Result<Done>> check_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                           UserId user, Instant now, Changes& changes);

// unconfirmed: a person has looked.
asio::awaitable<Result<Done>> resolve_live(db::Transaction& tx, LockedPost& post, TargetId target,
                                           UserId user, std::string remote_url, Instant now,
                                           Changes& changes);
asio::awaitable<Result<Done>> resolve_not_live(db::Transaction& tx, LockedPost& post, TargetId target,
                                               UserId user, bool send_again, Instant now, Changes& changes);

// manual: done in the network's own app; the link is optional.
asio::awaitable<Result<Done>> complete_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                              UserId user, std::string remote_url, Instant now,
                                              Changes& changes);

// Another time for this target alone. invalid("/scheduled_at","in_past"), publishing_started when something
// of it is or may be live. Asks for approval anew where that is due.
asio::awaitable<Result<Done>> reschedule_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                                ChosenTime time, Actor actor, Instant now, Changes& changes);

// Never sent: cancelled. Between two tries: cancelled, or failed when some parts are live, or unconfirmed
// when one may be.
asio::awaitable<Result<Done>> cancel_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                            UserId user, Instant now, Changes& changes);

}  // namespace mypost::publishing
