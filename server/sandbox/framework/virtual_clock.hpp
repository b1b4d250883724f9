// The sandbox's own time: the machine's plus what tests advanced it by.
#pragma once

#include "core/clock.hpp"

namespace mypost::sandbox {

class VirtualClock final : public Clock {
  public:
    Instant now() const override { return system_.now() + offset_; }
    Milliseconds offset() const { return offset_; }
    void set_offset(Milliseconds offset) { offset_ = offset; }
    void advance(Milliseconds by) { offset_ += by; }

  private:
    SystemClock system_;
    Milliseconds offset_{0};
};

}  // namespace mypost::sandbox
