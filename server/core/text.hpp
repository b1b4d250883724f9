// Text as people and networks see it: normal form, graphemes, lengths (ICU). All texts are UTF-8; a broken
// sequence counts as one U+FFFD, callers refuse such input earlier (is_valid_utf8).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mypost::text {

// Bytes [begin, end) of a UTF-8 text.
struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;

    std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
    bool operator==(Range const&) const = default;
};

std::string nfc(std::string_view text);
std::string lower(std::string_view text);              // by Unicode's rules, of no language in particular
std::size_t count_graphemes(std::string_view text);    // extended grapheme clusters, UAX 29
std::size_t count_code_points(std::string_view text);  // Unicode scalar values
std::size_t count_utf16(std::string_view text);        // code units

// Without white space at both ends (Unicode's White_Space).
std::string_view trim(std::string_view text);

// At most `max` graphemes; a longer text is cut and ends in "…" (counted).
std::string shorten(std::string_view text, std::size_t max);

// The text as code points with the byte offset of each; `offsets` has one more entry, the size in bytes.
struct CodePoints {
    explicit CodePoints(std::string_view text);

    std::u32string points;
    std::vector<std::size_t> offsets;

    std::size_t size() const { return points.size(); }
    // The code point at `at`, or 0 behind both ends (`at` may be -1 as std::size_t).
    char32_t at(std::size_t index) const { return index < points.size() ? points[index] : U'\0'; }
    Range range(std::size_t begin, std::size_t end) const { return {offsets[begin], offsets[end]}; }
};

}  // namespace mypost::text
