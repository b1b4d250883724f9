#include "posts/routes.hpp"

#include "http/etag.hpp"
#include "http/page.hpp"
#include "json/encode.hpp"
#include "posts/posts_describe.hpp"

namespace mypost::posts {

namespace {

using access::Caller;
using access::Permission;
using http::Method;

struct WorkspacePath {
    WorkspaceId workspace;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace))
struct PostPath {
    WorkspaceId workspace;
    PostId post;
};
BOOST_DESCRIBE_STRUCT(PostPath, (), (workspace, post))
struct LabelPath {
    WorkspaceId workspace;
    LabelId label;
};
BOOST_DESCRIBE_STRUCT(LabelPath, (), (workspace, label))

struct PostQuery : http::PageQuery {
    std::optional<BrandId> brand_id;
    std::optional<std::string> status;
    std::optional<AccountId> account_id;
    std::optional<std::string> network;
    std::optional<LabelId> label_id;
    std::optional<UserId> author_id;
    std::optional<std::string> q;
    std::optional<Instant> from;
    std::optional<Instant> to;
    std::optional<std::string> awaiting;
};
BOOST_DESCRIBE_STRUCT(PostQuery, (http::PageQuery),
                      (brand_id, status, account_id, network, label_id, author_id, q, from, to, awaiting))

struct CalendarQuery {
    Instant from;
    Instant to;
    std::optional<BrandId> brand_id;
    std::optional<std::string> status;
    std::optional<AccountId> account_id;
    std::optional<std::string> network;
    std::optional<LabelId> label_id;
    std::optional<UserId> author_id;
};
BOOST_DESCRIBE_STRUCT(CalendarQuery, (),
                      (from, to, brand_id, status, account_id, network, label_id, author_id))

struct CalendarTarget {
    AccountId account_id;
    std::string network;
    std::string kind;
    publishing::TargetState state = publishing::TargetState::draft;
    std::optional<Instant> scheduled_at;
};
BOOST_DESCRIBE_STRUCT(CalendarTarget, (), (account_id, network, kind, state, scheduled_at))
// Describes what PostService::calendar writes by hand.
struct CalendarItem {
    PostId id;
    BrandId brand_id;
    publishing::PostStatus status = publishing::PostStatus::draft;
    Instant scheduled_at;
    std::string title;
    std::optional<std::string> thumbnail_url;
    std::vector<LabelId> labels;
    std::string readiness;
    std::vector<CalendarTarget> targets;
};
BOOST_DESCRIBE_STRUCT(CalendarItem, (),
                      (id, brand_id, status, scheduled_at, title, thumbnail_url, labels, readiness, targets))

struct Issues {
    std::vector<IssueView> issues;
};
BOOST_DESCRIBE_STRUCT(Issues, (), (issues))

struct ScheduleInput {
    std::optional<When> scheduled_at;
};
BOOST_DESCRIBE_STRUCT(ScheduleInput, (), (scheduled_at))
struct SubmitInput {
    std::optional<When> scheduled_at;
};
BOOST_DESCRIBE_STRUCT(SubmitInput, (), (scheduled_at))
struct RejectInput {
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(RejectInput, (), (reason))
struct DuplicateInput {
    std::optional<BrandId> brand_id;
    std::optional<std::map<std::string, AccountId>> account_map;
};
BOOST_DESCRIBE_STRUCT(DuplicateInput, (), (brand_id, account_map))
struct LabelInput {
    std::string name;
    std::string color;
};
BOOST_DESCRIBE_STRUCT(LabelInput, (), (name, color))
struct LabelPatch {
    std::optional<std::string> name;
    std::optional<std::string> color;
};
BOOST_DESCRIBE_STRUCT(LabelPatch, (), (name, color))

}  // namespace
}  // namespace mypost::posts

namespace mypost::json {
template <>
struct rules<posts::PostQuery> {
    static constexpr auto value =
        std::tuple{field<&posts::PostQuery::q>{{.doc = "Text anywhere in the post", .max_len = 200}},
                   field<&posts::PostQuery::from>{{.doc = "Matches the time of any target"}},
                   field<&posts::PostQuery::awaiting>{{.doc = "approval", .max_len = 20}}};
};
template <>
struct rules<posts::RejectInput> {
    static constexpr auto value =
        std::tuple{field<&posts::RejectInput::reason>{{.min_len = 1, .max_len = 2'000}}};
};
template <>
struct rules<posts::LabelInput> {
    static constexpr auto value =
        std::tuple{field<&posts::LabelInput::name>{{.min_len = 1, .max_len = 60}},
                   field<&posts::LabelInput::color>{{.doc = "#rrggbb", .min_len = 7, .max_len = 7}}};
};
template <>
struct rules<posts::LabelPatch> {
    static constexpr auto value =
        std::tuple{field<&posts::LabelPatch::name>{{.min_len = 1, .max_len = 60}},
                   field<&posts::LabelPatch::color>{{.doc = "#rrggbb", .min_len = 7, .max_len = 7}}};
};
}  // namespace mypost::json

namespace mypost::posts {

namespace {

http::Reply<PostView> tagged(PostView post) {
    std::int64_t const version = post.version;
    std::string const state = std::to_string(post.state_version);
    return http::with_etag(std::move(post), version, state);
}

// Every route that answers with one post does so the same way.
asio::awaitable<Result<http::Reply<PostView>>> reply(asio::awaitable<Result<PostView>> work) {
    MP_TRY(post, co_await std::move(work));
    co_return tagged(std::move(post));
}

PostFilter filter_of(PostQuery const& query) {
    return PostFilter{query.brand_id,  query.status, query.account_id, query.network, query.label_id,
                      query.author_id, query.q,      query.from,       query.to,      query.awaiting};
}

PostFilter filter_of(CalendarQuery const& query) {
    PostFilter filter;
    filter.brand_id = query.brand_id;
    filter.status = query.status;
    filter.account_id = query.account_id;
    filter.network = query.network;
    filter.label_id = query.label_id;
    filter.author_id = query.author_id;
    return filter;
}

Result<std::optional<std::pair<std::int64_t, PostId>>> position_of(std::optional<std::string> const& cursor) {
    if (!cursor) return std::optional<std::pair<std::int64_t, PostId>>();
    MP_TRY_RETURN(values, http::read_cursor(*cursor, 2));
    auto const id = PostId::parse(values[1]);
    if (!id) return invalid("query:cursor", "invalid_format", "This is no cursor of this list.");
    return std::optional(std::pair(std::int64_t{std::strtoll(values[0].c_str(), nullptr, 10)}, *id));
}

void add_reading(http::Router& router, PostService& posts) {
    router.add(http::Route<WorkspacePath, PostQuery, http::None, http::Page<PostView>>(
                   Method::get, "/workspaces/{workspace}/posts", "listPosts", "Posts, by time",
                   Permission::posts_view),
               [&posts](Caller const& who, WorkspacePath,
                        PostQuery query) -> asio::awaitable<Result<http::Page<PostView>>> {
                   MP_TRY(after, position_of(query.cursor));
                   MP_TRY(found, co_await posts.list(who, filter_of(query), query.limit_or_default(), after));
                   http::Page<PostView> page;
                   page.data = std::move(found.data);
                   if (found.next) {
                       page.next_cursor = http::make_cursor(
                           {std::to_string(found.next->first), found.next->second.to_string()});
                   }
                   co_return page;
               });
    http::RawContent json_content;
    router.add_raw(http::RawRoute<WorkspacePath, CalendarQuery, http::List<CalendarItem>>(
                       Method::get, "/workspaces/{workspace}/calendar", "getCalendar",
                       "Up to 5,000 light items of a range", Permission::posts_view, json_content),
                   [&posts](Caller const& who, http::Request, WorkspacePath,
                            CalendarQuery query) -> asio::awaitable<Result<http::Response>> {
                       if (query.to <= query.from)
                           co_return invalid("query:to", "out_of_range",
                                             "The range must end after it begins.");
                       MP_TRY(body, co_await posts.calendar(who, query.from, query.to, filter_of(query)));
                       co_return http::json_response(200, std::move(body));
                   });
    router.add(http::Route<PostPath, http::None, http::None, PostView>(
                   Method::get, "/workspaces/{workspace}/posts/{post}", "getPost",
                   "One post with its targets", Permission::posts_view),
               [&posts](Caller const& who, PostPath path) { return reply(posts.find(who, path.post)); });
    router.add(
        http::Route<PostPath, http::None, http::None, http::List<VersionView>>(
            Method::get, "/workspaces/{workspace}/posts/{post}/versions", "listPostVersions",
            "Every saved version, newest first", Permission::posts_view),
        [&posts](Caller const& who, PostPath path) -> asio::awaitable<Result<http::List<VersionView>>> {
            MP_TRY(versions, co_await posts.versions(who, path.post));
            http::List<VersionView> list;
            list.data = std::move(versions);
            co_return list;
        });
}

void add_writing(http::Router& router, PostService& posts) {
    router.add(http::Route<WorkspacePath, http::None, PostInput, PostView>(
                   Method::post, "/workspaces/{workspace}/posts", "createPost", "Create a draft",
                   Permission::posts_create, {.ok = 201, .body_limit = 1024 * 1024, .audit = "post.create"}),
               [&posts](Caller const& who, WorkspacePath, PostInput input) {
                   return reply(posts.create(who, std::move(input)));
               });
    router.add(
        http::Route<WorkspacePath, http::None, PostInput, Issues>(
            Method::post, "/workspaces/{workspace}/posts/validate", "validatePost",
            "What the networks would say, without saving", Permission::posts_create,
            {.body_limit = 1024 * 1024, .idempotent = false}),
        [&posts](Caller const& who, WorkspacePath, PostInput input) -> asio::awaitable<Result<Issues>> {
            MP_TRY(issues, co_await posts.validate(who, std::move(input)));
            co_return Issues{std::move(issues)};
        });
    router.add(http::Route<PostPath, http::None, PostPatch, PostView>(
                   Method::patch, "/workspaces/{workspace}/posts/{post}", "updatePost", "Change a post",
                   Permission::posts_edit,
                   {.body_limit = 1024 * 1024,
                    .if_match = true,
                    .audit = "post.edit",
                    .errors = {ErrorCode::publishing_started}}),
               [&posts](Caller const& who, http::RequestInfo const& info, PostPath path, PostPatch patch) {
                   return reply(posts.change(who, path.post, *info.if_match, std::move(patch)));
               });
    router.add(http::Route<PostPath, http::None, http::None, http::None>(
                   Method::delete_, "/workspaces/{workspace}/posts/{post}", "deletePost",
                   "Delete a post; never touches the networks", Permission::posts_delete,
                   {.audit = "post.delete", .errors = {ErrorCode::publishing_started}}),
               [&posts](Caller const& who, PostPath path) { return posts.remove(who, path.post); });
    router.add(
        http::Route<PostPath, http::None, std::optional<DuplicateInput>, PostView>(
            Method::post, "/workspaces/{workspace}/posts/{post}/duplicate", "duplicatePost",
            "Copy as a draft", Permission::posts_create, {.ok = 201, .audit = "post.create"}),
        [&posts](Caller const& who, PostPath path, std::optional<DuplicateInput> input) {
            DuplicateInput const wanted = input.value_or(DuplicateInput());
            return reply(posts.duplicate(who, path.post, wanted.brand_id,
                                         wanted.account_map.value_or(std::map<std::string, AccountId>())));
        });
}

void add_actions(http::Router& router, PostService& posts) {
    std::vector<ErrorCode> const late{ErrorCode::publishing_started, ErrorCode::invalid_state};
    router.add(
        http::Route<PostPath, http::None, ScheduleInput, PostView>(
            Method::post, "/workspaces/{workspace}/posts/{post}/schedule", "schedulePost",
            "Send it at this time", Permission::posts_schedule, {.audit = "post.schedule", .errors = late}),
        [&posts](Caller const& who, PostPath path,
                 ScheduleInput input) -> asio::awaitable<Result<http::Reply<PostView>>> {
            if (!input.scheduled_at) co_return invalid("/scheduled_at", "required", "A time is needed.");
            co_return co_await reply(posts.schedule(who, path.post, *input.scheduled_at));
        });
    router.add(http::Route<PostPath, http::None, http::None, PostView>(
                   Method::post, "/workspaces/{workspace}/posts/{post}/publish", "publishPost", "Send it now",
                   Permission::posts_publish, {.audit = "post.publish", .errors = late}),
               [&posts](Caller const& who, PostPath path) { return reply(posts.publish(who, path.post)); });
    router.add(
        http::Route<PostPath, http::None, http::None, PostView>(
            Method::post, "/workspaces/{workspace}/posts/{post}/unschedule", "unschedulePost",
            "Back to a draft", Permission::posts_schedule, {.audit = "post.unschedule", .errors = late}),
        [&posts](Caller const& who, PostPath path) { return reply(posts.unschedule(who, path.post)); });
    router.add(http::Route<PostPath, http::None, std::optional<SubmitInput>, PostView>(
                   Method::post, "/workspaces/{workspace}/posts/{post}/submit", "submitPost",
                   "Ask for approval", Permission::posts_edit, {.audit = "post.submit", .errors = late}),
               [&posts](Caller const& who, PostPath path, std::optional<SubmitInput> input) {
                   return reply(posts.submit(who, path.post, input ? input->scheduled_at : std::nullopt));
               });
    router.add(http::Route<PostPath, http::None, http::None, PostView>(
                   Method::post, "/workspaces/{workspace}/posts/{post}/approve", "approvePost",
                   "Approve the present version", Permission::posts_approve,
                   {.audit = "post.approve", .errors = late}),
               [&posts](Caller const& who, PostPath path) { return reply(posts.approve(who, path.post)); });
    router.add(http::Route<PostPath, http::None, RejectInput, PostView>(
                   Method::post, "/workspaces/{workspace}/posts/{post}/reject", "rejectPost",
                   "Send it back to its author", Permission::posts_approve,
                   {.audit = "post.reject", .errors = late}),
               [&posts](Caller const& who, PostPath path, RejectInput input) {
                   return reply(posts.reject(who, path.post, std::move(input.reason)));
               });
}

void add_labels(http::Router& router, PostService& posts) {
    router.add(http::Route<WorkspacePath, http::None, http::None, http::List<Label>>(
                   Method::get, "/workspaces/{workspace}/labels", "listLabels", "Labels of the workspace",
                   Permission::posts_view),
               [&posts](Caller const& who, WorkspacePath) -> asio::awaitable<Result<http::List<Label>>> {
                   http::List<Label> list;
                   list.data = co_await posts.labels(who.workspace);
                   co_return list;
               });
    router.add(http::Route<WorkspacePath, http::None, LabelInput, Label>(
                   Method::post, "/workspaces/{workspace}/labels", "createLabel", "Make a label",
                   Permission::labels_manage, {.ok = 201, .audit = "label.create"}),
               [&posts](Caller const& who, WorkspacePath, LabelInput input) {
                   return posts.create_label(who, std::move(input.name), std::move(input.color));
               });
    router.add(http::Route<LabelPath, http::None, LabelPatch, Label>(
                   Method::patch, "/workspaces/{workspace}/labels/{label}", "updateLabel", "Change a label",
                   Permission::labels_manage, {.if_match = true, .audit = "label.edit"}),
               [&posts](Caller const& who, http::RequestInfo const& info, LabelPath path,
                        LabelPatch patch) -> asio::awaitable<Result<Label>> {
                   auto changed = co_await posts.change_label(who, path.label, *info.if_match,
                                                              std::move(patch.name), std::move(patch.color));
                   if (changed || changed.error().code != ErrorCode::version_mismatch) co_return changed;
                   auto const labels = co_await posts.labels(who.workspace);
                   for (auto const& label : labels) {
                       if (label.id == path.label) changed.error().current_json = json::serialize(label);
                   }
                   co_return changed;
               });
    router.add(http::Route<LabelPath, http::None, http::None, http::None>(
                   Method::delete_, "/workspaces/{workspace}/labels/{label}", "deleteLabel", "Delete a label",
                   Permission::labels_manage, {.audit = "label.delete"}),
               [&posts](Caller const& who, LabelPath path) { return posts.remove_label(who, path.label); });
}

}  // namespace

void add_routes(http::Router& router, PostService& posts) {
    add_reading(router, posts);
    add_writing(router, posts);
    add_actions(router, posts);
    add_labels(router, posts);
}

}  // namespace mypost::posts
