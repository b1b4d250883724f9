// The string formats that FieldRule::format may name and the decoder checks.
#pragma once

#include <string_view>

namespace mypost::json {

// True when `text` has that format, and for a format that is only documented ("password", "byte", …).
// Checked:
//   email           one @, a local part of at most 64 bytes, a dotted or plain host name; at most 254 bytes
//   uri             http or https URL with a host
//   hostname        RFC 1123 labels, at most 253 bytes
//   date            2026-11-22, an existing day
//   local-date-time 2026-11-22T09:00 with optional seconds, no zone
//   time            09:00 or 09:00:30
//   time-zone       the shape of an IANA name (the feature looks it up)
//   color           #rrggbb
//   slug            a-z, 0-9 and single inner hyphens
//   locale          en, pt-BR
bool matches_format(std::string_view format, std::string_view text);

}  // namespace mypost::json
