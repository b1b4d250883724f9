#include <boost/json.hpp>

#include "audit/audit.hpp"
#include "publishing/actions.hpp"
#include "publishing/read_back.hpp"
#include "targets/targets.hpp"

namespace mypost::targets {

using access::Permission;
using publishing::Changes;
using publishing::LockedPost;

namespace {

constexpr db::Query sql_account_brand{
    .name = "targets.account_brand",
    .sql = "SELECT brand_id FROM social_accounts WHERE id = $1 AND workspace_id = $2",
};
constexpr db::Query sql_brand{
    .name = "targets.brand",
    .sql = "SELECT 1 FROM brands WHERE id = $1 AND workspace_id = $2 AND deleted_at IS NULL",
};

// Permission in the brand, and the account among those the caller may use there.
Result<void> require_target(access::Caller const& caller, LockedPost& post, TargetId target) {
    auto allowed = caller.require(Permission::posts_publish, post.brand, "Post");
    if (!allowed) return allowed;
    auto const* const found = post.find(target);
    if (!found || !caller.may_use_account(post.brand, found->account)) return not_found("Target");
    return {};
}

struct ScopeName {
    std::string entity;
    std::string id;
    std::optional<BrandId> brand;
};

ScopeName name_of(publishing::PauseScope const& scope) {
    if (auto const* brand = std::get_if<BrandId>(&scope.what)) return {"brand", brand->to_string(), *brand};
    if (auto const* account = std::get_if<AccountId>(&scope.what))
        return {"account", account->to_string(), std::nullopt};
    if (std::holds_alternative<WorkspaceId>(scope.what))
        return {"workspace", scope.workspace.to_string(), std::nullopt};
    return {"installation", "installation", std::nullopt};
}

audit::AuditEntry entry_of(access::Caller const& caller, publishing::PauseScope const& scope,
                           std::string verb, std::string after) {
    auto const name = name_of(scope);
    audit::AuditEntry entry;
    entry.action = name.entity + "." + verb;
    entry.entity = name.entity;
    entry.entity_id = name.id;
    if (!std::holds_alternative<publishing::Installation>(scope.what)) entry.workspace = caller.workspace;
    entry.brand = name.brand;
    entry.after = std::move(after);
    return entry;
}

}  // namespace

struct TargetService::Action {
    std::string name;    // of the audit event
    std::string detail;  // JSON, may be empty
    std::function<asio::awaitable<Result<Done>>(db::Transaction&, LockedPost&, Instant, Changes&)> run;
};

TargetService::TargetService(publishing::Services publishing, posts::PostService& posts)
    : publishing_(std::move(publishing)), posts_(posts) {}

asio::awaitable<Result<posts::PostView>> TargetService::act(access::Caller caller, PostId post,
                                                            TargetId target, Action action) {
    auto const now = publishing_.clock.now();
    Changes changes;
    auto work = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        MP_TRY(locked, co_await publishing::lock_post(tx, caller.workspace, post));
        MP_CHECK(allowed, require_target(caller, locked, target));
        auto const before = locked.find(target)->state;
        MP_CHECK(done, co_await action.run(tx, locked, now, changes));
        co_await publishing::recompute_post(tx, post, now, changes, true);
        audit::AuditEntry entry;
        entry.action = action.name;
        entry.entity = "target";
        entry.entity_id = target.to_string();
        entry.workspace = caller.workspace;
        entry.brand = locked.brand;
        entry.before = boost::json::serialize(boost::json::object{{"state", publishing::to_string(before)}});
        entry.after = action.detail;
        co_await audit::record(tx, publishing_.clock, caller, std::move(entry));
        co_return Done{};
    };
    MP_CHECK(done, co_await db::in_transaction<Result<Done>>(publishing_.database, work));
    publishing_.notifier.changed(std::move(changes));
    co_return co_await posts_.find(caller, post);
}

asio::awaitable<Result<posts::PostView>> TargetService::retry(access::Caller caller, PostId post,
                                                              TargetId target) {
    Action action;
    action.name = "target.retry";
    action.run = [target, user = caller.user](db::Transaction& tx, LockedPost& locked, Instant now,
                                              Changes& changes) {
        return publishing::retry_target(tx, locked, target, user, now, changes);
    };
    co_return co_await act(std::move(caller), post, target, std::move(action));
}

asio::awaitable<Result<posts::PostView>> TargetService::check(access::Caller caller, PostId post,
                                                              TargetId target) {
    Action action;
    action.name = "target.check";
    action.run = [target, user = caller.user](db::Transaction& tx, LockedPost& locked, Instant now,
                                              Changes& changes) {
        return publishing::check_target(tx, locked, target, user, now, changes);
    };
    co_return co_await act(std::move(caller), post, target, std::move(action));
}

asio::awaitable<Result<posts::PostView>> TargetService::resolve(access::Caller caller, PostId post,
                                                                TargetId target, Outcome outcome,
                                                                std::string remote_url,
                                                                std::optional<Then> then) {
    bool const live = outcome == Outcome::live;
    if (!live && !then)
        co_return invalid("/then", "required", "Say what happens next: send_again or give_up.");
    if (live && then) co_return invalid("/then", "not_allowed", "What is live needs no next step.");
    Action action;
    action.name = "target.resolve";
    action.detail = boost::json::serialize(boost::json::object{{"outcome", live ? "live" : "not_live"}});
    bool const again = then == Then::send_again;
    action.run = [target, user = caller.user, live, again, remote_url](
                     db::Transaction& tx, LockedPost& locked, Instant now, Changes& changes) {
        if (live) return publishing::resolve_live(tx, locked, target, user, remote_url, now, changes);
        return publishing::resolve_not_live(tx, locked, target, user, again, now, changes);
    };
    co_return co_await act(std::move(caller), post, target, std::move(action));
}

asio::awaitable<Result<posts::PostView>> TargetService::complete(access::Caller caller, PostId post,
                                                                 TargetId target, std::string remote_url) {
    Action action;
    action.name = "target.complete";
    action.run = [target, user = caller.user, remote_url](db::Transaction& tx, LockedPost& locked,
                                                          Instant now, Changes& changes) {
        return publishing::complete_target(tx, locked, target, user, remote_url, now, changes);
    };
    co_return co_await act(std::move(caller), post, target, std::move(action));
}

asio::awaitable<Result<posts::PostView>> TargetService::reschedule(access::Caller caller, PostId post,
                                                                   TargetId target, posts::When when) {
    publishing::ChosenTime time;
    if (auto const* at = std::get_if<Instant>(&when)) {
        time.at = *at;
    } else {
        auto const& local = std::get<posts::LocalTime>(when);
        MP_TRY(resolved, posts::resolve(local, "/scheduled_at"));
        time = {resolved, local.local, local.time_zone};
    }
    Action action;
    action.name = "target.reschedule";
    action.detail = boost::json::serialize(boost::json::object{{"scheduled_at", to_rfc3339(time.at)}});
    action.run = [target, time, caller](db::Transaction& tx, LockedPost& locked, Instant now,
                                        Changes& changes) {
        auto const actor =
            publishing::Actor{caller.user, caller.may(Permission::posts_approve, locked.brand)};
        return publishing::reschedule_target(tx, locked, target, time, actor, now, changes);
    };
    co_return co_await act(caller, post, target, std::move(action));
}

asio::awaitable<Result<posts::PostView>> TargetService::cancel(access::Caller caller, PostId post,
                                                               TargetId target) {
    Action action;
    action.name = "target.cancel";
    action.run = [target, user = caller.user](db::Transaction& tx, LockedPost& locked, Instant now,
                                              Changes& changes) {
        return publishing::cancel_target(tx, locked, target, user, now, changes);
    };
    co_return co_await act(std::move(caller), post, target, std::move(action));
}

asio::awaitable<Result<posts::PostView>> TargetService::delete_remote(access::Caller caller, PostId post,
                                                                      TargetId target) {
    // Who asked is on record before anything is deleted.
    Action action;
    action.name = "target.delete_remote";
    action.run = [target](db::Transaction&, LockedPost& locked, Instant,
                          Changes&) -> asio::awaitable<Result<Done>> {
        auto const* const found = locked.find(target);
        if (!found->live_any ||
            !publishing::next_state(found->state, publishing::TargetEvent::delete_remote)) {
            co_return invalid_state("Nothing of this target is live that could be deleted.");
        }
        co_return Done{};
    };
    MP_CHECK(allowed, co_await act(caller, post, target, std::move(action)));
    MP_CHECK(deleted, co_await publishing::delete_remote(publishing_, caller.workspace, post, target));
    co_return co_await posts_.find(caller, post);
}

// ---- pauses
// ------------------------------------------------------------------------------------------------------

asio::awaitable<Result<Done>> TargetService::require_scope(access::Caller caller,
                                                           publishing::PauseScope scope) {
    if (std::holds_alternative<publishing::Installation>(scope.what)) {
        if (!caller.system_admin) co_return permission_denied("system administrator");
        co_return Done{};
    }
    if (std::holds_alternative<WorkspaceId>(scope.what)) {
        MP_CHECK(allowed, caller.require_in_workspace(Permission::posts_publish));
        co_return Done{};
    }
    if (auto const* brand = std::get_if<BrandId>(&scope.what)) {
        auto const rows = co_await publishing_.database.read(sql_brand, {*brand, caller.workspace});
        if (rows.empty()) co_return not_found("Brand");
        MP_CHECK(allowed, caller.require(Permission::posts_publish, *brand, "Brand"));
        co_return Done{};
    }
    auto const account = std::get<AccountId>(scope.what);
    auto const rows = co_await publishing_.database.read(sql_account_brand, {account, caller.workspace});
    if (rows.empty()) co_return not_found("Account");
    auto const brand = rows.front().id<BrandId>(0);
    MP_CHECK(allowed, caller.require(Permission::posts_publish, brand, "Account"));
    if (!caller.may_use_account(brand, account)) co_return not_found("Account");
    co_return Done{};
}

asio::awaitable<Result<PauseAnswer>> TargetService::pause(access::Caller caller, publishing::PauseScope scope,
                                                          std::string reason, std::optional<Instant> until) {
    MP_CHECK(allowed, co_await require_scope(caller, scope));
    auto const now = publishing_.clock.now();
    auto work = [&](db::Transaction& tx) -> asio::awaitable<Result<PauseAnswer>> {
        MP_TRY(state, co_await publishing::pause(tx, scope, reason, until, now));
        boost::json::object after{{"reason", reason}};
        if (until) after["until"] = to_rfc3339(*until);
        co_await audit::record(tx, publishing_.clock, caller,
                               entry_of(caller, scope, "pause", boost::json::serialize(after)));
        co_return PauseAnswer{true, state.paused_at, state.until, state.reason, 0};
    };
    co_return co_await db::in_transaction<Result<PauseAnswer>>(publishing_.database, work);
}

asio::awaitable<Result<PauseAnswer>> TargetService::resume(access::Caller caller,
                                                           publishing::PauseScope scope,
                                                           publishing::ResumeThen then) {
    MP_CHECK(allowed, co_await require_scope(caller, scope));
    auto const now = publishing_.clock.now();
    Changes changes;
    auto work = [&](db::Transaction& tx) -> asio::awaitable<Result<PauseAnswer>> {
        MP_TRY(touched, co_await publishing::resume(tx, scope, then, now, changes));
        co_await audit::record(tx, publishing_.clock, caller,
                               entry_of(caller, scope, "resume", fmt::format("{{\"targets\":{}}}", touched)));
        PauseAnswer answer;
        answer.targets = touched;
        co_return answer;
    };
    auto done = co_await db::in_transaction<Result<PauseAnswer>>(publishing_.database, work);
    if (done) publishing_.notifier.changed(std::move(changes));
    co_return done;
}

}  // namespace mypost::targets
