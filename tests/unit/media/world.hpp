// A workspace with two brands, people in it, a foreign workspace beside it, and the media service over it
// all.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <optional>
#include <string>

#include "media/media.hpp"
#include "storage/file_storage.hpp"
#include "support/database.hpp"

namespace mypost::test {

namespace asio = boost::asio;

class MediaWorld {
  public:
    explicit MediaWorld(db::Engine engine);

    template <class T>
    T run(asio::awaitable<T> work) {
        return test::run(io, std::move(work));
    }
    Result<media::Asset> upload(access::Caller caller, std::string bytes, media::NewAsset input);
    // With the owner, in the first brand.
    media::Asset uploaded(std::string bytes, std::string filename = "a.png");
    PostId post_using(media::Asset const& asset, std::string const& status, BrandId brand,
                      std::string const& title);
    std::int64_t count(std::string_view sql);
    // Rows of media tables and files in the storage: what a refused request must not change.
    std::string everything_stored();

    access::Caller owner() const;
    access::Caller with(access::PermissionSet permissions) const;  // role in the workspace
    access::Caller brand_member(BrandId brand, access::PermissionSet permissions) const;  // only there
    access::Caller stranger() const;  // owner of the foreign workspace

    asio::io_context io;
    TemporaryFolder folder;
    TemporaryDatabase database;
    ManualClock clock{*parse_rfc3339("2026-11-22T09:10:00Z")};
    asio::thread_pool pool{2};
    std::unique_ptr<storage::Storage> storage;
    media::HelperPool helper;
    media::UrlSigner urls{std::string(32, 'k'), "/social/api/v1"};
    media::MediaService media;

    WorkspaceId workspace = WorkspaceId::make();
    WorkspaceId foreign = WorkspaceId::make();
    BrandId brand = BrandId::make();
    BrandId other_brand = BrandId::make();
    BrandId foreign_brand = BrandId::make();
    UserId user = UserId::make();

  private:
    void insert(std::string_view sql, db::Params params);
};

}  // namespace mypost::test
