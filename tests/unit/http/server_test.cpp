#include "http/server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>

#include "async/sleep.hpp"
#include "raw_client.hpp"

namespace mypost::http_tests {

using http::Request;
using http::Response;

class Server : public testing::Test {
  protected:
    std::atomic<int> handled{0};
    std::atomic<int> cancelled{0};
    std::promise<void> entered;  // /wait has begun
    std::string file = testing::TempDir() + "/server_test_file_" + std::to_string(::getpid());

    Server() {
        std::ofstream out(file, std::ios::binary);
        for (int i = 0; i < 300'000; ++i) out << "0123456789";
    }
    ~Server() override { std::remove(file.c_str()); }

    http::ServerOptions options() {
        http::ServerOptions o;
        o.max_header_bytes = 4096;
        o.max_body_bytes = 10'000;
        o.trusted_proxies = {"10.0.0.0/8"};
        return o;
    }

    http::Server::Callbacks callbacks() {
        http::Server::Callbacks c;
        c.handle = [this](Request request) { return handle(std::move(request)); };
        c.body_policy = [](Request const& head) {
            http::BodyPolicy policy{.max_bytes = 10'000};
            if (head.path == "/upload") policy = {.max_bytes = 50'000'000, .streamed = true};
            if (head.path == "/small-upload") policy = {.max_bytes = 1000, .streamed = true};
            if (head.path == "/own-413") policy.deliver_oversized = true;
            return policy;
        };
        return c;
    }

    asio::awaitable<Response> handle(Request request) {
        ++handled;
        if (request.stream) {
            std::size_t total = 0;
            while (true) {
                auto piece = co_await request.stream->read();
                if (!piece) co_return http::text_response(422, std::string(to_string(piece.error().code)));
                if (piece->empty()) break;
                total += piece->size();
            }
            co_return http::text_response(200, "read " + std::to_string(total));
        }
        if (request.path == "/own-413" && request.body_too_large) co_return http::text_response(413, "mine");
        if (request.path == "/file") {
            Response response;
            response.body = http::FileBody{file, 5, 2'999'990};
            co_return response;
        }
        if (request.path == "/missing-file") {
            Response response;
            response.body = http::FileBody{file + "x", 0, 10};
            co_return response;
        }
        if (request.path == "/stream") {
            Response response;
            auto count = std::make_shared<int>(0);
            response.body = http::StreamBody([count]() -> asio::awaitable<std::string> {
                ++*count;
                co_return *count <= 3 ? "piece" + std::to_string(*count) + " " : "";
            });
            co_return response;
        }
        if (request.path == "/drop") {
            Response response;
            response.drop_connection = true;
            co_return response;
        }
        if (request.path == "/inject") {
            Response response = http::text_response(200, "x");
            response.headers.set("X-Bad", "a\r\nX-Injected: yes");
            co_return response;
        }
        if (request.path == "/throw") throw std::runtime_error("bug");
        if (request.path == "/wait" || request.path == "/forever") {
            entered.set_value();
            try {
                co_await async::sleep_for(request.path == "/wait" ? std::chrono::milliseconds(300)
                                                                  : std::chrono::hours(1));
            } catch (...) {
                ++cancelled;
                throw;
            }
        }
        co_return http::text_response(
            200, fmt::format("{} {} body={} from={} host={} secure={} fwd={}", to_string(request.method),
                             request.target, request.body, request.remote_address, request.host,
                             request.secure, request.headers.has("X-Forwarded-For")));
    }
};

namespace {

std::string get(std::string_view path, std::string_view more = "") {
    return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", path, more);
}
std::string post(std::string_view path, std::string_view body, std::string_view more = "") {
    return fmt::format("POST {} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n{}\r\n{}", path, body.size(),
                       more, body);
}

}  // namespace

TEST_F(Server, keeps_the_connection_and_names_each_request) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send(get("/a?b=c"));
    auto const first = client.read_answer();
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.body, "GET /a?b=c body= from=127.0.0.1 host=test secure=false fwd=false");
    EXPECT_FALSE(first.header("Date").empty());
    client.send(post("/p", "hello"));
    auto const second = client.read_answer();
    EXPECT_NE(second.body.find("body=hello"), std::string::npos);
    EXPECT_NE(first.header("X-Request-Id"), second.header("X-Request-Id"));
    EXPECT_EQ(server.stats().connections, 1U);
    EXPECT_EQ(server.stats().requests, 2U);
}

TEST_F(Server, answers_pipelined_requests_in_order) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    std::string all;
    for (int i = 0; i < 50; ++i)
        all += i % 2 == 0 ? get(fmt::format("/{}", i)) : post(fmt::format("/{}", i), "xyz");
    client.send(all);
    for (int i = 0; i < 50; ++i) {
        auto const answer = client.read_answer();
        EXPECT_NE(answer.body.find(fmt::format(" /{} ", i)), std::string::npos) << answer.body;
    }
}

TEST_F(Server, reads_requests_that_arrive_byte_by_byte) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    for (char c : post("/slow", "abc")) client.send(std::string_view(&c, 1));
    EXPECT_NE(client.read_answer().body.find("body=abc"), std::string::npos);
}

TEST_F(Server, reads_chunked_bodies) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send(
        "POST /c HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5;ext=1\r\ndefgh\r\n");
    client.send("0\r\nTrailer: x\r\n\r\n");
    EXPECT_NE(client.read_answer().body.find("body=abcdefgh"), std::string::npos);
    client.send(get("/next"));
    EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(Server, limits_bodies_however_they_are_framed) {
    ServerThread server(options(), callbacks());
    {
        RawClient client(server.port());
        client.send("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 10001\r\n\r\n");
        auto const answer = client.read_answer();
        EXPECT_EQ(answer.status, 413);
        EXPECT_EQ(answer.header("Connection"), "close");
    }
    {
        RawClient client(server.port());
        client.send("POST /p HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 20; ++i) client.send("400\r\n" + std::string(1024, 'x') + "\r\n");
        EXPECT_EQ(client.read_answer().status, 413);
    }
    EXPECT_EQ(handled, 0);
    RawClient client(server.port());
    client.send("POST /own-413 HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999\r\n\r\n");
    EXPECT_EQ(client.read_answer().body, "mine");
    EXPECT_EQ(client.read_all(), "");
}

TEST_F(Server, streams_uploads_within_their_limit) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    std::string const large(20'000'000, 'u');
    client.send(post("/upload", large));
    EXPECT_EQ(client.read_answer().body, "read 20000000");
    client.send("POST /upload HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 100; ++i) client.send("2710\r\n" + std::string(10'000, 'x') + "\r\n");
    client.send("0\r\n\r\n");
    EXPECT_EQ(client.read_answer().body, "read 1000000");

    RawClient second(server.port());
    second.send("POST /small-upload HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n");
    second.send("7d0\r\n" + std::string(2000, 'x') + "\r\n0\r\n\r\n");
    EXPECT_EQ(second.read_answer().body, "payload_too_large");
}

TEST_F(Server, says_continue_only_when_it_wants_the_body) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_answer().status, 100);
    client.send("abc");
    EXPECT_NE(client.read_answer().body.find("body=abc"), std::string::npos);
    RawClient refused(server.port());
    refused.send("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 30000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(refused.read_answer().status, 413);
    RawClient strange(server.port());
    strange.send("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nExpect: coffee\r\n\r\nabc");
    EXPECT_EQ(strange.read_answer().status, 417);
}

TEST_F(Server, answers_head_without_a_body) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send("HEAD /file HTTP/1.1\r\nHost: t\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: t\r\n\r\n" +
                get("/after"));
    EXPECT_EQ(client.read_answer(true).header("Content-Length"), "2999990");
    EXPECT_EQ(client.read_answer(true).header("Transfer-Encoding"), "chunked");
    EXPECT_NE(client.read_answer().body.find("/after"), std::string::npos);
}

TEST_F(Server, sends_files_and_streams) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send(get("/file"));
    auto const whole = client.read_answer();
    ASSERT_EQ(whole.body.size(), 2'999'990U);
    EXPECT_EQ(whole.body.substr(0, 10), "5678901234");
    client.send(get("/stream", "Connection: close\r\n"));
    auto const streamed = client.read_all();
    EXPECT_NE(streamed.find("7\r\npiece1 \r\n7\r\npiece2 \r\n7\r\npiece3 \r\n0\r\n\r\n"), std::string::npos)
        << streamed;
    RawClient second(server.port());
    second.send(get("/missing-file"));
    EXPECT_EQ(second.read_answer().status, 500);
}

TEST_F(Server, speaks_http_1_0) {
    ServerThread server(options(), callbacks());
    {
        RawClient client(server.port());
        client.send("GET /stream HTTP/1.0\r\n\r\n");
        auto const text = client.read_all();
        EXPECT_NE(text.find("\r\n\r\npiece1 piece2 piece3 "), std::string::npos);
        EXPECT_EQ(text.find("chunked"), std::string::npos);
    }
    RawClient client(server.port());
    client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.read_answer().header("Connection"), "keep-alive");
    client.send("GET /b HTTP/1.0\r\n\r\n");
    EXPECT_EQ(client.read_answer().header("Connection"), "close");
    EXPECT_EQ(client.read_all(), "");
}

TEST_F(Server, answers_a_client_that_has_shut_its_sending_half) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send(get("/a"));
    client.end_sending();
    EXPECT_EQ(client.read_answer().status, 200);
    EXPECT_EQ(client.read_all(), "");
}

TEST_F(Server, drops_a_connection_when_told_so) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send(get("/drop"));
    EXPECT_EQ(client.read_all(), "");
}

TEST_F(Server, never_lets_a_handler_split_the_response) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send(get("/inject"));
    auto const answer = client.read_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.head.find("X-Injected"), std::string::npos);
    client.send(get("/throw"));
    EXPECT_EQ(client.read_answer().status, 500);
    client.send(get("/still-there"));
    EXPECT_EQ(client.read_answer().status, 200);
}

TEST_F(Server, believes_forwarding_headers_only_from_proxies) {
    std::string const forwarded =
        "X-Forwarded-For: 203.0.113.9, 198.51.100.7, 127.0.0.1\r\nX-Forwarded-Proto: https\r\n"
        "X-Forwarded-Host: brand.example\r\nX-Request-Id: from-proxy\r\n";
    {
        ServerThread server(options(), callbacks());
        RawClient client(server.port());
        client.send(get("/x", forwarded));
        auto const answer = client.read_answer();
        EXPECT_NE(answer.body.find("from=127.0.0.1 host=test secure=false fwd=false"), std::string::npos);
        EXPECT_NE(answer.header("X-Request-Id"), "from-proxy");
    }
    auto trusting = options();
    trusting.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
    ServerThread server(trusting, callbacks());
    RawClient client(server.port());
    client.send(get("/x", forwarded));
    auto const answer = client.read_answer();
    EXPECT_NE(answer.body.find("from=198.51.100.7 host=brand.example secure=true"), std::string::npos)
        << answer.body;
    EXPECT_EQ(answer.header("X-Request-Id"), "from-proxy");
    client.send(get("/x", "X-Request-Id: a b<script>\r\n"));
    EXPECT_EQ(client.read_answer().header("X-Request-Id").find('<'), std::string::npos);
}

TEST_F(Server, ends_slow_heads) {
    auto quick = options();
    quick.header_timeout = std::chrono::seconds(1);
    ServerThread server(quick, callbacks());
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: t\r\nX-Drip: ");
    EXPECT_NE(client.read_all().find("HTTP/1.1 408 "), std::string::npos);
    EXPECT_EQ(handled, 0);
}

TEST_F(Server, ends_slow_bodies_and_silent_connections) {
    auto quick = options();
    quick.body_timeout = std::chrono::seconds(1);
    quick.idle_timeout = std::chrono::seconds(1);
    ServerThread server(quick, callbacks());
    RawClient client(server.port());
    client.send("POST /p HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc");
    EXPECT_NE(client.read_all().find("HTTP/1.1 408 "), std::string::npos);
    RawClient silent(server.port());
    EXPECT_EQ(silent.read_all(), "");
    EXPECT_EQ(handled, 0);
}

TEST_F(Server, makes_room_by_closing_the_longest_idle) {
    auto few = options();
    few.max_connections = 2;
    ServerThread server(few, callbacks());
    RawClient first(server.port());
    first.send(get("/1"));
    (void)first.read_answer();
    RawClient second(server.port());
    second.send(get("/2"));
    (void)second.read_answer();
    RawClient third(server.port());
    third.send(get("/3"));
    EXPECT_EQ(third.read_answer().status, 200);
    EXPECT_EQ(first.read_all(), "");
    second.send(get("/4"));
    EXPECT_EQ(second.read_answer().status, 200);
}

TEST_F(Server, lets_running_requests_end_when_it_stops) {
    ServerThread server(options(), callbacks());
    RawClient idle(server.port());
    idle.send(get("/"));
    (void)idle.read_answer();
    RawClient busy(server.port());
    busy.send(get("/wait"));
    entered.get_future().wait();
    auto stopped = server.stopping(std::chrono::seconds(30));
    EXPECT_EQ(idle.read_all(), "");
    auto const answer = busy.read_answer();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Connection"), "close");
    stopped.get();
    EXPECT_EQ(cancelled, 0);
    EXPECT_THROW(RawClient(server.port()), std::runtime_error);
}

TEST_F(Server, cancels_what_does_not_end_in_time) {
    ServerThread server(options(), callbacks());
    RawClient busy(server.port());
    busy.send(get("/forever"));
    entered.get_future().wait();
    server.stop(std::chrono::milliseconds(10));
    EXPECT_EQ(cancelled, 1);
    EXPECT_EQ(server.stats().connections, 0U);
}

TEST_F(Server, refuses_an_address_it_cannot_have) {
    ServerThread server(options(), callbacks());
    asio::io_context io;
    auto same = options();
    same.port = server.port();
    EXPECT_THROW(http::Server(io, same, callbacks()), std::system_error);
    same.address = "not an address";
    EXPECT_THROW(http::Server(io, same, callbacks()), std::system_error);
    same = options();
    same.trusted_proxies = {"10.0.0.0/40"};
    EXPECT_THROW(http::Server(io, same, callbacks()), std::system_error);
}

namespace {

struct BadRequest {
    std::string name;
    std::string bytes;
    int status = 400;
};

class ServerRefuses : public Server, public testing::WithParamInterface<BadRequest> {};

}  // namespace

// Each is followed by a request that must not be read as one of its own.
TEST_P(ServerRefuses, and_closes) {
    ServerThread server(options(), callbacks());
    RawClient client(server.port());
    client.send(GetParam().bytes);
    client.send(get("/smuggled"));
    client.end_sending();
    auto const text = client.read_all();
    EXPECT_EQ(text.substr(0, 13), fmt::format("HTTP/1.1 {} ", GetParam().status)) << text;
    EXPECT_EQ(text.find("HTTP/1.1 2"), std::string::npos) << "a second answer";
    EXPECT_EQ(handled, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Http, ServerRefuses,
    testing::Values(
        BadRequest{"two_different_lengths",
                   "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"},
        BadRequest{"the_same_length_twice",
                   "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"},
        BadRequest{"a_list_of_lengths", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3, 3\r\n\r\nabc"},
        BadRequest{"a_negative_length", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: -1\r\n\r\n"},
        BadRequest{"a_signed_length", "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: +3\r\n\r\nabc"},
        BadRequest{"a_length_beyond_64_bits",
                   "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999999999999\r\n\r\n"},
        BadRequest{
            "length_and_chunked",
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        BadRequest{
            "chunked_and_length",
            "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"},
        BadRequest{"chunked_twice",
                   "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
                   "chunked\r\n\r\n0\r\n\r\n"},
        BadRequest{"a_coding_before_chunked",
                   "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
        BadRequest{"an_unknown_coding",
                   "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
        BadRequest{"chunked_in_http_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        BadRequest{"a_broken_chunk_size",
                   "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"},
        BadRequest{"a_chunk_size_beyond_64_bits",
                   "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n11111111111111111\r\n"},
        BadRequest{"a_space_before_the_colon", "GET / HTTP/1.1\r\nHost : t\r\n\r\n"},
        BadRequest{"a_bare_line_feed", "GET / HTTP/1.1\nHost: t\n\n"},
        BadRequest{"a_nul_in_a_field",
                   "GET / HTTP/1.1\r\nHost: t\r\nX: a" + std::string(1, '\0') + "b\r\n\r\n"},
        BadRequest{"no_host", "GET / HTTP/1.1\r\n\r\n"},
        BadRequest{"two_hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
        BadRequest{"a_wrong_version", "GET / HTTP/2.5\r\nHost: t\r\n\r\n"},
        BadRequest{"no_http", "\x16\x03\x01\x02\x01\x01"},
        BadRequest{"a_target_with_a_space", "GET /a b HTTP/1.1\r\nHost: t\r\n\r\n"},
        BadRequest{"one_huge_field", "GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(5000, 'x') + "\r\n\r\n",
                   431},
        BadRequest{"a_huge_target", "GET /" + std::string(5000, 'x') + " HTTP/1.1\r\nHost: t\r\n\r\n", 431},
        BadRequest{"very_many_fields",
                   [] {
                       std::string text = "GET / HTTP/1.1\r\nHost: t\r\n";
                       for (int i = 0; i < 1000; ++i) text += "X-" + std::to_string(i) + ": y\r\n";
                       return text + "\r\n";
                   }(),
                   431}),
    [](auto const& info) { return info.param.name; });

}  // namespace mypost::http_tests
