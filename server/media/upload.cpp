// From the bytes of an upload to a ready asset.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "async/run_on.hpp"
#include "audit/audit.hpp"
#include "brands/brands.hpp"
#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "media/audit_text.hpp"
#include "media/media.hpp"
#include "media/store.hpp"
#include "storage/file_handle.hpp"

namespace mypost::media {

namespace {

constexpr std::size_t max_filename_bytes = 200;
constexpr std::size_t read_piece = std::size_t{1024} * 1024;

// The last component, without what file systems and headers stumble over; never empty.
std::string clean_filename(std::string_view name) {
    auto const slash = name.find_last_of("/\\");
    if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
    std::string clean;
    for (char const c : name) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '"') clean.push_back(c);
    }
    if (!is_valid_utf8(clean)) clean.clear();
    // Cut between characters.
    while (clean.size() > max_filename_bytes || (!clean.empty() && !is_valid_utf8(clean))) clean.pop_back();
    return clean.empty() ? "picture" : clean;
}

Error too_large(std::uint64_t max) {
    auto message = fmt::format("The file is larger than {} bytes.", max);
    Error error(ErrorCode::payload_too_large, message);
    error.fields.push_back(
        FieldError{"/file", "too_large", {{"max", std::to_string(max)}}, std::move(message)});
    return error;
}

std::string key_of(AssetId asset, std::string_view name) {
    return fmt::format("media/{}/{}", asset.to_string(), name);
}

}  // namespace

storage::PieceSource pieces_of(std::string bytes) {
    auto rest = std::make_shared<std::string>(std::move(bytes));
    return [rest]() -> asio::awaitable<Result<std::string>> { co_return std::exchange(*rest, {}); };
}

asio::awaitable<Result<ReceivedFile>> MediaService::receive(storage::PieceSource pieces) {
    ReceivedFile file{services_.storage.make_work_folder(), {}, 0};
    file.path = file.folder.file("upload");
    auto handle = storage::FileHandle::open(file.path, O_WRONLY | O_CREAT | O_EXCL);
    for (;;) {
        MP_TRY(piece, co_await pieces());
        if (piece.empty()) break;
        file.size_bytes += piece.size();
        if (file.size_bytes > services_.max_upload_bytes) co_return too_large(services_.max_upload_bytes);
        bool const written = co_await async::run_on(services_.files, [&] {
            handle.write(piece);
            return true;
        });
        static_cast<void>(written);
    }
    co_return std::move(file);
}

asio::awaitable<MediaService::Digest> MediaService::digest(std::string path) {
    auto result = co_await async::run_on(services_.files, [&] {
        auto const file = storage::FileHandle::open(path, O_RDONLY);
        crypto::Sha256 hash;
        Digest made;
        for (;;) {
            auto const piece = file.read_at(static_cast<std::uint64_t>(made.size_bytes), read_piece);
            if (piece.empty()) break;
            hash.update(piece);
            made.size_bytes += static_cast<std::int64_t>(piece.size());
        }
        made.sha256 = hex_encode(hash.finish());
        return made;
    });
    co_return result;
}

asio::awaitable<Result<Asset>> MediaService::add(access::Caller caller, NewAsset input, ReceivedFile file) {
    if (auto problem = alt_problem(input.alt)) co_return std::move(*problem);
    if (input.brand) {
        MP_CHECK(allowed, caller.require(access::Permission::media_upload, *input.brand, "Brand"));
        bool const exists = co_await store::brand_exists(services_.database, caller.workspace, *input.brand);
        if (!exists) co_return not_found("Brand");
    } else {
        MP_CHECK(allowed, caller.require_in_workspace(access::Permission::media_upload));
    }
    auto const output = file.folder.file("original");
    auto const small = file.folder.file("thumbnail");
    boost::json::object request{{"op", "import"},
                                {"input", file.path},
                                {"output", output},
                                {"thumbnail", small},
                                {"max_pixels", max_pixels}};
    MP_TRY(made, co_await services_.helper.call(std::move(request)));

    Asset asset;
    asset.id = AssetId::make();
    asset.workspace = caller.workspace;
    asset.brand = input.brand;
    asset.kind = made.at("pages").to_number<int>() > 1 ? "gif" : "image";
    asset.content_type = std::string(made.at("content_type").as_string());
    asset.filename = clean_filename(input.filename);
    asset.width = made.at("width").to_number<std::int64_t>();
    asset.height = made.at("height").to_number<std::int64_t>();
    asset.alt = std::move(input.alt);
    asset.state = "ready";
    if (!caller.user.is_nil()) asset.created_by = caller.user;
    asset.version = 1;
    asset.created_at = services_.clock.now();
    asset.updated_at = asset.created_at;
    auto const original_digest = co_await digest(output);
    asset.size_bytes = original_digest.size_bytes;
    asset.sha256 = original_digest.sha256;
    auto const small_digest = co_await digest(small);
    StoredFile const thumbnail{key_of(asset.id, "thumbnail"), "image/webp",
                               static_cast<std::uint64_t>(small_digest.size_bytes), small_digest.sha256,
                               asset.filename};

    auto const original_key = key_of(asset.id, "original");
    std::optional<Error> refused;
    std::exception_ptr failure;
    try {
        co_await services_.storage.put_file(original_key, output);
        co_await services_.storage.put_file(thumbnail.key, small);
        auto stored_row = co_await store_asset(caller, asset, thumbnail,
                                               made.at("thumbnail_width").to_number<std::int64_t>(),
                                               made.at("thumbnail_height").to_number<std::int64_t>());
        if (!stored_row) refused = std::move(stored_row).error();
    } catch (...) {
        failure = std::current_exception();
    }
    if (refused || failure) {
        // Files without a row would be nobody's.
        co_await services_.storage.remove(original_key);
        co_await services_.storage.remove(thumbnail.key);
        if (failure) std::rethrow_exception(failure);
        co_return std::move(*refused);
    }
    auto stored_asset = co_await store::find(services_.database, asset.workspace, asset.id);
    co_return stored_asset ? std::move(*stored_asset) : std::move(asset);
}

asio::awaitable<Result<Done>> MediaService::store_asset(access::Caller caller, Asset asset,
                                                        StoredFile thumbnail, std::int64_t thumbnail_width,
                                                        std::int64_t thumbnail_height) {
    auto body = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        if (asset.brand) {
            // Once more: the brand may have gone meanwhile.
            MP_CHECK(allowed, co_await brands::require_brand(tx, caller, *asset.brand,
                                                             access::Permission::media_upload));
        }
        co_await store::insert(tx, asset, key_of(asset.id, "original"));
        co_await store::insert_rendition(tx, asset, "thumbnail", thumbnail, thumbnail_width, thumbnail_height,
                                         asset.created_at);
        auto entry = audit_entry("media.upload", asset);
        entry.after = audit_text(asset);
        co_await audit::record(tx, services_.clock, caller, std::move(entry));
        co_return Done{};
    };
    auto result = co_await db::in_transaction<Result<Done>>(services_.database, body);
    co_return result;
}

}  // namespace mypost::media
