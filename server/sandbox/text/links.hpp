// Web addresses in plain text, found as the networks find them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mypost::sandbox::text {

// A label such as "com" or "рф" in lower case.
bool is_top_level_domain(std::string_view lower_case_label);

struct Link {
    std::size_t begin = 0;  // code points
    std::size_t end = 0;    // exclusive
    std::string url;        // as written
};

enum class LinkRules {
    x,  // also without a scheme when the top level domain is known; paths are Latin, Cyrillic and ASCII
    mastodon,  // http and https only; paths take any letter
};

// In order, not overlapping. The top level domain must be a known one.
std::vector<Link> find_links(std::u32string_view text, LinkRules rules);

}  // namespace mypost::sandbox::text
