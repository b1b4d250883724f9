#include "targets/routes.hpp"

#include <boost/describe/enum.hpp>

#include "http/etag.hpp"
#include "http/page.hpp"
#include "posts/posts_describe.hpp"

namespace mypost::publishing {
BOOST_DESCRIBE_ENUM(ResumeThen, shift, mark_missed, send)
}

namespace mypost::targets {

BOOST_DESCRIBE_ENUM(Outcome, live, not_live)
BOOST_DESCRIBE_ENUM(Then, send_again, give_up)
BOOST_DESCRIBE_STRUCT(AttemptRequest, (), (method, url, summary))
BOOST_DESCRIBE_STRUCT(AttemptResponse, (), (status, summary))
BOOST_DESCRIBE_STRUCT(Attempt, (),
                      (id, target_id, part, kind, step, started_at, finished_at, request, response, outcome,
                       conclusion, actor_id, worker))
BOOST_DESCRIBE_STRUCT(PauseAnswer, (), (paused, since, until, reason, targets))

namespace {

using access::Caller;
using access::Permission;
using http::Method;
using http::None;

struct WorkspacePath {
    WorkspaceId workspace;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace))
struct BrandPath {
    WorkspaceId workspace;
    BrandId brand;
};
BOOST_DESCRIBE_STRUCT(BrandPath, (), (workspace, brand))
struct AccountPath {
    WorkspaceId workspace;
    AccountId account;
};
BOOST_DESCRIBE_STRUCT(AccountPath, (), (workspace, account))
struct PostPath {
    WorkspaceId workspace;
    PostId post;
};
BOOST_DESCRIBE_STRUCT(PostPath, (), (workspace, post))
struct TargetPath {
    WorkspaceId workspace;
    PostId post;
    TargetId target;
};
BOOST_DESCRIBE_STRUCT(TargetPath, (), (workspace, post, target))

struct ResolveInput {
    Outcome outcome = Outcome::live;
    std::optional<std::string> remote_url;
    std::optional<Then> then;
};
BOOST_DESCRIBE_STRUCT(ResolveInput, (), (outcome, remote_url, then))
struct CompleteInput {
    std::optional<std::string> remote_url;
};
BOOST_DESCRIBE_STRUCT(CompleteInput, (), (remote_url))
struct RescheduleInput {
    posts::When scheduled_at;
};
BOOST_DESCRIBE_STRUCT(RescheduleInput, (), (scheduled_at))
struct PauseInput {
    std::string reason;
    std::optional<Instant> until;
};
BOOST_DESCRIBE_STRUCT(PauseInput, (), (reason, until))
struct ResumeInput {
    publishing::ResumeThen then = publishing::ResumeThen::shift;
};
BOOST_DESCRIBE_STRUCT(ResumeInput, (), (then))

}  // namespace
}  // namespace mypost::targets

namespace mypost::json {
template <>
struct rules<targets::PauseAnswer> {
    static constexpr std::string_view name = "Pause";
    static constexpr auto value = std::tuple{
        field<&targets::PauseAnswer::targets>{{.doc = "How many held targets a resume let go of"}}};
};
template <>
struct rules<targets::Outcome> {
    static constexpr std::string_view name = "ResolveOutcome";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<targets::Then> {
    static constexpr std::string_view name = "ResolveThen";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<targets::ResolveInput> {
    static constexpr auto value = std::tuple{
        field<&targets::ResolveInput::remote_url>{{.doc = "Where it is live", .max_len = 2'000}},
        field<&targets::ResolveInput::then>{{.doc = "Required with not_live: send it again, or give it up"}}};
};
template <>
struct rules<targets::CompleteInput> {
    static constexpr auto value =
        std::tuple{field<&targets::CompleteInput::remote_url>{{.doc = "Where it is live", .max_len = 2'000}}};
};
template <>
struct rules<targets::PauseInput> {
    static constexpr auto value =
        std::tuple{field<&targets::PauseInput::reason>{{.doc = "Shown to the team", .max_len = 500}},
                   field<&targets::PauseInput::until>{{.doc = "Ends by itself then; absent: until resumed"}}};
};
template <>
struct rules<targets::ResumeInput> {
    static constexpr auto value = std::tuple{field<&targets::ResumeInput::then>{
        {.doc = "What was held: move it by the length of the pause, give it up, or send it"}}};
};
}  // namespace mypost::json

namespace mypost::targets {

namespace {

asio::awaitable<Result<http::Reply<posts::PostView>>> reply(asio::awaitable<Result<posts::PostView>> work) {
    MP_TRY(post, co_await std::move(work));
    auto const version = post.version;
    auto const state = std::to_string(post.state_version);
    co_return http::with_etag(std::move(post), version, state);
}

// Links come from people and are shown to others: nothing but web addresses.
Result<std::string> web_address(std::optional<std::string> const& url) {
    if (!url || url->empty()) return std::string();
    if (url->starts_with("https://") || url->starts_with("http://")) return *url;
    return invalid("/remote_url", "invalid_format", "A web address begins with https:// or http://.");
}

std::string target_path(std::string_view action) {
    return "/workspaces/{workspace}/posts/{post}/targets/{target}/" + std::string(action);
}

http::Options options(std::string audit) {
    http::Options result;
    result.audit = std::move(audit);
    result.errors = {ErrorCode::invalid_state, ErrorCode::publishing_started};
    return result;
}

void add_actions(http::Router& router, TargetService& targets) {
    router.add(http::Route<TargetPath, None, None, posts::PostView>(
                   Method::post, target_path("retry"), "retryTarget",
                   "Go on now: from the first missing part, or anew", Permission::posts_publish,
                   options("target.retry")),
               [&targets](Caller const& who, TargetPath path) {
                   return reply(targets.retry(who, path.post, path.target));
               });
    router.add(http::Route<TargetPath, None, None, posts::PostView>(
                   Method::post, target_path("check"), "checkTarget", "Look at the network again",
                   Permission::posts_publish, options("target.check")),
               [&targets](Caller const& who, TargetPath path) {
                   return reply(targets.check(who, path.post, path.target));
               });
    router.add(http::Route<TargetPath, None, None, posts::PostView>(
                   Method::post, target_path("cancel"), "cancelTarget", "Do not send it",
                   Permission::posts_publish, options("target.cancel")),
               [&targets](Caller const& who, TargetPath path) {
                   return reply(targets.cancel(who, path.post, path.target));
               });
    auto deleting = options("target.delete_remote");
    deleting.errors.push_back(ErrorCode::network_error);
    router.add(http::Route<TargetPath, None, None, posts::PostView>(
                   Method::post, target_path("delete-remote"), "deleteRemoteTarget",
                   "Delete it on the network", Permission::posts_publish, deleting),
               [&targets](Caller const& who, TargetPath path) {
                   return reply(targets.delete_remote(who, path.post, path.target));
               });
}

void add_settling(http::Router& router, TargetService& targets) {
    router.add(http::Route<TargetPath, None, ResolveInput, posts::PostView>(
                   Method::post, target_path("resolve"), "resolveTarget",
                   "Settle an unconfirmed one by a person's word", Permission::posts_publish,
                   options("target.resolve")),
               [&targets](Caller const& who, TargetPath path,
                          ResolveInput input) -> asio::awaitable<Result<http::Reply<posts::PostView>>> {
                   MP_TRY(url, web_address(input.remote_url));
                   co_return co_await reply(
                       targets.resolve(who, path.post, path.target, input.outcome, url, input.then));
               });
    router.add(http::Route<TargetPath, None, std::optional<CompleteInput>, posts::PostView>(
                   Method::post, target_path("complete"), "completeTarget", "A manual one is done",
                   Permission::posts_publish, options("target.complete")),
               [&targets](Caller const& who, TargetPath path, std::optional<CompleteInput> input)
                   -> asio::awaitable<Result<http::Reply<posts::PostView>>> {
                   MP_TRY(url, web_address(input ? input->remote_url : std::nullopt));
                   co_return co_await reply(targets.complete(who, path.post, path.target, url));
               });
    router.add(
        http::Route<TargetPath, None, RescheduleInput, posts::PostView>(
            Method::post, target_path("reschedule"), "rescheduleTarget", "Another time for this target alone",
            Permission::posts_publish, options("target.reschedule")),
        [&targets](Caller const& who, TargetPath path, RescheduleInput input) {
            return reply(targets.reschedule(who, path.post, path.target, input.scheduled_at));
        });
    router.add(http::Route<PostPath, None, None, http::List<Attempt>>(
                   Method::get, "/workspaces/{workspace}/posts/{post}/attempts", "listAttempts",
                   "The evidence: every attempt, call, answer and conclusion", Permission::posts_view),
               [&targets](Caller const& who, PostPath path) -> asio::awaitable<Result<http::List<Attempt>>> {
                   MP_TRY(found, co_await targets.attempts(who, path.post));
                   http::List<Attempt> list;
                   list.data = std::move(found);
                   co_return list;
               });
}

// The same pair of routes for each level.
template <class Path, class ScopeOf>
void add_pair(http::Router& router, TargetService& targets, std::string const& base, std::string const& what,
              ScopeOf scope_of) {
    http::Options pausing;
    pausing.audit = what + ".pause";
    std::string const name = what == "brand" ? "Brand" : what == "account" ? "Account" : "Workspace";
    router.add(http::Route<Path, None, PauseInput, PauseAnswer>(Method::post, base + "/pause", "pause" + name,
                                                                "After the answer nothing more starts",
                                                                Permission::posts_publish, pausing),
               [&targets, scope_of](Caller const& who, Path path, PauseInput input) {
                   return targets.pause(who, scope_of(path), std::move(input.reason), input.until);
               });
    http::Options resuming;
    resuming.audit = what + ".resume";
    resuming.errors = {ErrorCode::invalid_state};
    router.add(http::Route<Path, None, ResumeInput, PauseAnswer>(
                   Method::post, base + "/resume", "resume" + name,
                   "Go on, and say what happens to what was held", Permission::posts_publish, resuming),
               [&targets, scope_of](Caller const& who, Path path, ResumeInput input) {
                   return targets.resume(who, scope_of(path), input.then);
               });
}

}  // namespace

void add_routes(http::Router& router, TargetService& targets) {
    add_actions(router, targets);
    add_settling(router, targets);
    add_pair<WorkspacePath>(
        router, targets, "/workspaces/{workspace}", "workspace",
        [](WorkspacePath const& path) { return publishing::PauseScope{path.workspace, path.workspace}; });
    add_pair<BrandPath>(
        router, targets, "/workspaces/{workspace}/brands/{brand}", "brand",
        [](BrandPath const& path) { return publishing::PauseScope{path.brand, path.workspace}; });
    add_pair<AccountPath>(
        router, targets, "/workspaces/{workspace}/accounts/{account}", "account",
        [](AccountPath const& path) { return publishing::PauseScope{path.account, path.workspace}; });
}

}  // namespace mypost::targets
