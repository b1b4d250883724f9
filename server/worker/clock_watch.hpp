// Notices that somebody set the clock: then everything scheduled in between would go out, or be missed, at
// once.
#pragma once

#include <chrono>
#include <optional>

#include "core/clock.hpp"

namespace mypost::worker {

// Time since the machine started, sleep included: a laptop that wakes up is no clock that jumped.
std::chrono::milliseconds time_since_boot();

class ClockWatch {
  public:
    struct Settings {
        std::chrono::seconds tolerance{60};
        // A jump up to `small` (a time server's correction after the start) is believed once it has stood for
        // `settle`; a larger one until the clock is put right or a person confirms it.
        std::chrono::minutes small{60};
        std::chrono::minutes settle{10};
    };

    ClockWatch() = default;
    explicit ClockWatch(Settings settings) : settings_(settings) {}

    // To be called every second or so. True while dispatch may go on.
    bool observe(Instant wall, std::chrono::milliseconds since_boot);

    bool halted() const { return halted_since_.has_value(); }
    // How far the wall clock is from where it should be; 0 when it was never observed.
    std::chrono::milliseconds jump() const { return jump_; }
    // A person says that the present time is right.
    void confirm();

  private:
    Settings settings_;
    std::optional<std::chrono::milliseconds> offset_;  // wall − since boot, as believed
    std::chrono::milliseconds jump_{0};
    std::optional<std::chrono::milliseconds> halted_since_;  // since boot
    std::chrono::milliseconds halted_jump_{0};               // the jump that stands since then
};

}  // namespace mypost::worker
