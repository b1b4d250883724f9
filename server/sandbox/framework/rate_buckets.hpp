// Fixed-window counters, by any key.
#pragma once

#include <boost/describe.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "core/clock.hpp"

namespace mypost::sandbox {

struct RateBucket {
    Instant started_at{};
    std::int64_t used = 0;
};
BOOST_DESCRIBE_STRUCT(RateBucket, (), (started_at, used))

// What a counter says about one call.
struct Rate {
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    Instant reset_at{};
    bool allowed = true;
};

class RateBuckets {
  public:
    // Counts `cost` against `key`; a refused call counts nothing. The window begins with its first call.
    Rate take(std::string const& key, std::int64_t limit, std::chrono::seconds window, Instant now,
              std::int64_t cost = 1) {
        auto& bucket = buckets[key];
        if (bucket.started_at == Instant{} || now >= bucket.started_at + window) bucket = {now, 0};
        Rate rate{limit, limit - bucket.used, bucket.started_at + window, bucket.used + cost <= limit};
        if (rate.allowed) {
            bucket.used += cost;
            rate.remaining -= cost;
        }
        if (rate.remaining < 0) rate.remaining = 0;
        return rate;
    }

    // What take() would say, without counting.
    Rate look(std::string const& key, std::int64_t limit, std::chrono::seconds window, Instant now,
              std::int64_t cost = 1) const {
        auto const found = buckets.find(key);
        if (found == buckets.end() || now >= found->second.started_at + window)
            return {limit, limit, now + window, cost <= limit};
        auto const left = limit - found->second.used;
        return {limit, left < 0 ? 0 : left, found->second.started_at + window, cost <= left};
    }

    std::map<std::string, RateBucket> buckets;
};
BOOST_DESCRIBE_STRUCT(RateBuckets, (), (buckets))

}  // namespace mypost::sandbox
