// Workspaces, their roles and members.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/access_cache.hpp"
#include "access/caller.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "db/database.hpp"

namespace mypost::workspaces {

namespace asio = boost::asio;

struct Pause {
    Instant since;
    std::optional<Instant> until;  // nothing: until resumed
    std::string reason;
};

struct Workspace {
    WorkspaceId id;
    TenantId tenant;
    std::string name;
    std::string slug;
    std::string time_zone;
    std::string locale;
    std::string week_start;
    std::int64_t grace_minutes = 0;
    std::int64_t catch_up_gap_seconds = 0;
    std::int64_t catch_up_per_hour = 0;
    std::optional<Pause> pause;
    std::int64_t version = 0;
    Instant created_at;
    Instant updated_at;
};

struct WorkspaceChange {
    std::optional<std::string> name;
    std::optional<std::string> slug;
    std::optional<std::string> time_zone;
    std::optional<std::string> locale;
    std::optional<std::string> week_start;
    std::optional<std::int64_t> grace_minutes;
    std::optional<std::int64_t> catch_up_gap_seconds;
    std::optional<std::int64_t> catch_up_per_hour;
};

struct Role {
    RoleId id;
    std::optional<std::string> key;  // of a built-in role
    std::string name;
    access::PermissionSet permissions;
    std::int64_t version = 0;
};

struct BrandRole {
    BrandId brand;
    RoleId role;
    std::optional<std::vector<AccountId>> accounts;  // nothing: all of the brand
};

struct Member {
    UserId user;
    std::string name;
    std::string email;
    std::string status;
    std::optional<RoleId> role;
    std::vector<BrandRole> brand_roles;
    Instant joined_at;
};

struct MemberChange {
    std::optional<std::optional<RoleId>> role;
    std::optional<std::vector<BrandRole>> brand_roles;  // replaces all
};

class WorkspaceService {
  public:
    WorkspaceService(db::Database& database, Clock const& clock, access::AccessCache& cache);

    // Those the caller is a member of, by name.
    asio::awaitable<std::vector<Workspace>> list(access::Caller caller);
    // System administrators and people who may change settings of some workspace may open another.
    asio::awaitable<Result<Workspace>> create(access::Caller caller, std::string name, std::string time_zone);
    asio::awaitable<Result<Workspace>> find(WorkspaceId id);
    // version_mismatch when `version` is not the present one; conflict when the slug is taken.
    asio::awaitable<Result<Workspace>> change(access::Caller caller, std::int64_t version,
                                              WorkspaceChange change);
    // Hides it from everyone; its scheduled posts no longer go out. Refused while it is the caller's only
    // one.
    asio::awaitable<Result<Done>> remove(access::Caller caller);

    asio::awaitable<std::vector<Role>> roles(WorkspaceId workspace);
    asio::awaitable<Result<Role>> create_role(access::Caller caller, std::string name,
                                              std::vector<std::string> permissions);
    asio::awaitable<Result<Role>> change_role(access::Caller caller, RoleId role, std::int64_t version,
                                              std::optional<std::string> name,
                                              std::optional<std::vector<std::string>> permissions);
    asio::awaitable<Result<Done>> remove_role(access::Caller caller, RoleId role);

    asio::awaitable<std::vector<Member>> members(WorkspaceId workspace);
    asio::awaitable<Result<Member>> change_member(access::Caller caller, UserId user, MemberChange change);
    asio::awaitable<Result<Done>> remove_member(access::Caller caller, UserId user);
    // For the command line, demo and tests; invitations use it later.
    asio::awaitable<Result<Done>> add_member(WorkspaceId workspace, UserId user, std::string role_key);

  private:
    db::Database& database_;
    Clock const& clock_;
    access::AccessCache& cache_;
};

}  // namespace mypost::workspaces
