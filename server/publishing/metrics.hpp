// What publishing reports of itself; implemented by whoever serves /metrics.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace mypost::publishing {

class Metrics {
  public:
    virtual ~Metrics() = default;
    virtual void call(std::string_view /*network*/, std::string_view /*outcome*/,
                      std::chrono::milliseconds /*took*/) {}
    // A run ended in `state`; `code` of the error, or empty.
    virtual void settled(std::string_view /*network*/, std::string_view /*state*/,
                         std::string_view /*code*/) {}
    // Between the due time and the first call.
    virtual void lag(std::string_view /*network*/, std::chrono::milliseconds /*lag*/) {}
    virtual void queue_depth(std::int64_t /*due*/, std::int64_t /*running*/) {}
    virtual void refresh(std::string_view /*network*/, std::string_view /*outcome*/) {}
};

}  // namespace mypost::publishing
