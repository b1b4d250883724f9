// A blocking client that sends exact bytes, and a server on a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "http/server.hpp"

namespace mypost::http_tests {

namespace asio = boost::asio;

// What a read waits at most before the test gives up; never the expected outcome.
inline constexpr int patience_seconds = 20;

class RawClient {
  public:
    explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        timeval const patience{patience_seconds, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            throw std::runtime_error("connect failed");
        }
    }
    ~RawClient() { ::close(socket_); }
    RawClient(RawClient const&) = delete;
    RawClient& operator=(RawClient const&) = delete;

    // False when the server has closed its side.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            ssize_t const sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    void end_sending() { ::shutdown(socket_, SHUT_WR); }

    // Everything until the server closes.
    std::string read_all() {
        while (receive()) {
        }
        return std::exchange(buffer_, {});
    }

    struct Answer {
        int status = 0;
        std::string head;
        std::string body;
        std::string header(std::string_view name) const {
            auto const at = head.find("\r\n" + std::string(name) + ": ");
            if (at == std::string::npos) return "";
            auto const start = at + name.size() + 4;
            return head.substr(start, head.find("\r\n", start) - start);
        }
    };
    // One response with Content-Length, or without a body (`bodiless`: the answer to HEAD). Status 0: closed
    // before.
    Answer read_answer(bool bodiless = false) {
        Answer answer;
        std::size_t end = 0;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
            if (!receive()) return answer;
        }
        answer.head = buffer_.substr(0, end + 2);
        buffer_.erase(0, end + 4);
        answer.status = std::stoi(answer.head.substr(9, 3));
        auto const length = answer.header("Content-Length");
        if (bodiless || length.empty()) return answer;
        while (buffer_.size() < std::stoul(length)) {
            if (!receive()) return answer;
        }
        answer.body = buffer_.substr(0, std::stoul(length));
        buffer_.erase(0, std::stoul(length));
        return answer;
    }

    // At least `count` bytes, taken out of what was received.
    std::string read_bytes(std::size_t count) {
        while (buffer_.size() < count && receive()) {
        }
        std::string bytes = buffer_.substr(0, count);
        buffer_.erase(0, count);
        return bytes;
    }

  private:
    bool receive() {
        std::array<char, 16384> piece{};
        ssize_t const got = ::recv(socket_, piece.data(), piece.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            throw std::runtime_error("the server says nothing");
        if (got <= 0) return false;
        buffer_.append(piece.data(), static_cast<std::size_t>(got));
        return true;
    }

    int socket_;
    std::string buffer_;
};

// Runs a server until it goes out of scope; stops it gracefully then.
class ServerThread {
  public:
    ServerThread(http::ServerOptions options, http::Server::Callbacks callbacks)
        : guard_(asio::make_work_guard(io_)) {
        options.port = 0;
        server_.emplace(io_, std::move(options), std::move(callbacks));
        server_->start();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~ServerThread() {
        stop(std::chrono::milliseconds(0));
        guard_.reset();
        thread_.join();
    }

    std::uint16_t port() const { return server_->port(); }
    http::Server& server() { return *server_; }
    asio::io_context& io() { return io_; }

    // Waits for the end of the stop.
    void stop(std::chrono::milliseconds drain) { stopping(drain).get(); }
    std::future<void> stopping(std::chrono::milliseconds drain) {
        auto promise = std::make_shared<std::promise<void>>();
        auto future = promise->get_future();
        asio::post(io_, [this, drain, promise] {
            asio::co_spawn(io_, server_->stop(drain),
                           [promise](std::exception_ptr) { promise->set_value(); });
        });
        return future;
    }
    http::Server::Stats stats() {
        std::promise<http::Server::Stats> promise;
        asio::post(io_, [&] { promise.set_value(server_->stats()); });
        return promise.get_future().get();
    }

  private:
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> guard_;
    std::optional<http::Server> server_;
    std::thread thread_;
};

}  // namespace mypost::http_tests
