#include "sandbox/text/unicode.hpp"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>
#include <stdexcept>

namespace mypost::sandbox::text {

namespace {

icu::UnicodeString from_utf8(std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
}

bool is_sequence_part(char32_t c) {
    return c == 0x200D || c == 0xFE0F || (c >= 0xE0020 && c <= 0xE007F) ||
           u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_EMOJI) || c == 0x20E3;
}

bool is_known_emoji(std::u32string_view candidate) {
    auto const text = icu::UnicodeString::fromUTF32(reinterpret_cast<UChar32 const*>(candidate.data()),
                                                    static_cast<int32_t>(candidate.size()));
    return u_stringHasBinaryProperty(text.getBuffer(), text.length(), UCHAR_RGI_EMOJI);
}

}  // namespace

std::u32string to_code_points(std::string_view utf8) {
    auto const text = from_utf8(utf8);
    std::u32string result;
    result.reserve(static_cast<std::size_t>(text.length()));
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        result += static_cast<char32_t>(text.char32At(i));
    }
    return result;
}

std::string to_utf8(std::u32string_view code_points) {
    std::string result;
    icu::UnicodeString::fromUTF32(reinterpret_cast<UChar32 const*>(code_points.data()),
                                  static_cast<int32_t>(code_points.size()))
        .toUTF8String(result);
    return result;
}

std::string nfc(std::string_view utf8) {
    UErrorCode status = U_ZERO_ERROR;
    auto const* normalizer = icu::Normalizer2::getNFCInstance(status);
    auto const normal = normalizer->normalize(from_utf8(utf8), status);
    if (U_FAILURE(status)) throw std::runtime_error("ICU cannot normalise");
    std::string result;
    normal.toUTF8String(result);
    return result;
}

std::size_t grapheme_count(std::string_view utf8) {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> breaks(
        icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no grapheme rules");
    auto const text = from_utf8(utf8);
    breaks->setText(text);
    std::size_t count = 0;
    while (breaks->next() != icu::BreakIterator::DONE) ++count;
    return count;
}

std::size_t emoji_length(std::u32string_view code_points, std::size_t at) {
    auto const first = static_cast<UChar32>(code_points[at]);
    bool const alone = u_hasBinaryProperty(first, UCHAR_EMOJI_PRESENTATION) ||
                       u_hasBinaryProperty(first, UCHAR_EMOJI_MODIFIER);
    if (!alone && !u_hasBinaryProperty(first, UCHAR_EMOJI)) return 0;
    std::size_t longest = at + 1;
    while (longest < code_points.size() && longest - at < 16 && is_sequence_part(code_points[longest]))
        ++longest;
    for (std::size_t end = longest; end > at + 1; --end) {
        if (is_known_emoji(code_points.substr(at, end - at))) return end - at;
    }
    if (!alone || u_hasBinaryProperty(first, UCHAR_REGIONAL_INDICATOR)) return 0;
    // A presentation selector after an emoji belongs to it.
    return at + 1 < code_points.size() && code_points[at + 1] == 0xFE0F ? 2 : 1;
}

bool is_letter_or_digit(char32_t c) {
    return u_isalnum(static_cast<UChar32>(c)) != 0;
}

bool is_letter_digit_or_mark(char32_t c) {
    auto const mask = U_GET_GC_MASK(static_cast<UChar32>(c));
    return (mask & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) != 0;
}

std::string escape_html(std::string_view utf8) {
    std::string result;
    result.reserve(utf8.size());
    for (char const c : utf8) {
        switch (c) {
            case '&':
                result += "&amp;";
                break;
            case '<':
                result += "&lt;";
                break;
            case '>':
                result += "&gt;";
                break;
            case '"':
                result += "&quot;";
                break;
            case '\'':
                result += "&#39;";
                break;
            default:
                result += c;
        }
    }
    return result;
}

}  // namespace mypost::sandbox::text
