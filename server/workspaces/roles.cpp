#include <boost/json.hpp>

#include "audit/audit.hpp"
#include "workspaces/role_rows.hpp"
#include "workspaces/workspaces.hpp"

namespace mypost::workspaces {

namespace {

constexpr db::Query sql_list{"roles.list",
                             "SELECT id, key, name, permissions, version FROM roles WHERE workspace_id = $1 "
                             "ORDER BY created_at, id LIMIT 200"};
constexpr db::Query sql_insert{"roles.insert",
                               "INSERT INTO roles (id, workspace_id, name, permissions, created_at, "
                               "updated_at) VALUES ($1, $2, $3, $4, $5, $5)"};
constexpr db::Query sql_update{
    "roles.update",
    "UPDATE roles SET name = $4, permissions = $5, version = version + 1, updated_at = $6"
    " WHERE workspace_id = $1 AND id = $2 AND version = $3 RETURNING version"};
constexpr db::Query sql_in_use{
    "roles.in_use",
    "SELECT 1 FROM workspace_users WHERE workspace_id = $1 AND role_id = $2"
    " UNION ALL SELECT 1 FROM brand_members WHERE workspace_id = $1 AND role_id = $2 LIMIT 1"};
constexpr db::Query sql_delete{"roles.delete", "DELETE FROM roles WHERE workspace_id = $1 AND id = $2"};

std::string to_json(access::PermissionSet const& set) {
    boost::json::array list;
    for (auto& name : set.names()) list.emplace_back(name);
    return boost::json::serialize(list);
}

Result<access::PermissionSet> parse_set(std::vector<std::string> const& names) {
    access::PermissionSet set;
    std::vector<FieldError> fields;
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto const permission = access::parse_permission(names[i]);
        if (permission) {
            set.add(*permission);
        } else {
            fields.push_back(FieldError{
                fmt::format("/permissions/{}", i), "invalid_value", {}, "There is no such permission."});
        }
    }
    if (!fields.empty())
        return Error(ErrorCode::validation_failed, "Some permissions do not exist.", std::move(fields));
    return set;
}

audit::AuditEntry entry_of(std::string action, WorkspaceId workspace, Role const& role) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "role";
    entry.entity_id = role.id.to_string();
    entry.workspace = workspace;
    entry.after = boost::json::serialize(
        boost::json::object{{"name", role.name}, {"permissions", to_json(role.permissions)}});
    return entry;
}

Error above_own() {
    return Error(ErrorCode::permission_denied,
                 "A role cannot hold permissions that you do not have yourself.");
}

Result<void> check_name(std::string const& name) {
    if (name.find_first_not_of(" \t") != std::string::npos) return {};
    return invalid("/name", "required", "A name is needed.");
}

Error name_taken() {
    return invalid("/name", "taken", "Another role has this name.");
}

}  // namespace

asio::awaitable<std::vector<Role>> WorkspaceService::roles(WorkspaceId workspace) {
    db::Params params{workspace};
    auto const rows = co_await database_.read(sql_list, std::move(params));
    std::vector<Role> list;
    for (auto const& row : rows) list.push_back(role_of(row));
    co_return list;
}

asio::awaitable<Result<Role>> WorkspaceService::create_role(access::Caller caller, std::string name,
                                                            std::vector<std::string> permissions) {
    MP_CHECK(named, check_name(name));
    MP_TRY(set, parse_set(permissions));
    if (!caller.workspace_permissions.contains(set)) co_return above_own();
    Role role;
    role.id = RoleId::make();
    role.name = name;
    role.permissions = set;
    role.version = 1;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        db::Params row{role.id, caller.workspace, role.name, to_json(set), clock_.now()};
        co_await tx.run(sql_insert, std::move(row));
        co_await audit::record(tx, clock_, caller, entry_of("role.create", caller.workspace, role));
    };
    bool taken = false;
    try {
        co_await database_.transaction(store);
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
        taken = true;
    }
    if (taken) co_return name_taken();
    co_return role;
}

asio::awaitable<Result<Role>> WorkspaceService::change_role(
    access::Caller caller, RoleId id, std::int64_t version, std::optional<std::string> name,
    std::optional<std::vector<std::string>> permissions) {
    if (name) {
        MP_CHECK(named, check_name(*name));
    }
    std::optional<access::PermissionSet> set;
    if (permissions) {
        MP_TRY(parsed, parse_set(*permissions));
        set = parsed;
    }
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Role>> {
        db::Params by_id{caller.workspace, id};
        auto const rows = co_await tx.run(sql_find_role, std::move(by_id));
        if (rows.empty()) co_return not_found("Role");
        Role role = role_of(rows.front());
        if (role.key)
            co_return conflict("Built-in roles cannot be changed. Make a role of your own from it.");
        // Neither raising a role above oneself, nor touching one that stands above.
        if (!caller.workspace_permissions.contains(role.permissions)) co_return above_own();
        if (set && !caller.workspace_permissions.contains(*set)) co_return above_own();
        if (name) role.name = *name;
        if (set) role.permissions = *set;
        db::Params update{caller.workspace, id, version, role.name, to_json(role.permissions), clock_.now()};
        auto const updated = co_await tx.run(sql_update, std::move(update));
        if (updated.empty())
            co_return Error(ErrorCode::version_mismatch, "Somebody else changed the role meanwhile.");
        role.version = updated.front().int64(0);
        co_await audit::record(tx, clock_, caller, entry_of("role.edit", caller.workspace, role));
        co_return role;
    };
    bool taken = false;
    std::optional<Result<Role>> changed;
    try {
        changed.emplace(co_await db::in_transaction<Result<Role>>(database_, store));
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
        taken = true;
    }
    if (taken) co_return name_taken();
    cache_.forget_all();
    co_return std::move(*changed);
}

asio::awaitable<Result<Done>> WorkspaceService::remove_role(access::Caller caller, RoleId id) {
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params by_id{caller.workspace, id};
        auto const rows = co_await tx.run(sql_find_role, std::move(by_id));
        if (rows.empty()) co_return not_found("Role");
        Role const role = role_of(rows.front());
        if (role.key) co_return conflict("Built-in roles cannot be deleted.");
        if (!caller.workspace_permissions.contains(role.permissions)) co_return above_own();
        db::Params use{caller.workspace, id};
        auto const in_use = co_await tx.run(sql_in_use, std::move(use));
        if (!in_use.empty()) co_return conflict("Members still have this role. Give them another one first.");
        db::Params gone{caller.workspace, id};
        co_await tx.run(sql_delete, std::move(gone));
        co_await audit::record(tx, clock_, caller, entry_of("role.delete", caller.workspace, role));
        co_return Done{};
    };
    co_return co_await db::in_transaction<Result<Done>>(database_, store);
}

}  // namespace mypost::workspaces
