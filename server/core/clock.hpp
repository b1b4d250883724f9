// Time: instants are milliseconds UTC. The clock is injected so that tests can set it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mypost {

using Milliseconds = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Milliseconds>;

// Columns hold this number.
inline std::int64_t to_ms(Instant instant) {
    return instant.time_since_epoch().count();
}
inline Instant from_ms(std::int64_t ms) {
    return Instant(Milliseconds(ms));
}

// RFC 3339, UTC, milliseconds: "2026-11-22T09:00:00.000Z".
std::string to_rfc3339(Instant instant);

// Any RFC 3339 offset and 0–9 fraction digits (cut to ms). Nothing on any other form or an impossible date.
std::optional<Instant> parse_rfc3339(std::string_view text);

class Clock {
  public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
  public:
    Instant now() const override;
};

// Set by hand; for tests, and for following the network sandbox's clock.
class ManualClock final : public Clock {
  public:
    explicit ManualClock(Instant start) : now_(start) {}
    Instant now() const override { return now_; }
    void set(Instant instant) { now_ = instant; }
    void advance(Milliseconds by) { now_ += by; }

  private:
    Instant now_;
};

}  // namespace mypost
