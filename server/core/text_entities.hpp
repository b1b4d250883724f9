// Mentions, hashtags and cashtags in a text. Ranges include the sign ('@', '#', '$'), in order, without
// overlaps.
#pragma once

#include "core/text.hpp"

namespace mypost::text {

// "@ann.bsky.social": a full domain name after '@', at the start or after white space or "(".
std::vector<Range> find_handles(std::string_view text);

// "@user@host" of the fediverse; `local` is the "@user" before the host.
struct RemoteMention {
    Range whole;
    Range local;
};
std::vector<RemoteMention> find_remote_mentions(std::string_view text);

// "@name" as X links it: 1 to 20 letters, digits, "_"; not inside a word or an address.
std::vector<Range> find_x_mentions(std::string_view text);

// "#tag": at least one character that is neither digit nor punctuation; punctuation at the end is left out.
std::vector<Range> find_hashtags(std::string_view text);

// "$ABCD": one to six letters.
std::vector<Range> find_cashtags(std::string_view text);

}  // namespace mypost::text
