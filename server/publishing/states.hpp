// The state machine of a post's target, as data, and the status of a post that follows from its targets.
// The picture and the guarantees: docs/publishing.md. The schema's CHECKs state the same invariants.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace mypost::publishing {

// Spelled on the wire and in the column as here.
enum class TargetState {
    draft,
    pending_approval,
    scheduled,
    held,        // its time came (or it was under way) and something forbids sending: see HeldReason
    publishing,  // claimed, or waiting for the network's own processing
    retrying,    // a transient error or a rate limit: `next_attempt_at` says when it goes on
    manual,      // a person finishes it in the network's own app
    published,
    failed,       // final, with a reason and a next step; `partially_published` when some parts are live
    unconfirmed,  // a call's outcome is unknown and cannot be found out
    missed,       // due longer ago than the grace period and nothing was ever sent
    removed,      // was live, and is no more
    cancelled,
};
inline constexpr int target_state_count = static_cast<int>(TargetState::cancelled) + 1;

// What happens to a target.
enum class TargetEvent {
    // people, before anything was sent
    schedule,
    ask_approval,  // scheduled by someone who may not approve
    approve,
    reject,
    void_approval,  // an edit by someone who may not approve
    unschedule,
    reschedule,
    cancel,
    // the claim
    claim,
    hold,
    release,    // what held it is gone, or a person resumed
    miss,       // the grace rule
    hand_over,  // to a person (manual kinds)
    // the run
    wait,      // for the network's own processing: stays publishing, without a lease
    back_off,  // transient error, rate limit
    publish,   // every part is live
    fail,
    lose_track,  // → unconfirmed
    // people, afterwards
    retry,       // nothing is live: from the start, with the newest text
    retry_rest,  // some parts are live: from the first missing one
    check,       // look again
    declare_live,
    send_again,  // a person says that it is not live
    give_up,
    complete,  // a manual one is done
    delete_remote,
    // the network
    late_proof,  // an outcome arrived late: every part is live after all
    vanish,      // the read-back found it gone
};
inline constexpr int target_event_count = static_cast<int>(TargetEvent::vanish) + 1;

struct Transition {
    TargetState from;
    TargetEvent event;
    TargetState to;
};

// The complete table. A pair (from, event) occurs at most once.
std::span<Transition const> transitions();
// Where `event` leads from `from`; nothing: it is refused there.
std::optional<TargetState> next_state(TargetState from, TargetEvent event);

// Why a target is held; spelled so in `held_reason`.
enum class HeldReason {
    installation_paused,
    workspace_paused,
    brand_paused,
    account_paused,
    needs_reconnect,  // the grant
    account_disconnected,
    approval,  // the version that would go out is not approved
    budget,    // a paid or daily budget is used up
};

enum class PostStatus {
    draft,
    pending_approval,
    scheduled,
    publishing,
    needs_attention,
    published,
    partially_published,
    failed,
    cancelled,
};

// First match (cancelled targets are ignored unless all are): any publishing or retrying → publishing; any
// unconfirmed, missed, held or manual → needs_attention; all published → published; some →
// partially_published; any failed → failed; else the furthest of scheduled, pending_approval, draft. Removed
// targets count as not published; when nothing else is left the post is cancelled. No target at all: draft.
PostStatus derive_status(std::span<TargetState const> targets);

std::string_view to_string(TargetState state);
std::string_view to_string(TargetEvent event);
std::string_view to_string(HeldReason reason);
std::string_view to_string(PostStatus status);
std::optional<TargetState> parse_target_state(std::string_view name);
std::optional<HeldReason> parse_held_reason(std::string_view name);
std::optional<PostStatus> parse_post_status(std::string_view name);

}  // namespace mypost::publishing
