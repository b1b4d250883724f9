#include "media/store.hpp"

#include <boost/json.hpp>

namespace mypost::media::store {

namespace json = boost::json;

namespace {

#define MP_ASSET_COLUMNS                                                                                   \
    "SELECT a.id, a.workspace_id, a.brand_id, a.kind, a.content_type, a.filename, a.size_bytes, a.width, " \
    "a.height,"                                                                                            \
    " a.duration_ms, a.sha256, a.alt, a.tags, a.state, a.problem, a.created_by, a.version, a.created_at, " \
    "a.updated_at,"                                                                                        \
    " (SELECT d.id FROM media_assets d WHERE d.workspace_id = a.workspace_id AND d.sha256 = a.sha256 AND " \
    "d.id < a.id"                                                                                          \
    " AND d.deleted_at IS NULL AND COALESCE(CAST(d.brand_id AS TEXT), '') = COALESCE(CAST(a.brand_id AS "  \
    "TEXT), '')"                                                                                           \
    " ORDER BY d.id LIMIT 1) FROM media_assets a WHERE a.workspace_id = $1 AND a.deleted_at IS NULL"

constexpr db::Query sql_find{"media.find", MP_ASSET_COLUMNS " AND a.id = $2"};

// $3 and $4: JSON arrays of brands, or ''. LIKE escapes are said: SQLite has no default.
#define MP_LIST_FILTERS                                                                                  \
    " AND ($5 = '' OR a.brand_id IS NULL OR CAST(a.brand_id AS TEXT) = $5) AND ($6 = '' OR a.kind = $6)" \
    " AND ($7 = '' OR a.tags LIKE $7 ESCAPE '\\')"                                                       \
    " AND ($8 = '' OR LOWER(a.filename) LIKE $8 ESCAPE '\\' OR LOWER(a.alt) LIKE $8 ESCAPE '\\'"         \
    " OR LOWER(a.tags) LIKE $8 ESCAPE '\\') ORDER BY a.id DESC LIMIT $9"

constexpr db::Query sql_list{
    "media.list",
    MP_ASSET_COLUMNS
    " AND a.id < $2"
    " AND ($3 = '' OR a.brand_id IS NULL OR a.brand_id = ANY (ARRAY("
    "SELECT jsonb_array_elements_text(CASE WHEN $3 = '' THEN '[]' ELSE $3 END::jsonb)::uuid)))"
    " AND ($4 = '' OR a.brand_id IS NULL OR a.brand_id <> ALL (ARRAY("
    "SELECT jsonb_array_elements_text(CASE WHEN $4 = '' THEN '[]' ELSE $4 "
    "END::jsonb)::uuid)))" MP_LIST_FILTERS,
    MP_ASSET_COLUMNS
    " AND a.id < $2"
    " AND ($3 = '' OR a.brand_id IS NULL OR a.brand_id IN (SELECT value FROM json_each(CASE WHEN $3 = '' "
    "THEN '[]' ELSE $3 END)))"
    " AND ($4 = '' OR a.brand_id IS NULL OR a.brand_id NOT IN"
    " (SELECT value FROM json_each(CASE WHEN $4 = '' THEN '[]' ELSE $4 END)))" MP_LIST_FILTERS};

constexpr db::Query sql_brand{
    "media.brand", "SELECT 1 FROM brands WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL"};
constexpr db::Query sql_insert{
    "media.insert",
    "INSERT INTO media_assets (id, workspace_id, brand_id, kind, content_type, filename, size_bytes, width, "
    "height, sha256,"
    " alt, tags, state, storage_key, created_by, version, created_at, updated_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $16)"};
constexpr db::Query sql_insert_rendition{"media.insert_rendition",
                                         "INSERT INTO media_renditions (asset_id, name, workspace_id, "
                                         "content_type, size_bytes, width, height, sha256,"
                                         " storage_key, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
                                         "$9, $10) ON CONFLICT (asset_id, name) DO NOTHING"};
constexpr db::Query sql_rendition{
    "media.rendition",
    "SELECT storage_key, content_type, size_bytes, sha256, width, height FROM media_renditions"
    " WHERE workspace_id = $1 AND asset_id = $2 AND name = $3"};
constexpr db::Query sql_update{
    "media.update",
    "UPDATE media_assets SET alt = $4, tags = $5, updated_at = $6, version = version + 1"
    " WHERE workspace_id = $1 AND id = $2 AND version = $3 AND deleted_at IS NULL"};
constexpr db::Query sql_trash{
    "media.trash",
    "UPDATE media_assets SET deleted_at = $3, updated_at = $3 WHERE workspace_id = $1 AND id = $2"};
constexpr db::Query sql_uses{
    "media.uses",
    "SELECT p.id, p.brand_id, p.title FROM post_media m JOIN posts p ON p.id = m.post_id"
    " WHERE m.workspace_id = $1 AND m.asset_id = $2 AND p.status NOT IN ('published', 'cancelled')"
    " ORDER BY p.id LIMIT 100"};
constexpr db::Query sql_trashed{"media.trashed",
                                "SELECT id, workspace_id FROM media_assets WHERE deleted_at < $1 AND "
                                "COALESCE(problem, '') <> 'purged' ORDER BY id LIMIT 500"};
constexpr db::Query sql_delete{
    "media.delete",
    "DELETE FROM media_assets WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM post_media m WHERE m.asset_id = $2)"};
constexpr db::Query sql_purged{"media.purged",
                               "UPDATE media_assets SET state = 'failed', problem = 'purged' WHERE "
                               "workspace_id = $1 AND id = $2 AND deleted_at IS NOT NULL"};

Asset read(db::Row const& row) {
    Asset asset;
    asset.id = row.id<AssetId>(0);
    asset.workspace = row.id<WorkspaceId>(1);
    asset.brand = row.opt_id<BrandId>(2);
    asset.kind = row.text(3);
    asset.content_type = row.text(4);
    asset.filename = row.text(5);
    asset.size_bytes = row.int64(6);
    asset.width = row.opt_int64(7);
    asset.height = row.opt_int64(8);
    asset.duration_ms = row.opt_int64(9);
    asset.sha256 = row.text(10);
    asset.alt = row.text(11);
    auto const parsed = json::parse(row.text(12));
    for (auto const& tag : parsed.as_array()) asset.tags.emplace_back(tag.as_string());
    asset.state = row.text(13);
    asset.problem = row.opt_text(14);
    asset.created_by = row.opt_id<UserId>(15);
    asset.version = row.int64(16);
    asset.created_at = row.instant(17);
    asset.updated_at = row.instant(18);
    asset.duplicate_of = row.opt_id<AssetId>(19);
    return asset;
}

std::string brands_json(std::vector<BrandId> const& brands) {
    json::array list;
    for (auto const& brand : brands) list.emplace_back(brand.to_string());
    return json::serialize(list);
}

// For LIKE: the text anywhere, in lower case, its own wildcards taken literally.
std::string pattern(std::string_view text, bool fold) {
    std::string result = "%";
    for (char const c : text) {
        if (c == '%' || c == '_' || c == '\\') result.push_back('\\');
        result.push_back(fold && c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    }
    return result + "%";
}

}  // namespace

std::string tags_json(std::vector<std::string> const& tags) {
    json::array list;
    for (auto const& tag : tags) list.emplace_back(tag);
    return json::serialize(list);
}

asio::awaitable<std::optional<Asset>> find(db::Database& database, WorkspaceId workspace, AssetId id) {
    db::Params params{workspace, id};
    auto const rows = co_await database.read(sql_find, std::move(params));
    if (rows.empty()) co_return std::nullopt;
    co_return read(rows.front());
}

asio::awaitable<std::vector<Asset>> list(db::Database& database, access::Caller const& caller,
                                         AssetFilter filter, std::size_t limit,
                                         std::optional<AssetId> after) {
    auto const visible = caller.visible_brands(access::Permission::media_view);
    auto const hidden = caller.hidden_brands(access::Permission::media_view);
    static auto const last = AssetId::parse("ffffffff-ffff-ffff-ffff-ffffffffffff").value();
    db::Params params{caller.workspace,
                      after.value_or(last),
                      visible ? brands_json(*visible) : std::string(),
                      hidden.empty() ? std::string() : brands_json(hidden),
                      filter.brand ? filter.brand->to_string() : std::string(),
                      filter.kind.value_or(""),
                      filter.tag ? pattern(json::serialize(json::string(*filter.tag)), false) : std::string(),
                      filter.q.empty() ? std::string() : pattern(filter.q, true),
                      static_cast<std::int64_t>(limit)};
    auto const rows = co_await database.read(sql_list, std::move(params));
    std::vector<Asset> assets;
    for (auto const& row : rows) assets.push_back(read(row));
    co_return assets;
}

asio::awaitable<bool> brand_exists(db::Database& database, WorkspaceId workspace, BrandId brand) {
    db::Params params{workspace, brand};
    auto const rows = co_await database.read(sql_brand, std::move(params));
    co_return !rows.empty();
}

asio::awaitable<void> insert(db::Transaction& tx, Asset asset, std::string storage_key) {
    db::Params params{asset.id,           asset.workspace,        asset.brand,      asset.kind,
                      asset.content_type, asset.filename,         asset.size_bytes, asset.width,
                      asset.height,       asset.sha256,           asset.alt,        tags_json(asset.tags),
                      asset.state,        std::move(storage_key), asset.created_by, asset.created_at};
    co_await tx.run(sql_insert, std::move(params));
}

asio::awaitable<void> insert_rendition(db::Transaction& tx, Asset const& asset, std::string name,
                                       StoredFile file, std::int64_t width, std::int64_t height,
                                       Instant now) {
    db::Params params{asset.id, std::move(name), asset.workspace, file.content_type, file.size_bytes,
                      width,    height,          file.sha256,     file.key,          now};
    co_await tx.run(sql_insert_rendition, std::move(params));
}

asio::awaitable<std::optional<Rendition>> find_rendition(db::Database& database, Asset const& asset,
                                                         std::string name) {
    db::Params params{asset.workspace, asset.id, std::move(name)};
    auto const rows = co_await database.read(sql_rendition, std::move(params));
    if (rows.empty()) co_return std::nullopt;
    auto const& row = rows.front();
    Rendition found;
    found.file = StoredFile{row.text(0), row.text(1), static_cast<std::uint64_t>(row.int64(2)), row.text(3),
                            asset.filename};
    found.width = static_cast<int>(row.opt_int64(4).value_or(0));
    found.height = static_cast<int>(row.opt_int64(5).value_or(0));
    co_return found;
}

asio::awaitable<bool> update(db::Transaction& tx, Asset const& asset, std::int64_t version, Instant now) {
    db::Params params{asset.workspace, asset.id, version, asset.alt, tags_json(asset.tags), now};
    auto const rows = co_await tx.run(sql_update, std::move(params));
    co_return rows.affected == 1;
}

asio::awaitable<void> trash(db::Transaction& tx, WorkspaceId workspace, AssetId id, Instant now) {
    db::Params params{workspace, id, now};
    co_await tx.run(sql_trash, std::move(params));
}

asio::awaitable<std::vector<Use>> uses(db::Transaction& tx, WorkspaceId workspace, AssetId id) {
    db::Params params{workspace, id};
    auto const rows = co_await tx.run(sql_uses, std::move(params));
    std::vector<Use> found;
    for (auto const& row : rows) found.push_back({row.id<PostId>(0), row.id<BrandId>(1), row.text(2)});
    co_return found;
}

asio::awaitable<std::vector<Trashed>> trashed_before(db::Database& database, Instant instant) {
    db::Params params{instant};
    auto const rows = co_await database.read(sql_trashed, std::move(params));
    std::vector<Trashed> found;
    for (auto const& row : rows) found.push_back({row.id<AssetId>(0), row.id<WorkspaceId>(1)});
    co_return found;
}

asio::awaitable<void> forget(db::Database& database, Trashed asset) {
    db::Params params{asset.workspace, asset.id};
    auto const deleted = co_await database.write(sql_delete, params);
    if (deleted.affected == 0) co_await database.write(sql_purged, std::move(params));
}

}  // namespace mypost::media::store
