// Rate limits: names, headers, and the counter of one process.
#pragma once

#include <string>
#include <unordered_map>

#include "core/clock.hpp"
#include "http/endpoint.hpp"
#include "http/services.hpp"

namespace mypost::http {

// Counts in fixed windows in this process. Holds at most 100,000 keys: beyond, ended windows are dropped
// first, then everything (a flood of addresses must not fill the memory).
class LocalRateLimiter final : public RateLimiter {
  public:
    explicit LocalRateLimiter(Clock const& clock) : clock_(clock) {}
    asio::awaitable<Decision> take(std::string key, unsigned count, std::chrono::seconds per) override;

  private:
    struct Window {
        Instant ends_at;
        unsigned used = 0;
    };
    void make_room();

    Clock const& clock_;
    std::unordered_map<std::string, Window> windows_;
};

// An address as the limit counts it: IPv6 by its /64, since one person has that many.
std::string limit_subject(std::string const& address);
std::string limit_name(Endpoint const& endpoint, RateLimit const& rule, std::string const& subject);
// RateLimit-Limit, -Remaining, -Reset.
void set_limit_headers(Response& response, RateLimiter::Decision const& decision);
Error too_many(RateLimiter::Decision const& decision);

}  // namespace mypost::http
