// Strict JSON text → value, for whatever comes from outside.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "core/result.hpp"

namespace mypost::json {

inline constexpr std::size_t max_depth = 32;

// RFC 8259 and valid UTF-8 only, at most `depth` levels; refuses duplicate keys, and whole numbers that fit
// neither 64-bit type (they would lose digits). Error: malformed_request, with line and column.
Result<boost::json::value> parse(std::string_view text, std::size_t depth = max_depth);

}  // namespace mypost::json
