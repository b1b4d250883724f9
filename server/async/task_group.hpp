// Owner of background coroutines on one event loop: nothing runs without somebody who waits for its end.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace mypost::async {

class TaskGroup {
  public:
    explicit TaskGroup(boost::asio::any_io_executor executor);
    ~TaskGroup();  // every task must have ended: call stop() first
    TaskGroup(TaskGroup const&) = delete;
    TaskGroup& operator=(TaskGroup const&) = delete;

    // Starts `task`; an exception that leaves it is logged under `name`. After stop() nothing starts.
    // The callable is kept alive until the coroutine ends.
    void spawn(std::string name, std::function<boost::asio::awaitable<void>()> task);

    // Lets tasks end by themselves within `drain`, then cancels them and waits for their end.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds drain);

    std::size_t size() const;
    bool stopping() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace mypost::async
