// Links in a text, as the networks' own rules find them.
#pragma once

#include "core/text.hpp"

namespace mypost::text {

enum class LinkRule {
    x,  // http(s) addresses and bare domains (github.com/twitter/twitter-text, regular expressions of version
        // 3)
    mastodon,  // http(s) addresses only (mastodon/mastodon:config/initializers/twitter_regex.rb)
    open,      // Bluesky: bare domains too, any host after http(s), paths of every script as Mastodon's
};

// In order, without overlaps. A link needs a domain name that ends in a known top-level domain ("xn--…"
// included).
std::vector<Range> find_links(std::string_view text, LinkRule rule);

// "https://" set before a bare domain; others as they are.
std::string with_scheme(std::string_view link);

}  // namespace mypost::text
