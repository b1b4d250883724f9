#include "net/curl_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include "scripted_server.hpp"
#include "support/run.hpp"

namespace mypost::net {

namespace asio = boost::asio;
using test::answer;
using test::ReceivedRequest;
using test::ScriptedAnswer;
using test::ScriptedServer;
using testing::HasSubstr;
using Kind = Failure::Kind;

// `size` bytes of a pattern; fails at `fail_at`.
class PatternSource final : public ByteSource {
  public:
    explicit PatternSource(std::uint64_t size, std::uint64_t fail_at = UINT64_MAX)
        : size_(size), fail_at_(fail_at) {}
    std::uint64_t size() const override { return size_; }
    std::string read(std::size_t max) override {
        largest_read = std::max(largest_read, max);
        if (position_ >= fail_at_) throw std::runtime_error("disk error");
        auto const count = static_cast<std::size_t>(std::min<std::uint64_t>(max, size_ - position_));
        std::string bytes;
        for (std::size_t i = 0; i < count; ++i)
            bytes.push_back(static_cast<char>('a' + (position_ + i) % 26));
        position_ += count;
        return bytes;
    }
    void rewind() override { position_ = 0; }
    std::size_t largest_read = 0;

  private:
    std::uint64_t size_;
    std::uint64_t fail_at_;
    std::uint64_t position_ = 0;
};

class CurlClientTest : public testing::Test {
  protected:
    void serve(ScriptedServer::Script script) { server_.emplace(io_, std::move(script)); }
    void serve(std::string text) {
        serve([text](auto const&) { return ScriptedAnswer{.pieces = {text}}; });
    }
    Request request(std::string method, std::string path) {
        Request made;
        made.method = std::move(method);
        made.url = server_->url(path);
        made.guarded = false;
        return made;
    }
    tl::expected<Response, Failure> send(Request made) {
        return test::run(io_, client_->send(std::move(made)));
    }
    std::vector<ReceivedRequest> const& received() { return server_->requests(); }

    asio::io_context io_;
    std::optional<ScriptedServer> server_;
    std::unique_ptr<HttpClient> client_ = make_curl_client(io_.get_executor(), {.user_agent = "MyPost/1"});
};

TEST_F(CurlClientTest, gets) {
    serve(answer(201, "hello", "X-One: 1\r\nX-Two:  two \r\n"));
    auto get = request("GET", "/a?b=c");
    get.headers = {{"Accept", "text/plain"}, {"X-Empty", ""}};
    auto const response = send(get);
    ASSERT_TRUE(response) << response.error().reason;
    EXPECT_EQ(response->status, 201);
    EXPECT_EQ(response->body, "hello");
    EXPECT_EQ(response->header("x-two"), "two");
    EXPECT_EQ(response->header("none"), "");
    EXPECT_EQ(response->url, server_->url("/a?b=c"));
    ASSERT_EQ(received().size(), 1U);
    EXPECT_THAT(received()[0].head, HasSubstr("GET /a?b=c HTTP/1.1\r\n"));
    EXPECT_THAT(received()[0].head, HasSubstr("User-Agent: MyPost/1\r\n"));
    EXPECT_THAT(received()[0].head, HasSubstr("Accept: text/plain\r\n"));
    EXPECT_THAT(received()[0].head, HasSubstr("X-Empty:"));
}

TEST_F(CurlClientTest, reads_errors_as_answers) {
    serve(answer(503, "busy", "Retry-After: 7\r\n"));
    auto const response = send(request("GET", "/"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 503);
    EXPECT_EQ(response->header("Retry-After"), "7");
}

TEST_F(CurlClientTest, keeps_only_the_final_answers_headers) {
    serve("HTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\n" + answer(200, "x", "X-Final: 1\r\n"));
    auto const response = send(request("GET", "/"));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->header("X-Hint"), "");
    EXPECT_EQ(response->header("X-Final"), "1");
}

TEST_F(CurlClientTest, sends_a_text_body) {
    serve(answer(200, ""));
    auto post = request("POST", "/");
    post.headers = {{"Content-Type", "application/json"}};
    post.body = std::string("{\"a\":1}");
    ASSERT_TRUE(send(post));
    EXPECT_EQ(received()[0].body, "{\"a\":1}");
    EXPECT_THAT(received()[0].head, HasSubstr("Content-Type: application/json\r\n"));
    EXPECT_THAT(received()[0].head, HasSubstr("Content-Length: 7\r\n"));
    EXPECT_THAT(received()[0].head, Not(HasSubstr("Expect")));
}

TEST_F(CurlClientTest, sends_an_empty_post_with_its_length) {
    serve(answer(200, ""));
    ASSERT_TRUE(send(request("POST", "/")));
    EXPECT_THAT(received()[0].head, HasSubstr("POST / HTTP/1.1"));
    EXPECT_THAT(received()[0].head, HasSubstr("Content-Length: 0\r\n"));
}

TEST_F(CurlClientTest, deletes_without_a_body) {
    serve(answer(200, ""));
    ASSERT_TRUE(send(request("DELETE", "/x")));
    EXPECT_THAT(received()[0].head, HasSubstr("DELETE /x HTTP/1.1"));
    EXPECT_THAT(received()[0].head, Not(HasSubstr("Content-Length")));
}

TEST_F(CurlClientTest, streams_a_body_piece_by_piece) {
    serve(answer(200, "done"));
    auto const source = std::make_shared<PatternSource>(5'000'000);
    auto put = request("PUT", "/");
    put.body = std::static_pointer_cast<ByteSource>(source);
    ASSERT_TRUE(send(put));
    PatternSource same(5'000'000);
    EXPECT_TRUE(received()[0].body == same.read(5'000'000));
    EXPECT_LT(source->largest_read, 1'000'000U);
}

TEST_F(CurlClientTest, sends_multipart_forms) {
    serve(answer(200, ""));
    auto post = request("POST", "/");
    Multipart form;
    form.push_back({"command", "", "", std::string("INIT")});
    form.push_back({"media", "a \"b\".png", "image/png", std::make_shared<PatternSource>(30)});
    post.body = std::move(form);
    ASSERT_TRUE(send(post));
    EXPECT_THAT(received()[0].head, HasSubstr("Content-Type: multipart/form-data; boundary="));
    auto const& body = received()[0].body;
    EXPECT_THAT(body, HasSubstr("Content-Disposition: form-data; name=\"command\"\r\n\r\nINIT\r\n"));
    EXPECT_THAT(body,
                HasSubstr("name=\"media\"; filename=\"a %22b%22.png\"\r\nContent-Type: image/png\r\n\r\n"
                          "abcdefghijklmnopqrstuvwxyzabcd\r\n"));
}

TEST_F(CurlClientTest, reuses_connections_for_reads_but_never_for_writes) {
    serve(answer(200, "x"));
    for (auto const* method : {"GET", "GET", "POST", "POST", "GET"}) ASSERT_TRUE(send(request(method, "/")));
    EXPECT_EQ(received()[0].connection, received()[1].connection);
    EXPECT_NE(received()[2].connection, received()[1].connection);
    EXPECT_NE(received()[3].connection, received()[2].connection);
}

TEST_F(CurlClientTest, runs_many_at_once) {
    serve(answer(200, "x"));
    int ended = 0;
    for (int i = 0; i < 50; ++i) {
        asio::co_spawn(io_, client_->send(request(i % 2 == 0 ? "GET" : "POST", "/")),
                       [&](std::exception_ptr error, auto answered) {
                           ASSERT_FALSE(error);
                           EXPECT_TRUE(answered && answered->status == 200);
                           ++ended;
                       });
    }
    while (ended < 50 && io_.run_one_for(std::chrono::seconds(20)) > 0) {
    }
    EXPECT_EQ(ended, 50);
    EXPECT_EQ(received().size(), 50U);
}

// ---- what became of the request
// -----------------------------------------------------------------------------------

TEST_F(CurlClientTest, refused_connections_were_not_sent) {
    serve(answer(200, ""));
    auto post = request("POST", "/");
    server_.reset();
    auto const response = send(post);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::not_sent);
}

TEST_F(CurlClientTest, unknown_hosts_were_not_sent) {
    Request get;
    get.url = "http://no-such-host.invalid/";
    auto const response = send(get);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::not_sent);
}

TEST_F(CurlClientTest, plain_text_in_place_of_tls_was_not_sent) {
    serve(answer(200, ""));
    Request post;
    post.method = "POST";
    post.guarded = false;
    post.url = "https://127.0.0.1:" + std::to_string(server_->port()) + "/";
    post.timeout = std::chrono::milliseconds(500);
    auto const response = send(post);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::not_sent);
}

TEST_F(CurlClientTest, a_lost_answer_is_unknown_and_the_request_is_never_repeated) {
    bool lose = false;
    serve([&](auto const&) {
        if (lose) return ScriptedAnswer{.pieces = {}, .close = true};
        return ScriptedAnswer{.pieces = {answer(200, "x")}};
    });
    ASSERT_TRUE(send(request("GET", "/")));  // leaves a connection that could be reused
    lose = true;
    for (bool const with_body : {true, false}) {
        auto post = request("POST", "/");
        if (with_body) post.body = std::string("text");
        auto const before = received().size();
        auto const response = send(post);
        ASSERT_FALSE(response);
        EXPECT_EQ(response.error().kind, Kind::unknown_outcome);
        EXPECT_EQ(received().size(), before + 1);
    }
}

TEST_F(CurlClientTest, an_answer_that_breaks_off_is_unknown) {
    serve([](auto const&) {
        return ScriptedAnswer{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"},
                              .close = true};
    });
    auto post = request("POST", "/");
    post.body = std::string("text");
    auto const response = send(post);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::unknown_outcome);
}

TEST_F(CurlClientTest, a_body_cut_off_half_way_was_not_sent) {
    serve([](auto const&) { return ScriptedAnswer{.pieces = {}, .close = true, .read_body = 1000}; });
    for (bool const form : {false, true}) {
        auto const source = std::make_shared<PatternSource>(60'000'000);
        auto post = request("POST", "/");
        if (form) {
            Multipart parts;
            parts.push_back({"media", "a", "image/png", source});
            post.body = std::move(parts);
        } else {
            post.body = std::static_pointer_cast<ByteSource>(source);
        }
        auto const response = send(post);
        ASSERT_FALSE(response);
        EXPECT_EQ(response.error().kind, Kind::not_sent) << form;
    }
}

TEST_F(CurlClientTest, an_early_refusal_is_an_answer) {
    serve([](auto const&) {
        return ScriptedAnswer{
            .pieces = {answer(413, "too large", "Connection: close\r\n")}, .hang = true, .read_body = 1000};
    });
    auto post = request("POST", "/");
    post.body = std::static_pointer_cast<ByteSource>(std::make_shared<PatternSource>(60'000'000));
    auto const response = send(post);
    ASSERT_TRUE(response) << response.error().reason;
    EXPECT_EQ(response->status, 413);
}

TEST_F(CurlClientTest, a_source_that_fails_was_not_sent) {
    serve(answer(200, ""));
    auto post = request("POST", "/");
    post.body = std::static_pointer_cast<ByteSource>(std::make_shared<PatternSource>(3'000'000, 1'000'000));
    auto const response = send(post);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::not_sent);
    EXPECT_THAT(response.error().reason, HasSubstr("could not be read"));
}

TEST_F(CurlClientTest, a_time_out_after_sending_is_unknown) {
    serve([](auto const&) { return ScriptedAnswer{.pieces = {}, .hang = true}; });
    auto post = request("POST", "/");
    post.body = std::string("text");
    post.timeout = std::chrono::milliseconds(200);
    auto const response = send(post);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::unknown_outcome);
}

TEST_F(CurlClientTest, a_stall_ends_the_exchange) {
    serve([](auto const&) {
        return ScriptedAnswer{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"}, .hang = true};
    });
    auto get = request("GET", "/");
    get.stall_timeout = std::chrono::milliseconds(200);
    auto const response = send(get);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::unknown_outcome);
    EXPECT_EQ(response.error().reason, "no progress");
}

TEST_F(CurlClientTest, a_body_that_nobody_takes_was_not_sent) {
    serve([](auto const&) { return ScriptedAnswer{.pieces = {}, .hang = true, .read_body = 0}; });
    auto post = request("POST", "/");
    post.body = std::static_pointer_cast<ByteSource>(std::make_shared<PatternSource>(60'000'000));
    post.stall_timeout = std::chrono::milliseconds(300);
    auto const response = send(post);
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().kind, Kind::not_sent);
}

TEST_F(CurlClientTest, answers_over_the_limit_are_cut_off) {
    serve(answer(200, std::string(2000, 'x')));
    auto get = request("GET", "/");
    get.max_response_bytes = 1999;
    EXPECT_EQ(send(get).error().kind, Kind::too_large);
    get.max_response_bytes = 2000;
    EXPECT_TRUE(send(get));
}

TEST_F(CurlClientTest, a_compression_bomb_is_cut_off) {
    std::string const zeros(50'000'000, '\0');
    std::string packed(compressBound(zeros.size()), '\0');
    auto size = packed.size();
    ASSERT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()), &size,
                       reinterpret_cast<Bytef const*>(zeros.data()), zeros.size()),
              Z_OK);
    packed.resize(size);
    serve(answer(200, packed, "Content-Encoding: deflate\r\n"));
    EXPECT_EQ(send(request("GET", "/")).error().kind, Kind::too_large);
}

TEST_F(CurlClientTest, endless_headers_are_cut_off) {
    std::string headers = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 2000; ++i)
        headers += "X-Header-" + std::to_string(i) + ": " + std::string(50, 'x') + "\r\n";
    serve(headers + "\r\n");
    EXPECT_EQ(send(request("GET", "/")).error().kind, Kind::too_large);
}

TEST_F(CurlClientTest, headers_with_line_breaks_are_refused) {
    serve(answer(200, ""));
    auto get = request("GET", "/");
    get.headers = {{"X-A", "b\r\nX-Evil: 1"}};
    EXPECT_EQ(send(get).error().kind, Kind::not_sent);
    EXPECT_TRUE(received().empty());
}

TEST_F(CurlClientTest, tells_of_progress_while_bytes_flow) {
    bool told = false;
    serve([&](auto const&) {
        return ScriptedAnswer{.pieces = {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "x"},
                              .close = true,
                              .more = [&] { return !told; }};
    });
    auto get = request("GET", "/");
    get.on_progress = [&] { told = true; };
    ASSERT_TRUE(send(get));
    EXPECT_TRUE(told);
}

TEST_F(CurlClientTest, cancellation_stops_the_transfer) {
    asio::cancellation_signal cancel;
    bool connected = false;
    serve([&](auto const&) {
        connected = true;
        asio::post(io_, [&] { cancel.emit(asio::cancellation_type::terminal); });
        return ScriptedAnswer{.pieces = {}, .hang = true};
    });
    std::exception_ptr error;
    bool ended = false;
    asio::co_spawn(io_, client_->send(request("POST", "/")),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, auto) {
                       error = e;
                       ended = true;
                   }));
    while (!ended && io_.run_one_for(std::chrono::seconds(20)) > 0) {
    }
    ASSERT_TRUE(connected);
    ASSERT_TRUE(error);
    EXPECT_THROW(std::rethrow_exception(error), boost::system::system_error);
}

// ---- the guard
// ------------------------------------------------------------------------------------------------------

TEST_F(CurlClientTest, guarded_requests_do_not_reach_private_addresses) {
    serve(answer(200, "secret"));
    auto const port = std::to_string(server_->port());
    for (std::string const host :
         {"127.0.0.1", "localhost", "0x7f.1", "2130706433", "127.1", "[::1]", "[::ffff:127.0.0.1]",
          "[::ffff:7f00:1]", "0.0.0.0", "[::]", "169.254.169.254", "10.0.0.1", "[fe80::1]"}) {
        Request get;
        get.url = "http://" + host + ":" + port + "/";
        get.timeout = std::chrono::seconds(5);
        auto const response = send(get);
        ASSERT_FALSE(response) << host;
        // A name that does not resolve here was not sent, which is as good.
        EXPECT_TRUE(response.error().kind == Kind::refused_by_guard)
            << host << ": " << response.error().reason;
    }
    EXPECT_TRUE(received().empty());
}

TEST_F(CurlClientTest, guarded_requests_do_not_ride_on_trusted_connections) {
    serve(answer(200, "secret"));
    ASSERT_TRUE(send(request("GET", "/")));
    auto get = request("GET", "/");
    get.guarded = true;
    EXPECT_EQ(send(get).error().kind, Kind::refused_by_guard);
    EXPECT_EQ(received().size(), 1U);
}

TEST_F(CurlClientTest, allowed_ranges_are_reached_and_redirects_out_of_them_are_not) {
    client_ =
        make_curl_client(io_.get_executor(), {.allowed_private_ranges = {*IpRange::parse("127.0.0.1")}});
    ScriptedServer inner(
        io_, [](auto const&) { return ScriptedAnswer{.pieces = {answer(200, "secret")}}; }, "127.0.0.2");
    serve([&](ReceivedRequest const& got) {
        bool const out = got.head.starts_with("GET /out");
        auto const location = out ? inner.url("/") : std::string("/end");
        bool const end = got.head.starts_with("GET /end");
        return ScriptedAnswer{
            .pieces = {end ? answer(200, "end") : answer(302, "", "Location: " + location + "\r\n")}};
    });
    auto get = request("GET", "/start");
    get.guarded = true;
    get.max_redirects = 3;
    auto const response = send(get);
    ASSERT_TRUE(response) << response.error().reason;
    EXPECT_EQ(response->body, "end");
    EXPECT_EQ(response->url, server_->url("/end"));

    get.url = server_->url("/out");
    EXPECT_EQ(send(get).error().kind, Kind::refused_by_guard);
    EXPECT_TRUE(inner.requests().empty());

    get.max_redirects = 0;
    EXPECT_EQ(send(get)->status, 302);
}

TEST_F(CurlClientTest, endless_redirects_end) {
    serve(answer(302, "", "Location: /again\r\n"));
    auto get = request("GET", "/");
    get.max_redirects = 4;
    auto const response = send(get);
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 302);
    EXPECT_EQ(received().size(), 5U);
}

}  // namespace mypost::net
