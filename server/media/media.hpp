// Media assets: uploaded pictures, their thumbnails and what is made of them for the networks.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "db/database.hpp"
#include "media/helper_pool.hpp"
#include "media/signed_url.hpp"
#include "posts/posts.hpp"
#include "publishing/media_opener.hpp"
#include "storage/storage.hpp"

namespace mypost::media {

namespace asio = boost::asio;

struct Asset {
    AssetId id;
    WorkspaceId workspace;
    std::optional<BrandId> brand;  // nothing: shared in the workspace
    std::string kind;              // "image" | "gif" (moving)
    std::string content_type;      // of what is kept, as size, pixels and hash are
    std::string filename;          // as it was uploaded, without folders
    std::int64_t size_bytes = 0;
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> height;
    std::optional<std::int64_t> duration_ms;
    std::string sha256;  // hex
    std::string alt;
    std::vector<std::string> tags;
    std::string state;                    // "processing" | "ready" | "failed"
    std::optional<std::string> problem;   // code, when failed
    std::optional<AssetId> duplicate_of;  // the oldest with the same content in the same brand
    std::optional<UserId> created_by;
    std::int64_t version = 0;
    Instant created_at;
    Instant updated_at;
};

struct NewAsset {
    std::optional<BrandId> brand;
    std::string filename;
    std::string alt;
};

struct AssetChange {
    std::optional<std::string> alt;
    std::optional<std::vector<std::string>> tags;
};

struct AssetFilter {
    std::optional<BrandId> brand = {};     // with those shared in the workspace
    std::optional<std::string> kind = {};  // exactly
    std::optional<std::string> tag = {};   // exactly
    std::string q = {};                    // anywhere in file name, alt text or tags
};

// A file on its way in. Goes with its folder.
struct ReceivedFile {
    storage::WorkFolder folder;
    std::string path;
    std::uint64_t size_bytes = 0;
};

// What can be downloaded.
struct StoredFile {
    std::string key;  // in the storage
    std::string content_type;
    std::uint64_t size_bytes = 0;
    std::string sha256;
    std::string filename;
};

// All outlive the service.
struct MediaServices {
    db::Database& database;
    Clock const& clock;
    storage::Storage& storage;
    HelperPool& helper;
    asio::thread_pool& files;  // hashing, file system
    UrlSigner const& urls;
    std::uint64_t max_upload_bytes = std::uint64_t{32} * 1024 * 1024;
};

class MediaService final : public posts::MediaLinks, public publishing::MediaOpener {
  public:
    static constexpr std::int64_t max_pixels = 100'000'000;

    explicit MediaService(MediaServices services) : services_(services) {}

    // Takes the bytes of an upload. payload_too_large past the limit; errors of the source.
    asio::awaitable<Result<ReceivedFile>> receive(storage::PieceSource pieces);
    // Makes an asset of it: ready on return. unsupported_media_type and validation_failed name "/file",
    // "/alt", "/filename"; not_found for a brand that the caller does not see.
    asio::awaitable<Result<Asset>> add(access::Caller caller, NewAsset input, ReceivedFile file);

    struct Page {
        std::vector<Asset> assets;  // newest first
        std::optional<AssetId> next;
    };
    asio::awaitable<Result<Page>> list(access::Caller caller, AssetFilter filter, std::size_t limit,
                                       std::optional<AssetId> after);
    asio::awaitable<Result<Asset>> find(access::Caller caller, AssetId id);
    // version_mismatch when somebody else was faster.
    asio::awaitable<Result<Asset>> change(access::Caller caller, AssetId id, std::int64_t version,
                                          AssetChange change);
    // Into the trash for 7 days. conflict, naming them, while posts that may still go out use it, unless
    // `force`.
    asio::awaitable<Result<Done>> remove(access::Caller caller, AssetId id, bool force);
    // Ends the stay in the trash; for the daily maintenance. Gives the number of assets.
    asio::awaitable<std::size_t> empty_trash();

    // "content", "thumbnail" or "renditions/<name>" of an asset that is not in the trash. No check of
    // permissions.
    asio::awaitable<Result<StoredFile>> stored(WorkspaceId workspace, AssetId asset, std::string variant);

    // posts::MediaLinks: signed paths on this server.
    std::string thumbnail_url(WorkspaceId workspace, AssetId asset) const override;
    std::string content_url(WorkspaceId workspace, AssetId asset) const override;

    // publishing::MediaOpener.
    asio::awaitable<Result<publishing::OpenedMedia>> open(WorkspaceId workspace, AssetId asset,
                                                          networks::MediaRules rules) override;

    UrlSigner const& urls() const { return services_.urls; }
    storage::Storage& storage() const { return services_.storage; }
    Clock const& clock() const { return services_.clock; }
    std::uint64_t max_upload_bytes() const { return services_.max_upload_bytes; }

  private:
    struct Digest {
        std::int64_t size_bytes = 0;
        std::string sha256;
    };
    asio::awaitable<Digest> digest(std::string path);
    asio::awaitable<Result<Done>> store_asset(access::Caller caller, Asset asset, StoredFile thumbnail,
                                              std::int64_t thumbnail_width, std::int64_t thumbnail_height);
    asio::awaitable<Result<Done>> make_rendition(Asset asset, std::string name, networks::MediaRules rules,
                                                 std::uint64_t max_bytes);
    asio::awaitable<Result<Done>> copy_to(std::string key, std::string path);

    MediaServices services_;
};

// A source that gives these bytes; for the demo and tests.
storage::PieceSource pieces_of(std::string bytes);

}  // namespace mypost::media
