#include "api/support/client.hpp"

#include <fmt/format.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace mypost::api_test {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace beast_http = boost::beast::http;

}  // namespace

std::string Answer::header(std::string_view name) const {
    for (auto const& [key, value] : headers) {
        if (beast::iequals(key, beast::string_view(name.data(), name.size()))) return value;
    }
    return {};
}

std::string Answer::cookie_line(std::string_view name) const {
    for (auto const& [key, value] : headers) {
        if (beast::iequals(key, "Set-Cookie") && value.starts_with(fmt::format("{}=", name))) return value;
    }
    return {};
}

std::string Answer::cookie(std::string_view name) const {
    std::string const line = cookie_line(name);
    if (line.empty()) return {};
    return line.substr(name.size() + 1, line.find(';') - name.size() - 1);
}

boost::json::value Answer::json() const {
    boost::system::error_code error;
    auto value = boost::json::parse(body, error);
    if (error) throw std::runtime_error(fmt::format("{} is no JSON: {}", status, body.substr(0, 300)));
    return value;
}

std::string Answer::code() const {
    if (header("Content-Type") != "application/problem+json") return {};
    return text("/code");
}

bool Answer::names(std::string_view field) const {
    if (header("Content-Type") != "application/problem+json") return false;
    auto const problem = json();
    for (auto const& item : problem.at("errors").as_array()) {
        if (item.at("field").as_string() == boost::json::string_view(field.data(), field.size())) return true;
    }
    return false;
}

std::string Answer::text(std::string_view pointer) const {
    auto const value = json();
    boost::system::error_code error;
    auto const* found = value.find_pointer(boost::json::string_view(pointer.data(), pointer.size()), error);
    if (!found || !found->is_string())
        throw std::runtime_error(fmt::format("no text at {} of {} {}", pointer, status, body.substr(0, 500)));
    return std::string(found->as_string());
}

std::int64_t Answer::number(std::string_view pointer) const {
    auto const value = json();
    boost::system::error_code error;
    auto const* found = value.find_pointer(boost::json::string_view(pointer.data(), pointer.size()), error);
    if (!found || !found->is_int64())
        throw std::runtime_error(
            fmt::format("no number at {} of {} {}", pointer, status, body.substr(0, 500)));
    return found->as_int64();
}

Answer Client::send(Call const& call) const {
    asio::io_context io;
    asio::ip::tcp::socket socket(io, asio::ip::tcp::v4());
    socket.bind({asio::ip::make_address(from_), 0});
    socket.connect({asio::ip::make_address("127.0.0.1"), port_});

    beast_http::request<beast_http::string_body> request;
    request.version(11);
    request.method_string(call.method);
    request.target(call.target);
    request.set(beast_http::field::host, fmt::format("127.0.0.1:{}", port_));
    request.set(beast_http::field::user_agent, "api-test");
    request.set(beast_http::field::connection, "close");
    for (auto const& [name, value] : call.headers) request.set(name, value);
    request.body() = call.body;
    if (!call.body.empty() || call.method == "POST" || call.method == "PUT" || call.method == "PATCH")
        request.prepare_payload();
    boost::system::error_code unsent;  // a refused huge body is answered before it was sent
    beast_http::write(socket, request, unsent);

    beast::flat_buffer buffer;
    beast_http::response_parser<beast_http::string_body> parser;
    parser.body_limit(64 * 1024 * 1024);
    boost::system::error_code error;
    beast_http::read(socket, buffer, parser, error);
    if (error && !parser.is_done())
        throw std::runtime_error(
            fmt::format("{} {}: no whole answer ({})", call.method, call.target, error.message()));
    Answer answer;
    answer.status = static_cast<int>(parser.get().result_int());
    for (auto const& field : parser.get())
        answer.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    answer.body = std::move(parser.get().body());
    return answer;
}

}  // namespace mypost::api_test
