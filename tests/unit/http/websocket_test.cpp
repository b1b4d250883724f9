#include "http/websocket.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "raw_client.hpp"

namespace mypost::http_tests {

using http::Request;

namespace {

constexpr std::uint8_t text_frame = 0x1;
constexpr std::uint8_t binary_frame = 0x2;
constexpr std::uint8_t close_frame = 0x8;
constexpr std::uint8_t ping_frame = 0x9;
constexpr std::uint8_t pong_frame = 0xa;

// A client's frame, masked with zeros.
std::string frame(std::uint8_t opcode, std::string_view payload) {
    std::string out;
    out.push_back(static_cast<char>(0x80 | opcode));
    if (payload.size() < 126) {
        out.push_back(static_cast<char>(0x80 | payload.size()));
    } else if (payload.size() < 65536) {
        out.push_back(static_cast<char>(0xfe));
        out.push_back(static_cast<char>(payload.size() >> 8));
        out.push_back(static_cast<char>(payload.size() & 0xff));
    } else {
        out.push_back(static_cast<char>(0xff));
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.push_back(static_cast<char>(static_cast<std::uint64_t>(payload.size()) >> shift & 0xff));
        }
    }
    return out + std::string(4, '\0') + std::string(payload);
}

struct Frame {
    int opcode = -1;  // -1: the connection ended
    std::string payload;
    int close_code() const {
        if (opcode != close_frame || payload.size() < 2) return -1;
        return static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]);
    }
};

Frame read_frame(RawClient& client) {
    std::string const head = client.read_bytes(2);
    if (head.size() < 2) return {};
    std::size_t size = static_cast<std::uint8_t>(head[1]) & 0x7f;
    std::size_t const extra = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (extra > 0) {
        size = 0;
        for (char c : client.read_bytes(extra)) size = size << 8 | static_cast<std::uint8_t>(c);
    }
    return Frame{head[0] & 0x0f, client.read_bytes(size)};
}

class WebSocket : public testing::Test {
  protected:
    std::promise<bool> flooded;  // whether the socket was closed on a peer that does not read

    http::Server::Callbacks callbacks() {
        http::Server::Callbacks c;
        c.handle = [](Request request) -> asio::awaitable<http::Response> {
            co_return http::text_response(200, "plain " + request.path);
        };
        c.accepts_websocket = [](Request const& head) { return head.path == "/ws"; };
        c.handle_websocket = [this](Request request, std::shared_ptr<http::WebSocket> socket) {
            return talk(std::move(request), std::move(socket));
        };
        return c;
    }

    asio::awaitable<void> talk(Request request, std::shared_ptr<http::WebSocket> socket) {
        socket->send("hello " + request.query);
        while (true) {
            auto message = co_await socket->read();
            if (!message) break;
            if (*message == "close") {
                socket->close(4401, "go");
                continue;
            }
            if (*message == "leave") co_return;
            if (*message == "throw") throw std::runtime_error("bug");
            if (*message == "flood") {
                for (int i = 0; i < 3000; ++i) socket->send(std::string(10'000, 'f'));
                auto const after = co_await socket->read();
                flooded.set_value(!after);
                co_return;
            }
            socket->send("echo " + *message);
        }
    }

    static std::string upgrade(std::string_view target = "/ws?q=1") {
        return fmt::format(
            "GET {} HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\nConnection: "
            "Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: {}\r\n\r\n",
            target, "dGhlIHNhbXBsZSBub25jZQ==");
    }
    static void open(RawClient& client) {
        client.send(upgrade());
        auto const answer = client.read_answer();
        ASSERT_EQ(answer.status, 101);
        EXPECT_EQ(answer.header("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        EXPECT_EQ(read_frame(client).payload, "hello q=1");
    }
};

}  // namespace

TEST_F(WebSocket, talks_both_ways) {
    ServerThread server({}, callbacks());
    RawClient client(server.port());
    open(client);
    client.send(frame(text_frame, "one") + frame(text_frame, std::string(60'000, 'x')));
    EXPECT_EQ(read_frame(client).payload, "echo one");
    EXPECT_EQ(read_frame(client).payload.size(), 60'005U);
    client.send(frame(ping_frame, "p"));
    auto const pong = read_frame(client);
    EXPECT_EQ(pong.opcode, pong_frame);
    EXPECT_EQ(pong.payload, "p");
}

TEST_F(WebSocket, closes_with_the_code_it_is_told) {
    ServerThread server({}, callbacks());
    RawClient client(server.port());
    open(client);
    client.send(frame(text_frame, "close"));
    auto const last = read_frame(client);
    EXPECT_EQ(last.close_code(), 4401);
    EXPECT_EQ(last.payload.substr(2), "go");
    client.send(frame(close_frame, last.payload));
    EXPECT_EQ(client.read_all(), "");
}

TEST_F(WebSocket, answers_the_client_s_close) {
    ServerThread server({}, callbacks());
    RawClient client(server.port());
    open(client);
    client.send(frame(close_frame, "\x03\xe8"));
    EXPECT_EQ(read_frame(client).close_code(), 1000);
    EXPECT_EQ(client.read_all(), "");
}

TEST_F(WebSocket, closes_when_its_handler_leaves_or_fails) {
    ServerThread server({}, callbacks());
    for (std::string_view word : {"leave", "throw"}) {
        RawClient client(server.port());
        open(client);
        client.send(frame(text_frame, word));
        EXPECT_EQ(read_frame(client).close_code(), 1000) << word;
        client.send(frame(close_frame, "\x03\xe8"));
        EXPECT_EQ(client.read_all(), "");
    }
}

TEST_F(WebSocket, refuses_huge_messages_and_binary) {
    ServerThread server({}, callbacks());
    {
        RawClient client(server.port());
        open(client);
        client.send(frame(text_frame, std::string(70'000, 'x')));
        EXPECT_EQ(read_frame(client).close_code(), 1009);
    }
    {
        RawClient client(server.port());
        open(client);
        client.send(frame(text_frame, "\xff\xfe"));
        EXPECT_EQ(read_frame(client).close_code(), 1007);
    }
    RawClient client(server.port());
    open(client);
    client.send(frame(binary_frame, "x"));
    EXPECT_EQ(read_frame(client).close_code(), 1003);
}

TEST_F(WebSocket, refuses_unmasked_frames) {
    ServerThread server({}, callbacks());
    RawClient client(server.port());
    open(client);
    client.send(std::string_view("\x81\x01x", 3));
    EXPECT_EQ(read_frame(client).close_code(), 1002);
}

TEST_F(WebSocket, ends_a_peer_that_does_not_read) {
    ServerThread server({}, callbacks());
    RawClient client(server.port());
    open(client);
    client.send(frame(text_frame, "flood"));
    EXPECT_TRUE(flooded.get_future().get());
}

TEST_F(WebSocket, upgrades_only_where_it_is_wanted) {
    ServerThread server({}, callbacks());
    RawClient client(server.port());
    client.send(upgrade("/elsewhere"));
    EXPECT_EQ(client.read_answer().body, "plain /elsewhere");
    client.send("GET /ws HTTP/1.1\r\nHost: t\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    EXPECT_NE(client.read_answer().status, 101);
}

TEST_F(WebSocket, says_goodbye_when_the_server_stops) {
    ServerThread server({}, callbacks());
    std::optional<RawClient> client(std::in_place, server.port());
    open(*client);
    auto stopped = server.stopping(std::chrono::seconds(30));
    EXPECT_EQ(read_frame(*client).close_code(), 1001);
    client->send(frame(close_frame, "\x03\xe9"));
    EXPECT_EQ(client->read_all(), "");
    client.reset();
    stopped.get();
}

TEST_F(WebSocket, is_cut_when_it_does_not_leave_in_time) {
    ServerThread server({}, callbacks());
    RawClient client(server.port());
    open(client);
    server.stop(std::chrono::milliseconds(10));
    EXPECT_EQ(server.stats().connections, 0U);
}

}  // namespace mypost::http_tests
