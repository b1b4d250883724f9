// The media helper as the rest of the server sees it: started on demand, a few at once, gone when idle.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"

namespace mypost::media {

namespace asio = boost::asio;

struct HelperOptions {
    std::string program;        // path
    std::string work_root;      // the one folder that it may read and write
    unsigned memory_mb = 2048;  // address space of one process
    std::chrono::milliseconds timeout{60'000};
    std::size_t processes = 2;  // at most, at once; more callers wait
    std::chrono::milliseconds idle{30'000};
    std::size_t calls_each = 200;  // then a fresh process
};

// `configured`, or mypost-media-helper beside this program, or in /usr/lib/mypost. The first that exists;
// else the first.
std::string find_helper(std::string const& configured);

class HelperPool {
  public:
    HelperPool(asio::any_io_executor executor, asio::thread_pool& reaper, HelperOptions options);
    ~HelperPool();

    // One operation (helper/operations.hpp). Errors name the part "file" of the upload ("/file"):
    // unsupported_media_type; validation_failed with code too_many_pixels, too_many_frames, damaged_file,
    // cannot_fit, or too_complex when the helper died or took too long. unavailable when it cannot be
    // started.
    asio::awaitable<Result<boost::json::object>> call(boost::json::object request);

    std::size_t running() const;  // processes, busy and idle
    void stop();                  // ends the idle ones; for shutdown, when no call is under way

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mypost::media
