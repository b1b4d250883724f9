#include "net/address_guard.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cstring>

namespace mypost::net {

std::optional<std::string> url_problem(std::string_view url, bool guarded) {
    auto const parsed = boost::urls::parse_uri(url);
    if (!parsed) return "the address is not a URL";
    if (parsed->scheme() != "http" && parsed->scheme() != "https")
        return "only http and https addresses are called";
    if (parsed->encoded_host().empty()) return "the address names no host";
    if (parsed->has_userinfo()) return "the address holds a user name or password";
    if (parsed->has_port() && parsed->port_number() == 0) return "the port is not a number from 1 to 65535";
    if (guarded && parsed->has_port()) {
        auto const port = parsed->port_number();
        if (port != 80 && port != 443 && port < 1024) return "the port is not 80, 443, or 1024 and above";
    }
    return std::nullopt;
}

std::optional<IpAddress> address_of(sockaddr const& address) {
    IpAddress result;
    if (address.sa_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &address, sizeof four);
        std::uint8_t bytes[4];
        std::memcpy(bytes, &four.sin_addr, sizeof bytes);
        return IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
    }
    if (address.sa_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &address, sizeof six);
        std::memcpy(result.bytes.data(), &six.sin6_addr, result.bytes.size());
        return result;
    }
    return std::nullopt;
}

bool AddressGuard::allows(IpAddress const& address) const {
    return !is_special_purpose(address) || in_any(allowed_, address);
}

}  // namespace mypost::net
