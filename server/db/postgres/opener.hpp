// Opens connections in the background, one at a time, with a growing pause after failures.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>

#include "db/postgres/connection.hpp"
#include "db/postgres/settings.hpp"

namespace mypost::db::postgres {

class Opener : public std::enable_shared_from_this<Opener> {
  public:
    using Opened = std::function<void(std::shared_ptr<Connection>)>;
    using Failed = std::function<void(std::exception_ptr)>;

    Opener(asio::any_io_executor executor, Settings settings);

    // Both are called on the event loop, never from inside open().
    void set_handlers(Opened opened, Failed failed);

    // Starts an attempt unless one is under way.
    void open();
    bool opening() const { return opening_; }
    // The last attempt failed: a new one comes after a pause.
    bool failing() const { return failures_ > 0; }

    // Nothing is opened any more and no handler called. An attempt under way ends by itself: see opening().
    void stop();

    std::shared_ptr<Connection> adopt(ConnectionHandle handle) const;

  private:
    asio::awaitable<void> attempt();
    std::chrono::milliseconds pause() const;

    asio::any_io_executor executor_;
    Settings settings_;
    asio::steady_timer timer_;
    Opened opened_;
    Failed failed_;
    bool opening_ = false;
    bool stopped_ = false;
    int failures_ = 0;
};

}  // namespace mypost::db::postgres
