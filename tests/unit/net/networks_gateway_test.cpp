#include "net/networks_gateway.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "support/run.hpp"

namespace mypost::net {

// Remembers what it was asked, answers what it was given.
class RecordingClient final : public HttpClient {
  public:
    boost::asio::awaitable<tl::expected<Response, Failure>> send(Request request) override {
        asked.push_back(std::move(request));
        Response response;
        response.status = 200;
        if (!answers.empty()) {
            response = answers.front();
            answers.pop_front();
        }
        co_return response;
    }
    std::vector<Request> asked;
    std::deque<Response> answers;
};

TEST(ViaAddress, puts_the_host_into_the_path) {
    std::string const via = "http://127.0.0.1:8090";
    EXPECT_EQ(via_address(via, "https://api.x.com/2/tweets"), "http://127.0.0.1:8090/api.x.com/2/tweets");
    EXPECT_EQ(via_address(via, "https://social.example:8443/a?b=https://c"),
              "http://127.0.0.1:8090/social.example:8443/a?b=https://c");
    EXPECT_EQ(via_address(via, "https://api.x.com"), "http://127.0.0.1:8090/api.x.com");
    EXPECT_EQ(via_address(via, "http://127.0.0.1:8090/api.x.com/1"), "http://127.0.0.1:8090/api.x.com/1");
    EXPECT_EQ(via_address(via, "http://127.0.0.1:80901/x"), "http://127.0.0.1:8090/127.0.0.1:80901/x");
    EXPECT_EQ(via_address("", "https://api.x.com/2"), "https://api.x.com/2");
}

class NetworksGatewayTest : public testing::Test {
  protected:
    tl::expected<Response, Failure> send(std::string via, Request request) {
        NetworksGateway gateway(inner_, std::move(via));
        return test::run(io_, gateway.send(std::move(request)));
    }
    static Request to(std::string url) {
        Request request;
        request.url = std::move(url);
        return request;
    }
    boost::asio::io_context io_;
    RecordingClient inner_;
};

TEST_F(NetworksGatewayTest, sends_calls_to_the_sandbox_and_answers_as_the_network) {
    auto request = to("https://api.x.com/2/tweets");
    request.method = "POST";
    request.body = std::string("{}");
    auto const response = send("http://127.0.0.1:8090", request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->url, "https://api.x.com/2/tweets");
    ASSERT_EQ(inner_.asked.size(), 1U);
    EXPECT_EQ(inner_.asked[0].url, "http://127.0.0.1:8090/api.x.com/2/tweets");
    EXPECT_EQ(std::get<std::string>(inner_.asked[0].body), "{}");
    EXPECT_FALSE(inner_.asked[0].guarded);
}

TEST_F(NetworksGatewayTest, changes_nothing_without_a_sandbox) {
    ASSERT_TRUE(send("", to("https://api.x.com/2/tweets")));
    EXPECT_EQ(inner_.asked[0].url, "https://api.x.com/2/tweets");
    EXPECT_TRUE(inner_.asked[0].guarded);
}

TEST_F(NetworksGatewayTest, rewrites_each_redirect) {
    Response moved;
    moved.status = 301;
    moved.headers = {{"location", "https://www.mastodon.example/api"}};
    inner_.answers = {moved};
    auto request = to("https://mastodon.example/api");
    request.max_redirects = 2;
    auto const response = send("http://127.0.0.1:8090", request);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->url, "https://www.mastodon.example/api");
    ASSERT_EQ(inner_.asked.size(), 2U);
    EXPECT_EQ(inner_.asked[1].url, "http://127.0.0.1:8090/www.mastodon.example/api");
}

TEST_F(NetworksGatewayTest, refuses_what_production_would_refuse) {
    auto const response = send("http://127.0.0.1:8090", to("file:///etc/passwd"));
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Failure::Kind::refused_by_guard);
    EXPECT_TRUE(inner_.asked.empty());
}

}  // namespace mypost::net
