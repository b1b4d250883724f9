// Lists, the calendar and versions.
#include <algorithm>
#include <limits>

#include "core/text.hpp"
#include "posts/posts.hpp"
#include "posts/reading.hpp"
#include "posts/snapshot.hpp"
#include "publishing/states.hpp"

namespace mypost::posts {

namespace {

using access::Permission;

// The texts of a post, without the names of JSON members. The engines spell JSON differently; lower() is
// ICU's on both (SQLite's is our own function), whatever locale the PostgreSQL database was made with.
#define MP_MATCHES(text) " AND ($9 = '' OR " text " LIKE $9 ESCAPE '\\')"
#define MP_TEXT_POSTGRES                                                                                    \
    "lower(concat_ws(' ', p.content::jsonb->>'body', p.content::jsonb->>'first_comment',"                   \
    " (SELECT string_agg(part->>'body', ' ') FROM jsonb_path_query(p.content::jsonb, '$.thread[*]') part))" \
    " COLLATE \"und-x-icu\")"
#define MP_TEXT_SQLITE                                                                              \
    "lower(coalesce(json_extract(p.content, '$.body'), '') || ' ' ||"                               \
    " coalesce(json_extract(p.content, '$.first_comment'), '') || ' ' ||"                           \
    " coalesce((SELECT group_concat(json_extract(value, '$.body'), ' ') FROM json_each(p.content, " \
    "'$.thread')), ''))"

// Optional filters: "column = $n OR $n IS NULL". Brands the caller may see come as JSON ($4, null: all) and
// brands that a brand role hides as JSON ($5). Account, network and label of a list are looked up where they
// are indexed.
#define MP_LIST_FILTERS                                                                                      \
    " AND (p.brand_id = $6 OR $6 IS NULL) AND (p.status = $7 OR $7 IS NULL) AND (p.author_id = $8 OR $8 IS " \
    "NULL)"                                                                                                  \
    " AND ($10 = '' OR EXISTS (SELECT 1 FROM post_targets t WHERE t.post_id = p.id AND CAST(t.account_id "   \
    "AS TEXT) = $10))"                                                                                       \
    " AND ($11 = '' OR EXISTS (SELECT 1 FROM post_targets t WHERE t.post_id = p.id AND t.network = $11))"    \
    " AND ($12 = '' OR EXISTS (SELECT 1 FROM post_labels l WHERE l.post_id = p.id AND CAST(l.label_id AS "   \
    "TEXT) = $12))"                                                                                          \
    " AND ($13 = 0 OR EXISTS (SELECT 1 FROM post_targets t WHERE t.post_id = p.id AND t.scheduled_at >= $14" \
    " AND t.scheduled_at < $15) OR (p.scheduled_at >= $14 AND p.scheduled_at < $15))"

#define MP_LIST_HEAD \
    "SELECT p.sort_at, p.id FROM posts p WHERE p.workspace_id = $1 AND (p.sort_at, p.id) > ($2, $3)"
#define MP_LIST_ORDER " ORDER BY p.sort_at, p.id LIMIT $16"

constexpr db::Query sql_list{
    "posts.list",
    MP_LIST_HEAD
    " AND ($4 = '' OR p.brand_id = ANY (ARRAY(SELECT jsonb_array_elements_text(CASE WHEN $4 = '' THEN '[]' "
    "ELSE $4 END::jsonb)::uuid)))"
    " AND ($5 = '' OR p.brand_id <> ALL (ARRAY(SELECT jsonb_array_elements_text(CASE WHEN $5 = '' THEN '[]' "
    "ELSE $5 END::jsonb)::uuid)))" MP_MATCHES(MP_TEXT_POSTGRES) MP_LIST_FILTERS MP_LIST_ORDER,
    MP_LIST_HEAD
    " AND ($4 = '' OR p.brand_id IN (SELECT value FROM json_each(CASE WHEN $4 = '' THEN '[]' ELSE $4 END)))"
    " AND ($5 = '' OR p.brand_id NOT IN (SELECT value FROM json_each(CASE WHEN $5 = '' THEN '[]' ELSE $5 "
    "END)))" MP_MATCHES(MP_TEXT_SQLITE) MP_LIST_FILTERS MP_LIST_ORDER};

// Posts whose time lies in the range, and the few whose targets have times of their own that reach into it.
constexpr db::Query sql_calendar{
    "posts.calendar",
    "SELECT id, brand_id, status, scheduled_at, title, thumbnail_asset_id, label_ids, readiness, "
    "targets_summary, author_id"
    " FROM posts WHERE workspace_id = $1 AND sort_at >= $2 AND sort_at < $3"
    " UNION ALL"
    " SELECT id, brand_id, status, scheduled_at, title, thumbnail_asset_id, label_ids, readiness, "
    "targets_summary, author_id"
    " FROM posts WHERE workspace_id = $1 AND latest_scheduled_at >= $2 AND sort_at < $2"
    " ORDER BY scheduled_at, id LIMIT 5001"};

constexpr db::Query sql_versions{
    "posts.versions",
    "SELECT v.id, v.version, v.author_id, u.name, v.created_at, v.snapshot FROM post_versions v"
    " LEFT JOIN users u ON u.id = v.author_id WHERE v.workspace_id = $1 AND v.post_id = $2 ORDER BY "
    "v.version DESC LIMIT 200"};
constexpr db::Query sql_brand_of{"posts.brand_of",
                                 "SELECT brand_id FROM posts WHERE workspace_id = $1 AND id = $2"};

template <class T>
std::string text_of(std::optional<T> const& id) {
    return id ? id->to_string() : std::string();
}

// For LIKE: the text anywhere, its own wildcards taken literally. As it stands inside JSON.
std::string pattern_of(std::string const& q) {
    std::string pattern = "%";
    for (char c : text::lower(q)) {
        if (c == '%' || c == '_' || c == '\\') pattern.push_back('\\');
        pattern.push_back(c);
    }
    return pattern + "%";
}

// '{"account_id":"<id>",…}' or '"network":"x"' inside the stored summary.
bool names(std::string const& summary, std::string_view key, std::string const& value) {
    return summary.find(fmt::format("\"{}\":\"{}\"", key, value)) != std::string::npos;
}

// Whether a target of a post that starts before the range has a time inside it.
bool reaches_into(std::string const& summary, Instant from, Instant to) {
    auto const parsed = boost::json::parse(summary);
    for (auto const& target : parsed.as_array()) {
        auto const* at = target.as_object().if_contains("scheduled_at");
        if (!at || !at->is_string()) continue;
        auto const instant = parse_rfc3339(at->get_string());
        if (instant && *instant >= from && *instant < to) return true;
    }
    return false;
}

void append_text(std::string& out, std::string_view text) {
    out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

}  // namespace

asio::awaitable<Result<PostPage>> PostService::list(access::Caller caller, PostFilter filter,
                                                    std::size_t limit,
                                                    std::optional<std::pair<std::int64_t, PostId>> after) {
    if (filter.brand_id) {
        MP_CHECK(allowed, caller.require(Permission::posts_view, *filter.brand_id, "Brand"));
    }
    if (filter.status && !publishing::parse_post_status(*filter.status)) {
        co_return invalid("query:status", "invalid_value", "There is no such status.");
    }
    auto const visible = caller.visible_brands(Permission::posts_view);
    auto const hidden = caller.hidden_brands(Permission::posts_view);
    bool const ranged = filter.from || filter.to;
    std::optional<std::string> status = filter.status;
    if (filter.awaiting) status = "pending_approval";
    db::Params params{caller.workspace,
                      after ? after->first : std::numeric_limits<std::int64_t>::min(),
                      after ? after->second : PostId(),
                      visible ? id_list(*visible) : std::string(),
                      hidden.empty() ? std::string() : id_list(hidden),
                      filter.brand_id,
                      status,
                      filter.author_id,
                      filter.q && !filter.q->empty() ? pattern_of(*filter.q) : std::string(),
                      text_of(filter.account_id),
                      filter.network.value_or(""),
                      text_of(filter.label_id),
                      ranged ? 1 : 0,
                      filter.from ? to_ms(*filter.from) : std::numeric_limits<std::int64_t>::min(),
                      filter.to ? to_ms(*filter.to) : std::numeric_limits<std::int64_t>::max(),
                      static_cast<std::int64_t>(limit + 1)};
    auto const rows = co_await database_.read(sql_list, std::move(params));
    std::vector<PostId> ids;
    PostPage page;
    for (auto const& row : rows) {
        if (ids.size() == limit) {
            auto const& last = rows.rows[limit - 1];
            page.next = std::pair(last.int64(0), last.id<PostId>(1));
            break;
        }
        ids.push_back(row.id<PostId>(1));
    }
    page.data = co_await load_posts(reading(database_), media_, caller.workspace, std::move(ids));
    co_return page;
}

asio::awaitable<Result<std::string>> PostService::calendar(access::Caller caller, Instant from, Instant to,
                                                           PostFilter filter) {
    if (filter.brand_id) {
        MP_CHECK(allowed, caller.require(Permission::posts_view, *filter.brand_id, "Brand"));
    }
    db::Params params{caller.workspace, from, to};
    auto const rows = co_await database_.read(sql_calendar, std::move(params));
    std::string out = R"({"data":[)";
    out.reserve(rows.size() * 500 + 16);
    std::size_t count = 0;
    for (auto const& row : rows) {
        BrandId const brand = row.id<BrandId>(1);
        std::string const& summary = row.text(8);
        bool const shown =
            caller.sees(brand) && caller.may(Permission::posts_view, brand) &&
            (!filter.brand_id || brand == *filter.brand_id) &&
            (!filter.status || row.text(2) == *filter.status) &&
            (!filter.account_id || names(summary, "account_id", filter.account_id->to_string())) &&
            (!filter.network || names(summary, "network", *filter.network)) &&
            (!filter.label_id || row.text(6).find(filter.label_id->to_string()) != std::string::npos) &&
            (!filter.author_id || row.id<UserId>(9) == *filter.author_id) &&
            (row.instant(3) >= from || reaches_into(summary, from, to));
        if (!shown) continue;
        if (count == 5000) break;
        if (count++ > 0) out.push_back(',');
        out += R"({"id":")" + row.text(0) + R"(","brand_id":")" + row.text(1) + R"(","status":")" +
               row.text(2) + R"(","scheduled_at":")" + to_rfc3339(row.instant(3)) + R"(","title":)";
        append_text(out, row.text(4));
        out += R"(,"thumbnail_url":)";
        if (auto const asset = row.opt_id<AssetId>(5)) {
            append_text(out, media_.thumbnail_url(caller.workspace, *asset));
        } else {
            out += "null";
        }
        out += R"(,"labels":)" + row.text(6) + R"(,"readiness":")" + row.text(7) + R"(","targets":)" +
               summary + "}";
    }
    out += "]}";
    co_return out;
}

asio::awaitable<Result<std::vector<VersionView>>> PostService::versions(access::Caller caller, PostId id) {
    db::Params by_id{caller.workspace, id};
    auto const brand = co_await database_.read(sql_brand_of, std::move(by_id));
    if (brand.empty()) co_return not_found("Post");
    MP_CHECK(allowed, caller.require(Permission::posts_view, brand.front().id<BrandId>(0), "Post"));
    db::Params params{caller.workspace, id};
    auto const rows = co_await database_.read(sql_versions, std::move(params));
    std::vector<VersionView> list;
    for (auto const& row : rows) {
        VersionView view;
        view.id = row.id<PostVersionId>(0);
        view.version = row.int64(1);
        if (auto const author = row.opt_id<UserId>(2))
            view.author = Author{*author, row.opt_text(3).value_or("")};
        view.created_at = row.instant(4);
        PostInput saved = input_from_json(row.text(5));
        view.content = std::move(saved.content);
        view.targets = std::move(saved.targets);
        view.labels = std::move(saved.labels);
        view.scheduled_at = saved.scheduled_at;
        list.push_back(std::move(view));
    }
    co_return list;
}

}  // namespace mypost::posts
