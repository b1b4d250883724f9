// Connects sandbox accounts as a browser would: consent page, redirect, choice.
#pragma once

#include "api/support/world.hpp"

namespace mypost::api_test {

struct SandboxPerson {
    std::string handle;
    std::string app_password;
};

class Connecting {
  public:
    Connecting(World& world, Place const& place) : world_(world), place_(place) {}

    SandboxPerson person(std::string const& network, std::size_t which) const;
    void register_app(std::string const& network);  // the sandbox's ready-made credentials

    Answer authorize(std::string const& network, std::vector<Header> headers = {});
    // Decides on the consent page; returns the address that the network sends the browser to.
    std::string consent(std::string const& url, std::string const& decision, std::string const& handle) const;
    // The callback, by a browser with this consent cookie; returns where it leads.
    std::string finish(std::string const& url, std::string const& cookie) const;

    // All of it; {data:[account]}.
    Answer connect(std::string const& network, std::size_t which);
    Answer bluesky(std::size_t which, std::string app_password = {});

  private:
    World& world_;
    Place place_;
};

}  // namespace mypost::api_test
