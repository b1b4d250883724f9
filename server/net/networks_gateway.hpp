// The one way to the social networks: it can send every call to the sandbox instead (MYPOST_NETWORKS_VIA).
#pragma once

#include <string>
#include <string_view>

#include "net/http_client.hpp"

namespace mypost::net {

// "https://api.x.com/2/tweets" → "<via>/api.x.com/2/tweets"; a port stays with its host. The same text when
// `via` is empty or the URL already begins with it. Also for pages that browsers are sent to.
std::string via_address(std::string_view via, std::string_view url);

// Rewrites the address of each call, redirects included; the sandbox is then reached although it is on
// loopback. With an empty `via` it passes calls on as they are.
class NetworksGateway final : public HttpClient {
  public:
    // `inner` outlives the gateway. `via`: "http://127.0.0.1:8090" or empty.
    NetworksGateway(HttpClient& inner, std::string via);

    boost::asio::awaitable<tl::expected<Response, Failure>> send(Request request) override;

    // The sandbox's address of that URL (or the URL itself): for authorisation pages and permalinks.
    std::string address_of(std::string_view url) const { return via_address(via_, url); }

  private:
    HttpClient& inner_;
    std::string via_;
};

}  // namespace mypost::net
