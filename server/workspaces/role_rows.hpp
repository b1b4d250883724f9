// Reading roles, for roles.cpp and members.cpp.
#pragma once

#include <boost/json.hpp>

#include "db/database.hpp"
#include "workspaces/workspaces.hpp"

namespace mypost::workspaces {

inline constexpr db::Query sql_find_role{
    "roles.find",
    "SELECT id, key, name, permissions, version FROM roles WHERE workspace_id = $1 AND id = $2"};

inline Role role_of(db::Row const& row) {
    Role role;
    role.id = row.id<RoleId>(0);
    role.key = row.opt_text(1);
    role.name = row.text(2);
    role.permissions = access::parse_permissions(row.text(3));
    role.version = row.int64(4);
    return role;
}

}  // namespace mypost::workspaces
