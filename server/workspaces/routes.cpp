#include "workspaces/routes.hpp"

#include "http/etag.hpp"
#include "http/page.hpp"
#include "json/encode.hpp"

namespace mypost::workspaces {

namespace {

using access::Caller;
using access::Permission;
using http::Method;
using http::None;
using http::RequestInfo;

struct WorkspacePath {
    WorkspaceId workspace;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace))
struct RolePath {
    WorkspaceId workspace;
    RoleId role;
};
BOOST_DESCRIBE_STRUCT(RolePath, (), (workspace, role))
struct MemberPath {
    WorkspaceId workspace;
    UserId user;
};
BOOST_DESCRIBE_STRUCT(MemberPath, (), (workspace, user))

struct PauseView {
    Instant since;
    std::optional<Instant> until;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(PauseView, (), (since, until, reason))
struct WorkspaceView {
    WorkspaceId id;
    std::string name;
    std::string slug;
    std::string time_zone;
    std::string locale;
    std::string week_start;
    std::int64_t grace_minutes = 0;
    std::int64_t catch_up_gap_seconds = 0;
    std::int64_t catch_up_per_hour = 0;
    std::optional<PauseView> paused;
    std::int64_t version = 0;
    Instant created_at;
    Instant updated_at;
    std::vector<std::string> my_permissions;
    std::map<std::string, std::vector<std::string>> my_brand_permissions;  // by brand id, where they differ
};
BOOST_DESCRIBE_STRUCT(WorkspaceView, (),
                      (id, name, slug, time_zone, locale, week_start, grace_minutes, catch_up_gap_seconds,
                       catch_up_per_hour, paused, version, created_at, updated_at, my_permissions,
                       my_brand_permissions))
struct WorkspaceSummary {
    WorkspaceId id;
    std::string name;
    std::string slug;
    std::string time_zone;
    std::string week_start;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(WorkspaceSummary, (), (id, name, slug, time_zone, week_start, version))
struct NewWorkspace {
    std::string name;
    std::optional<std::string> time_zone;
};
BOOST_DESCRIBE_STRUCT(NewWorkspace, (), (name, time_zone))
struct WorkspacePatch {
    std::optional<std::string> name;
    std::optional<std::string> slug;
    std::optional<std::string> time_zone;
    std::optional<std::string> locale;
    std::optional<std::string> week_start;
    std::optional<std::int64_t> grace_minutes;
    std::optional<std::int64_t> catch_up_gap_seconds;
    std::optional<std::int64_t> catch_up_per_hour;
};
BOOST_DESCRIBE_STRUCT(WorkspacePatch, (),
                      (name, slug, time_zone, locale, week_start, grace_minutes, catch_up_gap_seconds,
                       catch_up_per_hour))
struct RoleView {
    RoleId id;
    std::optional<std::string> key;
    std::string name;
    std::vector<std::string> permissions;
    bool built_in = false;
    std::int64_t version = 0;
};
BOOST_DESCRIBE_STRUCT(RoleView, (), (id, key, name, permissions, built_in, version))
struct NewRole {
    std::string name;
    std::vector<std::string> permissions;
};
BOOST_DESCRIBE_STRUCT(NewRole, (), (name, permissions))
struct RolePatch {
    std::optional<std::string> name;
    std::optional<std::vector<std::string>> permissions;
};
BOOST_DESCRIBE_STRUCT(RolePatch, (), (name, permissions))
struct BrandRoleView {
    BrandId brand_id;
    RoleId role_id;
    std::optional<std::vector<AccountId>> account_ids;
};
BOOST_DESCRIBE_STRUCT(BrandRoleView, (), (brand_id, role_id, account_ids))
struct MemberView {
    UserId user_id;
    std::string name;
    std::string email;
    std::string status;
    std::optional<RoleId> role_id;
    std::vector<BrandRoleView> brand_roles;
    Instant joined_at;
};
BOOST_DESCRIBE_STRUCT(MemberView, (), (user_id, name, email, status, role_id, brand_roles, joined_at))
struct MemberPatch {
    std::optional<std::optional<RoleId>> role_id;
    std::optional<std::vector<BrandRoleView>> brand_roles;
};
BOOST_DESCRIBE_STRUCT(MemberPatch, (), (role_id, brand_roles))
struct PermissionView {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(PermissionView, (), (name))

}  // namespace
}  // namespace mypost::workspaces

namespace mypost::json {
template <>
struct rules<workspaces::PauseView> {
    static constexpr std::string_view name = "WorkspacePause";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<workspaces::WorkspaceView> {
    static constexpr std::string_view name = "Workspace";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<workspaces::RoleView> {
    static constexpr std::string_view name = "Role";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<workspaces::MemberView> {
    static constexpr std::string_view name = "Member";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<workspaces::BrandRoleView> {
    static constexpr std::string_view name = "BrandRole";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<workspaces::NewWorkspace> {
    static constexpr auto value =
        std::tuple{field<&workspaces::NewWorkspace::name>{{.min_len = 1, .max_len = 100}},
                   field<&workspaces::NewWorkspace::time_zone>{{.doc = "IANA; default UTC", .max_len = 64}}};
};
template <>
struct rules<workspaces::WorkspacePatch> {
    static constexpr auto value = std::tuple{
        field<&workspaces::WorkspacePatch::name>{{.min_len = 1, .max_len = 100}},
        field<&workspaces::WorkspacePatch::slug>{{.min_len = 1, .max_len = 60}},
        field<&workspaces::WorkspacePatch::time_zone>{{.max_len = 64}},
        field<&workspaces::WorkspacePatch::locale>{{.max_len = 10}},
        field<&workspaces::WorkspacePatch::week_start>{{.doc = "monday, sunday or saturday", .max_len = 10}},
        field<&workspaces::WorkspacePatch::grace_minutes>{
            {.doc = "A post due longer ago is missed", .min = 1, .max = 10080}},
        field<&workspaces::WorkspacePatch::catch_up_gap_seconds>{
            {.doc = "Between late posts of one account", .min = 0, .max = 86400}},
        field<&workspaces::WorkspacePatch::catch_up_per_hour>{
            {.doc = "Late posts of one account an hour", .min = 1, .max = 1000}}};
};
template <>
struct rules<workspaces::NewRole> {
    static constexpr auto value =
        std::tuple{field<&workspaces::NewRole::name>{{.min_len = 1, .max_len = 60}},
                   field<&workspaces::NewRole::permissions>{{.max_len = 60, .max_items = 100}}};
};
template <>
struct rules<workspaces::RolePatch> {
    static constexpr auto value =
        std::tuple{field<&workspaces::RolePatch::name>{{.min_len = 1, .max_len = 60}},
                   field<&workspaces::RolePatch::permissions>{{.max_len = 60, .max_items = 100}}};
};
}  // namespace mypost::json

namespace mypost::workspaces {

namespace {

WorkspaceView view_of(Workspace const& w, Caller const& who) {
    WorkspaceView view{w.id,
                       w.name,
                       w.slug,
                       w.time_zone,
                       w.locale,
                       w.week_start,
                       w.grace_minutes,
                       w.catch_up_gap_seconds,
                       w.catch_up_per_hour,
                       {},
                       w.version,
                       w.created_at,
                       w.updated_at,
                       who.workspace_permissions.names(),
                       {}};
    if (w.pause) view.paused = PauseView{w.pause->since, w.pause->until, w.pause->reason};
    for (auto const& [brand, access] : who.brands)
        view.my_brand_permissions[brand.to_string()] = access.permissions.names();
    return view;
}

http::Reply<WorkspaceView> tagged(Workspace const& workspace, Caller const& who) {
    // What the caller may do is part of the answer, so it is part of the tag.
    std::string state = workspace.pause ? std::to_string(to_ms(workspace.pause->since)) : "open";
    WorkspaceView view = view_of(workspace, who);
    state += "-" + std::to_string(std::hash<std::string>()(json::serialize(view.my_permissions) +
                                                           json::serialize(view.my_brand_permissions)));
    return http::with_etag(std::move(view), workspace.version, state);
}

RoleView view_of(Role const& role) {
    return RoleView{role.id,     role.key, role.name, role.permissions.names(), role.key.has_value(),
                    role.version};
}

MemberView view_of(Member const& member) {
    MemberView view{member.user, member.name, member.email, member.status, member.role, {}, member.joined_at};
    for (auto const& role : member.brand_roles)
        view.brand_roles.push_back(BrandRoleView{role.brand, role.role, role.accounts});
    return view;
}

// A stale change answers with the present object.
asio::awaitable<Error> with_current(Error error, WorkspaceService& workspaces, Caller const& who) {
    if (error.code == ErrorCode::version_mismatch) {
        auto const current = co_await workspaces.find(who.workspace);
        if (current) error.current_json = json::serialize(view_of(*current, who));
    }
    co_return error;
}

asio::awaitable<Error> with_current_role(Error error, WorkspaceService& workspaces, Caller const& who,
                                         RoleId id) {
    if (error.code == ErrorCode::version_mismatch) {
        auto const roles = co_await workspaces.roles(who.workspace);
        for (auto const& role : roles) {
            if (role.id == id) error.current_json = json::serialize(view_of(role));
        }
    }
    co_return error;
}

void add_workspaces(http::Router& router, WorkspaceService& workspaces) {
    router.add(http::Route<None, None, None, http::List<WorkspaceSummary>>(
                   Method::get, "/workspaces", "listWorkspaces", "Workspaces you are a member of",
                   http::authenticated()),
               [&workspaces](Caller const& who) -> asio::awaitable<Result<http::List<WorkspaceSummary>>> {
                   http::List<WorkspaceSummary> list;
                   auto const mine = co_await workspaces.list(who);
                   for (auto const& w : mine) {
                       list.data.push_back(
                           WorkspaceSummary{w.id, w.name, w.slug, w.time_zone, w.week_start, w.version});
                   }
                   co_return list;
               });
    router.add(
        http::Route<None, None, NewWorkspace, WorkspaceSummary>(
            Method::post, "/workspaces", "createWorkspace", "Open another workspace; you become its owner",
            http::authenticated(),
            {.ok = 201, .audit = "workspace.create", .errors = {ErrorCode::permission_denied}}),
        [&workspaces](Caller const& who, NewWorkspace input) -> asio::awaitable<Result<WorkspaceSummary>> {
            MP_TRY(w,
                   co_await workspaces.create(who, std::move(input.name), input.time_zone.value_or("UTC")));
            co_return WorkspaceSummary{w.id, w.name, w.slug, w.time_zone, w.week_start, w.version};
        });
    router.add(http::Route<WorkspacePath, None, None, WorkspaceView>(
                   Method::get, "/workspaces/{workspace}", "getWorkspace",
                   "One workspace and what you may do in it", http::authenticated()),
               [&workspaces](Caller const& who,
                             WorkspacePath) -> asio::awaitable<Result<http::Reply<WorkspaceView>>> {
                   MP_TRY(workspace, co_await workspaces.find(who.workspace));
                   co_return tagged(workspace, who);
               });
    router.add(http::Route<WorkspacePath, None, WorkspacePatch, WorkspaceView>(
                   Method::patch, "/workspaces/{workspace}", "updateWorkspace", "Change settings",
                   Permission::workspace_settings, {.if_match = true, .audit = "workspace.edit"}),
               [&workspaces](Caller const& who, RequestInfo const& info, WorkspacePath,
                             WorkspacePatch patch) -> asio::awaitable<Result<http::Reply<WorkspaceView>>> {
                   MP_CHECK(allowed, who.require_in_workspace(Permission::workspace_settings));
                   if (patch.week_start && *patch.week_start != "monday" && *patch.week_start != "sunday" &&
                       *patch.week_start != "saturday") {
                       co_return invalid("/week_start", "invalid_value",
                                         "A week starts on monday, sunday or saturday.");
                   }
                   WorkspaceChange change{patch.name,
                                          patch.slug,
                                          patch.time_zone,
                                          patch.locale,
                                          patch.week_start,
                                          patch.grace_minutes,
                                          patch.catch_up_gap_seconds,
                                          patch.catch_up_per_hour};
                   auto changed = co_await workspaces.change(who, *info.if_match, std::move(change));
                   if (!changed) co_return co_await with_current(changed.error(), workspaces, who);
                   co_return tagged(*changed, who);
               });
    router.add(
        http::Route<WorkspacePath, None, None, None>(
            Method::delete_, "/workspaces/{workspace}", "deleteWorkspace", "Close the workspace",
            Permission::workspace_delete, {.audit = "workspace.delete", .errors = {ErrorCode::conflict}}),
        [&workspaces](Caller const& who, WorkspacePath) -> asio::awaitable<Result<Done>> {
            MP_CHECK(allowed, who.require_in_workspace(Permission::workspace_delete));
            co_return co_await workspaces.remove(who);
        });
}

void add_roles(http::Router& router, WorkspaceService& workspaces) {
    router.add(http::Route<None, None, None, http::List<PermissionView>>(
                   Method::get, "/permissions", "listPermissions", "All permissions", http::authenticated()),
               [](Caller const&) -> asio::awaitable<Result<http::List<PermissionView>>> {
                   http::List<PermissionView> list;
                   for (auto const& name : access::PermissionSet::all().names())
                       list.data.push_back(PermissionView{name});
                   co_return list;
               });
    router.add(
        http::Route<WorkspacePath, None, None, http::List<RoleView>>(
            Method::get, "/workspaces/{workspace}/roles", "listRoles", "Roles", Permission::roles_manage),
        [&workspaces](Caller const& who, WorkspacePath) -> asio::awaitable<Result<http::List<RoleView>>> {
            MP_CHECK(allowed, who.require_in_workspace(Permission::roles_manage));
            http::List<RoleView> list;
            auto const roles = co_await workspaces.roles(who.workspace);
            for (auto const& role : roles) list.data.push_back(view_of(role));
            co_return list;
        });
    router.add(
        http::Route<WorkspacePath, None, NewRole, RoleView>(
            Method::post, "/workspaces/{workspace}/roles", "createRole", "Make a role",
            Permission::roles_manage, {.ok = 201, .audit = "role.create"}),
        [&workspaces](Caller const& who, WorkspacePath, NewRole input) -> asio::awaitable<Result<RoleView>> {
            MP_CHECK(allowed, who.require_in_workspace(Permission::roles_manage));
            MP_TRY(role,
                   co_await workspaces.create_role(who, std::move(input.name), std::move(input.permissions)));
            co_return view_of(role);
        });
    router.add(http::Route<RolePath, None, RolePatch, RoleView>(
                   Method::patch, "/workspaces/{workspace}/roles/{role}", "updateRole",
                   "Change a role of your own", Permission::roles_manage,
                   {.if_match = true, .audit = "role.edit", .errors = {ErrorCode::conflict}}),
               [&workspaces](Caller const& who, RequestInfo const& info, RolePath path,
                             RolePatch patch) -> asio::awaitable<Result<RoleView>> {
                   MP_CHECK(allowed, who.require_in_workspace(Permission::roles_manage));
                   auto role = co_await workspaces.change_role(
                       who, path.role, *info.if_match, std::move(patch.name), std::move(patch.permissions));
                   if (!role) co_return co_await with_current_role(role.error(), workspaces, who, path.role);
                   co_return view_of(*role);
               });
    router.add(http::Route<RolePath, None, None, None>(
                   Method::delete_, "/workspaces/{workspace}/roles/{role}", "deleteRole",
                   "Delete a role of your own", Permission::roles_manage,
                   {.audit = "role.delete", .errors = {ErrorCode::conflict}}),
               [&workspaces](Caller const& who, RolePath path) -> asio::awaitable<Result<Done>> {
                   MP_CHECK(allowed, who.require_in_workspace(Permission::roles_manage));
                   co_return co_await workspaces.remove_role(who, path.role);
               });
}

void add_members(http::Router& router, WorkspaceService& workspaces) {
    router.add(
        http::Route<WorkspacePath, None, None, http::List<MemberView>>(
            Method::get, "/workspaces/{workspace}/members", "listMembers", "People of the workspace",
            Permission::users_view),
        [&workspaces](Caller const& who, WorkspacePath) -> asio::awaitable<Result<http::List<MemberView>>> {
            MP_CHECK(allowed, who.require_in_workspace(Permission::users_view));
            http::List<MemberView> list;
            auto const members = co_await workspaces.members(who.workspace);
            for (auto const& member : members) list.data.push_back(view_of(member));
            co_return list;
        });
    router.add(
        http::Route<MemberPath, None, MemberPatch, MemberView>(
            Method::patch, "/workspaces/{workspace}/members/{user}", "updateMember", "Change roles",
            Permission::users_manage, {.audit = "member.edit", .errors = {ErrorCode::conflict}}),
        [&workspaces](Caller const& who, MemberPath path,
                      MemberPatch patch) -> asio::awaitable<Result<MemberView>> {
            MP_CHECK(allowed, who.require_in_workspace(Permission::users_manage));
            MemberChange change;
            change.role = patch.role_id;
            if (patch.brand_roles) {
                change.brand_roles.emplace();
                for (auto const& role : *patch.brand_roles) {
                    change.brand_roles->push_back(BrandRole{role.brand_id, role.role_id, role.account_ids});
                }
            }
            MP_TRY(member, co_await workspaces.change_member(who, path.user, std::move(change)));
            co_return view_of(member);
        });
    router.add(
        http::Route<MemberPath, None, None, None>(
            Method::delete_, "/workspaces/{workspace}/members/{user}", "removeMember", "Take a person out",
            Permission::users_manage, {.audit = "member.remove", .errors = {ErrorCode::conflict}}),
        [&workspaces](Caller const& who, MemberPath path) -> asio::awaitable<Result<Done>> {
            MP_CHECK(allowed, who.require_in_workspace(Permission::users_manage));
            co_return co_await workspaces.remove_member(who, path.user);
        });
}

}  // namespace

void add_routes(http::Router& router, WorkspaceService& workspaces) {
    add_workspaces(router, workspaces);
    add_roles(router, workspaces);
    add_members(router, workspaces);
}

}  // namespace mypost::workspaces
