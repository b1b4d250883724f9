#include "publishing/claim.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "publishing/content.hpp"
#include "publishing/locked_post.hpp"
#include "publishing/pause_setting.hpp"

namespace mypost::publishing {

namespace {

constexpr db::Query sql_lock{
    .name = "publishing.claim_lock",
    .sql = "SELECT current_version_id FROM posts WHERE id = $1 FOR UPDATE",
};

// Brand and workspace are locked against a pause that commits meanwhile: after its answer nothing more
// starts.
constexpr db::Query sql_view{
    .name = "publishing.claim_view",
    .sql =
        "SELECT t.state, t.scheduled_at, t.next_attempt_at, t.held_reason, t.started_at, t.send_late, "
        "t.catch_up,"
        " COALESCE(t.lease_until > db_now(), FALSE), t.frozen IS NOT NULL, t.claimed_version_id, t.fence, "
        "t.attempt_count,"
        " EXISTS (SELECT 1 FROM target_parts s WHERE s.target_id = t.id AND s.state NOT IN ('pending', "
        "'failed')),"
        " p.current_version_id, p.approved_version_id, b.approval_policy,"
        " w.paused_at, w.paused_until, b.paused_at, b.paused_until, a.paused_at, a.paused_until,"
        " a.disconnected_at IS NOT NULL OR b.deleted_at IS NOT NULL OR w.deleted_at IS NOT NULL,"
        " g.state, w.grace_minutes, w.catch_up_gap_seconds, w.catch_up_per_hour,"
        " a.next_slot_at, a.catch_up_since, a.catch_up_count, t.workspace_id, t.brand_id, t.frozen"
        " FROM post_targets t JOIN posts p ON p.id = t.post_id JOIN social_accounts a ON a.id = t.account_id"
        " JOIN grants g ON g.id = a.grant_id JOIN brands b ON b.id = t.brand_id JOIN workspaces w ON w.id = "
        "t.workspace_id"
        " WHERE t.id = $1 FOR UPDATE OF t, a FOR SHARE OF b, w",
};

// Late targets of a catch-up keep their order among themselves and do not hold up what is on time.
constexpr db::Query sql_busy{
    .name = "publishing.account_busy",
    // The first bound on scheduled_at only keeps the account's far future out of the scan; its slack is for
    // clocks that differ.
    .sql =
        "SELECT 1 FROM post_targets o WHERE o.account_id = $1 AND o.id <> $2"
        " AND o.state IN ('scheduled', 'publishing', 'retrying', 'held')"
        " AND o.scheduled_at <= CAST($3 AS BIGINT) + 600000"
        " AND (o.state = 'publishing' OR (o.state = 'scheduled' AND o.scheduled_at <= $3"
        " AND (o.scheduled_at < $4 OR (o.scheduled_at = $4 AND o.id < $2)) AND (o.catch_up = FALSE OR $5))) "
        "LIMIT 1",
};

constexpr db::Query sql_installation_pause{
    .name = "publishing.installation_pause",
    .sql = "SELECT value FROM system_settings WHERE name = 'publishing_pause'",
};

constexpr db::Query sql_take{
    .name = "publishing.claim",
    .sql =
        "UPDATE post_targets SET state = 'publishing', held_reason = NULL, next_attempt_at = NULL, fence = "
        "fence + 1,"
        " lease_owner = $2, lease_until = db_now() + $3, dispatch_at = $4, updated_at = $5"
        " WHERE id = $1 AND fence = $6 AND state IN ('scheduled', 'publishing', 'retrying')"
        " AND COALESCE(lease_until <= db_now(), TRUE) RETURNING fence",
};

// Before sql_take in the same transaction: a publishing target is frozen, by the schema.
constexpr db::Query sql_freeze{
    .name = "publishing.freeze",
    .sql = "UPDATE post_targets SET frozen = $2, frozen_at = $3, claimed_version_id = $4 WHERE id = $1",
};
constexpr db::Query sql_clear_parts{
    .name = "publishing.clear_parts",
    .sql = "DELETE FROM target_parts WHERE target_id = $1",
};
constexpr db::Query sql_add_part{
    .name = "publishing.add_part",
    .sql =
        "INSERT INTO target_parts (target_id, workspace_id, position, role, part_index, state)"
        " VALUES ($1, $2, $3, $4, $5, 'pending')",
};

constexpr db::Query sql_move{
    .name = "publishing.claim_refused",
    .sql =
        "UPDATE post_targets SET state = $2, held_reason = $3, dispatch_at = $4,"
        " catch_up = CASE WHEN $5 THEN TRUE ELSE catch_up END, lease_owner = NULL, lease_until = NULL,"
        " next_attempt_at = CASE WHEN $2 = 'retrying' THEN next_attempt_at ELSE NULL END, updated_at = $6"
        " WHERE id = $1 AND fence = $7",
};

constexpr db::Query sql_refuse{
    .name = "publishing.refuse_content",
    .sql =
        "UPDATE post_targets SET state = 'failed', dispatch_at = NULL, next_attempt_at = NULL, lease_owner = "
        "NULL,"
        " lease_until = NULL, error_code = $2, error_params = $3, error_message = $4, error_retryable = "
        "TRUE, updated_at = $5"
        " WHERE id = $1 AND fence = $6",
};

constexpr db::Query sql_catch_up{
    .name = "publishing.catch_up",
    .sql =
        "UPDATE social_accounts SET next_slot_at = $2, catch_up_since = $3, catch_up_count = $4 WHERE id = "
        "$1",
};

constexpr db::Query sql_still_claimed{
    .name = "publishing.still_claimed",
    .sql =
        "SELECT 1 FROM post_targets WHERE id = $1 AND fence = $2 AND state = 'publishing' AND lease_owner IS "
        "NOT NULL",
};

constexpr db::Query sql_extend{
    .name = "publishing.extend_lease",
    .sql =
        "UPDATE post_targets SET lease_until = greatest(lease_until, db_now() + $3), dispatch_at = "
        "greatest(dispatch_at, $4)"
        " WHERE id = $1 AND fence = $2 AND state = 'publishing' AND lease_owner IS NOT NULL",
};

// One row of sql_view, and what the claim needs beside the decision.
struct Rowed {
    ClaimView view;
    WorkspaceId workspace;
    BrandId brand;
    PostVersionId current_version;
    std::optional<PostVersionId> claimed_version;
    std::int64_t fence = 0;
    int attempt_count = 0;
    std::optional<Instant> started_at;
    std::optional<std::string> frozen;
};

Rowed rowed(db::Row const& row) {
    Rowed result;
    auto& view = result.view;
    auto const state = parse_target_state(row.text(0));
    if (!state) throw std::logic_error("unknown target state in the database");
    view.state = *state;
    view.scheduled_at = row.opt_instant(1);
    view.next_attempt_at = row.opt_instant(2);
    if (!row.is_null(3)) view.held_reason = parse_held_reason(row.text(3));
    result.started_at = row.opt_instant(4);
    view.started = result.started_at.has_value();
    view.send_late = row.boolean(5);
    view.catch_up = row.boolean(6);
    view.leased = row.boolean(7);
    view.frozen = row.boolean(8);
    result.claimed_version = row.opt_id<PostVersionId>(9);
    result.fence = row.int64(10);
    result.attempt_count = static_cast<int>(row.int64(11));
    view.sent_any = row.boolean(12);
    result.current_version = row.id<PostVersionId>(13);
    view.version_frozen = result.claimed_version == result.current_version;
    view.approved = row.text(15) == "none" || row.opt_id<PostVersionId>(14) == result.current_version;
    view.workspace = {row.opt_instant(16), row.opt_instant(17)};
    view.brand = {row.opt_instant(18), row.opt_instant(19)};
    view.account = {row.opt_instant(20), row.opt_instant(21)};
    view.account_disconnected = row.boolean(22);
    view.grant_active = row.text(23) == "active";
    view.grace = std::chrono::minutes(row.int64(24));
    view.catch_up_gap = std::chrono::seconds(row.int64(25));
    view.catch_up_per_hour = static_cast<int>(row.int64(26));
    view.account_free_at = row.instant(27);
    view.catch_up_since = row.instant(28);
    view.catch_up_count = static_cast<int>(row.int64(29));
    result.workspace = row.id<WorkspaceId>(30);
    result.brand = row.id<BrandId>(31);
    result.frozen = row.opt_text(32);
    return result;
}

std::string_view role_name(networks::PartRole role) {
    if (role == networks::PartRole::thread) return "thread";
    return role == networks::PartRole::first_comment ? "first_comment" : "post";
}

// The transaction's state, so that its steps fit a screen each.
class Claiming {
  public:
    Claiming(db::Transaction& tx, PublishSettings const& settings, ClaimRequest& request, Instant now,
             Changes& changes)
        : tx_(tx), settings_(settings), request_(request), now_(now), changes_(changes) {}

    asio::awaitable<ClaimResult> run() {
        auto const locked = co_await tx_.run(sql_lock, {request_.post});
        if (locked.empty()) co_return NotClaimed{};
        auto const rows = co_await tx_.run(sql_view, {request_.target});
        if (rows.empty()) co_return NotClaimed{};
        row_ = rowed(rows.front());
        row_.view.manual_kind = request_.manual_kind;
        auto const pause = co_await tx_.run(sql_installation_pause);
        if (!pause.empty()) row_.view.installation = installation_pause(pause.front().text(0));
        // A statement of its own: it must see what was committed while the locks were waited for.
        auto const busy =
            co_await tx_.run(sql_busy, {request_.account, request_.target, now_,
                                        row_.view.scheduled_at.value_or(now_), row_.view.catch_up});
        row_.view.account_busy = !busy.empty();
        auto const decision = decide_claim(row_.view, settings_, now_);
        if (auto const* take = std::get_if<TakeIt>(&decision)) co_return co_await take_it(take->freeze);
        if (std::holds_alternative<LeaveIt>(decision)) co_return NotClaimed{};
        co_return co_await refuse(decision);
    }

  private:
    asio::awaitable<ClaimResult> take_it(bool freeze_it) {
        if (freeze_it) {
            if (request_.refusal && request_.version == row_.current_version)
                co_return co_await refuse_content();
            if (!request_.prepared || request_.version != row_.current_version) co_return NeedsContent{};
            co_await freeze_content();
        }
        auto const lease = Milliseconds(settings_.lease).count();
        auto const taken = co_await tx_.run(
            sql_take, {request_.target, request_.worker, lease, now_ + settings_.lease, now_, row_.fence});
        if (taken.empty()) throw std::logic_error("a locked target changed under the claim");
        if (row_.view.catch_up && !row_.view.started) co_await count_catch_up();
        note(TargetState::publishing);
        co_await recompute_post(tx_, request_.post, now_, changes_);
        Claimed claimed;
        claimed.claim = {request_.target,
                         row_.workspace,
                         request_.post,
                         freeze_it ? request_.version : row_.claimed_version.value_or(row_.current_version),
                         taken.front().int64(0),
                         request_.worker};
        claimed.publication = freeze_it ? std::move(*request_.prepared) : thaw(row_.frozen.value_or("{}"));
        claimed.attempt_count = row_.attempt_count;
        claimed.started_at = row_.started_at;
        claimed.fresh = freeze_it;
        co_return claimed;
    }

    // Nothing was sent: the person mends the content and retries.
    asio::awaitable<ClaimResult> refuse_content() {
        auto const& error = *request_.refusal;
        if (error.code == ErrorCode::unavailable || error.code == ErrorCode::internal) {
            co_return co_await refuse(LookLater{now_ + settings_.look_again});
        }
        boost::json::object params;
        for (auto const& [name, value] : error.params) params[name] = value;
        co_await tx_.run(sql_refuse, {request_.target, "content_not_ready", boost::json::serialize(params),
                                      error.message, now_, row_.fence});
        note(TargetState::failed);
        changes_.targets.back().error_code = "content_not_ready";
        co_await recompute_post(tx_, request_.post, now_, changes_);
        co_return NotClaimed{};
    }

    asio::awaitable<void> freeze_content() {
        auto& publication = *request_.prepared;
        publication.frozen_at = now_;
        co_await tx_.run(sql_freeze, {request_.target, freeze(publication), now_, request_.version});
        co_await tx_.run(sql_clear_parts, {request_.target});
        std::int64_t position = 0;
        for (auto const& part : publication.parts) {
            co_await tx_.run(sql_add_part,
                             {request_.target, row_.workspace, position++, role_name(part.role), part.index});
        }
    }

    asio::awaitable<void> count_catch_up() {
        auto since = row_.view.catch_up_since;
        auto count = row_.view.catch_up_count;
        if (now_ >= since + std::chrono::hours(1)) {
            since = now_;
            count = 0;
        }
        co_await tx_.run(sql_catch_up, {request_.account, now_ + row_.view.catch_up_gap, since, count + 1});
    }

    asio::awaitable<ClaimResult> refuse(ClaimDecision decision) {
        auto to = row_.view.state;
        std::optional<Instant> look_at;
        std::optional<std::string> reason;
        if (row_.view.held_reason) reason = std::string(to_string(*row_.view.held_reason));
        bool late = false;
        if (auto const* later = std::get_if<LookLater>(&decision)) {
            look_at = later->at;
        } else if (auto const* hold = std::get_if<HoldIt>(&decision)) {
            to = TargetState::held;
            reason = std::string(to_string(hold->reason));
            look_at = hold->look_at;
        } else if (std::holds_alternative<ReleaseIt>(decision)) {
            to = TargetState::scheduled;
            look_at = row_.view.scheduled_at ? std::max(now_, *row_.view.scheduled_at) : now_;
            late = row_.view.scheduled_at && *row_.view.scheduled_at + settings_.late_after < now_;
            changes_.due_now = true;
        } else {
            to = std::holds_alternative<MissIt>(decision) ? TargetState::missed : TargetState::manual;
        }
        if (to != TargetState::held) reason.reset();
        co_await tx_.run(sql_move, {request_.target, to_string(to), reason, look_at, late, now_, row_.fence});
        bool const told =
            to != row_.view.state || (row_.view.held_reason && reason != to_string(*row_.view.held_reason));
        if (told) {
            note(to);
            co_await recompute_post(tx_, request_.post, now_, changes_);
        }
        co_return NotClaimed{look_at};
    }

    void note(TargetState state) {
        TargetChange change;
        change.workspace = row_.workspace;
        change.brand = row_.brand;
        change.post = request_.post;
        change.target = request_.target;
        change.account = request_.account;
        change.state = state;
        change.previous = row_.view.state;
        changes_.targets.push_back(std::move(change));
    }

    db::Transaction& tx_;
    PublishSettings const& settings_;
    ClaimRequest& request_;
    Instant now_;
    Changes& changes_;
    Rowed row_;
};

}  // namespace

asio::awaitable<ClaimResult> claim(db::Database& database, PublishSettings const& settings,
                                   ClaimRequest request, Instant now, Changes& changes) {
    ClaimResult result = NotClaimed{};
    db::Database::Body body = [&](db::Transaction& tx) -> asio::awaitable<void> {
        Claiming claiming(tx, settings, request, now, changes);
        result = co_await claiming.run();
    };
    co_await database.transaction(body, db::Priority::high);
    co_return result;
}

asio::awaitable<bool> extend_lease(db::Database& database, Claim claim, Milliseconds lease, Instant now) {
    auto const rows = co_await database.write(
        sql_extend, {claim.target, claim.fence, lease.count(), now + lease}, db::Priority::high);
    co_return rows.affected > 0;
}

asio::awaitable<bool> still_claimed(db::Transaction& tx, Claim claim) {
    auto const rows = co_await tx.run(sql_still_claimed, {claim.target, claim.fence});
    co_return !rows.empty();
}

}  // namespace mypost::publishing
