#include "publishing/read_back.hpp"

#include <array>

#include "core/log.hpp"
#include "publishing/content.hpp"
#include "publishing/locked_post.hpp"

namespace mypost::publishing {

namespace {

constexpr std::array<std::chrono::minutes, 3> rounds{std::chrono::minutes(1), std::chrono::hours(1),
                                                     std::chrono::hours(24)};
constexpr std::chrono::minutes doubt_wait{10};

// Taken with the next look already set, so that two workers do not ask twice and a crash loses nothing.
constexpr db::Query sql_take{
    .name = "publishing.take_read_back",
    .sql =
        "UPDATE post_targets SET verify_at = $2 WHERE id IN (SELECT v.id FROM post_targets v WHERE "
        "v.verify_at IS NOT NULL"
        " AND v.verify_at <= $1 ORDER BY v.verify_at LIMIT $3 FOR UPDATE SKIP LOCKED)"
        " RETURNING id, workspace_id, post_id, account_id, frozen, verify_round, published_at, state",
};
constexpr db::Query sql_any{
    .name = "publishing.any_read_back",
    .sql = "SELECT 1 FROM post_targets WHERE verify_at IS NOT NULL AND verify_at <= $1 LIMIT 1",
};
constexpr db::Query sql_live_parts{
    .name = "publishing.live_parts",
    .sql =
        "SELECT position, remote_id FROM target_parts WHERE target_id = $1 AND state = 'published' AND "
        "remote_id IS NOT NULL"
        " ORDER BY position DESC",
};
constexpr db::Query sql_verified{
    .name = "publishing.verified",
    .sql =
        "UPDATE post_targets SET verified_at = $2, verify_at = $3, verify_round = verify_round + 1 WHERE id "
        "= $1"
        " AND state = 'published'",
};
constexpr db::Query sql_part_removed{
    .name = "publishing.part_removed",
    .sql = "UPDATE target_parts SET state = 'removed' WHERE target_id = $1 AND position = $2",
};
constexpr db::Query sql_removed{
    .name = "publishing.removed",
    .sql =
        "UPDATE post_targets SET state = 'removed', verify_at = NULL, error_code = $2, error_params = NULL,"
        " error_message = $3, updated_at = $4 WHERE id = $1 AND state IN ('published', 'failed')",
};
constexpr db::Query sql_remote_facts{
    .name = "publishing.remote_facts",
    .sql =
        "SELECT t.frozen, t.network, a.grant_id, a.instance, a.kind, a.remote_id, a.handle FROM post_targets "
        "t"
        " JOIN social_accounts a ON a.id = t.account_id WHERE t.id = $1",
};
constexpr db::Query sql_grant_of{
    .name = "publishing.grant_of",
    .sql = "SELECT grant_id FROM social_accounts WHERE id = $1",
};

struct LivePart {
    std::int64_t position = 0;
    std::string remote_id;
};

asio::awaitable<std::vector<LivePart>> live_parts(db::Database& database, TargetId target) {
    auto const rows = co_await database.read(sql_live_parts, {target});
    std::vector<LivePart> parts;
    for (auto const& row : rows) parts.push_back({row.int64(0), row.text(1)});
    co_return parts;
}

asio::awaitable<void> mark_removed(Services const& services, WorkspaceId workspace, PostId post,
                                   TargetId target, std::string code, std::string message, Changes& changes) {
    auto const now = services.clock.now();
    db::Database::Body body = [&](db::Transaction& tx) -> asio::awaitable<void> {
        auto locked = co_await lock_post(tx, workspace, post);
        auto* const found = locked ? locked->find(target) : nullptr;
        if (!found) co_return;
        auto const rows = co_await tx.run(sql_removed, {target, code, message, now});
        if (rows.affected == 0) co_return;
        TargetChange change;
        change.workspace = workspace;
        change.brand = locked->brand;
        change.post = post;
        change.target = target;
        change.account = found->account;
        change.previous = found->state;
        change.state = TargetState::removed;
        change.error_code = code;
        changes.targets.push_back(std::move(change));
        co_await recompute_post(tx, post, now, changes);
    };
    co_await services.database.transaction(body);
}

// One target's read-back.
struct Round {
    TargetId target;
    WorkspaceId workspace;
    PostId post;
    AccountId account;
    networks::Publication publication;
    std::size_t round = 0;
    Instant published_at;
};

asio::awaitable<networks::Presence> ask(Services const& services, Round const& round) {
    auto const* const adapter = services.networks.find(round.publication.account.network);
    auto const grant = co_await services.database.read(sql_grant_of, {round.account});
    if (!adapter || grant.empty()) co_return networks::Presence::unknown;
    auto const access = co_await services.tokens.access(grant.front().id<GrantId>(0));
    if (!access) co_return networks::Presence::unknown;
    auto const parts = co_await live_parts(services.database, round.target);
    auto result = parts.empty() ? networks::Presence::unknown : networks::Presence::live;
    for (auto const& part : parts) {
        auto const presence = co_await adapter->verify(services.http, round.publication.account,
                                                       access->tokens, part.remote_id);
        if (presence == networks::Presence::removed) {
            co_await services.database.write(sql_part_removed, {round.target, part.position});
            result = presence;
        } else if (presence == networks::Presence::unknown && result == networks::Presence::live) {
            result = presence;
        }
    }
    co_return result;
}

asio::awaitable<void> read_back(Services const& services, Round round) {
    auto const presence = co_await ask(services, round);
    auto const now = services.clock.now();
    if (presence == networks::Presence::unknown) co_return;  // asked again after doubt_wait
    Changes changes;
    if (presence == networks::Presence::live) {
        std::optional<Instant> next;
        if (round.round + 1 < rounds.size())
            next = std::max(now, round.published_at + rounds[round.round + 1]);
        co_await services.database.write(sql_verified, {round.target, now, next});
        co_return;
    }
    co_await mark_removed(
        services, round.workspace, round.post, round.target, "removed_by_network",
        "It was live and is no more: the network, or somebody with access to the account, took it down.",
        changes);
    Alarm alarm;
    alarm.key = "target_removed:" + round.target.to_string();
    alarm.code = "target_removed";
    alarm.workspace = round.workspace;
    alarm.post = round.post;
    if (!changes.targets.empty()) changes.alarms.push_back(std::move(alarm));
    if (!changes.empty()) services.notifier.changed(std::move(changes));
}

}  // namespace

asio::awaitable<int> read_back_due(Services const& services, int limit) {
    auto const now = services.clock.now();
    auto const any = co_await services.database.read(sql_any, {now});
    if (any.empty()) co_return 0;
    auto const rows = co_await services.database.write(sql_take, {now, now + doubt_wait, limit});
    for (auto const& row : rows) {
        if (row.is_null(4) || row.text(7) != "published") continue;
        Round round;
        round.target = row.id<TargetId>(0);
        round.workspace = row.id<WorkspaceId>(1);
        round.post = row.id<PostId>(2);
        round.account = row.id<AccountId>(3);
        round.publication = thaw(row.text(4));
        round.round = static_cast<std::size_t>(row.int64(5));
        round.published_at = row.opt_instant(6).value_or(now);
        std::string failure;
        try {
            co_await read_back(services, std::move(round));
        } catch (boost::system::system_error const&) {
            throw;
        } catch (std::exception const& error) {
            failure = error.what();
        }
        if (!failure.empty()) log::warning("read-back failed", {{"error", failure}});
    }
    co_return static_cast<int>(rows.size());
}

asio::awaitable<Result<Done>> delete_remote(Services const& services, WorkspaceId workspace, PostId post,
                                            TargetId target) {
    TargetState state = TargetState::draft;
    db::Database::Body look = [&](db::Transaction& tx) -> asio::awaitable<void> {
        auto locked = co_await lock_post(tx, workspace, post);
        auto const* const found = locked ? locked->find(target) : nullptr;
        if (found) state = found->state;
    };
    co_await services.database.transaction(look);
    if (state == TargetState::draft) co_return not_found("Target");
    auto const parts = co_await live_parts(services.database, target);
    if (!next_state(state, TargetEvent::delete_remote) || parts.empty()) {
        co_return invalid_state("Nothing of this target is live that could be deleted.");
    }
    auto const facts = co_await services.database.read(sql_remote_facts, {target});
    auto const& row = facts.front();
    auto const* const adapter = services.networks.find(row.text(1));
    if (!adapter) co_return invalid_state("This version of MyPost does not know the network.");
    auto account = networks::AccountRef{row.text(1), row.text(3), row.text(4), row.text(5), row.text(6), {}};
    if (!row.is_null(0)) account = thaw(row.text(0)).account;
    auto const access = co_await services.tokens.access(row.id<GrantId>(2));
    if (!access) co_return Error(ErrorCode::network_error, access.error().message);
    for (auto const& part : parts) {
        auto const deleted =
            co_await adapter->delete_post(services.http, account, access->tokens, part.remote_id);
        if (!deleted) co_return deleted.error();
        co_await services.database.write(sql_part_removed, {target, part.position});
    }
    Changes changes;
    co_await mark_removed(services, workspace, post, target, "deleted", "A person deleted it on the network.",
                          changes);
    if (!changes.empty()) services.notifier.changed(std::move(changes));
    co_return Done{};
}

}  // namespace mypost::publishing
