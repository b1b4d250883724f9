// Unicode helpers on ICU, for the simulators' own counting.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mypost::sandbox::text {

// UTF-8 ↔ code points. The input must be valid UTF-8 (is_valid_utf8); broken bytes become U+FFFD.
std::u32string to_code_points(std::string_view utf8);
std::string to_utf8(std::u32string_view code_points);

std::string nfc(std::string_view utf8);

// Extended grapheme clusters (UAX 29).
std::size_t grapheme_count(std::string_view utf8);

// Length in code points of the emoji that starts at `at` and that X's emoji set knows as one; 0 when none.
std::size_t emoji_length(std::u32string_view code_points, std::size_t at);

bool is_letter_or_digit(char32_t c);
bool is_letter_digit_or_mark(char32_t c);

// & < > " ' as HTML entities.
std::string escape_html(std::string_view utf8);

}  // namespace mypost::sandbox::text
