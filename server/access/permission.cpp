#include "access/permission.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace mypost::access {

namespace {

// In the enum's order; the static_assert below keeps the lengths together.
constexpr std::array names{std::string_view("posts.view"),         std::string_view("posts.create"),
                           std::string_view("posts.edit"),         std::string_view("posts.delete"),
                           std::string_view("posts.schedule"),     std::string_view("posts.publish"),
                           std::string_view("posts.approve"),      std::string_view("posts.comment"),
                           std::string_view("comments.internal"),  std::string_view("brands.view"),
                           std::string_view("brands.create"),      std::string_view("brands.edit"),
                           std::string_view("brands.delete"),      std::string_view("accounts.view"),
                           std::string_view("accounts.connect"),   std::string_view("accounts.disconnect"),
                           std::string_view("media.view"),         std::string_view("media.upload"),
                           std::string_view("media.edit"),         std::string_view("media.delete"),
                           std::string_view("templates.manage"),   std::string_view("labels.manage"),
                           std::string_view("slots.manage"),       std::string_view("users.view"),
                           std::string_view("users.invite"),       std::string_view("users.manage"),
                           std::string_view("roles.manage"),       std::string_view("analytics.view"),
                           std::string_view("analytics.export"),   std::string_view("audit.view"),
                           std::string_view("audit.export"),       std::string_view("workspace.settings"),
                           std::string_view("workspace.branding"), std::string_view("workspace.domain"),
                           std::string_view("workspace.delete"),   std::string_view("apitokens.manage"),
                           std::string_view("webhooks.manage"),    std::string_view("billing.manage")};
static_assert(names.size() == permission_count);

PermissionSet without(PermissionSet set, std::initializer_list<Permission> removed) {
    for (Permission permission : removed) set.remove(permission);
    return set;
}

std::array<BuiltInRole, 7> make_built_in_roles() {
    using enum Permission;
    PermissionSet const client{posts_view, posts_comment, posts_approve, brands_view, media_view};
    PermissionSet const contributor{posts_view,  posts_create,  posts_edit, posts_comment, comments_internal,
                                    brands_view, accounts_view, media_view, media_upload,  media_edit};
    PermissionSet const editor =
        contributor | PermissionSet{posts_delete,  posts_schedule, posts_publish, templates_manage,
                                    labels_manage, analytics_view, users_view};
    PermissionSet const manager =
        editor | PermissionSet{posts_approve,       brands_create, brands_edit,  accounts_connect,
                               accounts_disconnect, media_delete,  slots_manage, users_invite,
                               analytics_export,    audit_view};
    PermissionSet const analyst{posts_view, brands_view,    accounts_view,
                                media_view, analytics_view, analytics_export};
    return {BuiltInRole{"owner", "Owner", PermissionSet::all()},
            BuiltInRole{"admin", "Admin", without(PermissionSet::all(), {workspace_delete, billing_manage})},
            BuiltInRole{"manager", "Manager", manager},
            BuiltInRole{"editor", "Editor", editor},
            BuiltInRole{"contributor", "Contributor", contributor},
            BuiltInRole{"client", "Client", client},
            BuiltInRole{"analyst", "Analyst", analyst}};
}

}  // namespace

std::string_view to_string(Permission permission) {
    return names[static_cast<std::size_t>(permission)];
}

std::optional<Permission> parse_permission(std::string_view name) {
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Permission>(found - names.begin());
}

std::span<Permission const> all_permissions() {
    static auto const all = [] {
        std::array<Permission, permission_count> list{};
        for (std::size_t i = 0; i < permission_count; ++i) list[i] = static_cast<Permission>(i);
        return list;
    }();
    return all;
}

PermissionSet::PermissionSet(std::initializer_list<Permission> permissions) {
    for (Permission permission : permissions) add(permission);
}

PermissionSet PermissionSet::all() {
    PermissionSet set;
    set.bits_.set();
    return set;
}

PermissionSet PermissionSet::operator&(PermissionSet const& other) const {
    PermissionSet set;
    set.bits_ = bits_ & other.bits_;
    return set;
}

PermissionSet PermissionSet::operator|(PermissionSet const& other) const {
    PermissionSet set;
    set.bits_ = bits_ | other.bits_;
    return set;
}

std::vector<std::string> PermissionSet::names() const {
    std::vector<std::string> list;
    for (Permission permission : all_permissions()) {
        if (has(permission)) list.emplace_back(to_string(permission));
    }
    return list;
}

PermissionSet parse_permissions(std::string_view json) {
    PermissionSet set;
    auto const parsed = boost::json::parse(json);
    for (auto const& name : parsed.as_array()) {
        if (auto const permission = parse_permission(name.as_string())) set.add(*permission);
    }
    return set;
}

std::span<BuiltInRole const> built_in_roles() {
    static auto const roles = make_built_in_roles();
    return roles;
}

}  // namespace mypost::access
