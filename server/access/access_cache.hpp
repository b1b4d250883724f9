// What a session may do, remembered between requests. Every write path forgets what it changes; across
// processes the time to live bounds how long an old answer can be used.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

#include "access/caller.hpp"
#include "core/clock.hpp"

namespace mypost::access {

struct WorkspaceAccess {
    TenantId tenant;
    bool has_workspace_role = false;
    PermissionSet permissions;
    std::map<BrandId, BrandAccess> brands;
};

struct SessionAccess {
    UserId user;
    SessionId session;
    std::string name;
    std::string email;
    std::string locale;
    bool system_admin = false;
    bool suspended = false;
    Instant expires_at;
    std::map<WorkspaceId, WorkspaceAccess> workspaces;
};

class AccessCache {
  public:
    // `time_to_live`: 15 min where this process is the only one that writes, short otherwise.
    AccessCache(Clock const& clock, std::chrono::milliseconds time_to_live, std::size_t max_entries = 10'000);

    std::shared_ptr<SessionAccess const> find(SessionId session) const;
    // `generation` is what generation() said before the row was read: an entry read before a forget is not
    // stored.
    void store(std::shared_ptr<SessionAccess const> access, std::uint64_t generation);
    std::uint64_t generation() const { return generation_; }

    void forget_session(SessionId session);
    void forget_user(UserId user);
    void forget_all();  // a role or a workspace changed

    // Called after anything was forgotten: open WebSockets check their session again.
    std::function<void()> on_change;

  private:
    struct Entry {
        std::shared_ptr<SessionAccess const> access;
        Instant until;
    };
    void changed();

    Clock const& clock_;
    std::chrono::milliseconds time_to_live_;
    std::size_t max_entries_;
    std::uint64_t generation_ = 0;
    std::unordered_map<SessionId, Entry> entries_;
};

}  // namespace mypost::access
