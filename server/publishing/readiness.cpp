#include "publishing/readiness.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "core/log.hpp"
#include "publishing/claim.hpp"
#include "publishing/content.hpp"
#include "publishing/locked_post.hpp"
#include "publishing/look.hpp"
#include "publishing/pause_setting.hpp"

namespace mypost::publishing {

namespace json = boost::json;

namespace {

constexpr std::chrono::hours horizon{7 * 24};
constexpr int page = 200;

// Uses post_targets_waiting; pages by (scheduled_at, id).
constexpr db::Query sql_candidates{
    .name = "publishing.readiness_candidates",
    .sql =
        "SELECT t.id, t.scheduled_at, t.readiness, t.readiness_reasons, g.state, g.expires_at, g.refresh_at,"
        " a.disconnected_at, a.paused_at, a.paused_until, b.paused_at, b.paused_until, w.paused_at, "
        "w.paused_until,"
        " b.approval_policy, p.approved_version_id, p.current_version_id, t.state"
        " FROM post_targets t JOIN posts p ON p.id = t.post_id JOIN social_accounts a ON a.id = t.account_id"
        " JOIN grants g ON g.id = a.grant_id JOIN brands b ON b.id = t.brand_id JOIN workspaces w ON w.id = "
        "t.workspace_id"
        " WHERE t.state IN ('scheduled', 'held', 'pending_approval') AND t.scheduled_at <= $1"
        " AND t.scheduled_at >= $2 AND (t.scheduled_at > $2 OR t.id > $3)"
        " AND (CAST($4 AS TEXT) IS NULL OR CAST(t.post_id AS TEXT) = $4)"
        " AND (CAST($5 AS TEXT) IS NULL OR CAST(t.account_id AS TEXT) = $5)"
        " AND (CAST($6 AS TEXT) IS NULL OR CAST(a.grant_id AS TEXT) = $6)"
        " ORDER BY t.scheduled_at, t.id LIMIT $7",
};

// Both tables are small: what people connected.
constexpr db::Query sql_changed_accounts{
    .name = "publishing.changed_accounts",
    .sql =
        "SELECT a.id FROM social_accounts a JOIN grants g ON g.id = a.grant_id"
        " WHERE a.updated_at >= $1 OR (g.updated_at >= $1 AND g.state <> 'active')"
        " OR (g.updated_at >= $1 AND EXISTS (SELECT 1 FROM post_targets t WHERE t.account_id = a.id"
        " AND t.state IN ('scheduled', 'publishing', 'retrying', 'held') AND t.readiness <> 'ok'))",
};

constexpr db::Query sql_store{
    .name = "publishing.store_readiness",
    .sql =
        "UPDATE post_targets SET readiness = $2, readiness_reasons = $3 WHERE id = $1"
        " AND state IN ('scheduled', 'held', 'pending_approval')",
};

void check_account(db::Row const& row, Instant due, std::vector<ReadinessReason>& reasons) {
    if (!row.is_null(7)) {
        reasons.push_back({"account_disconnected", true, "The account is disconnected. Connect it again."});
    } else if (row.text(4) != "active") {
        reasons.push_back(
            {"needs_reconnect", true, "The network no longer accepts the account's access. Reconnect it."});
    } else if (!row.is_null(5) && row.is_null(6) && row.instant(5) <= due) {
        reasons.push_back(
            {"token_expires", false,
             "The account's access ends before this is due and cannot be renewed. Reconnect it."});
    }
}

void check_pauses(db::Row const& row, Instant due, std::vector<ReadinessReason>& reasons) {
    for (auto const column : {8U, 10U, 12U}) {
        auto const pause = Pause{row.opt_instant(column), row.opt_instant(column + 1)};
        if (!pause.holds(due)) continue;
        reasons.push_back({"paused", false, "Publishing is paused. Resume it before this is due."});
        return;
    }
}

void check_approval(db::Row const& row, std::vector<ReadinessReason>& reasons) {
    bool const asks = row.text(14) != "none";
    if (row.text(17) == "pending_approval" || (asks && row.opt_text(15) != row.opt_text(16))) {
        reasons.push_back({"approval", true, "It is not approved yet."});
    }
}

// The same rules as in the composer and before the call.
asio::awaitable<void> check_content(Services const& services, TargetId target,
                                    std::vector<ReadinessReason>& reasons) {
    auto look = co_await look_at(services.database, target);
    if (!look) co_return;
    auto const* const adapter = services.networks.find(look->account.network);
    if (!adapter) co_return;
    auto options = json::parse(look->options).as_object();
    auto built = co_await build_publication(services.media, *adapter, look->workspace, target, look->account,
                                            look->kind, effective_content(look->content, look->overrides),
                                            std::move(options));
    if (!built) {
        bool const passing =
            built.error().code == ErrorCode::invalid_state || built.error().code == ErrorCode::unavailable;
        reasons.push_back({"media", !passing, built.error().message});
        co_return;
    }
    for (auto const& issue : adapter->validate(*built)) {
        if (issue.error) reasons.push_back({issue.code, true, issue.message});
    }
}

std::string reasons_json(std::vector<ReadinessReason> const& reasons) {
    json::array array;
    for (auto const& reason : reasons) {
        array.push_back(
            json::object{{"code", reason.code}, {"blocks", reason.blocks}, {"message", reason.message}});
    }
    return json::serialize(array);
}

asio::awaitable<bool> store(Services const& services, TargetId target, std::vector<ReadinessReason> reasons) {
    auto const look = co_await look_at(services.database, target);
    if (!look) co_return false;
    auto const now = services.clock.now();
    Changes changes;
    db::Database::Body body = [&](db::Transaction& tx) -> asio::awaitable<void> {
        auto locked = co_await lock_post(tx, look->workspace, look->post);
        auto const* const found = locked ? locked->find(target) : nullptr;
        if (!found) co_return;
        auto const rows = co_await tx.run(sql_store, {target, readiness_of(reasons), reasons_json(reasons)});
        if (rows.affected == 0) co_return;
        TargetChange change;
        change.workspace = look->workspace;
        change.brand = look->brand;
        change.post = look->post;
        change.target = target;
        change.account = found->account;
        change.state = found->state;
        changes.targets.push_back(std::move(change));
        co_await recompute_post(tx, look->post, now, changes);
    };
    co_await services.database.transaction(body);
    bool const changed = !changes.empty();
    if (changed) services.notifier.changed(std::move(changes));
    co_return changed;
}

}  // namespace

std::string readiness_of(std::vector<ReadinessReason> const& reasons) {
    if (reasons.empty()) return "ok";
    return std::any_of(reasons.begin(), reasons.end(), [](auto const& r) { return r.blocks; }) ? "blocked"
                                                                                               : "at_risk";
}

asio::awaitable<int> refresh_readiness(Services const& services, ReadinessScope scope) {
    auto const until = services.clock.now() + horizon;
    int changed = 0;
    auto last = TargetId{};
    auto last_at = Instant{};
    while (true) {
        auto const rows = co_await services.database.read(
            sql_candidates, {until, last_at, last, scope.post, scope.account, scope.grant, page});
        for (auto const& row : rows) {
            last = row.id<TargetId>(0);
            std::vector<ReadinessReason> reasons;
            auto const due = row.instant(1);
            last_at = due;
            check_account(row, due, reasons);
            check_pauses(row, due, reasons);
            check_approval(row, reasons);
            co_await check_content(services, last, reasons);
            if (reasons_json(reasons) == row.text(3) && readiness_of(reasons) == row.text(2)) continue;
            bool const stored = co_await store(services, last, std::move(reasons));
            if (stored) ++changed;
        }
        if (rows.size() < static_cast<std::size_t>(page)) co_return changed;
    }
}

asio::awaitable<int> refresh_changed_readiness(Services const& services, Instant since) {
    auto const accounts = co_await services.database.read(sql_changed_accounts, {since});
    int changed = 0;
    for (auto const& row : accounts) {
        ReadinessScope scope;
        scope.account = row.id<AccountId>(0);
        changed += co_await refresh_readiness(services, scope);
    }
    co_return changed;
}

}  // namespace mypost::publishing
