// IP addresses and CIDR ranges, v4 and v6.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mypost {

// Always 16 bytes; IPv4 is held as ::ffff:a.b.c.d, so a v4-mapped IPv6 address equals its IPv4 form.
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};

    // "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; no zone, no port. Nothing for anything else.
    static std::optional<IpAddress> parse(std::string_view text);
    static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);

    bool is_v4() const;
    std::string to_string() const;
    auto operator<=>(IpAddress const&) const = default;
};

struct IpRange {
    IpAddress base;
    unsigned prefix = 128;  // of the 128 bits; an IPv4 range has at least 96

    // "10.0.0.0/8", "fd00::/8", or one address. Bits behind the prefix must be zero. Nothing for anything
    // else.
    static std::optional<IpRange> parse(std::string_view text);

    bool contains(IpAddress const& address) const;
    std::string to_string() const;
};

// 127.0.0.0/8 and ::1.
bool is_loopback(IpAddress const& address);

// True for everything that is not an ordinary public unicast address: this network, private, shared (CGNAT),
// loopback, link-local, documentation, benchmarking, multicast, reserved, and IPv6 forms that carry such an
// IPv4 address (v4-mapped, v4-compatible, NAT64, 6to4) or tunnel to one (Teredo). IANA special-purpose
// registries, RFC 6890.
bool is_special_purpose(IpAddress const& address);

bool in_any(std::vector<IpRange> const& ranges, IpAddress const& address);

}  // namespace mypost
