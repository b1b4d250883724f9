// What a look at a target starts from, read without locks.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "db/database.hpp"
#include "networks/publication.hpp"
#include "publishing/budgets.hpp"
#include "publishing/states.hpp"

namespace mypost::publishing {

struct TargetLook {
    TargetId target;
    WorkspaceId workspace;
    BrandId brand;
    PostId post;
    AccountId account_id;
    GrantId grant;
    TargetState state = TargetState::draft;
    std::string kind;
    networks::AccountRef account;
    std::string content;
    std::string overrides;
    std::string options;
    PostVersionId version;       // the current one
    bool needs_content = false;  // the claim will want to freeze
    std::optional<Instant> scheduled_at;
    BudgetScope budget_scope;
};

asio::awaitable<std::optional<TargetLook>> look_at(db::Database& database, TargetId target);

// The earliest due target of the account that waits for its turn: its next look is taken over by the caller.
asio::awaitable<std::optional<TargetId>> next_in_line(db::Database& database, AccountId account, Instant now,
                                                      Instant look_again_at);

}  // namespace mypost::publishing
