// Preflight rules that hold for every network, applied with that network's numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "networks/info.hpp"
#include "networks/publication.hpp"

namespace mypost::networks {

// Length of `text` as the network counts it.
std::size_t measure(TextRules const& rules, std::string_view text);

// The text of a part as it is sent: the publication's link goes behind the post's text unless it is in there
// already.
std::string text_with_link(Publication const& publication, std::size_t part);

// All rules of `kind` for the parts' texts (`texts`: as sent, one a part), pictures and count, and for the
// options.
std::vector<Issue> check_publication(Publication const& publication, KindInfo const& kind,
                                     std::string_view network_name, std::vector<std::string> const& texts);

// "options/name" as a string; "" when absent or of another type.
std::string option_text(Publication const& publication, std::string_view name);
bool option_flag(Publication const& publication, std::string_view name);

}  // namespace mypost::networks
