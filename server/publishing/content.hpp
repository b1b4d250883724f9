// From what people wrote to what one target would send: the post's content with the target's overrides
// applied.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "networks/adapter.hpp"
#include "networks/publication.hpp"
#include "publishing/media_opener.hpp"

namespace mypost::publishing {

namespace json = boost::json;

struct UsedMedia {
    AssetId asset;
    std::string alt;
};

struct EffectivePart {
    networks::PartRole role = networks::PartRole::post;
    int index = 0;
    std::string text;
    std::vector<UsedMedia> media;
};

struct EffectiveContent {
    std::vector<EffectivePart> parts;  // the post, thread 1…n, the first comment if there is one
    std::string link;
};

// `content` is posts.content ({body, media, link?, first_comment?, thread?}), `overrides`
// post_targets.overrides: a member that is present replaces the post's, also by null or by an empty one.
// Throws std::invalid_argument for text that is not such JSON: only our own code writes these columns.
EffectiveContent effective_content(std::string_view content, std::string_view overrides);

// The publication as it would be sent: media described as the network takes them. Errors as
// MediaOpener::open, with the field "/content/…" of the media concerned.
boost::asio::awaitable<Result<networks::Publication>> build_publication(
    MediaOpener& media, networks::NetworkAdapter const& adapter, WorkspaceId workspace, TargetId target,
    networks::AccountRef account, std::string kind, EffectiveContent content, json::object options);

// What `kind` takes on this account. Stock rules of the network's first kind when it has no such kind.
networks::KindInfo kind_info(networks::NetworkInfo const& info, std::string_view kind);

// The frozen publication as it is kept in post_targets.frozen, without loss.
std::string freeze(networks::Publication const& publication);
networks::Publication thaw(std::string_view text);  // throws std::invalid_argument

}  // namespace mypost::publishing
