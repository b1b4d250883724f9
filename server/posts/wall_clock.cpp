#include "posts/wall_clock.hpp"

#include <date/tz.h>
#include <fmt/format.h>

namespace mypost::posts {

namespace {

// "YYYY-MM-DDTHH:MM" with optional ":SS".
std::optional<Milliseconds> parse_local(std::string_view text) {
    // The same digits as an instant, without a zone.
    std::string full(text);
    if (full.size() == 16) full += ":00";
    if (full.size() != 19) return std::nullopt;
    auto const as_utc = parse_rfc3339(full + "Z");
    if (!as_utc) return std::nullopt;
    return as_utc->time_since_epoch();
}

}  // namespace

Result<Instant> resolve(LocalTime const& time, std::string const& pointer) {
    auto const local = parse_local(time.local);
    if (!local)
        return invalid(pointer + "/local", "invalid_format", "A local time is written 2026-11-22T09:00.");
    date::time_zone const* zone = nullptr;
    try {
        zone = date::locate_zone(time.time_zone);
    } catch (std::runtime_error const&) {
        return invalid(pointer + "/time_zone", "invalid_value",
                       "Unknown time zone. Use an IANA name such as Europe/Berlin.");
    }
    date::local_time<Milliseconds> const wall(*local);
    // `first` is the offset before the change: in a gap it gives a time as much later as the gap is wide, in
    // an overlap the earlier of the two.
    auto const info = zone->get_info(wall);
    return Instant(wall.time_since_epoch() - std::chrono::duration_cast<Milliseconds>(info.first.offset));
}

std::string wall_clock(Instant instant, std::string const& time_zone) {
    auto const* zone = date::locate_zone(time_zone);
    auto const info = zone->get_info(date::sys_time<Milliseconds>(instant.time_since_epoch()));
    Instant const shifted = instant + std::chrono::duration_cast<Milliseconds>(info.offset);
    return to_rfc3339(shifted).substr(0, 16);
}

}  // namespace mypost::posts
