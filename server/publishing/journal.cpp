#include "publishing/journal.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "core/crypto.hpp"
#include "core/encoding.hpp"

namespace mypost::publishing {

namespace json = boost::json;
using networks::JournalEntry;
using networks::Outcome;

namespace {

constexpr db::Query sql_load{
    .name = "publishing.load_journal",
    .sql =
        "SELECT seq, kind, step, part, started_at, deadline_at, finished_at, outcome, code, intent, facts"
        " FROM publish_attempts WHERE target_id = $1 AND version_id = $2 ORDER BY seq",
};

// Only while the fence is mine and the lease lasts. COALESCE(MAX) is safe: the holder of the fence is alone.
constexpr db::Query sql_intent{
    .name = "publishing.write_intent",
    .sql =
        "INSERT INTO publish_attempts (id, workspace_id, target_id, seq, kind, step, part, version_id, "
        "fence, worker,"
        " fingerprint, request_method, request_url, request_summary, intent, repeatable, started_at, "
        "deadline_at)"
        " SELECT CAST($1 AS UUID), t.workspace_id, t.id,"
        " COALESCE((SELECT MAX(a.seq) FROM publish_attempts a WHERE a.target_id = t.id), 0) + 1, 'call', "
        "CAST($4 AS TEXT),"
        " CAST($5 AS BIGINT), t.claimed_version_id, t.fence, t.lease_owner, CAST($6 AS TEXT), CAST($7 AS "
        "TEXT),"
        " CAST($8 AS TEXT), CAST($9 AS TEXT), CAST($10 AS TEXT), CAST($11 AS BOOLEAN), CAST($12 AS BIGINT),"
        " CAST($13 AS BIGINT)"
        " FROM post_targets t WHERE t.id = $2 AND t.fence = $3 AND t.state = 'publishing' AND t.lease_owner "
        "IS NOT NULL"
        " AND t.lease_until >= db_now() + CAST($14 AS BIGINT)"
        " RETURNING seq",
    // CAST(… AS UUID) would make a number of it.
    .sqlite_sql =
        "INSERT INTO publish_attempts (id, workspace_id, target_id, seq, kind, step, part, version_id, "
        "fence, worker,"
        " fingerprint, request_method, request_url, request_summary, intent, repeatable, started_at, "
        "deadline_at)"
        " SELECT $1, t.workspace_id, t.id,"
        " COALESCE((SELECT MAX(a.seq) FROM publish_attempts a WHERE a.target_id = t.id), 0) + 1, 'call', $4,"
        " $5, t.claimed_version_id, t.fence, t.lease_owner, $6, $7, $8, $9, $10, $11, $12, $13"
        " FROM post_targets t WHERE t.id = $2 AND t.fence = $3 AND t.state = 'publishing' AND t.lease_owner "
        "IS NOT NULL"
        " AND t.lease_until >= db_now() + $14"
        " RETURNING seq",
};

constexpr db::Query sql_started{
    .name = "publishing.started",
    .sql = "UPDATE post_targets SET started_at = COALESCE(started_at, $2) WHERE id = $1",
};

constexpr db::Query sql_part_sending{
    .name = "publishing.part_sending",
    .sql =
        "UPDATE target_parts SET state = 'sending' WHERE target_id = $1 AND position = $2 AND state IN "
        "('pending', 'failed')",
};

constexpr db::Query sql_outcome{
    .name = "publishing.write_outcome",
    .sql =
        "UPDATE publish_attempts SET finished_at = $2, outcome = $3, code = $4, response_status = $5,"
        " response_summary = $6, facts = $7, conclusion = $8 WHERE id = $1 AND finished_at IS NULL",
};

constexpr db::Query sql_marker{
    .name = "publishing.write_marker",
    .sql =
        "INSERT INTO publish_attempts (id, workspace_id, target_id, seq, kind, step, part, version_id, "
        "fence, worker,"
        " fingerprint, started_at, deadline_at, finished_at, outcome, conclusion, actor_id)"
        " VALUES ($1, $2, $3, COALESCE((SELECT MAX(a.seq) FROM publish_attempts a WHERE a.target_id = $3), "
        "0) + 1, $4, $4, 0,"
        " $5, $6, 'person', '', $7, $7, $7, 'ok', $8, $9)",
};

Outcome outcome_of(std::string_view name) {
    for (auto const outcome : {Outcome::unknown, Outcome::ok, Outcome::not_sent, Outcome::transient,
                               Outcome::rate_limited, Outcome::auth, Outcome::permission, Outcome::validation,
                               Outcome::media, Outcome::duplicate, Outcome::budget}) {
        if (to_string(outcome) == name) return outcome;
    }
    throw std::logic_error("unknown outcome in the journal");
}

JournalEntry::Kind kind_of(std::string_view name) {
    for (auto const kind : {JournalEntry::Kind::call, JournalEntry::Kind::retry, JournalEntry::Kind::recheck,
                            JournalEntry::Kind::declared_not_live}) {
        if (to_string(kind) == name) return kind;
    }
    throw std::logic_error("unknown kind in the journal");
}

networks::Journal journal_of(db::Rows const& rows) {
    networks::Journal journal;
    for (auto const& row : rows) {
        JournalEntry entry;
        entry.seq = row.int64(0);
        entry.kind = kind_of(row.text(1));
        entry.step = row.text(2);
        entry.part = static_cast<int>(row.int64(3));
        entry.started_at = row.instant(4);
        entry.deadline = row.instant(5);
        entry.finished_at = row.opt_instant(6);
        entry.outcome = outcome_of(row.text(7));
        entry.code = row.text(8);
        entry.intent = json::parse(row.text(9)).as_object();
        entry.facts = json::parse(row.text(10)).as_object();
        journal.push_back(std::move(entry));
    }
    return journal;
}

// Addresses can carry secrets behind the question mark.
std::string without_query(std::string const& url) {
    return url.substr(0, url.find_first_of("?#"));
}

struct BodyDescription {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(std::string const& text) const { return text; }
    std::string operator()(networks::MediaRef const& media) const {
        return fmt::format("media {} {}", media.part, media.index);
    }
    std::string operator()(std::vector<networks::FormField> const& fields) const {
        std::string text;
        for (auto const& field : fields) {
            text += field.name + "\n";
            if (auto const* plain = std::get_if<std::string>(&field.content)) text += *plain;
            if (auto const* media = std::get_if<networks::MediaRef>(&field.content)) text += (*this)(*media);
            text += "\n";
        }
        return text;
    }
};

}  // namespace

std::string_view to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::unknown:
            return "unknown";
        case Outcome::ok:
            return "ok";
        case Outcome::not_sent:
            return "not_sent";
        case Outcome::transient:
            return "transient";
        case Outcome::rate_limited:
            return "rate_limited";
        case Outcome::auth:
            return "auth";
        case Outcome::permission:
            return "permission";
        case Outcome::validation:
            return "validation";
        case Outcome::media:
            return "media";
        case Outcome::duplicate:
            return "duplicate";
        case Outcome::budget:
            return "budget";
    }
    throw std::logic_error("unknown outcome");
}

std::string_view to_string(JournalEntry::Kind kind) {
    switch (kind) {
        case JournalEntry::Kind::call:
            return "call";
        case JournalEntry::Kind::retry:
            return "retry";
        case JournalEntry::Kind::recheck:
            return "recheck";
        case JournalEntry::Kind::declared_not_live:
            return "declared_not_live";
    }
    throw std::logic_error("unknown journal kind");
}

std::string_view to_string(networks::PartState state) {
    switch (state) {
        case networks::PartState::pending:
            return "pending";
        case networks::PartState::sending:
            return "sending";
        case networks::PartState::published:
            return "published";
        case networks::PartState::failed:
            return "failed";
        case networks::PartState::unconfirmed:
            return "unconfirmed";
    }
    throw std::logic_error("unknown part state");
}

asio::awaitable<networks::Journal> load_journal(db::Database& database, TargetId target,
                                                PostVersionId version) {
    auto const rows = co_await database.read(sql_load, {target, version});
    co_return journal_of(rows);
}

asio::awaitable<networks::Journal> load_journal(db::Transaction& tx, TargetId target, PostVersionId version) {
    auto const rows = co_await tx.run(sql_load, {target, version});
    co_return journal_of(rows);
}

asio::awaitable<std::optional<Intent>> write_intent(db::Transaction& tx, Claim const& claim,
                                                    networks::Call const& call, std::string fingerprint,
                                                    Milliseconds margin, Instant now) {
    auto const id = AttemptId::make();
    auto const deadline = now + call.timeout;
    auto const rows = co_await tx.run(
        sql_intent, {id, claim.target, claim.fence, call.step, call.part, fingerprint, call.request.method,
                     without_query(call.request.url), call.summary, json::serialize(call.intent),
                     call.repeatable, now, deadline, Milliseconds(call.timeout + margin).count()});
    if (rows.empty()) co_return std::nullopt;
    co_await tx.run(sql_started, {claim.target, now});
    if (!call.repeatable) co_await tx.run(sql_part_sending, {claim.target, call.part});
    Intent intent;
    intent.id = id;
    intent.entry.seq = rows.front().int64(0);
    intent.entry.step = call.step;
    intent.entry.part = call.part;
    intent.entry.started_at = now;
    intent.entry.deadline = deadline;
    intent.entry.intent = call.intent;
    co_return intent;
}

asio::awaitable<bool> write_outcome(db::Transaction& tx, AttemptId attempt, networks::Verdict const& verdict,
                                    int status, Instant now) {
    std::optional<std::int64_t> response_status;
    if (status > 0) response_status = status;
    auto const rows =
        co_await tx.run(sql_outcome, {attempt, now, to_string(verdict.outcome), verdict.code, response_status,
                                      verdict.summary, json::serialize(verdict.facts), verdict.message});
    co_return rows.affected > 0;
}

asio::awaitable<void> write_marker(db::Transaction& tx, Claim const& claim, JournalEntry::Kind kind,
                                   UserId actor, std::string conclusion, Instant now) {
    co_await tx.run(sql_marker, {AttemptId::make(), claim.workspace, claim.target, to_string(kind),
                                 claim.version, claim.fence, now, conclusion, actor});
}

std::string fingerprint_of(networks::CallRequest const& request) {
    auto const body = std::visit(BodyDescription{}, request.body);
    return hex_encode(crypto::sha256(request.method + " " + request.url + "\n" + body));
}

}  // namespace mypost::publishing
