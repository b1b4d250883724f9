// IANA's top-level domains.
#pragma once

#include <cstddef>
#include <string_view>

namespace mypost::text {

// `label`: lower case, Unicode form, without the dot. Punycode labels ("xn--…") are not listed.
bool is_top_level_domain(std::string_view label);

inline constexpr std::size_t longest_top_level_domain = 24;  // code points, counted with a margin

}  // namespace mypost::text
