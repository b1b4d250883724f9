// Tiny networks in memory, for the walk over crash points: just enough to hold what was posted. Written from
// the network documents' rules on repeats: X has none, Mastodon keeps keys for an hour, a record key exists
// once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "networks/adapter.hpp"

namespace mypost::networks::test {

struct HeldPost {
    std::string id;
    std::string text;
    std::string reply_to;
    std::vector<std::string> media;
    Instant created_at;
};

class FakeNetwork {
  public:
    virtual ~FakeNetwork() = default;
    virtual net::Response handle(Call const& call, Instant now) = 0;

    std::vector<HeldPost> posts;
};

// `listing_lag`: how long a post stays out of the account's timeline.
std::unique_ptr<FakeNetwork> make_fake_x(std::chrono::seconds listing_lag);
std::unique_ptr<FakeNetwork> make_fake_mastodon();
std::unique_ptr<FakeNetwork> make_fake_bluesky();
std::unique_ptr<FakeNetwork> make_fake(std::string const& network);

// The JSON body of a call.
json::object body_of(Call const& call);

net::Response json_answer(int status, json::value const& body);
net::Response text_answer(int status, std::string body);

}  // namespace mypost::networks::test
