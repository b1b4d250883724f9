#include "networks/bluesky/bluesky.hpp"
#include "networks/mastodon/mastodon.hpp"
#include "networks/x/x.hpp"

namespace mypost::networks {

Registry make_registry() {
    std::vector<std::unique_ptr<NetworkAdapter>> adapters;
    adapters.push_back(std::make_unique<x::XAdapter>());
    adapters.push_back(std::make_unique<mastodon::MastodonAdapter>());
    adapters.push_back(std::make_unique<bluesky::BlueskyAdapter>());
    return Registry(std::move(adapters));
}

}  // namespace mypost::networks
