#include "core/ip_range.hpp"

#include <gtest/gtest.h>

namespace mypost {

class SpecialPurpose : public testing::TestWithParam<char const*> {};
class PublicAddress : public testing::TestWithParam<char const*> {};

TEST_P(SpecialPurpose, is_recognised) {
    EXPECT_TRUE(is_special_purpose(IpAddress::parse(GetParam()).value()));
}
TEST_P(PublicAddress, is_let_through) {
    EXPECT_FALSE(is_special_purpose(IpAddress::parse(GetParam()).value()));
}

INSTANTIATE_TEST_SUITE_P(
    IpRange, SpecialPurpose,
    testing::Values("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
                    "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
                    "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.7",
                    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
                    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
                    "64:ff9b:1::1", "2002:7f00:1::1", "2002:c0a8:101::", "2001::1", "2001:db8::1", "3fff::1",
                    "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1"));
INSTANTIATE_TEST_SUITE_P(IpRange, PublicAddress,
                         testing::Values("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255",
                                         "100.128.0.0", "126.255.255.255", "128.0.0.1", "172.15.255.255",
                                         "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
                                         "198.20.0.0", "223.255.255.255", "2606:4700:4700::1111",
                                         "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
                                         "2002:808:808::1"));

TEST(IpRange, parses_and_prints) {
    EXPECT_EQ(IpRange::parse("10.0.0.0/8")->to_string(), "10.0.0.0/8");
    EXPECT_EQ(IpRange::parse("192.0.2.7")->to_string(), "192.0.2.7/32");
    EXPECT_EQ(IpRange::parse("fd00::/8")->to_string(), "fd00::/8");
    EXPECT_EQ(IpRange::parse("0.0.0.0/0")->to_string(), "0.0.0.0/0");
    EXPECT_EQ(IpRange::parse("[::1]")->to_string(), "::1/128");
}

TEST(IpRange, refuses_malformed_texts) {
    for (auto const* text :
         {"", "10.0.0.0/33", "10.0.0.1/8", "10.0.0/8", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8 ", "::/129",
          "fd00::1/8", "[10.0.0.1]", "host", "1.2.3.4:80", "fe80::1%eth0", "010.0.0.1"}) {
        EXPECT_FALSE(IpRange::parse(text)) << text;
    }
}

TEST(IpRange, contains_exactly_its_addresses) {
    auto const range = IpRange::parse("192.168.16.0/20").value();
    EXPECT_TRUE(range.contains(IpAddress::v4(192, 168, 16, 0)));
    EXPECT_TRUE(range.contains(IpAddress::v4(192, 168, 31, 255)));
    EXPECT_FALSE(range.contains(IpAddress::v4(192, 168, 32, 0)));
    EXPECT_FALSE(range.contains(IpAddress::v4(192, 168, 15, 255)));
    EXPECT_TRUE(range.contains(IpAddress::parse("::ffff:192.168.17.1").value()));
    EXPECT_FALSE(range.contains(IpAddress::parse("2001:db8::1").value()));
    EXPECT_FALSE(IpRange::parse("0.0.0.0/0")->contains(IpAddress::parse("2a00::1").value()));
}

}  // namespace mypost
