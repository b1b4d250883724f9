// Local times that people chose, resolved with their zone: DST gaps and overlaps included.
#pragma once

#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"

namespace mypost::posts {

// A time of the day in a zone, as on a clock on the wall.
struct LocalTime {
    std::string local;      // "2026-11-22T09:00", seconds optional
    std::string time_zone;  // IANA name
};

// The instant. A time that a clock change skips moves forward by the gap (02:30 → 03:30); one that happens
// twice is the first. Errors name `pointer` + "/local" or "/time_zone".
Result<Instant> resolve(LocalTime const& time, std::string const& pointer);

// What the wall clock shows, to the minute: "2026-11-22T09:00". Throws std::runtime_error for an unknown
// zone.
std::string wall_clock(Instant instant, std::string const& time_zone);

}  // namespace mypost::posts
