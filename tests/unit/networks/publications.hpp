// What the suites of this folder publish.
#pragma once

#include "networks/adapter.hpp"

namespace mypost::networks::test {

inline Instant at(char const* text) {
    return parse_rfc3339(text).value();
}
inline Instant start() {
    return at("2026-11-22T18:00:00.000Z");
}

inline AccountRef account_on(std::string const& network) {
    AccountRef account;
    account.network = network;
    account.kind = "profile";
    account.handle = "ann";
    account.remote_id = "1001";
    if (network == "mastodon") account.instance = "social.example";
    if (network == "bluesky") {
        account.instance = "https://pds.example";
        account.remote_id = "did:plc:ann";
        account.handle = "ann.bsky.social";
    }
    return account;
}

inline MediaFile picture(std::string name, std::string content_type = "image/jpeg",
                         std::uint64_t size = 200'000) {
    MediaFile file;
    file.asset_id = name;
    file.content_type = std::move(content_type);
    file.size_bytes = size;
    file.width = 1200;
    file.height = 800;
    file.alt = "alt of " + name;
    file.sha256 = name;
    return file;
}

inline Part part(PartRole role, int index, std::string text, std::vector<MediaFile> media = {}) {
    Part out;
    out.role = role;
    out.index = index;
    out.text = std::move(text);
    out.media = std::move(media);
    return out;
}

inline Publication publication_on(std::string const& network, std::vector<Part> parts) {
    Publication publication;
    publication.target_id = "0193f000-0000-7000-8000-000000000001";
    publication.account = account_on(network);
    publication.kind = "post";
    publication.parts = std::move(parts);
    publication.frozen_at = start();
    return publication;
}

inline Publication one_post(std::string const& network, std::string text, std::vector<MediaFile> media = {}) {
    return publication_on(network, {part(PartRole::post, 0, std::move(text), std::move(media))});
}

// Post, three thread parts (one with a picture), first comment.
inline Publication long_thread(std::string const& network) {
    return publication_on(
        network,
        {part(PartRole::post, 0, "One: see https://example.com/a", {picture("p1"), picture("p2")}),
         part(PartRole::thread, 1, "Two & more <3"), part(PartRole::thread, 2, "Three #tag", {picture("p3")}),
         part(PartRole::thread, 3, "Four, for @bob.example.com"),
         part(PartRole::first_comment, 0, "A comment: https://example.org")});
}

}  // namespace mypost::networks::test
