#include "core/text_entities.hpp"

#include <unicode/uchar.h>

namespace mypost::text {

namespace {

constexpr std::size_t max_x_name = 20;

bool is_ascii_letter(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
bool is_ascii_alnum(char32_t c) {
    return is_ascii_letter(c) || (c >= U'0' && c <= U'9');
}
bool is_any_of(char32_t c, std::u32string_view set) {
    return set.find(c) != std::u32string_view::npos;
}
bool is_white_space(char32_t c) {
    return u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}
bool is_punctuation(char32_t c) {
    return u_ispunct(static_cast<UChar32>(c)) != 0;
}
bool has_category(char32_t c, std::uint32_t mask) {
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & mask) != 0;
}
bool is_letter_or_number(char32_t c) {
    return has_category(c, U_GC_L_MASK | U_GC_N_MASK) || c == U'_';
}
bool is_word(char32_t c) {
    return has_category(c, U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK) || c == U'_';
}
bool opens(char32_t before) {
    return before == 0 || is_white_space(before) || before == U'(';
}

// End of a name made of words joined by runs of '.' and '-', none of which ends it; `at` if there is no word.
template <class Word>
std::size_t joined_words_end(CodePoints const& text, std::size_t at, Word word) {
    std::size_t end = at;
    std::size_t i = at;
    while (true) {
        while (word(text.at(i))) ++i;
        if (i == end) return end;
        end = i;
        while (is_any_of(text.at(i), U".-") && text.at(i) != 0) ++i;
        if (i == end || !word(text.at(i))) return end;
    }
}

}  // namespace

std::vector<Range> find_handles(std::string_view text) {
    std::vector<Range> found;
    CodePoints const decoded(text);
    for (std::size_t at = 0; at < decoded.size(); ++at) {
        if (decoded.at(at) != U'@' || !opens(decoded.at(at - 1))) continue;
        std::size_t const end = joined_words_end(decoded, at + 1, is_ascii_alnum);
        auto const name = decoded.range(at + 1, end).of(text);
        bool const is_domain =
            name.find('.') != std::string_view::npos && name.find("..") == std::string_view::npos;
        if (is_domain && name.size() <= 253 && decoded.at(end) != U'@')
            found.push_back(decoded.range(at, end));
        if (end > at + 1) at = end - 1;
    }
    return found;
}

std::vector<RemoteMention> find_remote_mentions(std::string_view text) {
    std::vector<RemoteMention> found;
    CodePoints const decoded(text);
    auto const user = [](char32_t c) { return is_ascii_alnum(c) || c == U'_'; };
    for (std::size_t at = 0; at < decoded.size(); ++at) {
        if (decoded.at(at) != U'@') continue;
        char32_t const before = decoded.at(at - 1);
        if (before != 0 && (before == U'=' || before == U'/' || is_letter_or_number(before))) continue;
        std::size_t const local_end = joined_words_end(decoded, at + 1, user);
        if (local_end == at + 1 || decoded.at(local_end) != U'@') continue;
        std::size_t const end =
            joined_words_end(decoded, local_end + 1, [](char32_t c) { return c != 0 && is_word(c); });
        if (end == local_end + 1) continue;
        found.push_back({decoded.range(at, end), decoded.range(at, local_end)});
        at = end - 1;
    }
    return found;
}

std::vector<Range> find_x_mentions(std::string_view text) {
    std::vector<Range> found;
    CodePoints const decoded(text);
    for (std::size_t at = 0; at < decoded.size(); ++at) {
        if (!is_any_of(decoded.at(at), U"@＠") || decoded.at(at) == 0) continue;
        char32_t const before = decoded.at(at - 1);
        if (before != 0 && (is_ascii_alnum(before) || is_any_of(before, U"_!#$%&*@＠/"))) continue;
        std::size_t end = at + 1;
        while (end - at <= max_x_name && (is_ascii_alnum(decoded.at(end)) || decoded.at(end) == U'_')) ++end;
        bool const is_other = is_any_of(decoded.at(end), U"@＠") && decoded.at(end) != 0;
        if (end > at + 1 && !is_other) found.push_back(decoded.range(at, end));
        at = end - 1;
    }
    return found;
}

std::vector<Range> find_hashtags(std::string_view text) {
    constexpr std::u32string_view invisible = U"\u00ad\u2060\u200a\u200b\u200c\u200d\u20e2";
    std::vector<Range> found;
    CodePoints const decoded(text);
    for (std::size_t at = 0; at < decoded.size(); ++at) {
        bool const sign = decoded.at(at) == U'#' || decoded.at(at) == U'＃';
        if (!sign || !opens(decoded.at(at - 1)) || decoded.at(at + 1) == 0xfe0f) continue;
        std::size_t stop = at + 1;
        auto const inside = [&](char32_t c) {
            return c != 0 && !is_white_space(c) && !is_any_of(c, invisible) && c != U'#' && c != U'＃';
        };
        while (inside(decoded.at(stop))) ++stop;
        std::size_t end = stop;
        while (end > at + 1 && is_punctuation(decoded.at(end - 1))) --end;
        bool has_letter = false;
        for (std::size_t i = at + 1; i < end && !has_letter; ++i) {
            has_letter = !u_isdigit(static_cast<UChar32>(decoded.at(i))) && !is_punctuation(decoded.at(i));
        }
        if (has_letter) found.push_back(decoded.range(at, end));
        at = stop - 1;
    }
    return found;
}

std::vector<Range> find_cashtags(std::string_view text) {
    std::vector<Range> found;
    CodePoints const decoded(text);
    for (std::size_t at = 0; at < decoded.size(); ++at) {
        if (decoded.at(at) != U'$' || (at > 0 && !is_white_space(decoded.at(at - 1)))) continue;
        std::size_t end = at + 1;
        while (is_ascii_letter(decoded.at(end))) ++end;
        std::size_t const letters = end - at - 1;
        char32_t const after = decoded.at(end);
        bool const closed = after == 0 || is_white_space(after) || is_punctuation(after);
        if (letters >= 1 && letters <= 6 && closed) found.push_back(decoded.range(at, end));
        at = end - 1;
    }
    return found;
}

}  // namespace mypost::text
