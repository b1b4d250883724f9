#include "media/routes.hpp"

#include <fmt/format.h>

#include "core/encoding.hpp"
#include "http/etag.hpp"
#include "json/encode.hpp"
#include "media/asset_view.hpp"
#include "media/content.hpp"
#include "media/multipart.hpp"

namespace mypost::media {

namespace {

using access::Caller;
using access::Permission;
using http::Method;
using http::None;
using http::RequestInfo;

using namespace std::string_view_literals;

constexpr std::size_t max_text_part_bytes = std::size_t{16} * 1024;
constexpr std::size_t form_overhead_bytes = std::size_t{64} * 1024;
constexpr int max_parts = 10;

http::Reply<AssetView> tagged(Asset const& asset, MediaService const& media, RequestInfo const& info) {
    return http::with_etag(view_of(asset, media, info), asset.version, asset.state);
}

// ---- upload
// ---------------------------------------------------------------------------------------------------------

struct UploadForm {
    NewAsset input;
    std::optional<ReceivedFile> file;
};

asio::awaitable<Result<std::string>> read_text(MultipartReader& reader, std::string field) {
    std::string text;
    for (;;) {
        MP_TRY(piece, co_await reader.read());
        if (piece.empty()) co_return text;
        text += piece;
        if (text.size() > max_text_part_bytes)
            co_return invalid(field, "too_long", "This part of the form is too long.");
    }
}

// Parts in any order; the file goes to disk as it comes.
asio::awaitable<Result<UploadForm>> read_form(MediaService& media, MultipartReader& reader) {
    UploadForm form;
    std::vector<FieldError> wrong;
    for (int count = 0;; ++count) {
        MP_TRY(part, co_await reader.next());
        if (!part) break;
        if (count == max_parts) co_return invalid("", "too_many", "The form has too many parts.");
        bool const readable =
            is_valid_utf8(part->name) && part->name.find_first_of("~/\0"sv) == std::string::npos;
        if (!readable) co_return Error(ErrorCode::malformed_request, "The name of a part is not readable.");
        if (part->name == "file" && !form.file) {
            form.input.filename = part->filename.value_or("");
            auto next_piece = [&reader]() { return reader.read(); };
            MP_TRY(file, co_await media.receive(next_piece));
            form.file.emplace(std::move(file));
        } else if (part->name == "brand_id") {
            MP_TRY(text, co_await read_text(reader, "/brand_id"));
            form.input.brand = BrandId::parse(text);
            if (!form.input.brand && !text.empty())
                wrong.push_back({"/brand_id", "invalid_format", {}, "brand_id is not a UUID."});
        } else if (part->name == "alt") {
            MP_TRY(text, co_await read_text(reader, "/alt"));
            form.input.alt = std::move(text);
        } else {
            bool const twice = part->name == "file";
            wrong.push_back({"/" + part->name,
                             twice ? "too_many" : "unknown_field",
                             {},
                             twice ? "One file at a time." : "The parts are file, brand_id and alt."});
        }
    }
    if (!form.file) wrong.push_back({"/file", "required", {}, "A part named file is required."});
    if (!wrong.empty())
        co_return Error(ErrorCode::validation_failed, "Some parts of the form are not right.",
                        std::move(wrong));
    co_return std::move(form);
}

asio::awaitable<Result<http::Response>> upload(MediaService& media, Caller who, RequestInfo info,
                                               http::Request request) {
    auto boundary = multipart_boundary(request.headers.get("Content-Type").value_or(""));
    if (!boundary) {
        co_return Error(ErrorCode::unsupported_media_type,
                        "Send multipart/form-data with a boundary and a part named file.");
    }
    MultipartReader reader(request.stream, std::move(*boundary));
    MP_TRY(form, co_await read_form(media, reader));
    MP_TRY(asset, co_await media.add(who, std::move(form.input), std::move(*form.file)));
    auto response = http::json_response(201, json::serialize(view_of(asset, media, info)));
    response.headers.set("ETag", http::etag(asset.version, asset.state));
    co_return response;
}

// ---- download
// -------------------------------------------------------------------------------------------------------

// A signature opens it, or else the token of somebody who may see it.
asio::awaitable<Result<http::Response>> download(MediaService& media, http::Authenticator& authenticator,
                                                 http::Request request, AssetPath path, std::string variant,
                                                 SignatureQuery query) {
    auto const now = media.clock().now();
    std::int64_t max_age = 3600;
    if (query.signature || query.expires) {
        bool const valid =
            query.signature && query.expires &&
            media.urls().verify(path.workspace, path.asset, variant, *query.expires, *query.signature, now);
        if (!valid)
            co_return Error(ErrorCode::unauthenticated,
                            "This address has expired or was changed. Ask for the media asset again.");
        max_age = *query.expires - to_ms(now) / 1000;
    } else {
        MP_TRY(caller, co_await authenticator.authenticate(request, path.workspace));
        if (!caller.may_anywhere(Permission::media_view))
            co_return permission_denied(to_string(Permission::media_view));
        MP_CHECK(visible, co_await media.find(caller, path.asset));
    }
    MP_TRY(file, co_await media.stored(path.workspace, path.asset, std::move(variant)));
    auto response = co_await file_response(media.storage(), std::move(file), request.headers, max_age);
    co_return response;
}

http::RawContent picture_content() {
    return {.response_types = {"image/jpeg", "image/png", "image/webp", "image/gif"},
            .other_statuses = {206, 304, 416}};
}

void add_download_routes(http::Router& router, MediaService& media, http::Authenticator& authenticator) {
    for (std::string const variant : {"content", "thumbnail"}) {
        bool const whole = variant == "content";
        router.add_raw(
            http::RawRoute<AssetPath, SignatureQuery, None>(
                Method::get, "/workspaces/{workspace}/media/{asset}/" + variant,
                whole ? "downloadMedia" : "downloadMediaThumbnail",
                whole ? "The picture itself; ranges are served" : "A small WebP of it", http::public_route(),
                picture_content(), {.errors = {ErrorCode::unauthenticated, ErrorCode::permission_denied}}),
            [&media, &authenticator, variant](Caller const&, http::Request request, AssetPath path,
                                              SignatureQuery query) {
                return download(media, authenticator, std::move(request), path, variant, std::move(query));
            });
    }
    router.add_raw(
        http::RawRoute<RenditionPath, SignatureQuery, None>(
            Method::get, "/workspaces/{workspace}/media/{asset}/renditions/{name}", "downloadMediaRendition",
            "What was made of it for a network", http::public_route(), picture_content(),
            {.errors = {ErrorCode::unauthenticated, ErrorCode::permission_denied}}),
        [&media, &authenticator](Caller const&, http::Request request, RenditionPath path,
                                 SignatureQuery query) {
            AssetPath const asset{path.workspace, path.asset};
            return download(media, authenticator, std::move(request), asset, "renditions/" + path.name,
                            std::move(query));
        });
}

// ---- the rest
// -------------------------------------------------------------------------------------------------------

asio::awaitable<Result<http::Page<AssetView>>> list(MediaService& media, Caller who, RequestInfo info,
                                                    AssetQuery query) {
    std::optional<AssetId> after;
    if (query.cursor) {
        MP_TRY(position, http::read_cursor(*query.cursor, 1));
        after = AssetId::parse(position[0]);
        if (!after)
            co_return invalid("query:cursor", "invalid_format", "This cursor was not made by this list.");
    }
    AssetFilter filter{query.brand_id, query.kind, query.label, query.q.value_or("")};
    MP_TRY(found, co_await media.list(who, std::move(filter), query.limit_or_default(), after));
    http::Page<AssetView> page;
    for (auto const& asset : found.assets) page.data.push_back(view_of(asset, media, info));
    if (found.next) page.next_cursor = http::make_cursor({found.next->to_string()});
    co_return page;
}

asio::awaitable<Result<http::Reply<AssetView>>> change(MediaService& media, Caller who, RequestInfo info,
                                                       AssetId id, AssetPatch patch) {
    AssetChange wanted{std::move(patch.alt), std::move(patch.tags)};
    auto changed = co_await media.change(who, id, *info.if_match, std::move(wanted));
    if (changed) co_return tagged(*changed, media, info);
    if (changed.error().code == ErrorCode::version_mismatch) {
        auto current = co_await media.find(who, id);
        if (current) changed.error().current_json = json::serialize(view_of(*current, media, info));
    }
    co_return std::move(changed).error();
}

}  // namespace

AssetView view_of(Asset const& asset, MediaService const& media, RequestInfo const& info) {
    auto const origin =
        info.host.empty() ? std::string() : fmt::format("{}://{}", info.secure ? "https" : "http", info.host);
    AssetView view;
    view.id = asset.id;
    view.workspace_id = asset.workspace;
    view.brand_id = asset.brand;
    view.kind = asset.kind;
    view.content_type = asset.content_type;
    view.filename = asset.filename;
    view.size_bytes = asset.size_bytes;
    view.width = asset.width;
    view.height = asset.height;
    view.duration_ms = asset.duration_ms;
    view.sha256 = asset.sha256;
    view.alt = asset.alt;
    view.tags = asset.tags;
    view.state = asset.state;
    view.problem = asset.problem;
    view.duplicate_of = asset.duplicate_of;
    view.thumbnail_url = origin + media.thumbnail_url(asset.workspace, asset.id);
    view.url = origin + media.content_url(asset.workspace, asset.id);
    view.created_by = asset.created_by;
    view.version = asset.version;
    view.created_at = asset.created_at;
    view.updated_at = asset.updated_at;
    return view;
}

void add_routes(http::Router& router, MediaService& media, http::Authenticator& authenticator) {
    router.add(http::Route<WorkspacePath, AssetQuery, None, http::Page<AssetView>>(
                   Method::get, "/workspaces/{workspace}/media", "listMedia",
                   "Media you may see, newest first", Permission::media_view),
               [&media](Caller const& who, RequestInfo const& info, WorkspacePath, AssetQuery query) {
                   return list(media, who, info, std::move(query));
               });
    http::RawContent form{.request_type = "multipart/form-data",
                          .parts = {{"file", true, true, "A JPEG, PNG, WebP, GIF, HEIC or AVIF picture"},
                                    {"brand_id", false, false, "Left out: shared in the workspace"},
                                    {"alt", false, false, "Alternative text"}}};
    http::Options options{.ok = 201,
                          .body_limit = media.max_upload_bytes() + form_overhead_bytes,
                          .streamed = true,
                          .audit = "media.upload",
                          .errors = {ErrorCode::validation_failed, ErrorCode::unsupported_media_type,
                                     ErrorCode::payload_too_large, ErrorCode::not_found}};
    router.add_raw(http::RawRoute<WorkspacePath, None, AssetView>(
                       Method::post, "/workspaces/{workspace}/media", "uploadMedia", "Upload a picture",
                       Permission::media_upload, form, options),
                   [&media](Caller const& who, RequestInfo const& info, http::Request request,
                            WorkspacePath) { return upload(media, who, info, std::move(request)); });
    router.add(
        http::Route<AssetPath, None, None, AssetView>(Method::get, "/workspaces/{workspace}/media/{asset}",
                                                      "getMedia", "One media asset", Permission::media_view),
        [&media](Caller const& who, RequestInfo const& info,
                 AssetPath path) -> asio::awaitable<Result<http::Reply<AssetView>>> {
            MP_TRY(asset, co_await media.find(who, path.asset));
            co_return tagged(asset, media, info);
        });
    router.add(http::Route<AssetPath, None, AssetPatch, AssetView>(
                   Method::patch, "/workspaces/{workspace}/media/{asset}", "updateMedia",
                   "Change alternative text or tags", Permission::media_edit,
                   {.if_match = true, .audit = "media.update"}),
               [&media](Caller const& who, RequestInfo const& info, AssetPath path, AssetPatch patch) {
                   return change(media, who, info, path.asset, std::move(patch));
               });
    router.add(http::Route<AssetPath, DeleteQuery, None, None>(
                   Method::delete_, "/workspaces/{workspace}/media/{asset}", "deleteMedia",
                   "Move to the trash, which keeps it for 7 days", Permission::media_delete,
                   {.audit = "media.delete", .errors = {ErrorCode::conflict}}),
               [&media](Caller const& who, AssetPath path, DeleteQuery query) {
                   return media.remove(who, path.asset, query.force.value_or(false));
               });
    add_download_routes(router, media, authenticator);
}

}  // namespace mypost::media
