// The network sandbox on a loopback listener of its own: alone, or beside a demo.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

#include "http/server.hpp"
#include "sandbox/sandbox.hpp"

namespace mypost::app {

struct SandboxOptions {
    std::uint16_t port = 8090;
    std::optional<std::string> state_file;
    std::optional<std::uint64_t> seed;
};

class SandboxServer {
  public:
    SandboxServer(boost::asio::io_context& io, SandboxOptions options);

    std::string base() const;  // "http://127.0.0.1:8090"
    void start();
    boost::asio::awaitable<void> stop();

  private:
    sandbox::Sandbox sandbox_;
    http::Server server_;
};

}  // namespace mypost::app
