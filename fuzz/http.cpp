// Any bytes as an HTTP/1.1 connection: framing as the session does it, then routing and decoding of what came
// out.
#include <boost/describe.hpp>
#include <cstdlib>

#include "http/openapi.hpp"
#include "http/page.hpp"
#include "http/router.hpp"
#include "http/wire.hpp"
#include "unit/http/fakes.hpp"

namespace mypost::fuzz {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;

struct ThingPath {
    WorkspaceId workspace;
    std::string thing;
};
BOOST_DESCRIBE_STRUCT(ThingPath, (), (workspace, thing))
struct ThingQuery : http::PageQuery {
    std::optional<Instant> from;
    std::optional<std::vector<double>> numbers;
};
BOOST_DESCRIBE_STRUCT(ThingQuery, (http::PageQuery), (from, numbers))
struct Thing {
    std::string name;
    std::optional<std::optional<std::int32_t>> size;
    std::vector<std::map<std::string, std::variant<Instant, bool>>> parts;
    std::optional<boost::json::value> rest;
};
BOOST_DESCRIBE_STRUCT(Thing, (), (name, size, parts, rest))

namespace {

// An answer must be JSON whatever was asked.
void expect(bool fine) {
    if (!fine) std::abort();
}

struct App {
    http_tests::FakeAuthenticator authenticator;
    http_tests::MemoryIdempotency idempotency;
    http::Router router{"/api/v1", {.authenticator = &authenticator, .idempotency = &idempotency}};

    App() {
        auto handler = [](access::Caller const&, ThingPath, ThingQuery,
                          Thing in) -> asio::awaitable<Result<Thing>> { co_return in; };
        router.add(http::Route<ThingPath, ThingQuery, Thing, Thing>{http::Method::post,
                                                                    "/workspaces/{workspace}/things/{thing}",
                                                                    "changeThing", "Change",
                                                                    access::Permission::posts_view},
                   handler);
        http::add_documentation(router, {});
    }
};

void ask(App& app, http::Request request) {
    // Half of the work lies behind the sign-in.
    request.headers.set("Authorization", "Bearer ann");
    auto const response = http_tests::run(app.router.handle(std::move(request)));
    expect(response.status >= 200 && response.status < 500);
    if (auto const* text = std::get_if<std::string>(&response.body); text && !text->empty()) {
        expect(json::parse(*text).has_value());
    }
    auto const head = http::response_head(response, {}, "now");
    expect(head.text.find("\r\n\r\n") == head.text.size() - 4);
}

// Bytes of the body, or nothing when its framing is broken.
std::optional<std::string> read_body(http::Parser& parser, std::string_view& rest) {
    std::string body;
    std::array<char, 256> sink{};
    while (!parser.is_done()) {
        auto& target = parser.get().body();
        target.data = sink.data();
        target.size = sink.size();
        target.more = true;
        boost::system::error_code error;
        std::size_t const used = parser.put(asio::buffer(rest.data(), rest.size()), error);
        rest.remove_prefix(used);
        std::size_t const got = sink.size() - target.size;
        body.append(sink.data(), got);
        if (error && error != beast_http::error::need_buffer) return std::nullopt;
        if (used == 0 && got == 0) return std::nullopt;
    }
    return body;
}

}  // namespace

}  // namespace mypost::fuzz

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace mypost;
    static fuzz::App app;
    std::string_view rest(reinterpret_cast<char const*>(data), size);
    auto const peer = *IpAddress::parse("127.0.0.1");
    std::vector<IpRange> const trusted{*IpRange::parse("127.0.0.1")};
    for (int requests = 0; requests < 8 && !rest.empty(); ++requests) {
        http::Parser parser;
        http::prepare(parser, 4096);
        boost::system::error_code error;
        while (!parser.is_header_done()) {
            std::size_t const used = parser.put(boost::asio::buffer(rest.data(), rest.size()), error);
            rest.remove_prefix(used);
            if (error || used == 0) return 0;
        }
        if (http::framing_error(parser)) return 0;
        http::Request request = http::to_request(parser, peer, trusted);
        fuzz::expect(!request.request_id.empty() && !request.remote_address.empty());
        auto body = fuzz::read_body(parser, rest);
        if (!body) return 0;
        request.body = std::move(*body);
        fuzz::ask(app, std::move(request));
    }
    return 0;
}
