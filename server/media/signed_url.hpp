// Addresses of media that work without a token, for a while: for <img>, and for networks that fetch media
// themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/ids.hpp"

namespace mypost::media {

class UrlSigner {
  public:
    // `secret`: the installation's; a key of its own is derived. `api_path`: "/api/v1" behind the public
    // sub-path.
    UrlSigner(std::string const& secret, std::string api_path);

    // "/api/v1/workspaces/<ws>/media/<asset>/<variant>?expires=…&signature=…". The same text for up to six
    // hours, so that browsers keep what they have; valid for 24 to 30 hours.
    std::string sign(WorkspaceId workspace, AssetId asset, std::string_view variant, Instant now) const;

    // Whether sign() made this and it has not expired. `expires`: seconds UTC.
    bool verify(WorkspaceId workspace, AssetId asset, std::string_view variant, std::int64_t expires,
                std::string_view signature, Instant now) const;

  private:
    std::string signature(WorkspaceId workspace, AssetId asset, std::string_view variant,
                          std::int64_t expires) const;

    std::string key_;
    std::string api_path_;
};

}  // namespace mypost::media
