// Whether a transfer moves fast enough to be worth its connection.
#pragma once

#include <chrono>
#include <cstddef>

namespace mypost::http {

// Steady progress alone is not enough: a byte every half minute would hold a connection for days. After the
// first minute at least 256 bytes/s on average are asked for.
class Pace {
  public:
    void moved(std::size_t bytes) { bytes_ += static_cast<double>(bytes); }
    bool too_slow() const {
        auto const took = std::chrono::steady_clock::now() - started_;
        if (took < std::chrono::seconds(60)) return false;
        return bytes_ < slowest_bytes_per_second * std::chrono::duration<double>(took).count();
    }

  private:
    static constexpr double slowest_bytes_per_second = 256;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    double bytes_ = 0;
};

}  // namespace mypost::http
