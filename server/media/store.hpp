// The SQL of media assets.
#pragma once

#include "db/database.hpp"
#include "media/media.hpp"

namespace mypost::media::store {

asio::awaitable<std::optional<Asset>> find(db::Database& database, WorkspaceId workspace, AssetId id);
asio::awaitable<std::vector<Asset>> list(db::Database& database, access::Caller const& caller,
                                         AssetFilter filter, std::size_t limit, std::optional<AssetId> after);
asio::awaitable<bool> brand_exists(db::Database& database, WorkspaceId workspace, BrandId brand);
asio::awaitable<void> insert(db::Transaction& tx, Asset asset, std::string storage_key);
asio::awaitable<void> insert_rendition(db::Transaction& tx, Asset const& asset, std::string name,
                                       StoredFile file, std::int64_t width, std::int64_t height, Instant now);
struct Rendition {
    StoredFile file;
    int width = 0;
    int height = 0;
};
asio::awaitable<std::optional<Rendition>> find_rendition(db::Database& database, Asset const& asset,
                                                         std::string name);
// False when the version has moved on.
asio::awaitable<bool> update(db::Transaction& tx, Asset const& asset, std::int64_t version, Instant now);
asio::awaitable<void> trash(db::Transaction& tx, WorkspaceId workspace, AssetId id, Instant now);

struct Use {
    PostId post;
    BrandId brand;
    std::string title;
};
// Posts that use the asset and may still go out.
asio::awaitable<std::vector<Use>> uses(db::Transaction& tx, WorkspaceId workspace, AssetId id);

struct Trashed {
    AssetId id;
    WorkspaceId workspace;
};
asio::awaitable<std::vector<Trashed>> trashed_before(db::Database& database, Instant instant);
// Deletes the row, or, where a post's history refers to it, keeps it as a failed one without files.
asio::awaitable<void> forget(db::Database& database, Trashed asset);

std::string tags_json(std::vector<std::string> const& tags);

}  // namespace mypost::media::store
