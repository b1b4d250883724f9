#include <date/tz.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include "auth/auth.hpp"

namespace mypost::auth {

namespace {

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (char c : text) {
        if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++count;
    }
    return count;
}

}  // namespace

Result<void> check_password(std::string const& password, std::string const& pointer) {
    // NIST SP 800-63B: length counts, composition rules do not. The ceiling keeps hashing cheap.
    std::size_t const length = code_points(password);
    if (length < 10) return invalid(pointer, "too_short", "A password needs at least 10 characters.");
    if (length > 200) return invalid(pointer, "too_long", "A password may have at most 200 characters.");
    return {};
}

Result<void> check_email(std::string const& email, std::string const& pointer) {
    auto const at = email.rfind('@');
    bool const shape = at != std::string::npos && at > 0 && at + 1 < email.size() && email.size() <= 254 &&
                       email.find_first_of(" \t\r\n<>(),;:\"") == std::string::npos && email.find('@') == at;
    if (!shape) return invalid(pointer, "invalid_format", "This is not an e-mail address.");
    return {};
}

Result<void> check_time_zone(std::string const& zone, std::string const& pointer) {
    try {
        static_cast<void>(date::locate_zone(zone));
    } catch (std::runtime_error const&) {
        return invalid(pointer, "invalid_value",
                       "Unknown time zone. Use an IANA name such as Europe/Berlin.");
    }
    return {};
}

std::string email_key(std::string_view email) {
    UErrorCode status = U_ZERO_ERROR;
    auto const* nfc = icu::Normalizer2::getNFCInstance(status);
    icu::UnicodeString text =
        icu::UnicodeString::fromUTF8(icu::StringPiece(email.data(), static_cast<int32_t>(email.size())));
    if (U_SUCCESS(status)) text = nfc->normalize(text, status);
    text.toLower(icu::Locale::getRoot());
    std::string key;
    text.toUTF8String(key);
    return key;
}

}  // namespace mypost::auth
