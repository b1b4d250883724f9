// Which addresses may be called when the host comes from a user or a remote answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/ip_range.hpp"

struct sockaddr;

namespace mypost::net {

// Why this URL is never called, or nothing: not http(s), no host, a user name or password inside, and with
// `guarded` a port that is neither 80, 443 nor 1024 and above.
std::optional<std::string> url_problem(std::string_view url, bool guarded);

// The address of a socket address; nothing for another family than IPv4 and IPv6.
std::optional<IpAddress> address_of(sockaddr const& address);

class AddressGuard {
  public:
    explicit AddressGuard(std::vector<IpRange> allowed) : allowed_(std::move(allowed)) {}

    // Public addresses, and those in the ranges that the operator allows.
    bool allows(IpAddress const& address) const;

  private:
    std::vector<IpRange> allowed_;
};

}  // namespace mypost::net
