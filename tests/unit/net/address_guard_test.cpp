#include "net/address_guard.hpp"

#include <gtest/gtest.h>

namespace mypost::net {

struct UrlCase {
    char const* name;
    char const* url;
    bool guarded;
    bool trusted;  // without the guard
};
class UrlRules : public testing::TestWithParam<UrlCase> {};

TEST_P(UrlRules, say_what_may_be_called) {
    EXPECT_EQ(!url_problem(GetParam().url, true), GetParam().guarded);
    EXPECT_EQ(!url_problem(GetParam().url, false), GetParam().trusted);
}

INSTANTIATE_TEST_SUITE_P(Net, UrlRules,
                         testing::Values(UrlCase{"https", "https://social.example/a?b=c", true, true},
                                         UrlCase{"http", "http://social.example", true, true},
                                         UrlCase{"port_443", "https://social.example:443/", true, true},
                                         UrlCase{"port_high", "https://social.example:8443/", true, true},
                                         UrlCase{"port_ssh", "http://social.example:22/", false, true},
                                         UrlCase{"port_smtp", "http://social.example:25/", false, true},
                                         UrlCase{"port_zero", "http://social.example:0/", false, false},
                                         UrlCase{"file", "file:///etc/passwd", false, false},
                                         UrlCase{"ftp", "ftp://x.example/", false, false},
                                         UrlCase{"gopher", "gopher://x.example/", false, false},
                                         UrlCase{"relative", "/etc/passwd", false, false},
                                         UrlCase{"no_host", "http:///x", false, false},
                                         UrlCase{"credentials", "https://user:pw@x.example/", false, false},
                                         UrlCase{"user", "https://user@x.example/", false, false},
                                         UrlCase{"empty", "", false, false},
                                         UrlCase{"space", "http://x.example/a b", false, false},
                                         UrlCase{"line_break", "http://x.example/a\r\nHost: y", false,
                                                 false}),
                         [](auto const& test) { return test.param.name; });

TEST(AddressGuard, lets_allowed_ranges_through) {
    AddressGuard const none({});
    AddressGuard const some({*IpRange::parse("10.1.0.0/16")});
    EXPECT_FALSE(none.allows(IpAddress::v4(10, 1, 2, 3)));
    EXPECT_TRUE(some.allows(IpAddress::v4(10, 1, 2, 3)));
    EXPECT_FALSE(some.allows(IpAddress::v4(10, 2, 2, 3)));
    EXPECT_TRUE(none.allows(IpAddress::v4(9, 9, 9, 9)));
}

}  // namespace mypost::net
