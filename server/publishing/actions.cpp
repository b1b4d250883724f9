#include "publishing/actions.hpp"

#include <boost/json.hpp>

#include "publishing/journal.hpp"

namespace mypost::publishing {

using Kind = networks::JournalEntry::Kind;

namespace {

constexpr db::Query sql_claim_facts{
    .name = "publishing.action_facts",
    .sql = "SELECT claimed_version_id, fence FROM post_targets WHERE id = $1",
};

// $3: when it goes on; also the start of a new run, for its deadline.
constexpr db::Query sql_go_on{
    .name = "publishing.go_on",
    .sql =
        "UPDATE post_targets SET state = $2, held_reason = NULL, dispatch_at = $3,"
        " next_attempt_at = CASE WHEN $2 = 'retrying' THEN CAST($3 AS BIGINT) ELSE NULL END,"
        " started_at = CASE WHEN $2 = 'retrying' THEN CAST($3 AS BIGINT) ELSE NULL END, send_late = TRUE,"
        " catch_up = FALSE, attempt_count = 0, error_code = NULL, error_params = NULL, error_message = NULL,"
        " error_retryable = FALSE, updated_at = $3 WHERE id = $1",
};

constexpr db::Query sql_confirm{
    .name = "publishing.confirm",
    .sql =
        "UPDATE post_targets SET state = 'published', confirmed_by = $2, remote_url = COALESCE($3, "
        "remote_url),"
        " published_at = COALESCE(published_at, $4), error_code = NULL, error_params = NULL, error_message = "
        "NULL,"
        " error_retryable = FALSE, updated_at = $4 WHERE id = $1",
};

constexpr db::Query sql_end_failed{
    .name = "publishing.end_failed",
    .sql =
        "UPDATE post_targets SET state = $2, dispatch_at = NULL, next_attempt_at = NULL, held_reason = NULL,"
        " error_code = $3, error_params = $4, error_message = $5, error_retryable = TRUE, updated_at = $6 "
        "WHERE id = $1",
};

constexpr db::Query sql_unknown_parts{
    .name = "publishing.unknown_parts",
    .sql =
        "UPDATE target_parts SET state = $2, remote_url = COALESCE($3, remote_url) WHERE target_id = $1"
        " AND state IN ('sending', 'unconfirmed')",
};

constexpr db::Query sql_missing_parts{
    .name = "publishing.missing_parts",
    .sql = "SELECT COUNT(*) FROM target_parts WHERE target_id = $1 AND state <> 'published'",
};

std::optional<std::string> text_or_null(std::string const& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

Error does_not_fit(LockedTarget const& target, std::string_view action) {
    auto error =
        invalid_state(fmt::format("A target that is {} cannot be {}.", to_string(target.state), action));
    error.params["state"] = std::string(to_string(target.state));
    return error;
}

void note(LockedPost const& post, LockedTarget& target, TargetState to, Changes& changes) {
    TargetChange change;
    change.workspace = post.workspace;
    change.brand = post.brand;
    change.post = post.id;
    change.target = target.id;
    change.account = target.account;
    change.state = to;
    change.previous = target.state;
    target.state = to;
    changes.targets.push_back(std::move(change));
}

// Tells the adapter, through the journal of the version that is frozen, what a person decided.
asio::awaitable<void> mark(db::Transaction& tx, LockedPost const& post, TargetId target, Kind kind,
                           UserId user, std::string conclusion, Instant now) {
    auto const rows = co_await tx.run(sql_claim_facts, {target});
    auto const version = rows.front().opt_id<PostVersionId>(0);
    if (!version) co_return;
    auto const as = Claim{target, post.workspace, post.id, *version, rows.front().int64(1), ""};
    co_await write_marker(tx, as, kind, user, std::move(conclusion), now);
}

asio::awaitable<void> go_on(db::Transaction& tx, LockedPost const& post, LockedTarget& target, TargetState to,
                            Instant now, Changes& changes) {
    co_await tx.run(sql_go_on, {target.id, to_string(to), now});
    changes.due_now = true;
    note(post, target, to, changes);
}

asio::awaitable<void> end_failed(db::Transaction& tx, LockedPost const& post, LockedTarget& target,
                                 TargetState to, std::string code, std::string message, Instant now,
                                 Changes& changes) {
    co_await tx.run(sql_end_failed, {target.id, to_string(to), code, "{}", message, now});
    note(post, target, to, changes);
    changes.targets.back().error_code = std::move(code);
}

}  // namespace

asio::awaitable<Result<Done>> retry_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                           UserId user, Instant now, Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    bool const rest = locked->sent_any || locked->state == TargetState::retrying;
    auto const to = next_state(locked->state, rest ? TargetEvent::retry_rest : TargetEvent::retry);
    if (!to) co_return does_not_fit(*locked, "retried");
    if (locked->has_attempts)
        co_await mark(tx, post, target, Kind::retry, user, "A person asked to try again.", now);
    co_await go_on(tx, post, *locked, *to, now, changes);
    co_return Done{};
}

asio::awaitable<Result<Done>> check_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                           UserId user, Instant now, Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    auto const to = next_state(locked->state, TargetEvent::check);
    if (!to) co_return does_not_fit(*locked, "checked again");
    co_await mark(tx, post, target, Kind::recheck, user, "A person asked to look again.", now);
    co_await go_on(tx, post, *locked, *to, now, changes);
    co_return Done{};
}

asio::awaitable<Result<Done>> resolve_live(db::Transaction& tx, LockedPost& post, TargetId target,
                                           UserId user, std::string remote_url, Instant now,
                                           Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    if (!next_state(locked->state, TargetEvent::declare_live))
        co_return does_not_fit(*locked, "settled by hand");
    co_await tx.run(sql_unknown_parts, {target, "published", text_or_null(remote_url)});
    auto const missing = co_await tx.run(sql_missing_parts, {target});
    if (missing.front().int64(0) == 0) {
        co_await tx.run(sql_confirm, {target, user, text_or_null(remote_url), now});
        note(post, *locked, TargetState::published, changes);
    } else {
        co_await end_failed(tx, post, *locked, TargetState::failed, "partially_published",
                            "Some parts are live, the rest was not sent.", now, changes);
    }
    co_return Done{};
}

asio::awaitable<Result<Done>> resolve_not_live(db::Transaction& tx, LockedPost& post, TargetId target,
                                               UserId user, bool send_again, Instant now, Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    auto const to = next_state(locked->state, send_again ? TargetEvent::send_again : TargetEvent::give_up);
    if (locked->state != TargetState::unconfirmed || !to) co_return does_not_fit(*locked, "settled by hand");
    co_await mark(tx, post, target, Kind::declared_not_live, user, "A person looked: it is not live.", now);
    co_await tx.run(sql_unknown_parts, {target, "pending", nullptr});
    if (send_again) {
        co_await go_on(tx, post, *locked, *to, now, changes);
    } else if (locked->live_any) {
        co_await end_failed(tx, post, *locked, *to, "partially_published",
                            "Some parts are live, the rest was given up.", now, changes);
    } else {
        co_await end_failed(tx, post, *locked, *to, "given_up", "It is not live, and was given up.", now,
                            changes);
    }
    co_return Done{};
}

asio::awaitable<Result<Done>> complete_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                              UserId user, std::string remote_url, Instant now,
                                              Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    if (!next_state(locked->state, TargetEvent::complete)) co_return does_not_fit(*locked, "marked as done");
    co_await tx.run(sql_confirm, {target, user, text_or_null(remote_url), now});
    note(post, *locked, TargetState::published, changes);
    co_return Done{};
}

asio::awaitable<Result<Done>> reschedule_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                                ChosenTime time, Actor actor, Instant now, Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    if (time.at < now)
        co_return invalid("/scheduled_at", "in_past", "This time has already passed. Choose a later one.");
    if (locked->past_claim()) {
        co_return Error(ErrorCode::publishing_started,
                        "Publishing to this account has begun; it can no longer be moved.");
    }
    if (!next_state(locked->state, TargetEvent::reschedule)) co_return does_not_fit(*locked, "rescheduled");
    if (locked->has_attempts)
        co_await mark(tx, post, target, Kind::retry, actor.user, "A person chose another time.", now);
    co_return co_await plan_target(tx, post, target, std::move(time), actor, now, changes);
}

asio::awaitable<Result<Done>> cancel_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                            UserId user, Instant now, Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    if (locked->state == TargetState::publishing) {
        co_return Error(ErrorCode::publishing_started, "This target is being published right now.");
    }
    if (locked->state == TargetState::published || locked->state == TargetState::unconfirmed ||
        locked->state == TargetState::removed || locked->state == TargetState::cancelled) {
        co_return does_not_fit(*locked, "cancelled");
    }
    if (locked->live_any) {
        co_await end_failed(tx, post, *locked, TargetState::failed, "partially_published",
                            "Some parts are live, the rest was cancelled.", now, changes);
    } else if (locked->sent_any) {
        co_await end_failed(tx, post, *locked, TargetState::unconfirmed, "cancelled_midway",
                            "It was cancelled while a call's outcome was unknown. Look whether it is live.",
                            now, changes);
    } else {
        co_await end_failed(tx, post, *locked, TargetState::cancelled, "cancelled", "Cancelled by a person.",
                            now, changes);
    }
    (void)user;
    co_return Done{};
}

}  // namespace mypost::publishing
