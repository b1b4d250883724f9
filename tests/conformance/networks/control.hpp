// The sandbox on a free port, and its control API as an outside test uses it.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>

#include "core/clock.hpp"
#include "http/server.hpp"
#include "net/http_client.hpp"
#include "net/networks_gateway.hpp"
#include "sandbox/sandbox.hpp"
#include "support/run.hpp"

namespace mypost::networks::test {

namespace json = boost::json;

// Where a runner lives: an event loop, the way to the network, its time.
class Host {
  public:
    virtual ~Host() = default;
    virtual net::HttpClient& http() = 0;
    virtual Instant now() const = 0;
    virtual void advance(std::chrono::seconds by) = 0;

    boost::asio::io_context& io() { return io_; }
    template <class T>
    T run(boost::asio::awaitable<T> work) {
        return mypost::test::run(io_, std::move(work));
    }

  private:
    boost::asio::io_context io_;
};

class SandboxHost final : public Host {
  public:
    SandboxHost();
    ~SandboxHost() override;

    net::HttpClient& http() override { return *gateway_; }  // networks' addresses lead to the sandbox
    std::string const& base() const { return base_; }

    // "GET", "/_sandbox/state". Throws std::runtime_error unless the answer is 2xx and JSON (or empty).
    json::value control(std::string method, std::string path, json::value body = nullptr);
    json::array posts(std::string const& network, std::string const& account);
    json::object account(std::string const& network, std::size_t index);  // of /_sandbox/state
    void fault(std::string const& network, json::object fault);

    // The sandbox's time: the system's and what advance() added.
    Instant now() const override;
    void advance(std::chrono::seconds by) override;

  private:
    std::string base_;
    std::unique_ptr<sandbox::Sandbox> sandbox_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<net::HttpClient> curl_;
    std::unique_ptr<net::NetworksGateway> gateway_;
    std::chrono::seconds ahead_{0};
};

}  // namespace mypost::networks::test
