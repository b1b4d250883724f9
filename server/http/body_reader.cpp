#include "http/body_reader.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include "http/body.hpp"

namespace mypost::http {

namespace {

namespace beast_http = boost::beast::http;

constexpr std::size_t piece_bytes = 64 * 1024;

}  // namespace

asio::awaitable<Result<std::string>> BodyReader::read() {
    if (!parser_) co_return Error(ErrorCode::malformed_request, "The request has ended.");
    std::string piece;
    if (parser_->is_done()) co_return piece;
    if (auto const length = parser_->content_length(); length && *length > limit_)
        co_return body_too_large(limit_);
    error_code error;
    if (expects_continue_) {
        expects_continue_ = false;
        error = co_await send_continue();
    }
    if (!error) error = co_await receive(piece);
    if (error) {
        failed_ = true;
        timed_out_ = connection_->expired || pace_.too_slow();
        co_return Error(ErrorCode::malformed_request, timed_out_ ? "The body arrived too slowly."
                                                                 : "The body ended early or is malformed.");
    }
    received_ += piece.size();
    pace_.moved(piece.size());
    if (received_ > limit_) {
        failed_ = true;
        co_return body_too_large(limit_);
    }
    co_return piece;
}

asio::awaitable<error_code> BodyReader::receive(std::string& piece) {
    auto const rest = parser_->content_length_remaining();
    std::size_t const wanted =
        rest ? static_cast<std::size_t>(std::min<std::uint64_t>(*rest, piece_bytes)) : piece_bytes;
    // Beast reads as much as the buffer has room for.
    if (connection_->buffer.size() < wanted) connection_->buffer.reserve(wanted);
    piece.resize(wanted);
    auto& body = parser_->get().body();
    body.data = piece.data();
    body.size = piece.size();
    body.more = true;
    error_code error;
    while (!error && body.size == piece.size() && !parser_->is_done()) {
        if (pace_.too_slow()) co_return beast_http::error::partial_message;
        Connection::Deadline const deadline(*connection_, progress_timeout_);
        co_await beast_http::async_read_some(connection_->socket, connection_->buffer, *parser_,
                                             asio::redirect_error(asio::use_awaitable, error));
        if (error == beast_http::error::need_buffer) error = {};
    }
    piece.resize(piece.size() - body.size);
    co_return error;
}

asio::awaitable<error_code> BodyReader::send_continue() {
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code error;
    Connection::Deadline const deadline(*connection_, progress_timeout_);
    co_await asio::async_write(connection_->socket, asio::buffer(text),
                               asio::redirect_error(asio::use_awaitable, error));
    co_return error;
}

asio::awaitable<Result<std::string>> BodyReader::read_all() {
    std::string whole;
    if (auto const length = parser_->content_length(); length && *length <= limit_) whole.reserve(*length);
    while (true) {
        auto piece = co_await read();
        if (!piece) co_return std::move(piece).error();
        if (piece->empty()) co_return whole;
        whole += *piece;
    }
}

bool BodyReader::discard_received() {
    std::array<char, 4096> sink{};
    error_code error;
    while (!failed_ && !error && !parser_->is_done() && connection_->buffer.size() > 0) {
        auto& body = parser_->get().body();
        body.data = sink.data();
        body.size = sink.size();
        body.more = true;
        connection_->buffer.consume(parser_->put(connection_->buffer.data(), error));
        if (error == beast_http::error::need_buffer) error = {};
    }
    return !failed_ && parser_->is_done();
}

}  // namespace mypost::http
