#include "publishing/dispatch.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>

namespace mypost::publishing {

namespace {

// Uses post_targets_dispatch_due. dispatch_at = scheduled_at says that nobody has looked since it was
// scheduled.
constexpr db::Query sql_take_due{
    .name = "publishing.take_due",
    .sql =
        "UPDATE post_targets SET dispatch_at = $2, dispatch_seq = dispatch_seq + 1,"
        " catch_up = CASE WHEN state = 'scheduled' AND started_at IS NULL AND dispatch_at = scheduled_at"
        " AND scheduled_at < $3 THEN TRUE ELSE catch_up END"
        " WHERE id IN (SELECT d.id FROM post_targets d WHERE d.dispatch_at IS NOT NULL AND d.dispatch_at <= "
        "$1"
        " ORDER BY d.dispatch_at LIMIT $4 FOR UPDATE SKIP LOCKED)"
        " RETURNING id, account_id, state, scheduled_at, catch_up, dispatch_seq",
};

constexpr db::Query sql_any_due{
    .name = "publishing.any_due",
    .sql = "SELECT 1 FROM post_targets WHERE dispatch_at IS NOT NULL AND dispatch_at <= $1 LIMIT 1",
};

constexpr db::Query sql_backlog{
    .name = "publishing.backlog",
    .sql =
        "SELECT COUNT(*), MIN(dispatch_at),"
        " (SELECT COUNT(*) FROM post_targets u WHERE u.state = 'publishing' AND u.dispatch_at IS NOT NULL"
        " AND u.lease_until > db_now())"
        " FROM post_targets WHERE dispatch_at IS NOT NULL AND dispatch_at <= $1",
};

auto order_of(DueTarget const& target) {
    return std::tuple(target.catch_up, target.scheduled_at.value_or(Instant{}), target.id);
}

}  // namespace

asio::awaitable<std::vector<DueTarget>> take_due(db::Database& database, PublishSettings settings,
                                                 Instant now, int limit) {
    std::vector<DueTarget> due;
    // Reading first: an idle installation must not write every second.
    auto const any = co_await database.read(sql_any_due, {now});
    if (any.empty()) co_return due;
    auto const rows = co_await database.write(
        sql_take_due, {now, now + settings.look_again, now - settings.late_after, limit}, db::Priority::high);
    for (auto const& row : rows) {
        DueTarget target;
        target.id = row.id<TargetId>(0);
        target.account = row.id<AccountId>(1);
        auto const state = parse_target_state(row.text(2));
        if (!state) throw std::logic_error("unknown target state in the database");
        target.state = *state;
        target.scheduled_at = row.opt_instant(3);
        target.catch_up = row.boolean(4);
        target.look = row.int64(5);
        due.push_back(target);
    }
    co_return due;
}

std::vector<DueTarget> first_in_line(std::vector<DueTarget> due) {
    std::sort(due.begin(), due.end(), [](auto const& a, auto const& b) { return order_of(a) < order_of(b); });
    std::map<AccountId, bool> seen;
    std::vector<DueTarget> first;
    for (auto const& target : due) {
        // Late ones have a time of their own (spacing), which only their own look can give them; what is
        // publishing or held does not queue.
        bool const on_time = target.state == TargetState::scheduled && !target.catch_up;
        bool const queues = on_time || target.state == TargetState::retrying;
        if (queues && seen[target.account]) continue;
        if (queues) seen[target.account] = true;
        first.push_back(target);
    }
    return first;
}

asio::awaitable<DueBacklog> due_backlog(db::Database& database, Instant now) {
    auto const rows = co_await database.read(sql_backlog, {now});
    auto const& row = rows.front();
    co_return DueBacklog{row.int64(0), row.opt_instant(1), row.int64(2)};
}

}  // namespace mypost::publishing
