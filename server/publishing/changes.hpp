// What a transaction changed, collected while it runs and told to the world after its commit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/ids.hpp"
#include "publishing/states.hpp"

namespace mypost::publishing {

struct PostChange {
    WorkspaceId workspace;
    BrandId brand;
    PostId post;
    PostStatus status = PostStatus::draft;
    std::int64_t version = 0;
    std::int64_t state_version = 0;
    std::optional<Instant> scheduled_at;
    std::string readiness;
    bool deleted = false;
};

struct TargetChange {
    WorkspaceId workspace;
    BrandId brand;
    PostId post;
    TargetId target;
    AccountId account;
    TargetState state = TargetState::draft;
    std::optional<TargetState> previous;  // nothing: only details changed
    std::string error_code;               // "" when there is none
};

struct GrantChange {
    WorkspaceId workspace;
    BrandId brand;
    GrantId grant;
    std::string state;    // active | needs_reconnect
    std::string problem;  // code, e.g. refresh_lost
};

// Something that people must hear of; `key` names one ongoing condition, so that it is told once.
struct Alarm {
    std::string key;   // "worker_silent", "clock_jump", "due_waiting", "target_removed:<id>"
    std::string code;  // of the text, see docs/publishing.md
    std::optional<WorkspaceId> workspace;  // nothing: the installation's
    std::optional<BrandId> brand;
    std::optional<PostId> post;
    std::vector<std::pair<std::string, std::string>> params;
    bool raised = true;  // false: it is over
};

struct Changes {
    std::vector<PostChange> posts;
    std::vector<TargetChange> targets;
    std::vector<GrantChange> grants;
    std::vector<Alarm> alarms;
    // Targets that may be looked at at once; the worker's sweep would find them within a second anyway.
    bool due_now = false;

    bool empty() const { return posts.empty() && targets.empty() && grants.empty() && alarms.empty(); }
};

// Called after the commit. Must not throw for what listeners do: the change has happened.
class Notifier {
  public:
    virtual ~Notifier() = default;
    virtual void changed(Changes changes) = 0;
};

}  // namespace mypost::publishing
