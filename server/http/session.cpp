#include <boost/asio/redirect_error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "core/log.hpp"
#include "http/body_reader.hpp"
#include "http/connection.hpp"
#include "http/problem.hpp"
#include "http/response_writer.hpp"
#include "http/security_headers.hpp"
#include "http/websocket_connection.hpp"

namespace mypost::http {

namespace {

namespace beast_http = boost::beast::http;

constexpr std::chrono::seconds linger_limit{5};
constexpr std::size_t kept_buffer_bytes = 4096;
constexpr std::size_t smallest_read = 512;

bool same_text(boost::beast::string_view a, std::string_view b) {
    return boost::beast::iequals(a, boost::beast::string_view(b.data(), b.size()));
}

// An answer to something that never became a request.
Response refusal(int status, std::string detail, std::string_view request_id) {
    Response response =
        problem_response(Error(ErrorCode::malformed_request, std::move(detail)), request_id, status);
    set_security_headers(response, false);
    if (!request_id.empty()) response.headers.set("X-Request-Id", std::string(request_id));
    return response;
}

Response problem_of(Error const& error, Request const& request) {
    Response response = problem_response(error, request.request_id);
    response.headers.set("X-Request-Id", request.request_id);
    set_security_headers(response, request.secure);
    return response;
}

// Lets the client read the last response before the connection is reset by what it still sends.
asio::awaitable<void> linger(Connection& connection) {
    error_code error;
    connection.socket.shutdown(tcp::socket::shutdown_send, error);
    std::array<char, 4096> sink{};
    Connection::Deadline const deadline(connection, linger_limit);
    while (!error) {
        co_await connection.socket.async_read_some(asio::buffer(sink),
                                                   asio::redirect_error(asio::use_awaitable, error));
    }
}

class Session {
  public:
    Session(std::shared_ptr<ServerState> state, std::shared_ptr<Connection> connection)
        : state_(std::move(state)), connection_(std::move(connection)) {}

    asio::awaitable<void> run() {
        bool more = true;
        while (more && !connection_->closing) more = co_await one_request();
        if (websocket_) co_await talk();
        if (lingers_) co_await linger(*connection_);
        connection_->close();
    }

  private:
    // False: the connection ends.
    asio::awaitable<bool> one_request() {
        if (connection_->buffer.size() == 0 && connection_->buffer.capacity() > kept_buffer_bytes) {
            connection_->buffer.shrink_to_fit();
        }
        Parser parser;
        prepare(parser, state_->options.max_header_bytes);
        error_code const error = co_await read_head(parser);
        if (error) {
            co_await refuse_head(parser, error);
            co_return false;
        }
        ++state_->requests;
        if (auto wrong = framing_error(parser)) {
            co_await refuse(refusal(400, std::move(*wrong), ""));
            co_return false;
        }
        Request request = to_request(parser, connection_->peer, state_->trusted);
        if (is_upgrade(parser, request)) {
            co_await upgrade(parser, std::move(request));
            co_return false;
        }
        bool const more = co_await exchange(parser, std::move(request));
        co_return more;
    }

    asio::awaitable<error_code> read_head(Parser& parser) {
        connection_->idle = connection_->buffer.size() == 0;
        connection_->idle_since = Connection::Clock::now();
        error_code error;
        if (connection_->idle) {
            Connection::Deadline const deadline(*connection_, state_->options.idle_timeout);
            error = co_await receive();
            connection_->idle = false;
        }
        // One limit for the whole head, however slowly it drips in.
        Connection::Deadline const deadline(*connection_, state_->options.header_timeout);
        while (!error) {
            connection_->buffer.consume(parser.put(connection_->buffer.data(), error));
            if (error == beast_http::error::need_more) error = {};
            if (error || parser.is_header_done()) break;
            error = co_await receive();
            if (error == asio::error::eof) error = beast_http::error::partial_message;
        }
        co_return error;
    }

    asio::awaitable<error_code> receive() {
        error_code error;
        auto& buffer = connection_->buffer;
        std::size_t const room = std::max(smallest_read, buffer.capacity() - buffer.size());
        std::size_t const got = co_await connection_->socket.async_read_some(
            buffer.prepare(room), asio::redirect_error(asio::use_awaitable, error));
        buffer.commit(got);
        co_return error;
    }

    asio::awaitable<void> refuse_head(Parser const& parser, error_code error) {
        if (connection_->closing) co_return;
        if (error == asio::error::operation_aborted && connection_->expired && parser.got_some()) {
            co_await refuse(refusal(408, "The request arrived too slowly.", ""));
        } else if (error == beast_http::error::header_limit || error == beast_http::error::buffer_overflow) {
            co_await refuse(refusal(431, "The request's header fields are too large.", ""));
        } else if (error.category() ==
                   beast_http::make_error_code(beast_http::error::bad_method).category()) {
            co_await refuse(refusal(400, "This is not an HTTP/1.1 request: " + error.message() + ".", ""));
        }
    }

    // Sends a response after which nothing on this connection can be trusted any more.
    asio::awaitable<void> refuse(Response response) {
        Framing framing;
        framing.close = true;
        co_await write_response(state_, connection_, std::move(response), framing);
        lingers_ = true;
    }

    asio::awaitable<bool> exchange(Parser& parser, Request request) {
        Framing framing;
        framing.http_1_0 = parser.get().version() < 11;
        framing.head = request.method == Method::head;
        framing.close = !parser.keep_alive();
        auto const expect = parser.get()[beast_http::field::expect];
        bool const expects_continue = same_text(expect, "100-continue") && !framing.http_1_0;
        if (!expect.empty() && !same_text(expect, "100-continue")) {
            co_await refuse(refusal(417, "The only expectation taken is 100-continue.", request.request_id));
            co_return false;
        }
        BodyPolicy policy{.max_bytes = state_->options.max_body_bytes};
        if (state_->callbacks.body_policy) policy = state_->callbacks.body_policy(request);
        auto reader = std::make_shared<BodyReader>(connection_, parser, policy.max_bytes,
                                                   state_->options.body_timeout, expects_continue);
        std::optional<Response> response;
        if (policy.streamed) {
            request.stream = reader;
        } else {
            response = co_await read_body(*reader, policy, request);
        }
        if (!response) response = co_await handle(std::move(request));
        if (response->drop_connection) {
            reader->detach();
            co_return false;
        }
        if (!reader->discard_received()) framing.close = lingers_ = true;
        reader->detach();
        if (connection_->closing) framing.close = true;
        bool const more = co_await write_response(state_, connection_, std::move(*response), framing);
        co_return more;
    }

    // Nothing when the body is in the request, or is left to the handler to refuse.
    asio::awaitable<std::optional<Response>> read_body(BodyReader& reader, BodyPolicy policy,
                                                       Request& request) {
        auto body = co_await reader.read_all();
        if (body) {
            request.body = std::move(*body);
            co_return std::nullopt;
        }
        if (body.error().code == ErrorCode::payload_too_large && policy.deliver_oversized) {
            request.body_too_large = true;
            co_return std::nullopt;
        }
        if (reader.timed_out()) co_return refusal(408, body.error().message, request.request_id);
        co_return problem_of(body.error(), request);
    }

    asio::awaitable<Response> handle(Request request) {
        std::string const request_id = request.request_id;
        try {
            auto work = state_->callbacks.handle(std::move(request));
            Response response = co_await std::move(work);
            if (!response.headers.has("X-Request-Id")) response.headers.set("X-Request-Id", request_id);
            co_return response;
        } catch (std::exception const& e) {
            // A stop cancels handlers; that is no fault of theirs.
            if (!connection_->closing)
                log::error("handler threw", {{"request_id", request_id}, {"error", e.what()}});
        }
        co_return problem_response(Error(ErrorCode::internal, "Something went wrong on the server."),
                                   request_id);
    }

    bool is_upgrade(Parser const& parser, Request const& request) const {
        return boost::beast::websocket::is_upgrade(parser.get()) && state_->callbacks.accepts_websocket &&
               state_->callbacks.handle_websocket && connection_->buffer.size() == 0 &&
               state_->callbacks.accepts_websocket(request);
    }

    asio::awaitable<void> upgrade(Parser const& parser, Request request) {
        auto websocket = std::make_shared<WebSocketConnection>(std::move(connection_->socket));
        connection_->websocket = websocket;
        connection_->buffer = {};
        bool const accepted = co_await websocket->accept(parser);
        if (!accepted) co_return;
        websocket_ = std::move(websocket);
        upgraded_ = std::make_unique<Request>(std::move(request));
    }

    // Runs after the request's parser and buffers are gone: an idle socket must be small.
    asio::awaitable<void> talk() {
        std::string const request_id = upgraded_->request_id;
        try {
            auto work = state_->callbacks.handle_websocket(std::move(*upgraded_), websocket_);
            upgraded_.reset();
            co_await std::move(work);
        } catch (std::exception const& e) {
            log::error("WebSocket handler failed", {{"request_id", request_id}, {"error", e.what()}});
        }
        co_await websocket_->finish();
    }

    std::shared_ptr<ServerState> state_;
    std::shared_ptr<Connection> connection_;
    bool lingers_ = false;
    std::shared_ptr<WebSocketConnection> websocket_;
    std::unique_ptr<Request> upgraded_;  // the request that asked for the WebSocket
};

}  // namespace

asio::awaitable<void> serve(std::shared_ptr<ServerState> state, std::shared_ptr<Connection> connection) {
    Session session(std::move(state), std::move(connection));
    co_await session.run();
}

}  // namespace mypost::http
