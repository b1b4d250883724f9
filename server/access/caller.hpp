// Who makes a request, and what they may do in the workspace that the path names.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "access/permission.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

namespace mypost::access {

// A role that replaces the workspace role inside one brand, possibly limited to some of its accounts.
struct BrandAccess {
    PermissionSet permissions;
    std::optional<std::set<AccountId>> accounts;  // nothing: all of the brand
};

struct Caller {
    // Who. All nil on public routes.
    UserId user;
    SessionId session;
    std::string name;
    std::string email;
    std::string locale = "en";
    bool system_admin = false;

    // Where: set when the route's path has {workspace} and the user is a member of it.
    WorkspaceId workspace;
    TenantId tenant;
    bool has_workspace_role = false;  // false: member of single brands only
    PermissionSet workspace_permissions;
    std::map<BrandId, BrandAccess> brands;

    // How.
    std::string request_id;
    std::string address;
    std::string user_agent;

    // In the workspace role or in any brand: what a route's declared permission is checked with.
    bool may_anywhere(Permission permission) const;
    // Inside this brand: the brand role when there is one, else the workspace role.
    bool may(Permission permission, BrandId brand) const;
    // For workspace-wide things (settings, roles): the workspace role alone.
    bool may_in_workspace(Permission permission) const { return workspace_permissions.has(permission); }
    bool may_use_account(BrandId brand, AccountId account) const;
    // Whether anything in the brand may be known to exist: by a brand role, or by the workspace role.
    bool sees(BrandId brand) const;

    // not_found (`what` names the thing) when the brand is not visible, permission_denied when it lacks the
    // permission.
    Result<void> require(Permission permission, BrandId brand, std::string_view what) const;
    Result<void> require_in_workspace(Permission permission) const;

    // Brands to which lists must be limited; nothing: all brands of the workspace.
    std::optional<std::vector<BrandId>> visible_brands(Permission permission) const;
    // Brands left out where visible_brands() is nothing but a brand role takes the permission away.
    std::vector<BrandId> hidden_brands(Permission permission) const;
};

}  // namespace mypost::access
