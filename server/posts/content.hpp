// What a post says, and how one target differs from it. Members are spelled as on the wire and in the
// columns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"

namespace mypost::posts {

struct MediaUse {
    AssetId asset_id;
    std::optional<std::string> alt;  // nothing: the asset's own
};

struct ThreadPart {
    std::string body;
    std::vector<MediaUse> media;
};

struct Content {
    std::string body;
    std::vector<MediaUse> media;
    std::optional<std::string> link;
    std::optional<std::string> first_comment;
    std::vector<ThreadPart> thread;
};

// Field-wise: what is absent is inherited, what is present replaces. null: nothing (no link, no media …) for
// this target.
struct ContentOverride {
    std::optional<std::optional<std::string>> body;
    std::optional<std::optional<std::vector<MediaUse>>> media;
    std::optional<std::optional<std::string>> link;
    std::optional<std::optional<std::string>> first_comment;
    std::optional<std::optional<std::vector<ThreadPart>>> thread;

    bool empty() const { return !body && !media && !link && !first_comment && !thread; }
};

// What the target would send.
Content effective(Content const& content, ContentOverride const& overrides);

// Every asset that the content or the override names, each once.
void collect_assets(Content const& content, std::vector<AssetId>& assets);
void collect_assets(ContentOverride const& overrides, std::vector<AssetId>& assets);

// Start of the text for lists: one line, at most 120 code points.
std::string title_of(Content const& content);

// Columns posts.content and post_targets.overrides. Reading damaged text throws std::runtime_error.
std::string to_json(Content const& content);
std::string to_json(ContentOverride const& overrides);
Content content_from_json(std::string_view json);
ContentOverride override_from_json(std::string_view json);

}  // namespace mypost::posts
