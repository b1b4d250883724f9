// HttpClient over libcurl.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "core/ip_range.hpp"
#include "net/http_client.hpp"

namespace mypost::net {

struct CurlClientOptions {
    std::string user_agent = "MyPost";
    std::vector<IpRange> allowed_private_ranges = {};  // may be reached by guarded requests, too
    std::string ca_file = {};                          // empty: the system's certificate authorities
};

// All work is done on `executor` (one event loop). Proxies of the environment are not used. Requests other
// than GET and HEAD never reuse a connection, so that none is ever sent twice behind the caller's back.
std::unique_ptr<HttpClient> make_curl_client(boost::asio::any_io_executor executor,
                                             CurlClientOptions options);

}  // namespace mypost::net
