// Media as the networks take it; implemented by server/media.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "net/http_client.hpp"
#include "networks/info.hpp"
#include "networks/publication.hpp"

namespace mypost::publishing {

struct OpenedMedia {
    networks::MediaFile file;  // of the bytes below; `alt` is left empty
    std::shared_ptr<net::ByteSource> bytes;
};

class MediaOpener {
  public:
    virtual ~MediaOpener() = default;
    // The original when `rules` take it, else a rendition that they take (made once and kept: the same asset
    // and rules give the same bytes). not_found: no such asset in the workspace, or in the trash.
    // invalid_state: still being processed. validation_failed: cannot be made to fit (`message` says why).
    // Opening is cheap after the first time.
    virtual boost::asio::awaitable<Result<OpenedMedia>> open(WorkspaceId workspace, AssetId asset,
                                                             networks::MediaRules rules) = 0;
};

}  // namespace mypost::publishing
