// One running mypost-media-helper.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mypost::media {

namespace asio = boost::asio;

class HelperProcess {
  public:
    // Starts the program with those arguments, an empty environment and no other file than its end of a
    // socket. Throws std::system_error when it cannot. `reaper` waits for its end.
    HelperProcess(asio::any_io_executor executor, asio::thread_pool& reaper, std::string const& program,
                  std::vector<std::string> const& arguments);
    ~HelperProcess();  // kills it
    HelperProcess(HelperProcess const&) = delete;
    HelperProcess& operator=(HelperProcess const&) = delete;

    // Sends a request and waits for the answer. Nothing when the process died or `limit` passed: it must not
    // be used again.
    asio::awaitable<std::optional<boost::json::object>> call(boost::json::object request,
                                                             std::chrono::milliseconds limit);

    int pid() const { return pid_; }
    std::size_t calls() const { return calls_; }

  private:
    asio::awaitable<boost::json::object> exchange(std::string frame);

    // A socket and no pipe: writing to a helper that has died then is an error and no SIGPIPE.
    asio::local::stream_protocol::socket socket_;
    asio::thread_pool& reaper_;
    int pid_ = -1;
    std::size_t calls_ = 0;
};

}  // namespace mypost::media
