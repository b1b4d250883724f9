#include "posts/reading.hpp"

#include <algorithm>

namespace mypost::posts {

namespace {

// Lists of ids travel as one JSON parameter; each engine unpacks it its own way.
constexpr db::Query sql_posts{
    "posts.load",
    "SELECT p.id, p.workspace_id, p.brand_id, p.author_id, u.name, p.status, p.readiness, p.content, "
    "p.scheduled_at,"
    " p.published_at, p.version, p.state_version, v.version, p.created_at, p.updated_at"
    " FROM posts p JOIN users u ON u.id = p.author_id LEFT JOIN post_versions v ON v.id = "
    "p.approved_version_id"
    " WHERE p.workspace_id = $1 AND p.id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::uuid))",
    "SELECT p.id, p.workspace_id, p.brand_id, p.author_id, u.name, p.status, p.readiness, p.content, "
    "p.scheduled_at,"
    " p.published_at, p.version, p.state_version, v.version, p.created_at, p.updated_at"
    " FROM posts p JOIN users u ON u.id = p.author_id LEFT JOIN post_versions v ON v.id = "
    "p.approved_version_id"
    " WHERE p.workspace_id = $1 AND p.id IN (SELECT value FROM json_each($2))"};

constexpr db::Query sql_targets{
    "posts.load_targets",
    "SELECT id, post_id, account_id, network, kind, ordinal, state, held_reason, readiness, "
    "readiness_reasons, overrides,"
    " options, scheduled_at, local_time, time_zone, published_at, verified_at, remote_id, remote_url, "
    "warnings,"
    " attempt_count, next_attempt_at, error_code, error_params, error_message, error_retryable"
    " FROM post_targets WHERE workspace_id = $1"
    " AND post_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::uuid)) ORDER BY post_id, id",
    "SELECT id, post_id, account_id, network, kind, ordinal, state, held_reason, readiness, "
    "readiness_reasons, overrides,"
    " options, scheduled_at, local_time, time_zone, published_at, verified_at, remote_id, remote_url, "
    "warnings,"
    " attempt_count, next_attempt_at, error_code, error_params, error_message, error_retryable"
    " FROM post_targets WHERE workspace_id = $1 AND post_id IN (SELECT value FROM json_each($2)) ORDER BY "
    "post_id, id"};

constexpr db::Query sql_parts{
    "posts.load_parts",
    "SELECT s.target_id, s.role, s.part_index, s.state, s.remote_id, s.remote_url, s.error_code, "
    "s.error_message"
    " FROM target_parts s JOIN post_targets t ON t.id = s.target_id WHERE t.workspace_id = $1"
    " AND t.post_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::uuid)) ORDER BY s.target_id, "
    "s.position",
    "SELECT s.target_id, s.role, s.part_index, s.state, s.remote_id, s.remote_url, s.error_code, "
    "s.error_message"
    " FROM target_parts s JOIN post_targets t ON t.id = s.target_id WHERE t.workspace_id = $1"
    " AND t.post_id IN (SELECT value FROM json_each($2)) ORDER BY s.target_id, s.position"};

constexpr db::Query sql_labels{
    "posts.load_labels",
    "SELECT pl.post_id, l.id, l.name, l.color, l.version FROM post_labels pl JOIN labels l ON l.id = "
    "pl.label_id"
    " WHERE pl.workspace_id = $1"
    " AND pl.post_id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::uuid)) ORDER BY l.name",
    "SELECT pl.post_id, l.id, l.name, l.color, l.version FROM post_labels pl JOIN labels l ON l.id = "
    "pl.label_id"
    " WHERE pl.workspace_id = $1 AND pl.post_id IN (SELECT value FROM json_each($2)) ORDER BY l.name"};

constexpr db::Query sql_assets{
    "posts.load_assets",
    "SELECT DISTINCT a.id, a.kind, a.width, a.height FROM post_media pm JOIN media_assets a ON a.id = "
    "pm.asset_id"
    " WHERE pm.workspace_id = $1 AND pm.post_id = ANY (ARRAY(SELECT "
    "jsonb_array_elements_text($2::jsonb)::uuid))",
    "SELECT DISTINCT a.id, a.kind, a.width, a.height FROM post_media pm JOIN media_assets a ON a.id = "
    "pm.asset_id"
    " WHERE pm.workspace_id = $1 AND pm.post_id IN (SELECT value FROM json_each($2))"};

struct AssetFacts {
    std::string kind;
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> height;
};
using Assets = std::map<AssetId, AssetFacts>;

class Viewer {
  public:
    Viewer(MediaLinks const& media, WorkspaceId workspace, Assets assets)
        : media_(media), workspace_(workspace), assets_(std::move(assets)) {}

    ContentView view(Content const& content) const {
        ContentView result;
        result.body = content.body;
        result.media = view(content.media);
        result.link = content.link;
        result.first_comment = content.first_comment;
        for (auto const& part : content.thread)
            result.thread.push_back(ThreadPartView{part.body, view(part.media)});
        return result;
    }

  private:
    std::vector<MediaView> view(std::vector<MediaUse> const& uses) const {
        std::vector<MediaView> list;
        for (auto const& use : uses) {
            MediaView item;
            item.asset_id = use.asset_id;
            item.alt = use.alt;
            if (auto const found = assets_.find(use.asset_id); found != assets_.end()) {
                item.kind = found->second.kind;
                item.width = found->second.width;
                item.height = found->second.height;
            }
            item.thumbnail_url = media_.thumbnail_url(workspace_, use.asset_id);
            item.url = media_.content_url(workspace_, use.asset_id);
            list.push_back(std::move(item));
        }
        return list;
    }

    MediaLinks const& media_;
    WorkspaceId workspace_;
    Assets assets_;
};

boost::json::object object_of(std::string const& text) {
    return boost::json::parse(text).as_object();
}

publishing::TargetState state_of(std::string const& name) {
    auto const state = publishing::parse_target_state(name);
    if (!state) throw std::logic_error("unknown target state in the database");
    return *state;
}

publishing::PostStatus status_of(std::string const& name) {
    auto const status = publishing::parse_post_status(name);
    if (!status) throw std::logic_error("unknown post status in the database");
    return *status;
}

std::vector<ReadinessReasonView> reasons_of(std::string const& text) {
    std::vector<ReadinessReasonView> reasons;
    auto const parsed = boost::json::parse(text);
    for (auto const& item : parsed.as_array()) {
        auto const& object = item.as_object();
        reasons.push_back({std::string(object.at("code").as_string()), object.at("blocks").as_bool(),
                           std::string(object.at("message").as_string())});
    }
    return reasons;
}

TargetView target_of(db::Row const& row, Content const& content, Viewer const& viewer) {
    TargetView target;
    target.id = row.id<TargetId>(0);
    target.account_id = row.id<AccountId>(2);
    target.network = row.text(3);
    target.kind = row.text(4);
    target.ordinal = row.int64(5);
    target.state = state_of(row.text(6));
    target.held_reason = row.opt_text(7);
    target.readiness = row.text(8);
    target.readiness_reasons = reasons_of(row.text(9));
    target.content = override_from_json(row.text(10));
    target.effective_content = viewer.view(effective(content, target.content));
    target.options = object_of(row.text(11));
    target.scheduled_at = row.opt_instant(12);
    if (!row.is_null(13) && !row.is_null(14)) target.scheduled_local = LocalTime{row.text(13), row.text(14)};
    target.published_at = row.opt_instant(15);
    target.verified_at = row.opt_instant(16);
    target.remote_id = row.opt_text(17);
    target.remote_url = row.opt_text(18);
    target.attempt_count = row.int64(20);
    target.next_attempt_at = row.opt_instant(21);
    if (!row.is_null(22)) {
        TargetErrorView error;
        error.code = row.text(22);
        if (auto const params = row.opt_text(23)) error.params = object_of(*params);
        error.message = row.opt_text(24).value_or("");
        error.retryable = row.boolean(25);
        target.error = std::move(error);
    }
    return target;
}

PartView part_of(db::Row const& row) {
    PartView part;
    part.role = row.text(1);
    part.index = row.int64(2);
    part.state = row.text(3);
    part.remote_id = row.opt_text(4);
    part.remote_url = row.opt_text(5);
    if (!row.is_null(6)) part.error = PartErrorView{row.text(6), row.opt_text(7).value_or("")};
    return part;
}

PostView post_of(db::Row const& row) {
    PostView post;
    post.id = row.id<PostId>(0);
    post.workspace_id = row.id<WorkspaceId>(1);
    post.brand_id = row.id<BrandId>(2);
    post.author = Author{row.id<UserId>(3), row.text(4)};
    post.status = status_of(row.text(5));
    post.readiness = row.text(6);
    post.scheduled_at = row.opt_instant(8);
    post.published_at = row.opt_instant(9);
    post.version = row.int64(10);
    post.state_version = row.int64(11);
    post.approved_version = row.opt_int64(12);
    post.created_at = row.instant(13);
    post.updated_at = row.instant(14);
    return post;
}

}  // namespace

Run reading(db::Database& database) {
    return [&database](db::Query const& query, db::Params params) {
        return database.read(query, std::move(params));
    };
}

Run reading(db::Transaction& tx) {
    return [&tx](db::Query const& query, db::Params params) { return tx.run(query, std::move(params)); };
}

asio::awaitable<std::vector<PostView>> load_posts(Run run, MediaLinks const& media, WorkspaceId workspace,
                                                  std::vector<PostId> ids) {
    std::vector<PostView> ordered;
    if (ids.empty()) co_return ordered;
    std::string const list = id_list(ids);
    db::Params params{workspace, list};
    auto const posts = co_await run(sql_posts, params);
    auto const targets = co_await run(sql_targets, params);
    auto const parts = co_await run(sql_parts, params);
    auto const labels = co_await run(sql_labels, params);
    auto const assets = co_await run(sql_assets, params);

    Assets facts;
    for (auto const& row : assets)
        facts[row.id<AssetId>(0)] = AssetFacts{row.text(1), row.opt_int64(2), row.opt_int64(3)};
    Viewer const viewer(media, workspace, std::move(facts));
    std::map<PostId, PostView> found;
    std::map<PostId, Content> contents;
    for (auto const& row : posts) {
        PostView post = post_of(row);
        Content content = content_from_json(row.text(7));
        post.content = viewer.view(content);
        contents.emplace(post.id, std::move(content));
        found.emplace(post.id, std::move(post));
    }
    std::map<TargetId, std::vector<PartView>> parts_of;
    for (auto const& row : parts) parts_of[row.id<TargetId>(0)].push_back(part_of(row));
    for (auto const& row : targets) {
        auto const post = found.find(row.id<PostId>(1));
        if (post == found.end()) continue;
        TargetView target = target_of(row, contents.at(post->first), viewer);
        target.parts = std::move(parts_of[target.id]);
        post->second.targets.push_back(std::move(target));
    }
    for (auto const& row : labels) {
        auto const post = found.find(row.id<PostId>(0));
        if (post == found.end()) continue;
        post->second.labels.push_back(Label{row.id<LabelId>(1), row.text(2), row.text(3), row.int64(4)});
    }
    for (auto const& id : ids) {
        if (auto const post = found.find(id); post != found.end()) ordered.push_back(std::move(post->second));
    }
    co_return ordered;
}

}  // namespace mypost::posts
