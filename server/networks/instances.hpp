// Servers that people name themselves: Mastodon instances, personal data servers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mypost::networks {

// "https://Social.Example/@ann", "@ann@social.example", "social.example:8443" → "social.example[:8443]",
// lower case. Nothing when there is no host name in it.
std::optional<std::string> normalise_host(std::string_view text);

// "https://host"; plain http only for this machine itself, where a developer's own server runs.
std::string base_url(std::string_view host);

// An http(s) URL without path, query or user: "https://pds.example". Plain http only for this machine.
std::optional<std::string> normalise_base_url(std::string_view text);

}  // namespace mypost::networks
