#include "net/networks_gateway.hpp"

#include "net/address_guard.hpp"
#include "net/redirects.hpp"

namespace mypost::net {

std::string via_address(std::string_view via, std::string_view url) {
    auto const scheme_end = url.find("://");
    if (via.empty() || scheme_end == std::string_view::npos) return std::string(url);
    bool const already = url.starts_with(via) && (url.size() == via.size() || url[via.size()] == '/');
    if (already) return std::string(url);
    std::string address(via);
    return address.append("/").append(url.substr(scheme_end + 3));
}

NetworksGateway::NetworksGateway(HttpClient& inner, std::string via) : inner_(inner), via_(std::move(via)) {}

boost::asio::awaitable<tl::expected<Response, Failure>> NetworksGateway::send(Request request) {
    if (via_.empty()) {
        auto answer = co_await inner_.send(std::move(request));
        co_return answer;
    }
    for (;;) {
        // The address is judged as it would be without the sandbox, so that a test run shows what production
        // would refuse.
        auto problem = url_problem(request.url, request.guarded && !request.url.starts_with(via_));
        if (problem) co_return tl::unexpected(Failure{Failure::Kind::refused_by_guard, std::move(*problem)});
        Request rewritten = request;
        rewritten.url = via_address(via_, request.url);
        rewritten.guarded = false;
        rewritten.max_redirects = 0;
        auto answer = co_await inner_.send(std::move(rewritten));
        if (!answer) co_return answer;
        auto next = next_hop(request, *answer);
        if (!next) {
            answer->url = request.url;
            co_return answer;
        }
        request = std::move(*next);
    }
}

}  // namespace mypost::net
