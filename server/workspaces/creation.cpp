#include "workspaces/creation.hpp"

#include <fmt/format.h>
#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <boost/json.hpp>

#include "access/permission.hpp"

namespace mypost::workspaces {

namespace asio = boost::asio;

namespace {

constexpr db::Query sql_slugs{
    "workspaces.slugs", "SELECT slug FROM workspaces WHERE tenant_id = $1 AND (slug = $2 OR slug LIKE $3)"};
constexpr db::Query sql_insert{"workspaces.insert",
                               "INSERT INTO workspaces (id, tenant_id, name, slug, time_zone, created_at, "
                               "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)"};
constexpr db::Query sql_insert_role{"workspaces.insert_role",
                                    "INSERT INTO roles (id, workspace_id, key, name, permissions, "
                                    "created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)"};
constexpr db::Query sql_insert_member{
    "workspaces.insert_member",
    "INSERT INTO workspace_users (workspace_id, user_id, role_id, created_at) VALUES ($1, $2, $3, $4)"};

std::string permissions_json(access::PermissionSet const& set) {
    boost::json::array list;
    for (auto& name : set.names()) list.emplace_back(name);
    return boost::json::serialize(list);
}

asio::awaitable<std::string> free_slug(db::Transaction& tx, TenantId tenant, std::string wanted) {
    db::Params params{tenant, wanted, wanted + "-%"};
    auto const taken = co_await tx.run(sql_slugs, std::move(params));
    auto is_taken = [&](std::string const& slug) {
        return std::any_of(taken.begin(), taken.end(),
                           [&](db::Row const& row) { return row.text(0) == slug; });
    };
    std::string slug = wanted;
    for (int number = 2; is_taken(slug); ++number) slug = fmt::format("{}-{}", wanted, number);
    co_return slug;
}

}  // namespace

std::string make_slug(std::string_view name) {
    UErrorCode status = U_ZERO_ERROR;
    auto text =
        icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
    std::unique_ptr<icu::Transliterator> latin(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, status));
    if (U_SUCCESS(status)) latin->transliterate(text);
    std::string ascii;
    text.toUTF8String(ascii);
    std::string slug;
    for (char c : ascii) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain) {
            slug.push_back(c);
        } else if (!slug.empty() && slug.back() != '-') {
            slug.push_back('-');
        }
        if (slug.size() >= 48) break;
    }
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    return slug.empty() ? "workspace" : slug;
}

asio::awaitable<WorkspaceId> create_workspace(db::Transaction& tx, Clock const& clock, TenantId tenant,
                                              UserId owner, std::string name, std::string time_zone) {
    WorkspaceId const id = WorkspaceId::make();
    Instant const now = clock.now();
    std::string const slug = co_await free_slug(tx, tenant, make_slug(name));
    db::Params workspace{id, tenant, std::move(name), slug, std::move(time_zone), now};
    co_await tx.run(sql_insert, std::move(workspace));
    std::optional<RoleId> owner_role;
    for (auto const& role : access::built_in_roles()) {
        RoleId const role_id = RoleId::make();
        if (!owner_role) owner_role = role_id;  // the first is the owner's
        db::Params params{role_id, id, role.key, role.name, permissions_json(role.permissions), now};
        co_await tx.run(sql_insert_role, std::move(params));
    }
    db::Params member{id, owner, owner_role, now};
    co_await tx.run(sql_insert_member, std::move(member));
    co_return id;
}

}  // namespace mypost::workspaces
