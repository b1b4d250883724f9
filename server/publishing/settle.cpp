#include "publishing/settle.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "publishing/content.hpp"
#include "publishing/locked_post.hpp"

namespace mypost::publishing {

using networks::PartState;

namespace {

constexpr db::Query sql_lock{
    .name = "publishing.settle_lock",
    .sql = "SELECT 1 FROM posts WHERE id = $1 FOR UPDATE",
};

constexpr db::Query sql_settle{
    .name = "publishing.settle",
    .sql =
        "UPDATE post_targets SET state = $3, held_reason = $4, dispatch_at = $5, next_attempt_at = $6, "
        "lease_owner = NULL,"
        " lease_until = NULL, attempt_count = $7, error_code = $8, error_params = $9, error_message = $10,"
        " error_retryable = $11, remote_id = COALESCE($12, remote_id), remote_url = COALESCE($13, "
        "remote_url),"
        " published_at = COALESCE(published_at, $14), verify_at = $15, verify_round = 0, updated_at = $16"
        " WHERE id = $1 AND fence = $2 AND state = 'publishing' RETURNING workspace_id, brand_id, post_id, "
        "account_id",
};

// A late proof needs no fence: it raises it, so that whoever holds the target stops.
constexpr db::Query sql_lift{
    .name = "publishing.lift",
    .sql =
        "UPDATE post_targets SET state = 'published', fence = fence + 1, held_reason = NULL, dispatch_at = "
        "NULL,"
        " next_attempt_at = NULL, lease_owner = NULL, lease_until = NULL, error_code = NULL, error_params = "
        "NULL,"
        " error_message = NULL, error_retryable = FALSE, remote_id = $2, remote_url = $3,"
        " published_at = COALESCE(published_at, $4), verify_at = $5, verify_round = 0, updated_at = $4 WHERE "
        "id = $1",
};

constexpr db::Query sql_look_again{
    .name = "publishing.look_again",
    .sql =
        "UPDATE post_targets SET state = 'retrying', next_attempt_at = $2, dispatch_at = $2, updated_at = $2 "
        "WHERE id = $1"
        " AND state = 'unconfirmed'",
};

constexpr db::Query sql_lift_view{
    .name = "publishing.lift_view",
    .sql =
        "SELECT workspace_id, brand_id, account_id, state, frozen, claimed_version_id, COALESCE(lease_until "
        "> db_now(), FALSE)"
        " FROM post_targets WHERE id = $1 FOR UPDATE",
};

constexpr db::Query sql_part{
    .name = "publishing.write_part",
    .sql =
        "UPDATE target_parts SET state = $3, remote_id = COALESCE($4, remote_id), remote_url = COALESCE($5, "
        "remote_url)"
        " WHERE target_id = $1 AND position = $2 AND state <> 'removed'",
};

constexpr db::Query sql_last_published{
    .name = "publishing.last_published",
    .sql = "UPDATE social_accounts SET last_published_at = $2 WHERE id = $1",
};

std::optional<std::string> text_or_null(std::string const& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

std::string params_json(std::map<std::string, std::string> const& params) {
    boost::json::object object;
    for (auto const& [name, value] : params) object[name] = value;
    return boost::json::serialize(object);
}

constexpr std::chrono::minutes first_read_back{1};

}  // namespace

std::vector<networks::PartResult> proven_parts(networks::NetworkAdapter const& adapter,
                                               networks::Publication const& publication,
                                               networks::Journal const& journal, LinkOf const& link) {
    auto parts = adapter.results(publication, journal);
    if (parts.size() != publication.parts.size())
        throw std::logic_error("the adapter gave another number of parts");
    for (auto& part : parts) {
        if (link && !part.remote_url.empty())
            part.remote_url = link(publication.account.network, part.remote_url);
    }
    return parts;
}

bool all_live(std::vector<networks::PartResult> const& parts) {
    return !parts.empty() && std::all_of(parts.begin(), parts.end(),
                                         [](auto const& p) { return p.state == PartState::published; });
}

bool any_live(std::vector<networks::PartResult> const& parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [](auto const& p) { return p.state == PartState::published; });
}

bool any_unknown(std::vector<networks::PartResult> const& parts) {
    return std::any_of(parts.begin(), parts.end(), [](auto const& p) {
        return p.state == PartState::sending || p.state == PartState::unconfirmed;
    });
}

Problem partial(Problem problem, std::vector<networks::PartResult> const& parts) {
    auto const live = std::count_if(parts.begin(), parts.end(),
                                    [](auto const& p) { return p.state == PartState::published; });
    if (live == 0) return problem;
    problem.params["cause"] = problem.code;
    problem.params["live"] = std::to_string(live);
    problem.params["parts"] = std::to_string(parts.size());
    problem.message = fmt::format("{} of {} parts are live; then: {} Retry sends the rest.", live,
                                  parts.size(), problem.message);
    problem.code = "partially_published";
    return problem;
}

asio::awaitable<void> write_parts(db::Transaction& tx, TargetId target,
                                  std::vector<networks::PartResult> parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
        co_await tx.run(sql_part, {target, static_cast<std::int64_t>(i), to_string(parts[i].state),
                                   text_or_null(parts[i].remote_id), text_or_null(parts[i].remote_url)});
    }
}

asio::awaitable<bool> settle(db::Database& database, Claim claim, Settlement settlement, Instant now,
                             Changes& changes) {
    auto const to = next_state(TargetState::publishing, settlement.event);
    if (!to) throw std::logic_error("not an event of a run");
    bool const published = *to == TargetState::published;
    bool written = false;
    db::Database::Body body = [&](db::Transaction& tx) -> asio::awaitable<void> {
        co_await tx.run(sql_lock, {claim.post});
        auto const problem = settlement.problem.value_or(Problem{});
        std::optional<std::string> params;
        if (settlement.problem) params = params_json(problem.params);
        std::optional<Instant> retry_at, published_at, verify_at;
        if (*to == TargetState::retrying) retry_at = settlement.look_at;
        if (published) published_at = now;
        if (published && settlement.verify) verify_at = now + first_read_back;
        std::optional<std::string> reason, remote_id, remote_url;
        if (*to == TargetState::held) reason = std::string(to_string(settlement.held_reason.value()));
        if (!settlement.parts.empty()) {
            remote_id = text_or_null(settlement.parts.front().remote_id);
            remote_url = text_or_null(settlement.parts.front().remote_url);
        }
        auto const rows = co_await tx.run(
            sql_settle,
            {claim.target, claim.fence, to_string(*to), reason, settlement.look_at, retry_at,
             settlement.attempt_count, text_or_null(problem.code), params, text_or_null(problem.message),
             settlement.problem && problem.retryable, remote_id, remote_url, published_at, verify_at, now});
        if (rows.empty()) co_return;
        written = true;
        co_await write_parts(tx, claim.target, settlement.parts);
        auto const& row = rows.front();
        if (published) co_await tx.run(sql_last_published, {row.id<AccountId>(3), now});
        TargetChange change;
        change.workspace = row.id<WorkspaceId>(0);
        change.brand = row.id<BrandId>(1);
        change.post = row.id<PostId>(2);
        change.target = claim.target;
        change.account = row.id<AccountId>(3);
        change.state = *to;
        change.previous = TargetState::publishing;
        change.error_code = problem.code;
        changes.targets.push_back(std::move(change));
        co_await recompute_post(tx, claim.post, now, changes);
    };
    co_await database.transaction(body, db::Priority::high);
    co_return written;
}

asio::awaitable<void> lift(db::Database& database, networks::NetworkAdapter const& adapter, Claim claim,
                           LinkOf link, Instant now, Changes& changes) {
    db::Database::Body body = [&](db::Transaction& tx) -> asio::awaitable<void> {
        co_await tx.run(sql_lock, {claim.post});
        auto const rows = co_await tx.run(sql_lift_view, {claim.target});
        // Another version may have been frozen since: what is proven then is not what the target shows.
        if (rows.empty() || rows.front().is_null(4)) co_return;
        auto const& row = rows.front();
        auto const state = parse_target_state(row.text(3)).value();
        if (row.opt_id<PostVersionId>(5) != claim.version || state == TargetState::published) co_return;
        auto const publication = thaw(row.text(4));
        auto const journal = co_await load_journal(tx, claim.target, claim.version);
        auto const parts = proven_parts(adapter, publication, journal, link);
        co_await write_parts(tx, claim.target, parts);
        TargetChange change;
        change.workspace = row.id<WorkspaceId>(0);
        change.brand = row.id<BrandId>(1);
        change.post = claim.post;
        change.target = claim.target;
        change.account = row.id<AccountId>(2);
        change.state = state;
        change.previous = state;
        if (all_live(parts) && next_state(state, TargetEvent::late_proof)) {
            change.state = TargetState::published;
            co_await tx.run(sql_lift, {claim.target, parts.front().remote_id,
                                       text_or_null(parts.front().remote_url), now, now + first_read_back});
            co_await tx.run(sql_last_published, {change.account, now});
        } else if (state == TargetState::unconfirmed) {
            change.state = TargetState::retrying;
            co_await tx.run(sql_look_again, {claim.target, now});
            changes.due_now = true;
        }
        changes.targets.push_back(std::move(change));
        co_await recompute_post(tx, claim.post, now, changes);
    };
    co_await database.transaction(body, db::Priority::high);
}

}  // namespace mypost::publishing
