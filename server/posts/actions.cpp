// What people do with a whole post: schedule, publish now, take back, ask for and give approval.
#include "audit/audit.hpp"
#include "posts/posts.hpp"
#include "posts/reading.hpp"
#include "posts/references.hpp"

namespace mypost::posts {

using access::Permission;

struct PostService::Step {
    std::string action;  // of the audit event
    Permission permission;
    bool preflight = false;     // errors of the networks' rules refuse it
    bool before_claim = false;  // refused with publishing_started past a claim
    std::function<asio::awaitable<Result<Done>>(db::Transaction&, publishing::LockedPost&, publishing::Actor,
                                                Instant, publishing::Changes&)>
        run;
    std::string detail;  // JSON for the audit event, may be empty
};

asio::awaitable<Result<PostView>> PostService::find(access::Caller caller, PostId id) {
    auto views = co_await load_posts(reading(database_), media_, caller.workspace, {id});
    if (views.empty()) co_return not_found("Post");
    MP_CHECK(allowed, caller.require(Permission::posts_view, views.front().brand_id, "Post"));
    co_return std::move(views.front());
}

asio::awaitable<Result<PostView>> PostService::act(access::Caller caller, PostId id, Step step) {
    if (step.preflight) {
        MP_CHECK(checked, co_await preflight(caller, id));
    }
    Instant const now = clock_.now();
    publishing::Changes changes;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<PostView>> {
        MP_TRY(post, co_await publishing::lock_post(tx, caller.workspace, id));
        MP_CHECK(allowed, caller.require(step.permission, post.brand, "Post"));
        if (step.before_claim) {
            MP_CHECK(early, co_await publishing::lock_for_change(tx, caller.workspace, id));
        }
        publishing::Actor const actor{caller.user, caller.may(Permission::posts_approve, post.brand)};
        MP_CHECK(done, co_await step.run(tx, post, actor, now, changes));
        co_await publishing::recompute_post(tx, id, now, changes, true);
        audit::AuditEntry entry;
        entry.action = step.action;
        entry.entity = "post";
        entry.entity_id = id.to_string();
        entry.workspace = caller.workspace;
        entry.brand = post.brand;
        entry.after = step.detail;
        co_await audit::record(tx, clock_, caller, std::move(entry));
        auto views = co_await load_posts(reading(tx), media_, caller.workspace, {id});
        co_return std::move(views.front());
    };
    auto done = co_await db::in_transaction<Result<PostView>>(database_, store);
    if (done) notifier_.changed(std::move(changes));
    co_return done;
}

asio::awaitable<Result<PostView>> PostService::schedule(access::Caller caller, PostId id, When when) {
    MP_TRY(time, chosen_time(when, "/scheduled_at"));
    Step step;
    step.action = "post.schedule";
    step.permission = Permission::posts_schedule;
    step.preflight = true;
    step.before_claim = true;
    step.detail = boost::json::serialize(boost::json::object{{"scheduled_at", to_rfc3339(time.at)}});
    step.run = [time](db::Transaction& tx, publishing::LockedPost& post, publishing::Actor actor, Instant now,
                      publishing::Changes& changes) {
        return publishing::schedule(tx, post, time, actor, now, changes);
    };
    co_return co_await act(std::move(caller), id, std::move(step));
}

asio::awaitable<Result<PostView>> PostService::publish(access::Caller caller, PostId id) {
    Step step;
    step.action = "post.publish";
    step.permission = Permission::posts_publish;
    step.preflight = true;
    step.before_claim = true;
    step.run = publishing::publish_now;
    co_return co_await act(std::move(caller), id, std::move(step));
}

asio::awaitable<Result<PostView>> PostService::unschedule(access::Caller caller, PostId id) {
    Step step;
    step.action = "post.unschedule";
    step.permission = Permission::posts_schedule;
    step.before_claim = true;
    step.run = [](db::Transaction& tx, publishing::LockedPost& post, publishing::Actor, Instant now,
                  publishing::Changes& changes) { return publishing::unschedule(tx, post, now, changes); };
    co_return co_await act(std::move(caller), id, std::move(step));
}

asio::awaitable<Result<PostView>> PostService::submit(access::Caller caller, PostId id,
                                                      std::optional<When> when) {
    std::optional<publishing::ChosenTime> time;
    if (when) {
        MP_TRY(chosen, chosen_time(*when, "/scheduled_at"));
        time = chosen;
    }
    Step step;
    step.action = "post.submit";
    step.permission = Permission::posts_edit;
    step.preflight = true;
    step.before_claim = true;
    step.run = [time](db::Transaction& tx, publishing::LockedPost& post, publishing::Actor actor, Instant now,
                      publishing::Changes& changes) {
        return publishing::submit(tx, post, time, actor, now, changes);
    };
    co_return co_await act(std::move(caller), id, std::move(step));
}

asio::awaitable<Result<PostView>> PostService::approve(access::Caller caller, PostId id) {
    Step step;
    step.action = "post.approve";
    step.permission = Permission::posts_approve;
    step.run = publishing::approve;
    co_return co_await act(std::move(caller), id, std::move(step));
}

asio::awaitable<Result<PostView>> PostService::reject(access::Caller caller, PostId id, std::string reason) {
    Step step;
    step.action = "post.reject";
    step.permission = Permission::posts_approve;
    step.before_claim = true;
    step.detail = boost::json::serialize(boost::json::object{{"reason", reason}});
    step.run = [](db::Transaction& tx, publishing::LockedPost& post, publishing::Actor, Instant now,
                  publishing::Changes& changes) { return publishing::reject(tx, post, now, changes); };
    co_return co_await act(std::move(caller), id, std::move(step));
}

}  // namespace mypost::posts
