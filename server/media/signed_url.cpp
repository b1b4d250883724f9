#include "media/signed_url.hpp"

#include <fmt/format.h>

#include "core/crypto.hpp"
#include "core/encoding.hpp"

namespace mypost::media {

namespace {

constexpr std::int64_t step_seconds = std::int64_t{6} * 3600;
constexpr std::int64_t least_life_seconds = std::int64_t{24} * 3600;

}  // namespace

UrlSigner::UrlSigner(std::string const& secret, std::string api_path)
    : key_(crypto::hmac_sha256(secret, "media addresses")), api_path_(std::move(api_path)) {}

std::string UrlSigner::signature(WorkspaceId workspace, AssetId asset, std::string_view variant,
                                 std::int64_t expires) const {
    auto const text = fmt::format("{}/{}/{}/{}", workspace.to_string(), asset.to_string(), variant, expires);
    return base64url_encode(crypto::hmac_sha256(key_, text).substr(0, 16));
}

std::string UrlSigner::sign(WorkspaceId workspace, AssetId asset, std::string_view variant,
                            Instant now) const {
    auto const seconds = to_ms(now) / 1000;
    auto const expires = (seconds / step_seconds + 1) * step_seconds + least_life_seconds;
    return fmt::format("{}/workspaces/{}/media/{}/{}?expires={}&signature={}", api_path_,
                       workspace.to_string(), asset.to_string(), variant, expires,
                       signature(workspace, asset, variant, expires));
}

bool UrlSigner::verify(WorkspaceId workspace, AssetId asset, std::string_view variant, std::int64_t expires,
                       std::string_view given, Instant now) const {
    return crypto::constant_time_equal(signature(workspace, asset, variant, expires), given) &&
           expires > to_ms(now) / 1000;
}

}  // namespace mypost::media
