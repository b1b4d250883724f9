// What the networks' headers taught of their limits (rate_budgets), so that MyPost waits before it is
// refused.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>

#include "db/database.hpp"
#include "networks/adapter.hpp"

namespace mypost::publishing {

namespace asio = boost::asio;

// Who a limit belongs to.
struct BudgetScope {
    AccountId account;
    std::string app;  // the network app's id, or network and instance
};

// A limit is known by the kind of call that taught it: the step up to its first '/', so that used-up reads do
// not stop writes. Written with the outcome, in its transaction.
asio::awaitable<void> learn_budgets(db::Transaction& tx, BudgetScope scope, std::string step,
                                    std::vector<networks::LearntBudget> budgets, Instant now);

// When a call of this kind would not be refused; nothing: now.
asio::awaitable<std::optional<Instant>> budget_wait(db::Database& database, BudgetScope scope,
                                                    std::string step, Instant now);

}  // namespace mypost::publishing
