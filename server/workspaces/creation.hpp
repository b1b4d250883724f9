// A new workspace with its built-in roles and its owner; used by set-up and by POST /workspaces.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "core/clock.hpp"
#include "db/database.hpp"

namespace mypost::workspaces {

// The slug is made from the name and numbered when taken. `time_zone` is already checked.
boost::asio::awaitable<WorkspaceId> create_workspace(db::Transaction& tx, Clock const& clock, TenantId tenant,
                                                     UserId owner, std::string name, std::string time_zone);

// "Café & Söhne GmbH" → "cafe-sohne-gmbh"; "workspace" when nothing is left.
std::string make_slug(std::string_view name);

}  // namespace mypost::workspaces
