// A server that misbehaves on request: each test says what happens to each HTTP request.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mypost::test {

struct ReceivedRequest {
    int connection = 0;  // 1, 2, …
    std::string head;    // request line and headers
    std::string body;    // what arrived of it
};

struct ScriptedAnswer {
    std::vector<std::string> pieces;   // written one by one
    bool close = false;                // afterwards
    bool hang = false;                 // afterwards: keep the connection and say nothing more
    std::size_t read_body = SIZE_MAX;  // bytes of the body that are read before the pieces are written
    std::function<bool()> more = {};   // while true, the last piece is written again, every 50 ms
};

class ScriptedServer {
  public:
    // `script` is asked when the headers have arrived; the body is then read as far as it says.
    using Script = std::function<ScriptedAnswer(ReceivedRequest const&)>;
    ScriptedServer(boost::asio::io_context& io, Script script, std::string address = "127.0.0.1");
    ~ScriptedServer();

    std::string url(std::string const& path) const;  // "http://127.0.0.1:<port><path>"
    std::uint16_t port() const;
    std::vector<ReceivedRequest> const& requests() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

// A whole answer with Content-Length.
std::string answer(int status, std::string const& body, std::string const& headers = {});

}  // namespace mypost::test
