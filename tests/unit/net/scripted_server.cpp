#include "scripted_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <list>

namespace mypost::test {

namespace asio = boost::asio;
using asio::ip::tcp;

struct ScriptedServer::State {
    State(asio::io_context& io, Script s, std::string const& address)
        : acceptor(io, tcp::endpoint(asio::ip::make_address(address), 0)), script(std::move(s)) {}
    tcp::acceptor acceptor;
    Script script;
    std::vector<ReceivedRequest> requests;
    std::list<std::weak_ptr<tcp::socket>> sockets;
    int connections = 0;
};

namespace {

std::size_t content_length(std::string head) {
    std::transform(head.begin(), head.end(), head.begin(), [](unsigned char c) { return std::tolower(c); });
    auto const at = head.find("content-length:");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 15));
}

}  // namespace

// Ends by exception when the peer goes away or the server is destroyed.
template <class State>
asio::awaitable<void> serve(std::shared_ptr<State> state, std::shared_ptr<tcp::socket> socket, int number) {
    std::string buffer;
    for (;;) {
        auto const head_size = co_await asio::async_read_until(*socket, asio::dynamic_buffer(buffer),
                                                               "\r\n\r\n", asio::use_awaitable);
        ReceivedRequest request{number, buffer.substr(0, head_size), {}};
        buffer.erase(0, head_size);
        auto script = state->script(request);
        auto const wanted = std::min(content_length(request.head), script.read_body);
        while (buffer.size() < wanted) {
            std::array<char, 65536> piece{};
            auto const room = asio::buffer(piece.data(), std::min(piece.size(), wanted - buffer.size()));
            auto const count = co_await socket->async_read_some(room, asio::use_awaitable);
            buffer.append(piece.data(), count);
        }
        request.body = buffer.substr(0, wanted);
        buffer.erase(0, wanted);
        state->requests.push_back(request);
        for (auto const& piece : script.pieces) {
            co_await asio::async_write(*socket, asio::buffer(piece), asio::use_awaitable);
        }
        asio::steady_timer timer(socket->get_executor());
        while (script.more && script.more()) {
            timer.expires_after(std::chrono::milliseconds(50));
            co_await timer.async_wait(asio::use_awaitable);
            co_await asio::async_write(*socket, asio::buffer(script.pieces.back()), asio::use_awaitable);
        }
        if (script.close) co_return;
        if (script.hang) {
            char byte = 0;
            co_await socket->async_read_some(asio::buffer(&byte, 1), asio::use_awaitable);
            co_return;
        }
    }
}

template <class State>
asio::awaitable<void> accept_all(std::shared_ptr<State> state) {
    for (;;) {
        auto socket =
            std::make_shared<tcp::socket>(co_await state->acceptor.async_accept(asio::use_awaitable));
        state->sockets.push_back(socket);
        auto const number = ++state->connections;
        asio::co_spawn(state->acceptor.get_executor(), serve(state, socket, number), asio::detached);
    }
}

ScriptedServer::ScriptedServer(asio::io_context& io, Script script, std::string address)
    : state_(std::make_shared<State>(io, std::move(script), address)) {
    asio::co_spawn(io, accept_all(state_), asio::detached);
}

ScriptedServer::~ScriptedServer() {
    boost::system::error_code ignored;
    state_->acceptor.close(ignored);
    for (auto const& weak : state_->sockets) {
        if (auto socket = weak.lock()) socket->close(ignored);
    }
}

std::uint16_t ScriptedServer::port() const {
    return state_->acceptor.local_endpoint().port();
}

std::string ScriptedServer::url(std::string const& path) const {
    auto const endpoint = state_->acceptor.local_endpoint();
    return "http://" + endpoint.address().to_string() + ":" + std::to_string(endpoint.port()) + path;
}

std::vector<ReceivedRequest> const& ScriptedServer::requests() const {
    return state_->requests;
}

std::string answer(int status, std::string const& body, std::string const& headers) {
    return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + headers + "\r\n" + body;
}

}  // namespace mypost::test
