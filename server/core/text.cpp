#include "core/text.hpp"

#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace mypost::text {

namespace {

void check(UErrorCode status, char const* what) {
    if (U_FAILURE(status)) throw std::runtime_error(std::string("ICU: ") + what + ": " + u_errorName(status));
}

icu::StringPiece piece(std::string_view text) {
    return {text.data(), static_cast<int32_t>(text.size())};
}

// "\r\n" is the only ASCII pair that is one grapheme.
bool is_plain_ascii(std::string_view text) {
    return std::ranges::all_of(text,
                               [](char c) { return c != '\r' && static_cast<unsigned char>(c) < 0x80; });
}

// Calls `boundary(byte offset)` at each end of a grapheme until it answers false.
template <class F>
void each_grapheme(std::string_view text, F boundary) {
    // Making an iterator loads its rules: one a thread is enough.
    thread_local std::unique_ptr<icu::BreakIterator> iterator = [] {
        UErrorCode made = U_ZERO_ERROR;
        std::unique_ptr<icu::BreakIterator> it(
            icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), made));
        check(made, "grapheme rules");
        return it;
    }();
    UErrorCode status = U_ZERO_ERROR;
    UText opened = UTEXT_INITIALIZER;
    utext_openUTF8(&opened, text.data(), static_cast<int64_t>(text.size()), &status);
    check(status, "open text");
    iterator->setText(&opened, status);
    check(status, "set text");
    for (auto at = iterator->next(); at != icu::BreakIterator::DONE; at = iterator->next()) {
        if (!boundary(static_cast<std::size_t>(at))) break;
    }
    utext_close(&opened);
}

}  // namespace

std::string nfc(std::string_view text) {
    if (is_plain_ascii(text)) return std::string(text);
    UErrorCode status = U_ZERO_ERROR;
    auto const* normalizer = icu::Normalizer2::getNFCInstance(status);
    check(status, "NFC");
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    normalizer->normalizeUTF8(0, piece(text), sink, nullptr, status);
    check(status, "NFC");
    return out;
}

std::string lower(std::string_view text) {
    auto letters = icu::UnicodeString::fromUTF8(piece(text));
    letters.toLower(icu::Locale::getRoot());
    std::string out;
    letters.toUTF8String(out);
    return out;
}

std::size_t count_graphemes(std::string_view text) {
    if (is_plain_ascii(text)) return text.size();
    std::size_t count = 0;
    each_grapheme(text, [&](std::size_t) {
        ++count;
        return true;
    });
    return count;
}

std::size_t count_code_points(std::string_view text) {
    return CodePoints(text).size();
}

std::size_t count_utf16(std::string_view text) {
    CodePoints const decoded(text);
    auto const pairs = std::ranges::count_if(decoded.points, [](char32_t c) { return c > 0xffff; });
    return decoded.size() + static_cast<std::size_t>(pairs);
}

std::string_view trim(std::string_view text) {
    CodePoints const decoded(text);
    auto const is_space = [&](std::size_t i) {
        return u_isUWhiteSpace(static_cast<UChar32>(decoded.points[i])) != 0;
    };
    std::size_t begin = 0;
    std::size_t end = decoded.size();
    while (begin < end && is_space(begin)) ++begin;
    while (end > begin && is_space(end - 1)) --end;
    return decoded.range(begin, end).of(text);
}

std::string shorten(std::string_view text, std::size_t max) {
    if (max == 0) return {};
    std::size_t seen = 0;
    std::size_t keep = 0;  // bytes of the first max - 1 graphemes
    each_grapheme(text, [&](std::size_t end) {
        if (++seen == max - 1) keep = end;
        return seen <= max;
    });
    if (seen <= max) return std::string(text);
    return std::string(text.substr(0, keep)) + "…";
}

CodePoints::CodePoints(std::string_view text) {
    points.reserve(text.size());
    offsets.reserve(text.size() + 1);
    auto const* bytes = reinterpret_cast<std::uint8_t const*>(text.data());
    auto const size = static_cast<int32_t>(text.size());
    int32_t i = 0;
    while (i < size) {
        offsets.push_back(static_cast<std::size_t>(i));
        UChar32 c = 0;
        U8_NEXT_OR_FFFD(bytes, i, size, c);
        points.push_back(static_cast<char32_t>(c));
    }
    offsets.push_back(text.size());
}

}  // namespace mypost::text
