// Rows → Account.
#pragma once

#include <boost/json.hpp>

#include "accounts/accounts.hpp"

namespace mypost::accounts {

#define MP_ACCOUNT_COLUMNS                                                                                 \
    "SELECT a.id, a.brand_id, a.network, a.instance, a.kind, a.remote_id, a.name, a.handle, a.avatar_url," \
    " a.paused_at, a.paused_until, a.paused_reason, a.disconnected_at, a.last_published_at, a.version, "   \
    "a.created_at,"                                                                                        \
    " g.state, g.problem, g.scopes, g.expires_at, g.refresh_at"                                            \
    " FROM social_accounts a JOIN grants g ON g.id = a.grant_id"

Account account_of(db::Row const& row, networks::Registry const& networks, Instant now);

}  // namespace mypost::accounts
