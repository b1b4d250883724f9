#include "async/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cassert>
#include <list>

#include "core/log.hpp"

namespace mypost::async {

namespace asio = boost::asio;

struct TaskGroup::State {
    struct Task {
        std::string name;
        std::function<asio::awaitable<void>()> body;
        asio::cancellation_signal cancel;
    };
    asio::any_io_executor executor;
    std::list<Task> tasks;
    bool stopping = false;
    asio::steady_timer ended;  // cancelled whenever a task ends, to wake stop()

    explicit State(asio::any_io_executor ex) : executor(ex), ended(ex) {}
};

TaskGroup::TaskGroup(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(std::string name, std::function<asio::awaitable<void>()> task) {
    if (state_->stopping) return;
    auto state = state_;
    auto& entry = state->tasks.emplace_back();
    entry.name = std::move(name);
    entry.body = std::move(task);
    auto const position = std::prev(state->tasks.end());
    auto finished = [state, position](std::exception_ptr error) {
        if (error) {
            try {
                std::rethrow_exception(error);
            } catch (std::exception const& e) {
                if (!state->stopping)
                    log::error("task failed", {{"task", position->name}, {"error", e.what()}});
            }
        }
        state->tasks.erase(position);
        state->ended.cancel();
    };
    asio::co_spawn(state->executor, entry.body(),
                   asio::bind_cancellation_slot(entry.cancel.slot(), finished));
}

asio::awaitable<void> TaskGroup::stop(std::chrono::milliseconds drain) {
    auto state = state_;
    state->stopping = true;
    auto const deadline = std::chrono::steady_clock::now() + drain;
    bool cancelled = false;
    while (!state->tasks.empty()) {
        if (!cancelled && std::chrono::steady_clock::now() >= deadline) {
            cancelled = true;
            // A task may end inside emit(), so the list is walked anew after each.
            std::vector<asio::cancellation_signal*> signals;
            for (auto& task : state->tasks) signals.push_back(&task.cancel);
            for (auto* signal : signals) {
                bool const alive = std::any_of(state->tasks.begin(), state->tasks.end(),
                                               [&](auto const& task) { return &task.cancel == signal; });
                if (alive) signal->emit(asio::cancellation_type::terminal);
            }
            continue;
        }
        state->ended.expires_at(cancelled ? std::chrono::steady_clock::now() + std::chrono::seconds(1)
                                          : deadline);
        boost::system::error_code ignored;
        co_await state->ended.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

std::size_t TaskGroup::size() const {
    return state_->tasks.size();
}
bool TaskGroup::stopping() const {
    return state_->stopping;
}

}  // namespace mypost::async
