#include "core/text_counters.hpp"

#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include <array>

#include "core/text_entities.hpp"
#include "core/text_links.hpp"

namespace mypost::text {

namespace {

constexpr std::size_t x_url_length = 23;
constexpr std::size_t emoji_weight = 2;
constexpr std::size_t longest_emoji = 10;  // code points: a couple's kiss with two skin tones

// Code points that weigh half of all others.
bool is_light(char32_t c) {
    return c <= 0x10ff || (c >= 0x2000 && c <= 0x200d) || (c >= 0x2010 && c <= 0x201f) ||
           (c >= 0x2032 && c <= 0x2037);
}

// Code points of the emoji at `at`: an entry of Unicode's recommended sequences, or a keycap without its
// selector. 0: none.
std::size_t emoji_length(std::u32string const& points, std::size_t at) {
    if (!u_hasBinaryProperty(static_cast<UChar32>(points[at]), UCHAR_EMOJI)) return 0;
    std::array<UChar, longest_emoji * 2> units{};
    std::array<int32_t, longest_emoji> ends{};
    int32_t size = 0;
    std::size_t available = 0;
    for (; available < longest_emoji && at + available < points.size(); ++available) {
        auto const c = static_cast<UChar32>(points[at + available]);
        U16_APPEND_UNSAFE(units, size, c);
        ends[available] = size;
    }
    for (std::size_t length = available; length > 0; --length) {
        if (u_stringHasBinaryProperty(units.data(), ends[length - 1], UCHAR_RGI_EMOJI)) return length;
    }
    bool const keycap_base = points[at] < 0x80;
    if (keycap_base && available > 1 && points[at + 1] == 0x20e3) return 2;
    return 0;
}

std::size_t weigh(std::string_view text) {
    CodePoints const decoded(text);
    std::size_t weight = 0;
    for (std::size_t i = 0; i < decoded.size();) {
        if (std::size_t const length = emoji_length(decoded.points, i); length > 0) {
            weight += emoji_weight;
            i += length;
        } else {
            weight += is_light(decoded.points[i]) ? 1 : 2;
            ++i;
        }
    }
    return weight;
}

std::size_t count_x(std::string_view text, std::size_t url_length) {
    std::string const normal = nfc(text);
    std::string_view const view = normal;
    std::size_t weight = 0;
    std::size_t from = 0;
    for (auto const& link : find_links(view, LinkRule::x)) {
        weight += weigh(view.substr(from, link.begin - from)) + url_length;
        from = link.end;
    }
    return weight + weigh(view.substr(from));
}

std::string with_short_mentions(std::string_view text) {
    std::string out;
    std::size_t from = 0;
    for (auto const& mention : find_remote_mentions(text)) {
        out.append(text.substr(from, mention.local.end - from));
        from = mention.whole.end;
    }
    out.append(text.substr(from));
    return out;
}

std::size_t count_mastodon(std::string_view text, CountRules const& rules) {
    auto const part = [&](std::string_view piece) {
        return rules.mentions_local_part ? with_short_mentions(piece) : std::string(piece);
    };
    std::string countable;
    std::size_t from = 0;
    if (rules.url_length) {
        for (auto const& link : find_links(text, LinkRule::mastodon)) {
            countable += part(text.substr(from, link.begin - from));
            countable.append(static_cast<std::size_t>(*rules.url_length), 'x');
            from = link.end;
        }
    }
    return count_graphemes(countable + part(text.substr(from)));
}

}  // namespace

std::size_t count(CountRules const& rules, std::string_view text) {
    switch (rules.unit) {
        case Unit::x_weighted:
            return count_x(text,
                           rules.url_length ? static_cast<std::size_t>(*rules.url_length) : x_url_length);
        case Unit::graphemes:
            if (rules.url_length || rules.mentions_local_part) return count_mastodon(text, rules);
            return count_graphemes(text);
        case Unit::utf16:
            return count_utf16(text);
        case Unit::code_points:
            return count_code_points(text);
        case Unit::utf8_bytes:
            return text.size();
    }
    return 0;
}

}  // namespace mypost::text
