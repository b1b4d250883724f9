#include <boost/json.hpp>

#include "audit/audit.hpp"
#include "workspaces/role_rows.hpp"
#include "workspaces/workspaces.hpp"

namespace mypost::workspaces {

namespace {

constexpr db::Query sql_members{
    "members.list",
    "SELECT u.id, u.name, u.email, u.status, wu.role_id, wu.created_at, bm.brand_id, bm.role_id, "
    "bm.account_ids"
    " FROM workspace_users wu JOIN users u ON u.id = wu.user_id"
    " LEFT JOIN brand_members bm ON bm.workspace_id = wu.workspace_id AND bm.user_id = wu.user_id"
    " WHERE wu.workspace_id = $1 ORDER BY u.name, u.id, bm.brand_id LIMIT 5000"};
constexpr db::Query sql_set_role{
    "members.set_role", "UPDATE workspace_users SET role_id = $3 WHERE workspace_id = $1 AND user_id = $2"};
constexpr db::Query sql_clear_brand_roles{
    "members.clear_brand_roles", "DELETE FROM brand_members WHERE workspace_id = $1 AND user_id = $2"};
constexpr db::Query sql_brand_exists{
    "members.brand_exists",
    "SELECT 1 FROM brands WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"};
constexpr db::Query sql_insert_brand_role{
    "members.insert_brand_role",
    "INSERT INTO brand_members (workspace_id, brand_id, user_id, role_id, account_ids, created_at) VALUES "
    "($1, $2, $3, $4, $5, $6)"};
constexpr db::Query sql_remove{
    "members.remove",
    "DELETE FROM workspace_users WHERE workspace_id = $1 AND user_id = $2 RETURNING user_id"};
// Two owners who take the role from each other come one after the other.
constexpr db::Query sql_lock{"members.lock", "SELECT id FROM workspaces WHERE id = $1 FOR UPDATE"};
constexpr db::Query sql_other_owner{
    "members.other_owner",
    "SELECT 1 FROM workspace_users wu JOIN roles r ON r.id = wu.role_id"
    " WHERE wu.workspace_id = $1 AND wu.user_id <> $2 AND r.key = 'owner' LIMIT 1"};
constexpr db::Query sql_role_by_key{"members.role_by_key",
                                    "SELECT id FROM roles WHERE workspace_id = $1 AND key = $2"};
constexpr db::Query sql_insert{
    "members.insert",
    "INSERT INTO workspace_users (workspace_id, user_id, role_id, created_at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (workspace_id, user_id) DO UPDATE SET role_id = excluded.role_id"};

std::optional<std::vector<AccountId>> accounts_of(std::optional<std::string> const& json) {
    if (!json) return std::nullopt;
    std::vector<AccountId> list;
    auto const parsed = boost::json::parse(*json);
    for (auto const& item : parsed.as_array()) {
        if (auto id = AccountId::parse(item.as_string())) list.push_back(*id);
    }
    return list;
}

std::optional<std::string> accounts_json(std::optional<std::vector<AccountId>> const& accounts) {
    if (!accounts) return std::nullopt;
    boost::json::array list;
    for (auto const& id : *accounts) list.emplace_back(id.to_string());
    return boost::json::serialize(list);
}

std::vector<Member> members_of(db::Rows const& rows) {
    std::vector<Member> list;
    for (auto const& row : rows) {
        UserId const user = row.id<UserId>(0);
        if (list.empty() || list.back().user != user) {
            Member member;
            member.user = user;
            member.name = row.text(1);
            member.email = row.text(2);
            member.status = row.text(3);
            member.role = row.opt_id<RoleId>(4);
            member.joined_at = row.instant(5);
            list.push_back(std::move(member));
        }
        if (auto const brand = row.opt_id<BrandId>(6)) {
            list.back().brand_roles.push_back(
                BrandRole{*brand, row.id<RoleId>(7), accounts_of(row.opt_text(8))});
        }
    }
    return list;
}

Error above_own() {
    return Error(ErrorCode::permission_denied, "You cannot give, change or take a role above your own.");
}

// The role, if it exists and stands not above the caller's own.
asio::awaitable<Result<Role>> grantable_role(db::Transaction& tx, access::Caller const& caller, RoleId id,
                                             std::string pointer) {
    db::Params params{caller.workspace, id};
    auto const rows = co_await tx.run(sql_find_role, std::move(params));
    if (rows.empty()) co_return invalid(std::move(pointer), "not_found", "There is no such role.");
    Role role = role_of(rows.front());
    if (!caller.workspace_permissions.contains(role.permissions)) co_return above_own();
    co_return role;
}

asio::awaitable<Result<Member>> find_member(db::Transaction& tx, WorkspaceId workspace, UserId user) {
    db::Params params{workspace};
    auto const rows = co_await tx.run(sql_members, std::move(params));
    for (auto& member : members_of(rows)) {
        if (member.user == user) co_return std::move(member);
    }
    co_return not_found("Member");
}

// Locked against other changes of members. permission_denied when a role of theirs stands above the caller's.
asio::awaitable<Result<Member>> changeable_member(db::Transaction& tx, access::Caller const& caller,
                                                  UserId user) {
    db::Params lock{caller.workspace};
    co_await tx.run(sql_lock, std::move(lock));
    MP_TRY(member, co_await find_member(tx, caller.workspace, user));
    if (member.role) {
        MP_CHECK(present, co_await grantable_role(tx, caller, *member.role, "/role_id"));
    }
    for (auto const& own : member.brand_roles) {
        MP_CHECK(present, co_await grantable_role(tx, caller, own.role, "/brand_roles"));
    }
    co_return std::move(member);
}

// What the audit trail keeps of a membership.
std::string to_json(Member const& member) {
    boost::json::object object;
    object["role_id"] = member.role ? boost::json::value(member.role->to_string()) : nullptr;
    boost::json::array roles;
    for (auto const& own : member.brand_roles) {
        roles.push_back(
            boost::json::object{{"brand_id", own.brand.to_string()}, {"role_id", own.role.to_string()}});
    }
    object["brand_roles"] = std::move(roles);
    return boost::json::serialize(object);
}

audit::AuditEntry entry_of(std::string action, WorkspaceId workspace, UserId user) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "member";
    entry.entity_id = user.to_string();
    entry.workspace = workspace;
    return entry;
}

}  // namespace

asio::awaitable<std::vector<Member>> WorkspaceService::members(WorkspaceId workspace) {
    db::Params params{workspace};
    auto const rows = co_await database_.read(sql_members, std::move(params));
    co_return members_of(rows);
}

asio::awaitable<Result<Member>> WorkspaceService::change_member(access::Caller caller, UserId user,
                                                                MemberChange change) {
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Member>> {
        MP_TRY(member, co_await changeable_member(tx, caller, user));
        if (change.role) {
            if (*change.role) {
                MP_CHECK(next, co_await grantable_role(tx, caller, **change.role, "/role_id"));
            }
            db::Params others{caller.workspace, user};
            auto const other_owner = co_await tx.run(sql_other_owner, std::move(others));
            db::Params set{caller.workspace, user, *change.role};
            co_await tx.run(sql_set_role, std::move(set));
            if (other_owner.empty()) {
                MP_TRY(after, co_await find_member(tx, caller.workspace, user));
                db::Params by_key{caller.workspace, "owner"};
                auto const owner = co_await tx.run(sql_role_by_key, std::move(by_key));
                if (after.role != owner.front().id<RoleId>(0))
                    co_return conflict("A workspace needs an owner.");
            }
        }
        if (change.brand_roles) {
            db::Params clear{caller.workspace, user};
            co_await tx.run(sql_clear_brand_roles, std::move(clear));
            for (std::size_t i = 0; i < change.brand_roles->size(); ++i) {
                BrandRole const& wanted = (*change.brand_roles)[i];
                std::string const pointer = fmt::format("/brand_roles/{}", i);
                MP_CHECK(role, co_await grantable_role(tx, caller, wanted.role, pointer + "/role_id"));
                db::Params by_brand{caller.workspace, wanted.brand};
                auto const brand = co_await tx.run(sql_brand_exists, std::move(by_brand));
                if (brand.empty())
                    co_return invalid(pointer + "/brand_id", "not_found", "There is no such brand.");
                db::Params row{
                    caller.workspace, wanted.brand, user, wanted.role, accounts_json(wanted.accounts),
                    clock_.now()};
                co_await tx.run(sql_insert_brand_role, std::move(row));
            }
        }
        MP_TRY(changed, co_await find_member(tx, caller.workspace, user));
        auto entry = entry_of("member.edit", caller.workspace, user);
        entry.before = to_json(member);
        entry.after = to_json(changed);
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return std::move(changed);
    };
    bool twice = false;
    std::optional<Result<Member>> outcome;
    try {
        outcome.emplace(co_await db::in_transaction<Result<Member>>(database_, store));
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
        twice = true;
    }
    if (twice) co_return invalid("/brand_roles", "duplicate", "A brand may stand here once.");
    cache_.forget_user(user);
    co_return std::move(*outcome);
}

asio::awaitable<Result<Done>> WorkspaceService::remove_member(access::Caller caller, UserId user) {
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        MP_TRY(member, co_await changeable_member(tx, caller, user));
        db::Params others{caller.workspace, user};
        auto const other_owner = co_await tx.run(sql_other_owner, std::move(others));
        if (other_owner.empty()) co_return conflict("A workspace needs an owner.");
        db::Params params{caller.workspace, user};
        co_await tx.run(sql_remove, std::move(params));
        auto entry = entry_of("member.remove", caller.workspace, user);
        entry.before = to_json(member);
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return Done{};
    };
    auto done = co_await db::in_transaction<Result<Done>>(database_, store);
    cache_.forget_user(user);
    co_return done;
}

asio::awaitable<Result<Done>> WorkspaceService::add_member(WorkspaceId workspace, UserId user,
                                                           std::string role_key) {
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params by_key{workspace, role_key};
        auto const roles = co_await tx.run(sql_role_by_key, std::move(by_key));
        if (roles.empty()) co_return not_found("Role");
        db::Params row{workspace, user, roles.front().id<RoleId>(0), clock_.now()};
        co_await tx.run(sql_insert, std::move(row));
        access::Caller console;
        console.name = "console";
        co_await audit::record(tx, clock_, console, entry_of("member.add", workspace, user));
        co_return Done{};
    };
    auto done = co_await db::in_transaction<Result<Done>>(database_, store);
    cache_.forget_user(user);
    co_return done;
}

}  // namespace mypost::workspaces
