// Posts: content with per-account overrides, targets, versions, the calendar. Members of the types that go
// over the wire are spelled as there.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "access/caller.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "db/database.hpp"
#include "networks/adapter.hpp"
#include "posts/content.hpp"
#include "posts/wall_clock.hpp"
#include "publishing/changes.hpp"
#include "publishing/media_opener.hpp"
#include "publishing/scheduling.hpp"

namespace mypost::posts {

namespace asio = boost::asio;

// An instant, or a wall-clock time with its zone.
using When = std::variant<Instant, LocalTime>;

struct TargetInput {
    std::optional<TargetId> id;  // of an existing one; else account + kind + ordinal tell which
    AccountId account_id;
    std::string kind = "post";
    std::int64_t ordinal = 0;
    std::optional<ContentOverride> content;
    boost::json::object options;
    std::optional<std::optional<When>>
        scheduled_at;  // absent: the post's time (new) or as it is (existing); null: the post's
};

struct PostInput {
    BrandId brand_id;
    Content content;
    std::vector<TargetInput> targets;
    std::vector<LabelId> labels;
    std::optional<When> scheduled_at;  // the planned date; the post stays a draft
};

struct PostPatch {
    std::optional<ContentOverride> content;  // field by field
    std::optional<std::vector<TargetInput>> targets;
    std::optional<std::vector<LabelId>> labels;
    std::optional<std::optional<When>> scheduled_at;
};

struct Label {
    LabelId id;
    std::string name;
    std::string color;
    std::int64_t version = 1;
};

struct Author {
    UserId id;
    std::string name;
};

struct PartErrorView {
    std::string code;
    std::string message;
};

struct PartView {
    std::string role;  // post | thread | first_comment
    std::int64_t index = 0;
    std::string state;
    std::optional<std::string> remote_id;
    std::optional<std::string> remote_url;
    std::optional<PartErrorView> error;
};

struct ReadinessReasonView {
    std::string code;
    bool blocks = false;  // false: at risk
    std::string message;
};

struct TargetErrorView {
    std::string code;
    boost::json::object params;
    std::string message;
    bool retryable = false;
};

// A media use as it is read: with what a page needs to show it.
struct MediaView {
    AssetId asset_id;
    std::optional<std::string> alt;
    std::string kind;
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> height;
    std::string thumbnail_url;
    std::string url;
};
struct ThreadPartView {
    std::string body;
    std::vector<MediaView> media;
};
struct ContentView {
    std::string body;
    std::vector<MediaView> media;
    std::optional<std::string> link;
    std::optional<std::string> first_comment;
    std::vector<ThreadPartView> thread;
};

struct TargetView {
    TargetId id;
    AccountId account_id;
    std::string network;
    std::string kind;
    std::int64_t ordinal = 0;
    publishing::TargetState state = publishing::TargetState::draft;
    std::optional<std::string> held_reason;
    std::string readiness;
    std::vector<ReadinessReasonView> readiness_reasons;
    ContentOverride content;
    ContentView effective_content;
    boost::json::object options;
    std::optional<Instant> scheduled_at;
    std::optional<LocalTime> scheduled_local;
    std::optional<Instant> published_at;
    std::optional<Instant> verified_at;
    std::optional<std::string> remote_id;
    std::optional<std::string> remote_url;
    std::vector<PartView> parts;
    std::int64_t attempt_count = 0;
    std::optional<Instant> next_attempt_at;
    std::optional<TargetErrorView> error;
};

struct PostView {
    PostId id;
    WorkspaceId workspace_id;
    BrandId brand_id;
    Author author;
    publishing::PostStatus status = publishing::PostStatus::draft;
    std::string readiness;
    ContentView content;
    std::vector<Label> labels;
    std::optional<Instant> scheduled_at;
    std::optional<Instant> published_at;
    std::int64_t version = 0;
    std::int64_t state_version = 0;  // part of the ETag, not of the body
    std::optional<std::int64_t> approved_version;
    Instant created_at;
    Instant updated_at;
    std::vector<TargetView> targets;
};

// One row of a list; targets and labels as stored JSON.
struct PostFilter {
    std::optional<BrandId> brand_id;
    std::optional<std::string> status;
    std::optional<AccountId> account_id;
    std::optional<std::string> network;
    std::optional<LabelId> label_id;
    std::optional<UserId> author_id;
    std::optional<std::string> q;
    std::optional<Instant> from;
    std::optional<Instant> to;
    std::optional<std::string> awaiting;  // "approval"
};

struct PostPage {
    std::vector<PostView> data;
    std::optional<std::pair<std::int64_t, PostId>> next;  // (sort_at, id) to go on after
};

struct IssueView {
    std::optional<AccountId> account_id;  // nothing: of the post itself
    std::string part;                     // "post", "thread/1", "first_comment"
    std::string field;                    // JSON pointer into the input, e.g. "/targets/0/content/body"
    std::string code;
    boost::json::object params;
    std::string severity;  // error | warning
    std::string message;
};

struct VersionView {
    PostVersionId id;
    std::int64_t version = 0;
    std::optional<Author> author;
    Instant created_at;
    Content content;
    std::vector<TargetInput> targets;
    std::vector<LabelId> labels;
    std::optional<When> scheduled_at;
};

// Addresses of media for people's browsers; implemented by server/media.
class MediaLinks {
  public:
    virtual ~MediaLinks() = default;
    virtual std::string thumbnail_url(WorkspaceId workspace, AssetId asset) const = 0;
    virtual std::string content_url(WorkspaceId workspace, AssetId asset) const = 0;
};

struct References;

class PostService {
  public:
    PostService(db::Database& database, Clock const& clock, networks::Registry const& networks,
                publishing::Notifier& notifier, MediaLinks const& media, publishing::MediaOpener& opener);

    asio::awaitable<Result<PostView>> create(access::Caller caller, PostInput input);
    asio::awaitable<Result<PostView>> find(access::Caller caller, PostId id);
    // version_mismatch with the current post, as JSON, in Error::current_json.
    asio::awaitable<Result<PostView>> change(access::Caller caller, PostId id, std::int64_t version,
                                             PostPatch patch);
    asio::awaitable<Result<Done>> remove(access::Caller caller, PostId id);
    asio::awaitable<Result<PostView>> duplicate(access::Caller caller, PostId id,
                                                std::optional<BrandId> brand,
                                                std::map<std::string, AccountId> account_map);

    asio::awaitable<Result<std::vector<IssueView>>> validate(access::Caller caller, PostInput input);

    asio::awaitable<Result<PostView>> schedule(access::Caller caller, PostId id, When when);
    asio::awaitable<Result<PostView>> publish(access::Caller caller, PostId id);
    asio::awaitable<Result<PostView>> unschedule(access::Caller caller, PostId id);
    asio::awaitable<Result<PostView>> submit(access::Caller caller, PostId id, std::optional<When> when);
    asio::awaitable<Result<PostView>> approve(access::Caller caller, PostId id);
    asio::awaitable<Result<PostView>> reject(access::Caller caller, PostId id, std::string reason);

    // In order (scheduled_at, undated last; id), after `after`.
    asio::awaitable<Result<PostPage>> list(access::Caller caller, PostFilter filter, std::size_t limit,
                                           std::optional<std::pair<std::int64_t, PostId>> after);
    // The whole answer {"data":[…]} as JSON text: up to 5,000 light items, from the posts table alone.
    asio::awaitable<Result<std::string>> calendar(access::Caller caller, Instant from, Instant to,
                                                  PostFilter filter);

    asio::awaitable<Result<std::vector<VersionView>>> versions(access::Caller caller, PostId id);

    asio::awaitable<std::vector<Label>> labels(WorkspaceId workspace);
    asio::awaitable<Result<Label>> create_label(access::Caller caller, std::string name, std::string color);
    asio::awaitable<Result<Label>> change_label(access::Caller caller, LabelId id, std::int64_t version,
                                                std::optional<std::string> name,
                                                std::optional<std::string> color);
    asio::awaitable<Result<Done>> remove_label(access::Caller caller, LabelId id);

  private:
    struct Step;  // what an action does with the locked post
    asio::awaitable<Result<PostView>> act(access::Caller caller, PostId id, Step step);
    // validation_failed with every error that the networks' rules find in what would be sent.
    asio::awaitable<Result<Done>> preflight(access::Caller caller, PostId id);
    asio::awaitable<std::vector<IssueView>> issues_of(WorkspaceId workspace, PostInput input,
                                                      References references);

    db::Database& database_;
    Clock const& clock_;
    networks::Registry const& networks_;
    publishing::Notifier& notifier_;
    MediaLinks const& media_;
    publishing::MediaOpener& opener_;
};

}  // namespace mypost::posts
