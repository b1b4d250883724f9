// The control API under /_sandbox/, for tests and demos.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sandbox/framework/network.hpp"
#include "sandbox/framework/request_log.hpp"

namespace mypost::sandbox {

struct World {
    VirtualClock clock;
    Random random;
    MediaStore media;
    Faults faults;
    RequestLog log;
    std::vector<std::unique_ptr<Network>> networks;
    std::string public_base;

    World(std::uint64_t seed, std::optional<std::filesystem::path> media_folder)
        : random(seed), media(std::move(media_folder)) {}
    Network* find(std::string_view name) const;
};

// Answers a call whose path begins with /_sandbox/. `segments` are the decoded path segments after it.
http::Response control(World& world, http::Request const& request, std::vector<std::string> const& segments);

// An account as the control API shows it.
boost::json::object to_json(AccountView const& account);

}  // namespace mypost::sandbox
