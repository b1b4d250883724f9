// The parts of a post record that are made from its text, and its key.
#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "core/text_entities.hpp"
#include "core/text_links.hpp"
#include "networks/bluesky/bluesky.hpp"
#include "networks/instances.hpp"

namespace mypost::networks::bluesky {

namespace {

constexpr std::size_t most_tag_graphemes = 64;
constexpr std::size_t most_tag_bytes = 640;

struct Facet {
    text::Range range;
    json::object feature;
};

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool overlaps(std::vector<Facet> const& facets, text::Range const& range) {
    return std::ranges::any_of(facets, [&](Facet const& facet) {
        return range.begin < facet.range.end && facet.range.begin < range.end;
    });
}

}  // namespace

std::string xrpc(std::string_view base, std::string_view method) {
    return fmt::format("{}/xrpc/{}", base, method);
}

std::string pds_of(AccountRef const& account) {
    auto base = normalise_base_url(account.instance);
    return base ? *std::move(base) : std::string(entryway);
}

std::vector<std::string> mentioned_handles(std::string_view text) {
    std::vector<std::string> handles;
    for (auto const& range : text::find_handles(text)) {
        auto handle = lower(range.of(text).substr(1));
        if (std::ranges::find(handles, handle) == handles.end()) handles.push_back(std::move(handle));
    }
    return handles;
}

json::array facets_of(std::string_view text, std::map<std::string, std::string> const& dids) {
    std::vector<Facet> facets;
    for (auto const& range : text::find_links(text, text::LinkRule::open)) {
        facets.push_back(
            {range, {{"$type", "app.bsky.richtext.facet#link"}, {"uri", text::with_scheme(range.of(text))}}});
    }
    for (auto const& range : text::find_handles(text)) {
        auto const did = dids.find(lower(range.of(text).substr(1)));
        if (did == dids.end() || did->second.empty() || overlaps(facets, range)) continue;
        facets.push_back({range, {{"$type", "app.bsky.richtext.facet#mention"}, {"did", did->second}}});
    }
    for (auto const& range : text::find_hashtags(text)) {
        auto tag = range.of(text);
        tag.remove_prefix(tag.starts_with('#') ? 1 : std::string_view("＃").size());
        bool const fits = tag.size() <= most_tag_bytes && text::count_graphemes(tag) <= most_tag_graphemes;
        if (!fits || overlaps(facets, range)) continue;
        facets.push_back({range, {{"$type", "app.bsky.richtext.facet#tag"}, {"tag", tag}}});
    }
    std::ranges::sort(facets, {}, [](Facet const& facet) { return facet.range.begin; });
    json::array out;
    for (auto& facet : facets) {
        json::object index{{"byteStart", facet.range.begin}, {"byteEnd", facet.range.end}};
        json::array features{std::move(facet.feature)};
        out.emplace_back(json::object{{"index", std::move(index)}, {"features", std::move(features)}});
    }
    return out;
}

std::string make_tid(std::int64_t microseconds, std::uint32_t clock_id) {
    static constexpr std::string_view alphabet = "234567abcdefghijklmnopqrstuvwxyz";
    auto bits =
        (static_cast<std::uint64_t>(microseconds) & 0x1f'ffff'ffff'ffffULL) << 10 | (clock_id & 0x3ffU);
    std::string tid(13, '2');
    for (std::size_t i = 13; i-- > 0; bits >>= 5) tid[i] = alphabet[bits & 31];
    return tid;
}

std::string record_key(std::string_view uri) {
    if (!uri.starts_with("at://")) return {};
    auto const slash = uri.rfind('/');
    auto const expected = fmt::format("/{}", collection);
    if (!uri.substr(0, slash).ends_with(expected)) return {};
    return std::string(uri.substr(slash + 1));
}

std::string post_url(std::string_view did, std::string_view rkey) {
    return fmt::format("https://bsky.app/profile/{}/post/{}", did, rkey);
}

}  // namespace mypost::networks::bluesky
