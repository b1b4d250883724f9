// Media as the networks take it.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <filesystem>

#include "async/run_on.hpp"
#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "media/media.hpp"
#include "media/store.hpp"
#include "storage/file_handle.hpp"

namespace mypost::media {

namespace json = boost::json;

namespace {

std::uint64_t max_bytes_for(networks::MediaRules const& rules, std::string const& content_type) {
    auto const own = rules.max_bytes_of.find(content_type);
    return own == rules.max_bytes_of.end() ? rules.max_bytes : own->second;
}

bool takes(networks::MediaRules const& rules, Asset const& asset) {
    auto const within = [](std::int64_t actual, std::int64_t max) { return max <= 0 || actual <= max; };
    auto const width = asset.width.value_or(0);
    auto const height = asset.height.value_or(0);
    auto const& types = rules.content_types;
    auto const limit = max_bytes_for(rules, asset.content_type);
    return std::find(types.begin(), types.end(), asset.content_type) != types.end() &&
           (limit == 0 || static_cast<std::uint64_t>(asset.size_bytes) <= limit) &&
           within(width, rules.max_width) && within(height, rules.max_height) &&
           within(width * height, rules.max_pixels);
}

// The same rules give the same name, so that a rendition is made once.
std::string rendition_name(networks::MediaRules const& rules, std::uint64_t max_bytes) {
    auto const text = fmt::format("v1 {} {} {} {} {}", max_bytes, rules.max_width, rules.max_height,
                                  rules.max_pixels, fmt::join(rules.content_types, ","));
    return "fit-" + hex_encode(crypto::sha256(text).substr(0, 8));
}

}  // namespace

asio::awaitable<Result<publishing::OpenedMedia>> MediaService::open(WorkspaceId workspace, AssetId id,
                                                                    networks::MediaRules rules) {
    auto const asset = co_await store::find(services_.database, workspace, id);
    if (!asset) co_return not_found("Media asset");
    if (asset->state == "processing") co_return invalid_state("The media asset is still being processed.");
    if (asset->state != "ready") {
        co_return Error(ErrorCode::validation_failed, "The media asset could not be processed.");
    }
    publishing::OpenedMedia opened;
    opened.file.asset_id = id.to_string();
    std::string key = fmt::format("media/{}/original", id.to_string());
    if (takes(rules, *asset)) {
        opened.file.content_type = asset->content_type;
        opened.file.size_bytes = static_cast<std::uint64_t>(asset->size_bytes);
        opened.file.width = static_cast<int>(asset->width.value_or(0));
        opened.file.height = static_cast<int>(asset->height.value_or(0));
        opened.file.sha256 = asset->sha256;
    } else {
        // An animation can only become a smaller animation: its own limit counts.
        auto const max_bytes = max_bytes_for(rules, asset->kind == "gif" ? asset->content_type : "");
        auto const name = rendition_name(rules, max_bytes);
        auto found = co_await store::find_rendition(services_.database, *asset, name);
        if (!found) {
            MP_CHECK(made, co_await make_rendition(*asset, name, rules, max_bytes));
            found = co_await store::find_rendition(services_.database, *asset, name);
        }
        if (!found) co_return not_found("Media asset");
        opened.file.content_type = found->file.content_type;
        opened.file.size_bytes = found->file.size_bytes;
        opened.file.width = found->width;
        opened.file.height = found->height;
        opened.file.sha256 = found->file.sha256;
        key = found->file.key;
    }
    MP_TRY(source, co_await services_.storage.open_source(std::move(key)));
    opened.bytes = std::move(source);
    co_return opened;
}

// Two at once make the same file under two keys; the first to be recorded wins, the other is removed.
asio::awaitable<Result<Done>> MediaService::make_rendition(Asset asset, std::string name,
                                                           networks::MediaRules rules,
                                                           std::uint64_t max_bytes) {
    auto const folder = services_.storage.make_work_folder();
    auto const input = folder.file("original");
    auto const output = folder.file("rendition");
    MP_CHECK(copied, co_await copy_to(fmt::format("media/{}/original", asset.id.to_string()), input));
    json::array formats;
    for (auto const& type : rules.content_types) formats.emplace_back(type);
    json::object request{{"op", "fit"},
                         {"input", input},
                         {"output", output},
                         {"max_pixels", max_pixels},
                         {"max_bytes", max_bytes},
                         {"max_width", rules.max_width},
                         {"max_height", rules.max_height},
                         {"fit_pixels", rules.max_pixels},
                         {"formats", std::move(formats)}};
    MP_TRY(made, co_await services_.helper.call(std::move(request)));
    auto const facts = co_await digest(output);
    StoredFile file;
    file.key = fmt::format("media/{}/{}-{}", asset.id.to_string(), name, crypto::random_token(6));
    file.content_type = std::string(made.at("content_type").as_string());
    file.size_bytes = static_cast<std::uint64_t>(facts.size_bytes);
    file.sha256 = facts.sha256;
    co_await services_.storage.put_file(file.key, output);
    auto body = [&](db::Transaction& tx) -> asio::awaitable<void> {
        co_await store::insert_rendition(tx, asset, name, file, made.at("width").to_number<std::int64_t>(),
                                         made.at("height").to_number<std::int64_t>(), services_.clock.now());
    };
    co_await services_.database.transaction(body);
    auto const kept = co_await store::find_rendition(services_.database, asset, name);
    if (!kept || kept->file.key != file.key) co_await services_.storage.remove(file.key);
    co_return Done{};
}

asio::awaitable<Result<Done>> MediaService::copy_to(std::string key, std::string path) {
    if (auto const local = services_.storage.local_path(key)) {
        bool const linked = co_await async::run_on(services_.files, [&] {
            std::error_code error;
            std::filesystem::create_hard_link(*local, path, error);
            return !error;
        });
        if (linked) co_return Done{};
    }
    MP_TRY(reader, co_await services_.storage.open_reader(std::move(key)));
    auto file = storage::FileHandle::open(path, O_WRONLY | O_CREAT | O_EXCL);
    for (;;) {
        auto const piece = co_await reader->read();
        if (piece.empty()) break;
        bool const written = co_await async::run_on(services_.files, [&] {
            file.write(piece);
            return true;
        });
        static_cast<void>(written);
    }
    co_return Done{};
}

}  // namespace mypost::media
