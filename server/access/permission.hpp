// The permissions of a workspace role and the built-in roles (docs/permissions.md).
#pragma once

#include <bitset>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mypost::access {

// Spelled on the wire with a dot: posts_view is "posts.view".
enum class Permission {
    posts_view,
    posts_create,
    posts_edit,
    posts_delete,
    posts_schedule,
    posts_publish,
    posts_approve,
    posts_comment,
    comments_internal,
    brands_view,
    brands_create,
    brands_edit,
    brands_delete,
    accounts_view,
    accounts_connect,
    accounts_disconnect,
    media_view,
    media_upload,
    media_edit,
    media_delete,
    templates_manage,
    labels_manage,
    slots_manage,
    users_view,
    users_invite,
    users_manage,
    roles_manage,
    analytics_view,
    analytics_export,
    audit_view,
    audit_export,
    workspace_settings,
    workspace_branding,
    workspace_domain,
    workspace_delete,
    apitokens_manage,
    webhooks_manage,
    billing_manage,
};
inline constexpr std::size_t permission_count = static_cast<std::size_t>(Permission::billing_manage) + 1;

std::string_view to_string(Permission permission);                  // "posts.view"
std::optional<Permission> parse_permission(std::string_view name);  // exact spelling only
std::span<Permission const> all_permissions();                      // in the order above

class PermissionSet {
  public:
    PermissionSet() = default;
    PermissionSet(std::initializer_list<Permission> permissions);
    static PermissionSet all();

    bool has(Permission permission) const { return bits_[static_cast<std::size_t>(permission)]; }
    void add(Permission permission) { bits_[static_cast<std::size_t>(permission)] = true; }
    void remove(Permission permission) { bits_[static_cast<std::size_t>(permission)] = false; }
    bool contains(PermissionSet const& other) const { return (bits_ & other.bits_) == other.bits_; }
    PermissionSet operator&(PermissionSet const& other) const;
    PermissionSet operator|(PermissionSet const& other) const;
    std::vector<std::string> names() const;  // in the enum's order
    bool operator==(PermissionSet const&) const = default;

  private:
    std::bitset<permission_count> bits_;
};

// The JSON array of names that a role's column holds; names of a newer version are passed over.
PermissionSet parse_permissions(std::string_view json);

struct BuiltInRole {
    std::string_view key;   // "owner", "admin", "manager", "editor", "contributor", "client", "analyst"
    std::string_view name;  // "Owner"
    PermissionSet permissions;
};
std::span<BuiltInRole const> built_in_roles();

}  // namespace mypost::access
