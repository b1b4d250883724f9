#include "core/clock.hpp"

#include <fmt/format.h>

namespace mypost {

namespace {

// Reads exactly `digits` decimal digits at `at`; -1 when there are fewer.
int number(std::string_view text, std::size_t at, std::size_t digits) {
    if (at + digits > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

}  // namespace

std::string to_rfc3339(Instant instant) {
    auto const day = std::chrono::floor<std::chrono::days>(instant);
    std::chrono::year_month_day const date(day);
    auto const rest = (instant - day).count();
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    if (text.size() < 20) return std::nullopt;
    int const year = number(text, 0, 4);
    int const month = number(text, 5, 2);
    int const day = number(text, 8, 2);
    int const hour = number(text, 11, 2);
    int const minute = number(text, 14, 2);
    int const second = number(text, 17, 2);
    bool const shape = text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == 't') &&
                       text[13] == ':' && text[16] == ':';
    if (!shape || year < 0 || month < 0 || day < 0) return std::nullopt;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
    auto const date = std::chrono::year(year) / month / day;
    if (!date.ok()) return std::nullopt;

    std::size_t at = 19;
    int ms = 0;
    if (text[at] == '.') {
        int scale = 100;
        std::size_t digits = 0;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits) {
            ms += scale * (text[at] - '0');
            scale /= 10;
        }
        if (digits == 0 || digits > 9) return std::nullopt;
    }
    if (at >= text.size()) return std::nullopt;
    int offset_minutes = 0;
    if (text[at] == 'Z' || text[at] == 'z') {
        if (at + 1 != text.size()) return std::nullopt;
    } else {
        if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':')
            return std::nullopt;
        int const hours = number(text, at + 1, 2);
        int const minutes = number(text, at + 4, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
        offset_minutes = (text[at] == '-' ? -1 : 1) * (hours * 60 + minutes);
    }
    auto const midnight = std::chrono::time_point_cast<Milliseconds>(std::chrono::sys_days(date));
    return midnight + std::chrono::hours(hour) + std::chrono::minutes(minute - offset_minutes) +
           std::chrono::seconds(second) + Milliseconds(ms);
}

Instant SystemClock::now() const {
    return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
}

}  // namespace mypost
