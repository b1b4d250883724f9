#include "posts/content.hpp"

#include <stdexcept>

#include "json/decode.hpp"
#include "json/encode.hpp"
#include "json/parse.hpp"
#include "posts/content_describe.hpp"

namespace mypost::posts {

namespace {

void add(std::vector<MediaUse> const& media, std::vector<AssetId>& assets) {
    for (auto const& use : media) {
        if (std::find(assets.begin(), assets.end(), use.asset_id) == assets.end())
            assets.push_back(use.asset_id);
    }
}

void add(std::vector<ThreadPart> const& thread, std::vector<AssetId>& assets) {
    for (auto const& part : thread) add(part.media, assets);
}

template <class T>
T read(std::string_view text) {
    auto value = json::parse(text);
    if (!value) throw std::runtime_error("stored content is not JSON");
    auto decoded = json::decode<T>(*value);
    if (!decoded) throw std::runtime_error("stored content does not fit: " + decoded.error().message);
    return std::move(*decoded);
}

}  // namespace

Content effective(Content const& content, ContentOverride const& overrides) {
    Content result = content;
    if (overrides.body) result.body = overrides.body->value_or("");
    if (overrides.media) result.media = overrides.media->value_or(std::vector<MediaUse>());
    if (overrides.link) result.link = *overrides.link;
    if (overrides.first_comment) result.first_comment = *overrides.first_comment;
    if (overrides.thread) result.thread = overrides.thread->value_or(std::vector<ThreadPart>());
    return result;
}

void collect_assets(Content const& content, std::vector<AssetId>& assets) {
    add(content.media, assets);
    add(content.thread, assets);
}

void collect_assets(ContentOverride const& overrides, std::vector<AssetId>& assets) {
    if (overrides.media && *overrides.media) add(**overrides.media, assets);
    if (overrides.thread && *overrides.thread) add(**overrides.thread, assets);
}

std::string title_of(Content const& content) {
    std::string title;
    std::size_t points = 0;
    for (char c : content.body) {
        bool const starts_point = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
        if (starts_point && ++points > 120) break;
        bool const space = c == '\n' || c == '\r' || c == '\t' || c == ' ';
        if (space && (title.empty() || title.back() == ' ')) continue;
        title.push_back(space ? ' ' : c);
    }
    while (!title.empty() && title.back() == ' ') title.pop_back();
    return title;
}

std::string to_json(Content const& content) {
    return json::serialize(content);
}
std::string to_json(ContentOverride const& overrides) {
    return json::serialize(overrides);
}
Content content_from_json(std::string_view text) {
    return read<Content>(text);
}
ContentOverride override_from_json(std::string_view text) {
    return read<ContentOverride>(text);
}

}  // namespace mypost::posts
