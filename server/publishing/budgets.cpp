#include "publishing/budgets.hpp"

namespace mypost::publishing {

namespace {

constexpr db::Query sql_learn{
    .name = "publishing.learn_budget",
    .sql =
        "INSERT INTO rate_budgets (scope, name, budget_limit, remaining, reset_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (scope, name) DO UPDATE SET budget_limit = "
        "excluded.budget_limit,"
        " remaining = excluded.remaining, reset_at = excluded.reset_at, updated_at = excluded.updated_at",
};

constexpr db::Query sql_wait{
    .name = "publishing.budget_wait",
    .sql =
        "SELECT MAX(reset_at) FROM rate_budgets WHERE scope IN ($1, $2) AND remaining <= 0 AND reset_at > $3",
};

// Texts from headers may be wrong by years.
constexpr std::chrono::hours longest_wait{25};

std::string call_kind(std::string const& step) {
    return step.substr(0, step.find('/'));
}

std::string account_scope(BudgetScope const& scope, std::string const& step) {
    return fmt::format("account:{}:{}", scope.account.to_string(), call_kind(step));
}
std::string app_scope(BudgetScope const& scope, std::string const& step) {
    return fmt::format("app:{}:{}", scope.app, call_kind(step));
}

}  // namespace

asio::awaitable<void> learn_budgets(db::Transaction& tx, BudgetScope scope, std::string step,
                                    std::vector<networks::LearntBudget> budgets, Instant now) {
    for (auto const& budget : budgets) {
        auto const owner = budget.per_app ? app_scope(scope, step) : account_scope(scope, step);
        co_await tx.run(sql_learn, {owner, budget.key, budget.limit, budget.remaining,
                                    std::min(budget.reset_at, now + longest_wait), now});
    }
}

asio::awaitable<std::optional<Instant>> budget_wait(db::Database& database, BudgetScope scope,
                                                    std::string step, Instant now) {
    auto const rows =
        co_await database.read(sql_wait, {account_scope(scope, step), app_scope(scope, step), now});
    co_return rows.front().opt_instant(0);
}

}  // namespace mypost::publishing
