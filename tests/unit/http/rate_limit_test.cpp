#include "http/rate_limit.hpp"

#include <gtest/gtest.h>

#include "fakes.hpp"

namespace mypost::http_tests {

TEST(HttpRateLimit, counts_down_and_starts_anew) {
    ManualClock clock(from_ms(0));
    http::LocalRateLimiter limiter(clock);
    auto take = [&] { return run(limiter.take("k", 2, std::chrono::seconds(10))); };
    EXPECT_EQ(take().remaining, 1U);
    clock.advance(std::chrono::milliseconds(2500));
    auto const second = take();
    EXPECT_TRUE(second.allowed);
    EXPECT_EQ(second.reset.count(), 8);
    EXPECT_FALSE(take().allowed);
    clock.advance(std::chrono::seconds(8));
    EXPECT_TRUE(take().allowed);
}

TEST(HttpRateLimit, forgives_a_clock_that_was_set_back) {
    ManualClock clock(from_ms(1'000'000'000));
    http::LocalRateLimiter limiter(clock);
    (void)run(limiter.take("k", 1, std::chrono::seconds(10)));
    clock.set(from_ms(0));
    EXPECT_TRUE(run(limiter.take("k", 1, std::chrono::seconds(10))).allowed);
}

TEST(HttpRateLimit, counts_an_ipv6_network_as_one) {
    EXPECT_EQ(http::limit_subject("2001:db8::1"), http::limit_subject("2001:db8::ffff"));
    EXPECT_NE(http::limit_subject("2001:db8:0:1::1"), http::limit_subject("2001:db8:0:2::1"));
    EXPECT_EQ(http::limit_subject("192.0.2.7"), "192.0.2.7");
}

}  // namespace mypost::http_tests
