#include "publishing/look.hpp"

#include <boost/json.hpp>
#include <stdexcept>

namespace mypost::publishing {

namespace {

constexpr db::Query sql_look{
    .name = "publishing.look",
    .sql =
        "SELECT t.workspace_id, t.brand_id, t.post_id, t.account_id, a.grant_id, t.state, t.kind, a.network, "
        "a.instance,"
        " a.kind, a.remote_id, a.handle, a.profile, p.content, t.overrides, t.options, p.current_version_id,"
        " t.frozen IS NULL, t.claimed_version_id, t.scheduled_at, g.network_app_id,"
        " EXISTS (SELECT 1 FROM target_parts s WHERE s.target_id = t.id AND s.state NOT IN ('pending', "
        "'failed'))"
        " FROM post_targets t JOIN posts p ON p.id = t.post_id JOIN social_accounts a ON a.id = t.account_id"
        " JOIN grants g ON g.id = a.grant_id WHERE t.id = $1",
};

constexpr db::Query sql_next_in_line{
    .name = "publishing.next_in_line",
    // The list of states is the index's own (post_targets_account_order): SQLite needs to see it.
    .sql =
        "SELECT id, catch_up AND state = 'scheduled', dispatch_at FROM post_targets WHERE account_id = $1"
        " AND state IN ('scheduled', 'publishing', 'retrying', 'held') AND state IN ('scheduled', 'retrying')"
        " AND scheduled_at <= $2 AND (next_attempt_at IS NULL OR next_attempt_at <= $2)"
        " ORDER BY catch_up, scheduled_at, id LIMIT 1",
};

// A doubled look does nothing, so no lock is needed.
constexpr db::Query sql_take_look{
    .name = "publishing.take_look",
    .sql =
        "UPDATE post_targets SET dispatch_at = $2, dispatch_seq = dispatch_seq + 1 WHERE id = $1 AND state "
        "IN "
        "('scheduled', 'retrying')",
};

}  // namespace

asio::awaitable<std::optional<TargetLook>> look_at(db::Database& database, TargetId target) {
    auto const rows = co_await database.read(sql_look, {target});
    if (rows.empty()) co_return std::nullopt;
    auto const& row = rows.front();
    TargetLook look;
    look.target = target;
    look.workspace = row.id<WorkspaceId>(0);
    look.brand = row.id<BrandId>(1);
    look.post = row.id<PostId>(2);
    look.account_id = row.id<AccountId>(3);
    look.grant = row.id<GrantId>(4);
    auto const state = parse_target_state(row.text(5));
    if (!state) throw std::logic_error("unknown target state in the database");
    look.state = *state;
    look.kind = row.text(6);
    look.account = {row.text(7),  row.text(8),  row.text(9),
                    row.text(10), row.text(11), boost::json::parse(row.text(12)).as_object()};
    look.content = row.text(13);
    look.overrides = row.text(14);
    look.options = row.text(15);
    look.version = row.id<PostVersionId>(16);
    bool const same_version = row.opt_id<PostVersionId>(18) == look.version;
    look.needs_content = row.boolean(17) || (!same_version && !row.boolean(21));
    look.scheduled_at = row.opt_instant(19);
    auto const app = row.opt_text(20);
    look.budget_scope = {look.account_id, app ? *app : look.account.network + "@" + look.account.instance};
    co_return look;
}

asio::awaitable<std::optional<TargetId>> next_in_line(db::Database& database, AccountId account, Instant now,
                                                      Instant look_again_at) {
    auto const rows = co_await database.read(sql_next_in_line, {account, now});
    if (rows.empty()) co_return std::nullopt;
    auto const& row = rows.front();
    // A late one whose turn in the catch-up comes later has its time already.
    if (row.boolean(1) && row.opt_instant(2).value_or(now) > now) co_return std::nullopt;
    auto const target = row.id<TargetId>(0);
    auto const taken = co_await database.write(sql_take_look, {target, look_again_at});
    if (taken.affected == 0) co_return std::nullopt;
    co_return target;
}

}  // namespace mypost::publishing
