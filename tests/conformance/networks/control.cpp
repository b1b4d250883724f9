#include "conformance/networks/control.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <stdexcept>

#include "net/curl_client.hpp"

namespace mypost::networks::test {

namespace {

std::uint16_t free_port(boost::asio::io_context& io) {
    using boost::asio::ip::tcp;
    tcp::acceptor probe(io, tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"), 0));
    return probe.local_endpoint().port();
}

}  // namespace

SandboxHost::SandboxHost() {
    auto const port = free_port(io());
    base_ = fmt::format("http://127.0.0.1:{}", port);
    sandbox::Sandbox::Options options;
    options.public_base = base_;
    options.seed = 7;
    sandbox_ = std::make_unique<sandbox::Sandbox>(io().get_executor(), options);
    http::ServerOptions listening;
    listening.port = port;
    listening.max_body_bytes = sandbox::Sandbox::max_body_bytes;
    server_ = std::make_unique<http::Server>(io(), listening,
                                             http::Server::Callbacks{sandbox_->handler(), {}, {}, {}});
    server_->start();
    curl_ = net::make_curl_client(io().get_executor(), {});
    gateway_ = std::make_unique<net::NetworksGateway>(*curl_, base_);
}

SandboxHost::~SandboxHost() {
    mypost::test::run(io(), server_->stop(std::chrono::milliseconds(100)));
}

json::value SandboxHost::control(std::string method, std::string path, json::value body) {
    net::Request request;
    request.method = std::move(method);
    request.url = base_ + path;
    request.guarded = false;
    if (!body.is_null()) {
        request.headers.emplace_back("Content-Type", "application/json");
        request.body = json::serialize(body);
    }
    auto const answer = run(curl_->send(std::move(request)));
    if (!answer) throw std::runtime_error(path + ": " + answer.error().reason);
    if (answer->status / 100 != 2)
        throw std::runtime_error(fmt::format("{}: {} {}", path, answer->status, answer->body));
    return answer->body.empty() ? json::value() : json::parse(answer->body);
}

json::array SandboxHost::posts(std::string const& network, std::string const& account) {
    return control("GET", fmt::format("/_sandbox/{}/posts?account={}", network, account))
        .at("data")
        .as_array();
}

json::object SandboxHost::account(std::string const& network, std::size_t index) {
    auto const state = control("GET", "/_sandbox/state");
    return state.at("networks").at(network).at("accounts").at(index).as_object();
}

void SandboxHost::fault(std::string const& network, json::object fault) {
    control("POST", fmt::format("/_sandbox/{}/faults", network), std::move(fault));
}

Instant SandboxHost::now() const {
    return SystemClock().now() + ahead_;
}

void SandboxHost::advance(std::chrono::seconds by) {
    control("POST", "/_sandbox/clock", json::object{{"advance_seconds", by.count()}});
    ahead_ += by;
}

}  // namespace mypost::networks::test
