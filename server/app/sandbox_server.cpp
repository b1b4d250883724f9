#include "app/sandbox_server.hpp"

#include <fmt/format.h>

namespace mypost::app {

namespace {

sandbox::Sandbox::Options sandbox_options(SandboxOptions const& options) {
    sandbox::Sandbox::Options result;
    result.state_file = options.state_file;
    result.public_base = fmt::format("http://127.0.0.1:{}", options.port);
    result.seed = options.seed;
    return result;
}

http::ServerOptions server_options(SandboxOptions const& options) {
    http::ServerOptions result;
    result.port = options.port;
    result.max_body_bytes = sandbox::Sandbox::max_body_bytes;
    return result;
}

}  // namespace

SandboxServer::SandboxServer(boost::asio::io_context& io, SandboxOptions options)
    : sandbox_(io.get_executor(), sandbox_options(options)),
      server_(io, server_options(options), http::Server::Callbacks{sandbox_.handler(), {}, {}, {}}) {}

std::string SandboxServer::base() const {
    return fmt::format("http://127.0.0.1:{}", server_.port());
}

void SandboxServer::start() {
    server_.start();
}

boost::asio::awaitable<void> SandboxServer::stop() {
    co_await server_.stop(std::chrono::milliseconds(500));
    sandbox_.save();
}

}  // namespace mypost::app
