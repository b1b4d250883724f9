// A media asset on the wire.
#pragma once

#include <boost/describe/class.hpp>

#include "http/page.hpp"
#include "http/route.hpp"
#include "json/rules.hpp"
#include "media/media.hpp"

namespace mypost::media {

struct AssetView {
    AssetId id;
    WorkspaceId workspace_id;
    std::optional<BrandId> brand_id;
    std::string kind;
    std::string content_type;
    std::string filename;
    std::int64_t size_bytes = 0;
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> height;
    std::optional<std::int64_t> duration_ms;
    std::string sha256;
    std::string alt;
    std::vector<std::string> tags;
    std::string state;
    std::optional<std::string> problem;
    std::optional<AssetId> duplicate_of;
    std::string thumbnail_url;
    std::string url;
    std::optional<UserId> created_by;
    std::int64_t version = 0;
    Instant created_at;
    Instant updated_at;
};
BOOST_DESCRIBE_STRUCT(AssetView, (),
                      (id, workspace_id, brand_id, kind, content_type, filename, size_bytes, width, height,
                       duration_ms, sha256, alt, tags, state, problem, duplicate_of, thumbnail_url, url,
                       created_by, version, created_at, updated_at))

struct AssetPatch {
    std::optional<std::string> alt;
    std::optional<std::vector<std::string>> tags;
};
BOOST_DESCRIBE_STRUCT(AssetPatch, (), (alt, tags))

struct AssetQuery : http::PageQuery {
    std::optional<BrandId> brand_id;
    std::optional<std::string> kind;
    std::optional<std::string> label;
    std::optional<std::string> q;
};
BOOST_DESCRIBE_STRUCT(AssetQuery, (http::PageQuery), (brand_id, kind, label, q))

struct DeleteQuery {
    std::optional<bool> force;
};
BOOST_DESCRIBE_STRUCT(DeleteQuery, (), (force))

struct SignatureQuery {
    std::optional<std::int64_t> expires;
    std::optional<std::string> signature;
};
BOOST_DESCRIBE_STRUCT(SignatureQuery, (), (expires, signature))

struct WorkspacePath {
    WorkspaceId workspace;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace))
struct AssetPath {
    WorkspaceId workspace;
    AssetId asset;
};
BOOST_DESCRIBE_STRUCT(AssetPath, (), (workspace, asset))
struct RenditionPath {
    WorkspaceId workspace;
    AssetId asset;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(RenditionPath, (), (workspace, asset, name))

// Addresses with the host that the caller used: they work wherever the request came from.
AssetView view_of(Asset const& asset, MediaService const& media, http::RequestInfo const& info);

}  // namespace mypost::media

namespace mypost::json {
template <>
struct rules<media::AssetView> {
    static constexpr std::string_view name = "MediaAsset";
    static constexpr auto value =
        std::tuple{field<&media::AssetView::brand_id>{{.doc = "null: shared in the workspace"}},
                   field<&media::AssetView::kind>{{.doc = "image, or gif when it moves"}},
                   field<&media::AssetView::content_type>{
                       {.doc = "Of what is kept: pictures are written anew, without metadata"}},
                   field<&media::AssetView::sha256>{{.doc = "Hex, of what is kept"}},
                   field<&media::AssetView::state>{{.doc = "processing, ready or failed"}},
                   field<&media::AssetView::duplicate_of>{
                       {.doc = "The oldest asset with the same content in the same brand"}},
                   field<&media::AssetView::thumbnail_url>{
                       {.doc = "WebP, at most 480 × 480; signed, works without a token for a day"}},
                   field<&media::AssetView::url>{{.doc = "Signed, works without a token for a day"}}};
};
template <>
struct rules<media::AssetPatch> {
    static constexpr std::string_view name = "UpdateMediaAsset";
    static constexpr auto value =
        std::tuple{field<&media::AssetPatch::alt>{{.doc = "Alternative text", .max_len = 2000}},
                   field<&media::AssetPatch::tags>{
                       {.doc = "Replaces all", .min_len = 1, .max_len = 50, .max_items = 30}}};
};
template <>
struct rules<media::AssetQuery> {
    static constexpr auto value = std::tuple{
        field<&media::AssetQuery::brand_id>{{.doc = "Its media and those shared in the workspace"}},
        field<&media::AssetQuery::kind>{{.doc = "image or gif", .max_len = 20}},
        field<&media::AssetQuery::label>{{.doc = "A tag, exactly", .max_len = 50}},
        field<&media::AssetQuery::q>{
            {.doc = "Anywhere in file name, alternative text or tags", .max_len = 200}}};
};
template <>
struct rules<media::DeleteQuery> {
    static constexpr auto value = std::tuple{
        field<&media::DeleteQuery::force>{{.doc = "Also when posts that may still go out use it"}}};
};
template <>
struct rules<media::SignatureQuery> {
    static constexpr auto value =
        std::tuple{field<&media::SignatureQuery::expires>{{.doc = "Seconds UTC, from a signed address"}},
                   field<&media::SignatureQuery::signature>{
                       {.doc = "From a signed address; without it a token is needed", .max_len = 100}}};
};
template <>
struct rules<media::RenditionPath> {
    static constexpr auto value =
        std::tuple{field<&media::RenditionPath::name>{{.min_len = 1, .max_len = 80}}};
};
}  // namespace mypost::json
