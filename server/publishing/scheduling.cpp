#include "publishing/scheduling.hpp"

#include <algorithm>

namespace mypost::publishing {

namespace {

// A target's plan. What happened in an earlier run is over: nothing of it is live, or this is not called.
constexpr db::Query sql_plan_target{
    .name = "publishing.plan_target",
    .sql =
        "UPDATE post_targets SET state = $2, scheduled_at = $3,"
        " local_time = CASE WHEN $9 THEN local_time ELSE $4 END,"
        " time_zone = CASE WHEN $9 THEN time_zone ELSE $5 END, dispatch_at = $6,"
        " send_late = CASE WHEN $9 THEN send_late ELSE $7 END,"
        " catch_up = FALSE, held_reason = NULL, started_at = NULL, next_attempt_at = NULL,"
        " attempt_count = 0, error_code = NULL, error_params = NULL, error_message = NULL, error_retryable = "
        "FALSE,"
        " readiness = CASE WHEN $2 = 'pending_approval' THEN 'blocked' ELSE 'ok' END,"
        " readiness_reasons = CASE WHEN $2 = 'pending_approval' THEN $10 ELSE '[]' END, updated_at = $8 "
        "WHERE id = $1",
};

// As readiness.cpp writes it; what was scheduled passed preflight, so it starts out ready.
constexpr std::string_view not_approved =
    R"([{"code":"approval","blocks":true,"message":"It is not approved yet."}])";

constexpr db::Query sql_insert_target{
    .name = "publishing.insert_target",
    .sql =
        "INSERT INTO post_targets (id, workspace_id, brand_id, post_id, account_id, network, kind, ordinal, "
        "overrides,"
        " options, scheduled_at, local_time, time_zone, state, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'draft', $14, $14)",
};

constexpr db::Query sql_edit_target{
    .name = "publishing.edit_target",
    .sql =
        "UPDATE post_targets SET overrides = $2, options = $3, scheduled_at = $4, local_time = $5, time_zone "
        "= $6,"
        " dispatch_at = $7, updated_at = $8 WHERE id = $1",
};

constexpr db::Query sql_target_wall_clock{
    .name = "publishing.target_wall_clock",
    .sql = "SELECT local_time, time_zone FROM post_targets WHERE id = $1",
};

constexpr db::Query sql_delete_target{
    .name = "publishing.delete_target",
    .sql = "DELETE FROM post_targets WHERE id = $1",
};

constexpr db::Query sql_set_approved{
    .name = "publishing.set_approved",
    .sql = "UPDATE posts SET approved_version_id = $2 WHERE id = $1",
};

struct Plan {
    TargetState state;
    std::optional<Instant> at;
    std::optional<ChosenTime> chosen =
        std::nullopt;        // nothing: wall clock and lateness rule stay as they are
    bool send_late = false;  // only with `chosen`
};

std::optional<std::string> text_or_null(std::string const& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

TargetChange change_of(LockedPost const& post, LockedTarget const& target,
                       std::optional<TargetState> previous) {
    TargetChange change;
    change.workspace = post.workspace;
    change.brand = post.brand;
    change.post = post.id;
    change.target = target.id;
    change.account = target.account;
    change.state = target.state;
    change.previous = previous;
    return change;
}

asio::awaitable<void> apply_plan(db::Transaction& tx, LockedPost const& post, LockedTarget& target, Plan plan,
                                 Instant now, Changes& changes) {
    std::optional<Instant> dispatch_at;
    if (plan.state == TargetState::scheduled) dispatch_at = plan.at;
    if (dispatch_at && *dispatch_at <= now) changes.due_now = true;
    auto const chosen = plan.chosen.value_or(ChosenTime{});
    co_await tx.run(sql_plan_target, {target.id, to_string(plan.state), plan.at, text_or_null(chosen.local),
                                      text_or_null(chosen.time_zone), dispatch_at, plan.send_late, now,
                                      !plan.chosen, not_approved});
    auto const previous = target.state;
    target.state = plan.state;
    target.scheduled_at = plan.at;
    target.started = false;
    changes.targets.push_back(change_of(post, target, previous));
}

bool can_approve(LockedPost const& post, Actor const& actor) {
    return actor.may_approve &&
           (post.approval_policy == "required_self_allowed" || actor.user != post.author);
}

// Scheduling by someone who may approve is an approval. False: it has to be asked for.
asio::awaitable<bool> settle_approval(db::Transaction& tx, LockedPost& post, Actor actor) {
    if (post.may_go_out()) co_return true;
    if (!can_approve(post, actor)) co_return false;
    co_await tx.run(sql_set_approved, {post.id, post.current_version});
    post.approved_version = post.current_version;
    co_return true;
}

bool can_be_planned(LockedTarget const& target, TargetEvent event) {
    return !target.past_claim() && target.state != TargetState::cancelled &&
           next_state(target.state, event).has_value();
}

// Where each plannable target goes. `spread`: keeps the distances between targets that have times of their
// own.
Result<std::vector<std::pair<LockedTarget*, Plan>>> plan_all(LockedPost& post, ChosenTime const& time,
                                                             TargetEvent event, bool spread, Instant now) {
    std::vector<std::pair<LockedTarget*, Plan>> plans;
    for (auto& target : post.targets) {
        if (!can_be_planned(target, event)) continue;
        auto plan = Plan{*next_state(target.state, event), time.at, time, !spread};
        if (spread && target.scheduled_at && post.scheduled_at) {
            plan.at = *target.scheduled_at + (time.at - *post.scheduled_at);
            if (*plan.at != time.at) plan.chosen = ChosenTime{*plan.at, "", ""};
        }
        if (spread && *plan.at < now)
            return invalid("/scheduled_at", "in_past", "This time has already passed. Choose a later one.");
        plans.emplace_back(&target, std::move(plan));
    }
    if (plans.empty())
        return invalid_state("Nothing of this post can be scheduled: it has no target that waits.");
    return plans;
}

asio::awaitable<Result<Done>> plan_post(db::Transaction& tx, LockedPost& post, ChosenTime time, Actor actor,
                                        bool spread, bool only_ask, Instant now, Changes& changes) {
    bool approved = false;
    if (!only_ask) approved = co_await settle_approval(tx, post, actor);
    auto plans =
        plan_all(post, time, approved ? TargetEvent::schedule : TargetEvent::ask_approval, spread, now);
    if (!plans) co_return plans.error();
    // What was approved is the time too: another one by somebody who may not approve has to be asked for
    // again.
    bool const moved = std::any_of(plans->begin(), plans->end(), [](auto const& entry) {
        return entry.first->scheduled_at && entry.first->scheduled_at != entry.second.at;
    });
    if (approved && moved && post.asks_approval() && !can_approve(post, actor)) {
        co_await tx.run(sql_set_approved, {post.id, nullptr});
        post.approved_version.reset();
        plans = plan_all(post, time, TargetEvent::ask_approval, spread, now);
        if (!plans) co_return plans.error();
    }
    for (auto& [target, plan] : *plans) co_await apply_plan(tx, post, *target, plan, now, changes);
    co_return Done{};
}

}  // namespace

asio::awaitable<Result<Done>> schedule(db::Transaction& tx, LockedPost& post, ChosenTime time, Actor actor,
                                       Instant now, Changes& changes) {
    co_return co_await plan_post(tx, post, std::move(time), actor, true, false, now, changes);
}

asio::awaitable<Result<Done>> publish_now(db::Transaction& tx, LockedPost& post, Actor actor, Instant now,
                                          Changes& changes) {
    co_return co_await plan_post(tx, post, ChosenTime{now, "", ""}, actor, false, false, now, changes);
}

asio::awaitable<Result<Done>> unschedule(db::Transaction& tx, LockedPost& post, Instant now,
                                         Changes& changes) {
    bool any = false;
    for (auto& target : post.targets) {
        if (!can_be_planned(target, TargetEvent::unschedule)) continue;
        any = true;
        // A target at the post's own time follows the post again; one with a time of its own keeps it.
        auto plan = Plan{TargetState::draft, target.scheduled_at};
        if (target.scheduled_at == post.scheduled_at) plan.at.reset();
        co_await apply_plan(tx, post, target, std::move(plan), now, changes);
    }
    if (!any) co_return invalid_state("This post is not scheduled.");
    co_return Done{};
}

asio::awaitable<Result<Done>> submit(db::Transaction& tx, LockedPost& post, std::optional<ChosenTime> time,
                                     Actor actor, Instant now, Changes& changes) {
    if (time) co_return co_await plan_post(tx, post, std::move(*time), actor, true, true, now, changes);
    bool any = false;
    for (auto& target : post.targets) {
        if (!can_be_planned(target, TargetEvent::ask_approval) ||
            target.state == TargetState::pending_approval)
            continue;
        any = true;
        auto const at = target.scheduled_at ? target.scheduled_at : post.scheduled_at;
        auto plan = Plan{TargetState::pending_approval, at};
        co_await apply_plan(tx, post, target, std::move(plan), now, changes);
    }
    if (!any) co_return invalid_state("Nothing of this post can be submitted for approval.");
    co_return Done{};
}

asio::awaitable<Result<Done>> approve(db::Transaction& tx, LockedPost& post, Actor actor, Instant now,
                                      Changes& changes) {
    if (!actor.may_approve) co_return permission_denied("posts.approve");
    if (!can_approve(post, actor)) {
        co_return Error(ErrorCode::permission_denied, "Your own posts have to be approved by somebody else.");
    }
    co_await tx.run(sql_set_approved, {post.id, post.current_version});
    post.approved_version = post.current_version;
    for (auto& target : post.targets) {
        if (target.state != TargetState::pending_approval || !target.scheduled_at) continue;
        // Its time may have passed while it waited: then the grace rule of the claim decides.
        auto plan = Plan{TargetState::scheduled, target.scheduled_at};
        co_await apply_plan(tx, post, target, std::move(plan), now, changes);
    }
    co_return Done{};
}

asio::awaitable<Result<Done>> reject(db::Transaction& tx, LockedPost& post, Instant now, Changes& changes) {
    co_await tx.run(sql_set_approved, {post.id, nullptr});
    post.approved_version.reset();
    for (auto& target : post.targets) {
        if (!can_be_planned(target, TargetEvent::reject)) continue;
        auto plan = Plan{TargetState::draft, target.scheduled_at};
        co_await apply_plan(tx, post, target, std::move(plan), now, changes);
    }
    co_return Done{};
}

asio::awaitable<Result<TargetId>> add_target(db::Transaction& tx, LockedPost& post, NewTarget target,
                                             Instant now, Changes& changes) {
    bool const twin = std::any_of(post.targets.begin(), post.targets.end(), [&](auto const& other) {
        return other.account == target.account && other.kind == target.kind &&
               other.ordinal == target.ordinal;
    });
    if (twin) co_return conflict("This post has a target with the same account, kind and ordinal already.");
    auto const time = target.time.value_or(ChosenTime{});
    std::optional<Instant> at;
    if (target.time) at = time.at;
    auto const id = TargetId::make();
    co_await tx.run(
        sql_insert_target,
        {id, post.workspace, post.brand, post.id, target.account, target.network, target.kind, target.ordinal,
         target.overrides, target.options, at, text_or_null(time.local), text_or_null(time.time_zone), now});
    LockedTarget locked;
    locked.id = id;
    locked.account = target.account;
    locked.network = target.network;
    locked.kind = target.kind;
    locked.ordinal = target.ordinal;
    locked.scheduled_at = at;
    changes.targets.push_back(change_of(post, locked, std::nullopt));
    post.targets.push_back(std::move(locked));
    co_return id;
}

asio::awaitable<Result<Done>> edit_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                          TargetEdit edit, Instant now, Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    if (locked->past_claim()) {
        co_return Error(ErrorCode::publishing_started,
                        "Publishing to this account has begun; its target can no longer be changed.");
    }
    auto const kept = co_await tx.run(sql_target_wall_clock, {target});
    auto at = locked->scheduled_at;
    auto local = kept.front().opt_text(0);
    auto zone = kept.front().opt_text(1);
    if (edit.time || edit.clear_time) {
        auto const chosen = edit.time.value_or(ChosenTime{});
        local = text_or_null(chosen.local);
        zone = text_or_null(chosen.time_zone);
        at.reset();
        if (edit.time) at = chosen.at;
        // What is scheduled always has a time: without its own, the post's.
        if (!at && locked->state == TargetState::scheduled)
            at = post.scheduled_at ? post.scheduled_at : locked->scheduled_at;
    }
    std::optional<Instant> dispatch_at;
    if (locked->state == TargetState::scheduled) dispatch_at = at;
    if (locked->state == TargetState::held) dispatch_at = now;
    co_await tx.run(sql_edit_target,
                    {target, edit.overrides, edit.options, at, local, zone, dispatch_at, now});
    locked->scheduled_at = at;
    changes.targets.push_back(change_of(post, *locked, std::nullopt));
    co_return Done{};
}

asio::awaitable<Result<Done>> remove_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                            Instant now, Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    if (locked->past_claim()) {
        co_return Error(ErrorCode::publishing_started,
                        "Publishing to this account has begun; its target can no longer be removed.");
    }
    if (locked->has_attempts && locked->state != TargetState::cancelled) {
        auto plan = Plan{TargetState::cancelled, locked->scheduled_at};
        co_await apply_plan(tx, post, *locked, std::move(plan), now, changes);
    } else if (!locked->has_attempts) {
        co_await tx.run(sql_delete_target, {target});
        auto gone = change_of(post, *locked, locked->state);
        gone.state = TargetState::cancelled;
        changes.targets.push_back(std::move(gone));
        std::erase_if(post.targets, [&](auto const& other) { return other.id == target; });
    }
    co_return Done{};
}

asio::awaitable<Result<Done>> plan_target(db::Transaction& tx, LockedPost& post, TargetId target,
                                          ChosenTime time, Actor actor, Instant now, Changes& changes) {
    auto* const locked = post.find(target);
    if (!locked) co_return not_found("Target");
    // Another time by somebody who may not approve is asked for again, for this target: the others keep
    // theirs.
    bool const approved = co_await settle_approval(tx, post, actor);
    bool const moved = locked->scheduled_at && *locked->scheduled_at != time.at;
    bool const free = approved && (!moved || !post.asks_approval() || can_approve(post, actor));
    auto const at = time.at;
    auto plan =
        Plan{free ? TargetState::scheduled : TargetState::pending_approval, at, std::move(time), false};
    co_await apply_plan(tx, post, *locked, std::move(plan), now, changes);
    co_return Done{};
}

asio::awaitable<Result<Done>> after_edit(db::Transaction& tx, LockedPost& post, PostVersionId version,
                                         Actor actor, Instant now, Changes& changes) {
    bool const was_approved = post.asks_approval() && post.approved_version == post.current_version;
    post.current_version = version;
    if (was_approved && can_approve(post, actor)) {
        co_await tx.run(sql_set_approved, {post.id, version});
        post.approved_version = version;
    }
    auto const joins = std::find_if(post.targets.begin(), post.targets.end(), [](auto const& target) {
        return target.state == TargetState::scheduled || target.state == TargetState::pending_approval;
    });
    bool const joined = joins != post.targets.end();
    auto const waiting = post.may_go_out() && joined ? joins->state : TargetState::pending_approval;
    for (auto& target : post.targets) {
        bool const voided = !post.may_go_out() && next_state(target.state, TargetEvent::void_approval) &&
                            !target.past_claim();
        bool const follows = joined && target.state == TargetState::draft;
        if (!voided && !follows) continue;
        auto const at = target.scheduled_at ? target.scheduled_at : post.scheduled_at;
        auto plan = Plan{voided ? TargetState::pending_approval : waiting, at};
        if (plan.state == TargetState::scheduled && !at) continue;
        co_await apply_plan(tx, post, target, std::move(plan), now, changes);
    }
    co_return Done{};
}

}  // namespace mypost::publishing
