// Lengths as networks measure them. The web app counts the same way (web/src/lib/counters); both pass
// tests/fixtures/text-counting.json.
#pragma once

#include <optional>

#include "core/text.hpp"

namespace mypost::text {

enum class Unit {
    x_weighted,  // twitter-text configuration v3: NFC; most scripts weigh 1, others 2; an emoji sequence 2; a
                 // link 23
    graphemes,   // extended grapheme clusters
    utf16,       // code units
    code_points,  // Unicode scalar values
    utf8_bytes,
};

struct CountRules {
    Unit unit = Unit::graphemes;
    // Every link counts this; nothing: 23 for x_weighted, as written for the others.
    std::optional<int> url_length = std::nullopt;
    bool mentions_local_part = false;  // "@user@host" counts as "@user"
};

// url_length and mentions_local_part apply to x_weighted (links of X) and graphemes (links of Mastodon) only.
std::size_t count(CountRules const& rules, std::string_view text);

}  // namespace mypost::text
