// The network sandbox: simulated X, Mastodon and Bluesky behind one HTTP handler. See docs/sandbox.md.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "http/message.hpp"

namespace mypost::sandbox {

class Sandbox {
  public:
    struct Options {
        // Where the whole state is kept as one JSON file (media bytes in "<file>.media/" beside it).
        // Nothing: memory only. A file that is there is loaded; an unreadable one throws std::runtime_error.
        std::optional<std::string> state_file;
        // Address under which browsers reach the sandbox: links on its pages and the control API's `url`.
        std::string public_base = "http://127.0.0.1:8090";
        // Tokens, ids and jitter follow from it; random without one. The seed in use is logged at start.
        std::optional<std::uint64_t> seed;
    };

    // Runs on `executor`'s one thread; nothing is locked. The handlers must not run after the executor's end.
    Sandbox(boost::asio::any_io_executor executor, Options options);
    ~Sandbox();  // saves

    // Everything: simulated hosts by first path segment, the control API, the feeds. Never throws.
    http::Handler handler();

    // Writes the state file now (atomically). Nothing without a state file. Throws std::runtime_error.
    void save();

    // The largest request body any simulated endpoint wants, in bytes (for the listener's body policy).
    static constexpr std::size_t max_body_bytes = 110 * 1024 * 1024;

    std::uint64_t seed() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace mypost::sandbox
