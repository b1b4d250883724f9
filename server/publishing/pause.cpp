#include "publishing/pause.hpp"

#include <set>

#include "publishing/locked_post.hpp"
#include "publishing/pause_setting.hpp"

namespace mypost::publishing {

namespace {

// One text a level: which rows are meant, and the held reason that belongs to it.
struct Level {
    db::Query read;
    db::Query pause;
    db::Query resume;
    db::Query held_posts;
    HeldReason reason;
};

// $1: the id, $2: the workspace.
constexpr Level workspace_level{
    {"publishing.workspace_pause",
     "SELECT paused_at, paused_until FROM workspaces WHERE id = $1 AND id = $2 AND deleted_at IS NULL"},
    {"publishing.pause_workspace",
     "UPDATE workspaces SET paused_at = $3, paused_until = $4, paused_reason = $5, updated_at = $3"
     " WHERE id = $1 AND id = $2"},
    {"publishing.resume_workspace",
     "UPDATE workspaces SET paused_at = NULL, paused_until = NULL, paused_reason = NULL,"
     " updated_at = $3 WHERE id = $1 AND id = $2"},
    {"publishing.held_by_workspace",
     "SELECT id, post_id FROM post_targets WHERE workspace_id = $1 AND workspace_id = $2"
     " AND state = 'held' AND dispatch_at IS NOT NULL AND held_reason = 'workspace_paused' ORDER BY post_id, "
     "id"},
    HeldReason::workspace_paused};
constexpr Level brand_level{
    {"publishing.brand_pause",
     "SELECT paused_at, paused_until FROM brands WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL"},
    {"publishing.pause_brand",
     "UPDATE brands SET paused_at = $3, paused_until = $4, paused_reason = $5, updated_at = $3"
     " WHERE id = $1 AND workspace_id = $2"},
    {"publishing.resume_brand",
     "UPDATE brands SET paused_at = NULL, paused_until = NULL, paused_reason = NULL, updated_at = $3"
     " WHERE id = $1 AND workspace_id = $2"},
    {"publishing.held_by_brand",
     "SELECT id, post_id FROM post_targets WHERE brand_id = $1 AND workspace_id = $2"
     " AND state = 'held' AND dispatch_at IS NOT NULL AND held_reason = 'brand_paused' ORDER BY post_id, id"},
    HeldReason::brand_paused};
constexpr Level account_level{
    {"publishing.account_pause",
     "SELECT paused_at, paused_until FROM social_accounts WHERE id = $1 AND workspace_id = $2"},
    {"publishing.pause_account",
     "UPDATE social_accounts SET paused_at = $3, paused_until = $4, paused_reason = $5, updated_at = $3"
     " WHERE id = $1 AND workspace_id = $2"},
    {"publishing.resume_account",
     "UPDATE social_accounts SET paused_at = NULL, paused_until = NULL, paused_reason = NULL,"
     " updated_at = $3 WHERE id = $1 AND workspace_id = $2"},
    {"publishing.held_by_account",
     "SELECT id, post_id FROM post_targets WHERE account_id = $1 AND workspace_id = $2"
     " AND state = 'held' AND dispatch_at IS NOT NULL AND held_reason = 'account_paused' ORDER BY post_id, "
     "id"},
    HeldReason::account_paused};

constexpr db::Query sql_read_installation{
    .name = "publishing.installation_pause",
    .sql = "SELECT value FROM system_settings WHERE name = 'publishing_pause'",
};
constexpr db::Query sql_pause_installation{
    .name = "publishing.pause_installation",
    .sql =
        "INSERT INTO system_settings (name, value, updated_at) VALUES ('publishing_pause', $1, $2)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
};
constexpr db::Query sql_resume_installation{
    .name = "publishing.resume_installation",
    .sql = "DELETE FROM system_settings WHERE name = 'publishing_pause'",
};
constexpr db::Query sql_held_by_installation{
    .name = "publishing.held_by_installation",
    .sql =
        "SELECT id, post_id FROM post_targets WHERE state = 'held' AND dispatch_at IS NOT NULL AND "
        "held_reason = 'installation_paused' "
        "ORDER BY post_id, id",
};

constexpr db::Query sql_lock_post{
    .name = "publishing.resume_lock",
    .sql = "SELECT 1 FROM posts WHERE id = $1 FOR UPDATE",
};

// What was begun goes on in any case; only what never was can be moved or given up. $3: then, $4: the pause's
// length.
constexpr db::Query sql_let_go{
    .name = "publishing.let_go",
    .sql =
        "UPDATE post_targets SET held_reason = NULL, updated_at = $2,"
        " state = CASE WHEN $3 = 'mark_missed' AND started_at IS NULL THEN 'missed' ELSE 'scheduled' END,"
        " scheduled_at = CASE WHEN $3 = 'shift' AND started_at IS NULL THEN scheduled_at + $4 ELSE "
        "scheduled_at END,"
        " local_time = CASE WHEN $3 = 'shift' AND started_at IS NULL THEN NULL ELSE local_time END,"
        " time_zone = CASE WHEN $3 = 'shift' AND started_at IS NULL THEN NULL ELSE time_zone END,"
        " dispatch_at = CASE WHEN started_at IS NOT NULL THEN CAST($2 AS BIGINT) WHEN $3 = 'mark_missed' "
        "THEN NULL"
        " WHEN $3 = 'shift' THEN greatest(scheduled_at + $4, $2) ELSE $2 END,"
        " send_late = CASE WHEN $3 = 'send' THEN TRUE ELSE send_late END,"
        " catch_up = CASE WHEN $3 = 'send' AND started_at IS NULL THEN TRUE ELSE catch_up END"
        " WHERE id = $1 AND state = 'held'"
        " RETURNING workspace_id, brand_id, post_id, account_id, state",
};

std::string_view then_name(ResumeThen then) {
    if (then == ResumeThen::shift) return "shift";
    return then == ResumeThen::send ? "send" : "mark_missed";
}

// The row that carries the pause; nothing: no such thing.
struct Found {
    Level const* level = nullptr;
    std::string id;
};

Found level_of(PauseScope const& scope) {
    if (auto const* workspace = std::get_if<WorkspaceId>(&scope.what))
        return {&workspace_level, workspace->to_string()};
    if (auto const* brand = std::get_if<BrandId>(&scope.what)) return {&brand_level, brand->to_string()};
    if (auto const* account = std::get_if<AccountId>(&scope.what))
        return {&account_level, account->to_string()};
    return {};
}

asio::awaitable<std::optional<Pause>> read_pause(db::Transaction& tx, PauseScope scope) {
    auto const found = level_of(scope);
    if (found.level) {
        auto const rows = co_await tx.run(found.level->read, {found.id, scope.workspace});
        if (rows.empty()) co_return std::nullopt;
        co_return Pause{rows.front().opt_instant(0), rows.front().opt_instant(1)};
    }
    auto const rows = co_await tx.run(sql_read_installation);
    if (rows.empty()) co_return Pause{};
    co_return installation_pause(rows.front().text(0));
}

struct Held {
    TargetId target;
    PostId post;
};

asio::awaitable<std::vector<Held>> held_targets(db::Transaction& tx, PauseScope scope) {
    auto const found = level_of(scope);
    db::Rows rows;
    if (found.level) {
        rows = co_await tx.run(found.level->held_posts, {found.id, scope.workspace});
    } else {
        rows = co_await tx.run(sql_held_by_installation);
    }
    std::vector<Held> held;
    for (auto const& row : rows) held.push_back({row.id<TargetId>(0), row.id<PostId>(1)});
    co_return held;
}

}  // namespace

std::optional<ResumeThen> parse_resume_then(std::string_view name) {
    for (auto const then : {ResumeThen::shift, ResumeThen::mark_missed, ResumeThen::send}) {
        if (then_name(then) == name) return then;
    }
    return std::nullopt;
}

asio::awaitable<Result<PauseState>> pause(db::Transaction& tx, PauseScope scope, std::string reason,
                                          std::optional<Instant> until, Instant now) {
    if (until && *until <= now)
        co_return invalid("/until", "in_past", "The end of the pause has already passed.");
    auto const present = co_await read_pause(tx, scope);
    if (!present) co_return not_found("This");
    // Pausing again only changes its end and reason.
    auto const since = present->holds(now) ? *present->since : now;
    auto const found = level_of(scope);
    if (found.level) {
        co_await tx.run(found.level->pause, {found.id, scope.workspace, since, until, reason});
    } else {
        co_await tx.run(sql_pause_installation, {installation_pause_value(Pause{since, until}, reason), now});
    }
    co_return PauseState{since, until, std::move(reason)};
}

asio::awaitable<Result<int>> resume(db::Transaction& tx, PauseScope scope, ResumeThen then, Instant now,
                                    Changes& changes) {
    auto const present = co_await read_pause(tx, scope);
    if (!present) co_return not_found("This");
    if (!present->since) co_return invalid_state("This is not paused.");
    // Posts first, in the order of their ids, then the row with the pause: the order in which claims lock.
    auto const held = co_await held_targets(tx, scope);
    std::set<PostId> posts;
    for (auto const& one : held) {
        if (posts.insert(one.post).second) co_await tx.run(sql_lock_post, {one.post});
    }
    auto const length = (now - *present->since).count();
    int touched = 0;
    for (auto const& one : held) {
        auto const rows = co_await tx.run(sql_let_go, {one.target, now, then_name(then), length});
        if (rows.empty()) continue;
        auto const& row = rows.front();
        TargetChange change;
        change.workspace = row.id<WorkspaceId>(0);
        change.brand = row.id<BrandId>(1);
        change.post = row.id<PostId>(2);
        change.target = one.target;
        change.account = row.id<AccountId>(3);
        change.state = parse_target_state(row.text(4)).value();
        change.previous = TargetState::held;
        changes.targets.push_back(std::move(change));
        ++touched;
    }
    for (auto const& post : posts) co_await recompute_post(tx, post, now, changes);
    auto const found = level_of(scope);
    if (found.level) {
        co_await tx.run(found.level->resume, {found.id, scope.workspace, now});
    } else {
        co_await tx.run(sql_resume_installation);
    }
    changes.due_now = true;
    co_return touched;
}

}  // namespace mypost::publishing
