#include <date/tz.h>
#include <boost/json.hpp>

#include "audit/audit.hpp"
#include "workspaces/creation.hpp"
#include "workspaces/workspaces.hpp"

namespace mypost::workspaces {

namespace {

constexpr db::Query sql_list{
    "workspaces.list",
    "SELECT w.id, w.tenant_id, w.name, w.slug, w.time_zone, w.locale, w.week_start, w.grace_minutes, "
    "w.catch_up_gap_seconds,"
    " w.catch_up_per_hour, w.paused_at, w.paused_until, w.paused_reason, w.version, w.created_at, "
    "w.updated_at"
    " FROM workspaces w JOIN workspace_users wu ON wu.workspace_id = w.id"
    " WHERE wu.user_id = $1 AND w.deleted_at IS NULL ORDER BY w.name, w.id LIMIT 200"};
constexpr db::Query sql_find{"workspaces.find",
                             "SELECT w.id, w.tenant_id, w.name, w.slug, w.time_zone, w.locale, w.week_start, "
                             "w.grace_minutes, w.catch_up_gap_seconds,"
                             " w.catch_up_per_hour, w.paused_at, w.paused_until, w.paused_reason, w.version, "
                             "w.created_at, w.updated_at"
                             " FROM workspaces w WHERE w.id = $1 AND w.deleted_at IS NULL"};
constexpr db::Query sql_update{
    "workspaces.update",
    "UPDATE workspaces SET name = $3, slug = $4, time_zone = $5, locale = $6, week_start = $7, grace_minutes "
    "= $8,"
    " catch_up_gap_seconds = $9, catch_up_per_hour = $10, version = version + 1, updated_at = $11"
    " WHERE id = $1 AND version = $2 AND deleted_at IS NULL RETURNING version"};
constexpr db::Query sql_delete{"workspaces.delete",
                               "UPDATE workspaces SET deleted_at = $2, updated_at = $2, version = version + "
                               "1 WHERE id = $1 AND deleted_at IS NULL"};
constexpr db::Query sql_tenant_of_user{"workspaces.tenant_of_user",
                                       "SELECT tenant_id FROM users WHERE id = $1"};
constexpr db::Query sql_may_open_another{
    "workspaces.may_open_another",
    "SELECT r.permissions FROM workspace_users wu JOIN roles r ON r.id = wu.role_id"
    " JOIN workspaces w ON w.id = wu.workspace_id AND w.deleted_at IS NULL WHERE wu.user_id = $1"};

Workspace workspace_of(db::Row const& row) {
    Workspace workspace;
    workspace.id = row.id<WorkspaceId>(0);
    workspace.tenant = row.id<TenantId>(1);
    workspace.name = row.text(2);
    workspace.slug = row.text(3);
    workspace.time_zone = row.text(4);
    workspace.locale = row.text(5);
    workspace.week_start = row.text(6);
    workspace.grace_minutes = row.int64(7);
    workspace.catch_up_gap_seconds = row.int64(8);
    workspace.catch_up_per_hour = row.int64(9);
    if (auto const since = row.opt_instant(10)) {
        workspace.pause = Pause{*since, row.opt_instant(11), row.opt_text(12).value_or("")};
    }
    workspace.version = row.int64(13);
    workspace.created_at = row.instant(14);
    workspace.updated_at = row.instant(15);
    return workspace;
}

std::string to_json(Workspace const& workspace) {
    boost::json::object object;
    object["name"] = workspace.name;
    object["slug"] = workspace.slug;
    object["time_zone"] = workspace.time_zone;
    object["locale"] = workspace.locale;
    object["week_start"] = workspace.week_start;
    object["grace_minutes"] = workspace.grace_minutes;
    object["catch_up_gap_seconds"] = workspace.catch_up_gap_seconds;
    object["catch_up_per_hour"] = workspace.catch_up_per_hour;
    return boost::json::serialize(object);
}

audit::AuditEntry entry_of(std::string action, WorkspaceId workspace) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "workspace";
    entry.entity_id = workspace.to_string();
    entry.workspace = workspace;
    return entry;
}

bool known_zone(std::string const& name) {
    try {
        static_cast<void>(date::locate_zone(name));
        return true;
    } catch (std::runtime_error const&) {
        return false;
    }
}

Result<void> check_change(WorkspaceChange const& change) {
    std::vector<FieldError> fields;
    auto refuse = [&](char const* field, char const* code, char const* message) {
        fields.push_back(FieldError{field, code, {}, message});
    };
    if (change.name && change.name->find_first_not_of(" \t") == std::string::npos)
        refuse("/name", "required", "A name is needed.");
    if (change.slug && (change.slug->empty() || make_slug(*change.slug) != *change.slug)) {
        refuse("/slug", "invalid_format", "A slug has lower-case letters, digits and single hyphens.");
    }
    if (change.time_zone && !known_zone(*change.time_zone)) {
        refuse("/time_zone", "invalid_value", "Unknown time zone. Use an IANA name such as Europe/Berlin.");
    }
    if (change.locale && *change.locale != "en" && *change.locale != "de") {
        refuse("/locale", "invalid_value", "Known languages are en and de.");
    }
    if (fields.empty()) return {};
    return Error(ErrorCode::validation_failed, "Some fields are not right.", std::move(fields));
}

}  // namespace

WorkspaceService::WorkspaceService(db::Database& database, Clock const& clock, access::AccessCache& cache)
    : database_(database), clock_(clock), cache_(cache) {}

asio::awaitable<std::vector<Workspace>> WorkspaceService::list(access::Caller caller) {
    db::Params params{caller.user};
    auto const rows = co_await database_.read(sql_list, std::move(params));
    std::vector<Workspace> found;
    for (auto const& row : rows) found.push_back(workspace_of(row));
    co_return found;
}

asio::awaitable<Result<Workspace>> WorkspaceService::create(access::Caller caller, std::string name,
                                                            std::string time_zone) {
    WorkspaceChange check;
    check.name = name;
    check.time_zone = time_zone;
    MP_CHECK(checked, check_change(check));
    if (!caller.system_admin) {
        db::Params params{caller.user};
        auto const roles = co_await database_.read(sql_may_open_another, std::move(params));
        bool const may = std::any_of(roles.begin(), roles.end(), [](db::Row const& row) {
            return row.text(0).find("\"workspace.settings\"") != std::string::npos;
        });
        if (!may) co_return permission_denied("workspace.settings");
    }
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Workspace>> {
        db::Params by_user{caller.user};
        auto const tenants = co_await tx.run(sql_tenant_of_user, std::move(by_user));
        TenantId const tenant = tenants.front().id<TenantId>(0);
        WorkspaceId const id = co_await create_workspace(tx, clock_, tenant, caller.user, name, time_zone);
        db::Params by_id{id};
        auto const rows = co_await tx.run(sql_find, std::move(by_id));
        Workspace created = workspace_of(rows.front());
        auto entry = entry_of("workspace.create", id);
        entry.after = to_json(created);
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return created;
    };
    auto created = co_await db::in_transaction<Result<Workspace>>(database_, store);
    cache_.forget_user(caller.user);
    co_return created;
}

asio::awaitable<Result<Workspace>> WorkspaceService::find(WorkspaceId id) {
    db::Params params{id};
    auto const rows = co_await database_.read(sql_find, std::move(params));
    if (rows.empty()) co_return not_found("Workspace");
    co_return workspace_of(rows.front());
}

asio::awaitable<Result<Workspace>> WorkspaceService::change(access::Caller caller, std::int64_t version,
                                                            WorkspaceChange change) {
    MP_CHECK(checked, check_change(change));
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Workspace>> {
        db::Params by_id{caller.workspace};
        auto const rows = co_await tx.run(sql_find, std::move(by_id));
        if (rows.empty()) co_return not_found("Workspace");
        Workspace workspace = workspace_of(rows.front());
        std::string const before = to_json(workspace);
        if (change.name) workspace.name = *change.name;
        if (change.slug) workspace.slug = *change.slug;
        if (change.time_zone) workspace.time_zone = *change.time_zone;
        if (change.locale) workspace.locale = *change.locale;
        if (change.week_start) workspace.week_start = *change.week_start;
        if (change.grace_minutes) workspace.grace_minutes = *change.grace_minutes;
        if (change.catch_up_gap_seconds) workspace.catch_up_gap_seconds = *change.catch_up_gap_seconds;
        if (change.catch_up_per_hour) workspace.catch_up_per_hour = *change.catch_up_per_hour;
        workspace.updated_at = clock_.now();
        db::Params params{workspace.id,
                          version,
                          workspace.name,
                          workspace.slug,
                          workspace.time_zone,
                          workspace.locale,
                          workspace.week_start,
                          workspace.grace_minutes,
                          workspace.catch_up_gap_seconds,
                          workspace.catch_up_per_hour,
                          workspace.updated_at};
        auto const updated = co_await tx.run(sql_update, std::move(params));
        if (updated.empty())
            co_return Error(ErrorCode::version_mismatch, "Somebody else changed the workspace meanwhile.");
        workspace.version = updated.front().int64(0);
        auto entry = entry_of("workspace.edit", workspace.id);
        entry.before = before;
        entry.after = to_json(workspace);
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return workspace;
    };
    std::optional<Error> taken;
    try {
        co_return co_await db::in_transaction<Result<Workspace>>(database_, store);
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
        taken = invalid("/slug", "taken", "Another workspace has this slug.");
    }
    co_return *taken;
}

asio::awaitable<Result<Done>> WorkspaceService::remove(access::Caller caller) {
    auto const mine = co_await list(caller);
    if (mine.size() < 2)
        co_return conflict("This is your only workspace. Open another one before you delete it.");
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        db::Params params{caller.workspace, clock_.now()};
        co_await tx.run(sql_delete, std::move(params));
        co_await audit::record(tx, clock_, caller, entry_of("workspace.delete", caller.workspace));
    };
    co_await database_.transaction(store);
    cache_.forget_all();
    co_return Done{};
}

}  // namespace mypost::workspaces
