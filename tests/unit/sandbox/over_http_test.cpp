// The sandbox behind the real HTTP server: what a caller's socket sees.
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "http/server.hpp"
#include "unit/sandbox/support.hpp"

namespace mypost::sandbox::testing {

namespace {

namespace asio = boost::asio;

class SandboxOverHttp : public ::testing::Test {
  protected:
    SandboxOverHttp() : sandbox_(io_.get_executor(), {}) {
        http::ServerOptions options;
        options.port = 0;
        http::Server::Callbacks callbacks;
        callbacks.handle = sandbox_.handler();
        callbacks.body_policy = [](http::Request const&) {
            return http::BodyPolicy{Sandbox::max_body_bytes};
        };
        server_ = std::make_unique<http::Server>(io_, options, std::move(callbacks));
        server_->start();
        thread_ = std::thread([this] { io_.run(); });
    }

    ~SandboxOverHttp() override {
        io_.stop();
        thread_.join();
    }

    // Everything that comes back on one connection until it is closed.
    std::string send(std::string const& request) {
        asio::io_context client;
        asio::ip::tcp::socket socket(client);
        socket.connect({asio::ip::make_address("127.0.0.1"), server_->port()});
        asio::write(socket, asio::buffer(request));
        std::string answer;
        boost::system::error_code closed;
        asio::read(socket, asio::dynamic_buffer(answer), closed);
        return answer;
    }

    std::string call(std::string const& method, std::string const& target, std::string const& body = "",
                     std::string const& type = "application/json") {
        return send(method + " " + target +
                    " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: " + type +
                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }

    asio::io_context io_;
    Sandbox sandbox_;
    std::unique_ptr<http::Server> server_;
    std::thread thread_;
};

}  // namespace

TEST_F(SandboxOverHttp, serves_pages_and_api) {
    EXPECT_TRUE(call("GET", "/").starts_with("HTTP/1.1 200"));
    EXPECT_NE(call("GET", "/_sandbox/state").find("\"bluesky\""), std::string::npos);
    EXPECT_TRUE(call("GET", "/api.x.com/2/users/me").starts_with("HTTP/1.1 401"));
}

TEST_F(SandboxOverHttp, closes_without_an_answer) {
    EXPECT_TRUE(
        call("POST", "/_sandbox/mastodon/faults", R"({"match":{"path":"/api/v1/apps"},"mode":"drop_after"})")
            .starts_with("HTTP/1.1 201"));
    EXPECT_EQ(call("POST", "/mastodon.example/api/v1/apps", "client_name=T&redirect_uris=https://a.example/",
                   "application/x-www-form-urlencoded"),
              "");
    EXPECT_NE(call("GET", "/_sandbox/mastodon/requests").find("dropped_after"), std::string::npos);
}

TEST_F(SandboxOverHttp, takes_bodies_as_large_as_media) {
    auto const answer = call("POST", "/bsky.social/xrpc/com.atproto.repo.uploadBlob",
                             std::string(6'000'000, 'x'), "image/png");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 401")) << answer.substr(0, 200);
}

}  // namespace mypost::sandbox::testing
