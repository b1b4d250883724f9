// A post with its row locked: what every change of a post, and every claim of one of its targets, starts
// with. So a delete in the last second either wins and nothing is sent, or is refused.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "db/database.hpp"
#include "publishing/changes.hpp"
#include "publishing/states.hpp"

namespace mypost::publishing {

namespace asio = boost::asio;

struct LockedTarget {
    TargetId id;
    AccountId account;
    std::string network;
    std::string kind;
    std::int64_t ordinal = 0;
    TargetState state = TargetState::draft;
    std::optional<Instant> scheduled_at;
    bool frozen = false;        // claimed at least once
    bool started = false;       // at least one intent since it was last scheduled
    bool has_attempts = false;  // at least one row in its journal, ever: it must not be deleted
    bool sent_any = false;      // some part is live, is being sent, or may be live
    bool live_any = false;      // some part is live
    bool leased = false;        // a worker holds it now

    // Editing or deleting would come too late, or would falsify what was sent.
    bool past_claim() const;
};

struct LockedPost {
    PostId id;
    WorkspaceId workspace;
    BrandId brand;
    UserId author;
    PostStatus status = PostStatus::draft;
    std::int64_t version = 0;
    PostVersionId current_version;
    std::optional<PostVersionId> approved_version;
    std::string approval_policy;          // the brand's: none | required | required_self_allowed
    std::optional<Instant> scheduled_at;  // of the post: the earliest target's, or a draft's planned date
    std::vector<LockedTarget> targets;    // by id

    bool asks_approval() const { return approval_policy != "none"; }
    // False where approval is asked and the current version has none: nothing of it would be claimed.
    bool may_go_out() const { return !asks_approval() || approved_version == current_version; }
    LockedTarget* find(TargetId target);
};

// Locks the post row (first, before any other row of the post) and reads it with its targets. not_found when
// the workspace has no such post.
asio::awaitable<Result<LockedPost>> lock_post(db::Transaction& tx, WorkspaceId workspace, PostId post);

// The same for changes of what would be published (PATCH, DELETE, unschedule): publishing_started when any
// target is past its claim.
asio::awaitable<Result<LockedPost>> lock_for_change(db::Transaction& tx, WorkspaceId workspace, PostId post);

// Derives status, scheduled_at, published_at and readiness of the post from its targets, and counts
// state_version up when anything is different or `force` is set. Appends the PostChange. Call it last in
// every transaction that changed targets.
asio::awaitable<void> recompute_post(db::Transaction& tx, PostId post, Instant now, Changes& changes,
                                     bool force = false);

}  // namespace mypost::publishing
