#pragma once

#include "http/router.hpp"
#include "workspaces/workspaces.hpp"

namespace mypost::workspaces {

// Workspaces, members, roles, permissions. The service outlives the router.
void add_routes(http::Router& router, WorkspaceService& workspaces);

}  // namespace mypost::workspaces
