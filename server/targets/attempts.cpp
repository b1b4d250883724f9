// The evidence: every attempt, call, answer and conclusion of a post, secrets removed when it was written.
#include "targets/targets.hpp"

namespace mypost::targets {

namespace {

constexpr db::Query sql_post_brand{
    .name = "targets.post_brand",
    .sql = "SELECT brand_id FROM posts WHERE id = $1 AND workspace_id = $2",
};

constexpr db::Query sql_attempts{
    .name = "targets.attempts",
    .sql =
        "SELECT a.id, a.target_id, a.part, a.kind, a.step, a.started_at, a.finished_at, a.request_method, "
        "a.request_url,"
        " a.request_summary, a.response_status, a.response_summary, a.outcome, a.conclusion, a.actor_id, "
        "a.worker, p.role,"
        " p.part_index"
        " FROM publish_attempts a JOIN post_targets t ON t.id = a.target_id"
        " LEFT JOIN target_parts p ON p.target_id = a.target_id AND p.position = a.part"
        " WHERE t.post_id = $1 ORDER BY a.target_id, a.seq",
};

std::optional<std::string> text_or_nothing(std::string const& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::string part_name(db::Row const& row) {
    if (row.is_null(16)) return "post";
    if (row.text(16) == "thread") return fmt::format("thread/{}", row.int64(17));
    return row.text(16);
}

Attempt attempt_of(db::Row const& row) {
    Attempt attempt;
    attempt.id = row.id<AttemptId>(0);
    attempt.target_id = row.id<TargetId>(1);
    attempt.part = part_name(row);
    attempt.kind = row.text(3);
    attempt.step = row.text(4);
    attempt.started_at = row.instant(5);
    attempt.finished_at = row.opt_instant(6);
    if (attempt.kind == "call") {
        attempt.request = AttemptRequest{row.text(7), row.text(8), text_or_nothing(row.text(9))};
        if (attempt.finished_at)
            attempt.response = AttemptResponse{row.opt_int64(10), text_or_nothing(row.text(11))};
    }
    attempt.outcome = row.text(12);
    attempt.conclusion = text_or_nothing(row.text(13));
    attempt.actor_id = row.opt_id<UserId>(14);
    attempt.worker = row.text(15);
    return attempt;
}

}  // namespace

asio::awaitable<Result<std::vector<Attempt>>> TargetService::attempts(access::Caller caller, PostId post) {
    auto const posts = co_await publishing_.database.read(sql_post_brand, {post, caller.workspace});
    if (posts.empty()) co_return not_found("Post");
    MP_CHECK(allowed, caller.require(access::Permission::posts_view, posts.front().id<BrandId>(0), "Post"));
    auto const rows = co_await publishing_.database.read(sql_attempts, {post});
    std::vector<Attempt> attempts;
    for (auto const& row : rows) attempts.push_back(attempt_of(row));
    co_return attempts;
}

}  // namespace mypost::targets
