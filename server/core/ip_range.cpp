#include "core/ip_range.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace mypost {

namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::vector<IpRange> parse_all(std::initializer_list<std::string_view> texts) {
    std::vector<IpRange> ranges;
    for (auto const text : texts) ranges.push_back(IpRange::parse(text).value());
    return ranges;
}

// IANA IPv4 and IPv6 special-purpose address registries, read 2026-11-22.
std::vector<IpRange> const& special_ranges() {
    static auto const ranges = parse_all({
        "0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10",   "127.0.0.0/8",     "169.254.0.0/16",
        "172.16.0.0/12",  "192.0.0.0/24",   "192.0.2.0/24",    "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",   "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",     "::/128",          "::1/128",
        "64:ff9b:1::/48", "100::/64",       "2001::/23",       "2001:db8::/32",   "2620:4f:8000::/48",
        "3fff::/20",      "5f00::/16",      "fc00::/7",        "fe80::/10",       "fec0::/10",
        "ff00::/8",
    });
    return ranges;
}

// The IPv4 address inside an IPv6 address of a transition mechanism, or nothing.
std::optional<IpAddress> embedded_v4(IpAddress const& address) {
    static auto const compatible = IpRange::parse("::/96").value();
    static auto const nat64 = IpRange::parse("64:ff9b::/96").value();
    static auto const six_to_four = IpRange::parse("2002::/16").value();
    auto const& b = address.bytes;
    if (compatible.contains(address) || nat64.contains(address))
        return IpAddress::v4(b[12], b[13], b[14], b[15]);
    if (six_to_four.contains(address)) return IpAddress::v4(b[2], b[3], b[4], b[5]);
    return std::nullopt;
}

}  // namespace

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    IpAddress address;
    std::copy(v4_prefix.begin(), v4_prefix.end(), address.bytes.begin());
    address.bytes[12] = a;
    address.bytes[13] = b;
    address.bytes[14] = c;
    address.bytes[15] = d;
    return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        text = text.substr(1, text.size() - 2);
        if (text.find(':') == std::string_view::npos) return std::nullopt;
    }
    std::string const copy(text);
    if (copy.size() != text.size() || copy.find('\0') != std::string::npos) return std::nullopt;
    in_addr four{};
    if (inet_pton(AF_INET, copy.c_str(), &four) == 1) {
        std::array<std::uint8_t, 4> b{};
        std::memcpy(b.data(), &four, 4);
        return v4(b[0], b[1], b[2], b[3]);
    }
    IpAddress address;
    if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
}

bool IpAddress::is_v4() const {
    return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
}

std::string IpAddress::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_v4()) {
        inet_ntop(AF_INET, bytes.data() + 12, text.data(), text.size());
    } else {
        inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    }
    return text.data();
}

std::optional<IpRange> IpRange::parse(std::string_view text) {
    auto const slash = text.find('/');
    auto const address = IpAddress::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    IpRange range{*address, 128};
    if (slash != std::string_view::npos) {
        auto const digits = text.substr(slash + 1);
        unsigned length = 0;
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
        bool const four = address->is_v4() && text.find(':') == std::string_view::npos;
        if (error != std::errc() || end != digits.data() + digits.size() || digits.empty())
            return std::nullopt;
        if (length > (four ? 32U : 128U)) return std::nullopt;
        range.prefix = four ? length + 96 : length;
    }
    for (unsigned bit = range.prefix; bit < 128; ++bit) {
        if ((range.base.bytes[bit / 8] >> (7 - bit % 8)) & 1) return std::nullopt;
    }
    return range;
}

bool IpRange::contains(IpAddress const& address) const {
    auto const whole = prefix / 8;
    if (!std::equal(base.bytes.begin(), base.bytes.begin() + whole, address.bytes.begin())) return false;
    auto const rest = prefix % 8;
    if (rest == 0) return true;
    auto const mask = static_cast<std::uint8_t>(0xff << (8 - rest));
    return (base.bytes[whole] & mask) == (address.bytes[whole] & mask);
}

std::string IpRange::to_string() const {
    auto const length = base.is_v4() && prefix >= 96 ? prefix - 96 : prefix;
    return base.to_string() + "/" + std::to_string(length);
}

bool is_loopback(IpAddress const& address) {
    static auto const four = IpRange::parse("127.0.0.0/8").value();
    static auto const six = IpRange::parse("::1").value();
    return four.contains(address) || six.contains(address);
}

bool in_any(std::vector<IpRange> const& ranges, IpAddress const& address) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](IpRange const& range) { return range.contains(address); });
}

bool is_special_purpose(IpAddress const& address) {
    if (in_any(special_ranges(), address)) return true;
    if (auto const inner = embedded_v4(address)) return in_any(special_ranges(), *inner);
    return false;
}

}  // namespace mypost
