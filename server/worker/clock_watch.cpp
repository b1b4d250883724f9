#include "worker/clock_watch.hpp"

#include <time.h>

#include <cstdlib>

namespace mypost::worker {

std::chrono::milliseconds time_since_boot() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::milliseconds(now.tv_sec * 1000 + now.tv_nsec / 1'000'000);
}

bool ClockWatch::observe(Instant wall, std::chrono::milliseconds since_boot) {
    auto const offset = wall.time_since_epoch() - since_boot;
    if (!offset_) offset_ = offset;
    jump_ = offset - *offset_;
    if (std::chrono::abs(jump_) < settings_.tolerance) {
        // Slow drift is followed, so that small corrections never add up to a jump.
        offset_ = offset;
        halted_since_.reset();
        return true;
    }
    bool const moved_again = std::chrono::abs(jump_ - halted_jump_) >= settings_.tolerance;
    if (!halted_since_ || moved_again) {
        halted_since_ = since_boot;
        halted_jump_ = jump_;
    }
    bool const small = std::chrono::abs(jump_) <= settings_.small;
    if (small && since_boot - *halted_since_ >= settings_.settle) {
        confirm();
        return true;
    }
    return false;
}

void ClockWatch::confirm() {
    if (offset_) *offset_ += jump_;
    jump_ = {};
    halted_since_.reset();
    halted_jump_ = {};
}

}  // namespace mypost::worker
