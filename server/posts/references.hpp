// What a post's input refers to: accounts, media, labels. All wrong references at once, each with its
// pointer.
#pragma once

#include "posts/posts.hpp"
#include "posts/reading.hpp"

namespace mypost::posts {

struct AccountFacts {
    AccountId id;
    BrandId brand;
    networks::AccountRef ref;
    bool disconnected = false;
    std::string grant_state;  // active | needs_reconnect | revoked
};

struct AssetRow {
    AssetId id;
    std::string kind;
    std::string content_type;
    std::uint64_t size_bytes = 0;
    int width = 0;
    int height = 0;
    std::string sha256;
    std::string alt;
    std::string state;
    std::optional<BrandId> brand;
};

struct References {
    std::map<AccountId, AccountFacts> accounts;
    std::map<AssetId, AssetRow> assets;
};

// Reads what is named, of this workspace only.
asio::awaitable<References> load_references(Run run, WorkspaceId workspace, std::vector<AccountId> accounts,
                                            std::vector<AssetId> assets);

// validation_failed with every reference that is not there, not the brand's, or not the caller's to use;
// targets twice; kinds that the network does not have; times that do not exist.
Result<void> check_references(access::Caller const& caller, networks::Registry const& networks,
                              References const& references, BrandId brand, Content const& content,
                              std::vector<TargetInput> const& targets);

// Uses without a text for people who cannot see them get the asset's own, now: what is approved later does
// not change.
void fill_alt(Content& content, std::vector<TargetInput>& targets, References const& references);

// The chosen time as the scheduling functions take it. Errors name `pointer`.
Result<publishing::ChosenTime> chosen_time(When const& when, std::string const& pointer);

}  // namespace mypost::posts
