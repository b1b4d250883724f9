#include "publishing/locked_post.hpp"

#include <algorithm>
#include <stdexcept>

namespace mypost::publishing {

namespace {

constexpr db::Query sql_lock_post{
    .name = "publishing.lock_post",
    .sql =
        "SELECT p.id, p.workspace_id, p.brand_id, p.author_id, p.status, p.version, p.current_version_id,"
        " p.approved_version_id, b.approval_policy, p.scheduled_at"
        " FROM posts p JOIN brands b ON b.id = p.brand_id"
        " WHERE p.id = $1 AND p.workspace_id = $2 FOR UPDATE OF p",
};

constexpr db::Query sql_targets{
    .name = "publishing.post_targets",
    .sql =
        "SELECT t.id, t.account_id, t.network, t.kind, t.ordinal, t.state, t.scheduled_at,"
        " t.frozen IS NOT NULL, t.started_at IS NOT NULL,"
        " EXISTS (SELECT 1 FROM publish_attempts a WHERE a.target_id = t.id),"
        " EXISTS (SELECT 1 FROM target_parts s WHERE s.target_id = t.id AND s.state NOT IN ('pending', "
        "'failed')),"
        " EXISTS (SELECT 1 FROM target_parts l WHERE l.target_id = t.id AND l.state = 'published'),"
        " COALESCE(t.lease_until > db_now(), FALSE)"
        " FROM post_targets t WHERE t.post_id = $1 ORDER BY t.id",
};

constexpr db::Query sql_post_facts{
    .name = "publishing.post_facts",
    .sql =
        "SELECT workspace_id, brand_id, status, version, state_version, scheduled_at, published_at, readiness"
        " FROM posts WHERE id = $1",
};

constexpr db::Query sql_target_facts{
    .name = "publishing.target_facts",
    .sql =
        "SELECT state, scheduled_at, published_at, readiness, account_id, network, kind"
        " FROM post_targets WHERE post_id = $1 ORDER BY id",
};

constexpr db::Query sql_set_post{
    .name = "publishing.set_post",
    .sql =
        "UPDATE posts SET status = $2, scheduled_at = $3, published_at = $4, readiness = $5,"
        " state_version = state_version + 1, updated_at = $6, latest_scheduled_at = $7, targets_summary = $8"
        " WHERE id = $1",
};

TargetState state_column(db::Row const& row, std::size_t column) {
    auto const state = parse_target_state(row.text(column));
    if (!state) throw std::logic_error("unknown target state in the database");
    return *state;
}

LockedTarget target_of(db::Row const& row) {
    LockedTarget target;
    target.id = row.id<TargetId>(0);
    target.account = row.id<AccountId>(1);
    target.network = row.text(2);
    target.kind = row.text(3);
    target.ordinal = row.int64(4);
    target.state = state_column(row, 5);
    target.scheduled_at = row.opt_instant(6);
    target.frozen = row.boolean(7);
    target.started = row.boolean(8);
    target.has_attempts = row.boolean(9);
    target.sent_any = row.boolean(10);
    target.live_any = row.boolean(11);
    target.leased = row.boolean(12);
    return target;
}

bool waits(TargetState state) {
    return state == TargetState::draft || state == TargetState::pending_approval ||
           state == TargetState::scheduled || state == TargetState::held;
}

// What the post's own columns should be, by its targets.
struct Derived {
    PostStatus status = PostStatus::draft;
    std::optional<Instant> scheduled_at;
    std::optional<Instant> published_at;
    std::string readiness = "ok";
    std::optional<Instant> latest_scheduled_at;  // only where targets differ
    std::string targets_summary;                 // what lists show of the targets, as JSON
};

boost::json::object summary_of(db::Row const& row) {
    auto const at = row.opt_instant(1);
    boost::json::object item;
    item["account_id"] = row.text(4);
    item["network"] = row.text(5);
    item["kind"] = row.text(6);
    item["state"] = row.text(0);
    item["scheduled_at"] = at ? boost::json::value(to_rfc3339(*at)) : boost::json::value();
    return item;
}

Derived derive(db::Rows const& targets, std::optional<Instant> planned) {
    Derived result;
    std::vector<TargetState> states;
    std::optional<Instant> earliest;
    std::optional<Instant> latest;
    boost::json::array summary;
    bool all_timed = true;
    for (auto const& row : targets) {
        summary.push_back(summary_of(row));
        auto const state = state_column(row, 0);
        states.push_back(state);
        auto const published_at = row.opt_instant(2);
        if (published_at && (!result.published_at || *published_at < *result.published_at))
            result.published_at = published_at;
        if (waits(state) && row.text(3) != "ok" && result.readiness != "blocked")
            result.readiness = row.text(3);
        if (state == TargetState::cancelled) continue;
        auto const at = row.opt_instant(1);
        if (!at) all_timed = false;
        if (at && (!earliest || *at < *earliest)) earliest = at;
        if (at && (!latest || *at > *latest)) latest = at;
    }
    result.status = derive_status(states);
    // Targets without a time follow the draft's planned date, which must not be lost.
    result.scheduled_at = earliest && (all_timed || !planned) ? earliest : planned;
    if (latest && result.scheduled_at && *latest > *result.scheduled_at) result.latest_scheduled_at = latest;
    result.targets_summary = boost::json::serialize(summary);
    return result;
}

}  // namespace

bool LockedTarget::past_claim() const {
    switch (state) {
        case TargetState::publishing:
        case TargetState::retrying:
        case TargetState::unconfirmed:
        case TargetState::published:
        case TargetState::removed:
            return true;
        default:
            return sent_any;
    }
}

LockedTarget* LockedPost::find(TargetId target) {
    auto const found =
        std::find_if(targets.begin(), targets.end(), [&](auto const& t) { return t.id == target; });
    return found == targets.end() ? nullptr : &*found;
}

asio::awaitable<Result<LockedPost>> lock_post(db::Transaction& tx, WorkspaceId workspace, PostId post) {
    auto const rows = co_await tx.run(sql_lock_post, {post, workspace});
    if (rows.empty()) co_return not_found("Post");
    auto const& row = rows.front();
    LockedPost locked;
    locked.id = row.id<PostId>(0);
    locked.workspace = row.id<WorkspaceId>(1);
    locked.brand = row.id<BrandId>(2);
    locked.author = row.id<UserId>(3);
    locked.status = parse_post_status(row.text(4)).value_or(PostStatus::draft);
    locked.version = row.int64(5);
    locked.current_version = row.id<PostVersionId>(6);
    locked.approved_version = row.opt_id<PostVersionId>(7);
    locked.approval_policy = row.text(8);
    locked.scheduled_at = row.opt_instant(9);
    auto const targets = co_await tx.run(sql_targets, {post});
    for (auto const& target : targets) locked.targets.push_back(target_of(target));
    co_return locked;
}

asio::awaitable<Result<LockedPost>> lock_for_change(db::Transaction& tx, WorkspaceId workspace, PostId post) {
    auto locked = co_await lock_post(tx, workspace, post);
    if (!locked) co_return locked;
    bool const started = std::any_of(locked->targets.begin(), locked->targets.end(),
                                     [](auto const& t) { return t.past_claim(); });
    if (started) {
        co_return Error(ErrorCode::publishing_started,
                        "Publishing of this post has begun. What is already under way or live can no longer "
                        "be changed here.");
    }
    co_return locked;
}

asio::awaitable<void> recompute_post(db::Transaction& tx, PostId post, Instant now, Changes& changes,
                                     bool force) {
    auto const found = co_await tx.run(sql_post_facts, {post});
    if (found.empty()) co_return;
    auto const& row = found.front();
    auto const targets = co_await tx.run(sql_target_facts, {post});
    auto const derived = derive(targets, row.opt_instant(5));
    bool const same = to_string(derived.status) == row.text(2) &&
                      derived.scheduled_at == row.opt_instant(5) &&
                      derived.published_at == row.opt_instant(6) && derived.readiness == row.text(7);
    bool const touched = std::any_of(changes.targets.begin(), changes.targets.end(),
                                     [&](auto const& t) { return t.post == post; });
    if (same && !force && !touched) co_return;
    co_await tx.run(sql_set_post,
                    {post, to_string(derived.status), derived.scheduled_at, derived.published_at,
                     derived.readiness, now, derived.latest_scheduled_at, derived.targets_summary});
    PostChange change;
    change.workspace = row.id<WorkspaceId>(0);
    change.brand = row.id<BrandId>(1);
    change.post = post;
    change.status = derived.status;
    change.version = row.int64(3);
    change.state_version = row.int64(4) + 1;
    change.scheduled_at = derived.scheduled_at;
    change.readiness = derived.readiness;
    changes.posts.push_back(std::move(change));
}

}  // namespace mypost::publishing
