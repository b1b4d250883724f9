// The event bus of one process, over the table events.
#pragma once

#include <deque>
#include <list>
#include <set>

#include "async/task_group.hpp"
#include "db/database.hpp"
#include "events/bus.hpp"

namespace mypost::events {

inline constexpr std::chrono::hours kept_for{24};
inline constexpr std::chrono::seconds replay_overlap{10};
inline constexpr std::size_t most_replayed = 1000;
inline constexpr std::chrono::seconds look_interval{1};
// More are not held while the database is away: they are told live and not stored.
inline constexpr std::size_t most_waiting = 10'000;

class DatabaseEventBus final : public EventBus {
  public:
    // Both outlive the bus.
    DatabaseEventBus(boost::asio::any_io_executor executor, db::Database& database, Clock const& clock);
    ~DatabaseEventBus() override;

    void publish(Event event) override;
    [[nodiscard]] std::unique_ptr<Subscription> subscribe(Listener listener) override;
    boost::asio::awaitable<Replay> replay(WorkspaceId workspace, EventId last) override;

    // Also tells what other processes on the same database published: looks each second until stop().
    void follow_others();

    // Deletes events older than a day; returns how many. For the maintenance task.
    boost::asio::awaitable<std::int64_t> purge();

    // Stores and tells what waits, then ends. Nothing may be published afterwards.
    boost::asio::awaitable<void> stop(std::chrono::milliseconds drain);

  private:
    struct Listeners;
    class Registration;

    boost::asio::awaitable<void> write_waiting();
    boost::asio::awaitable<void> store(std::vector<EventPointer> const& events);
    boost::asio::awaitable<void> follow();
    boost::asio::awaitable<void> look();
    boost::asio::awaitable<std::vector<EventPointer>> recent();
    void tell(EventPointer const& event);

    db::Database& database_;
    Clock const& clock_;
    std::deque<EventPointer> waiting_;
    bool writing_ = false;
    bool following_ = false;
    std::set<EventId> told_;  // of the last replay_overlap, while following: they come back when looking
    std::shared_ptr<Listeners> listeners_;
    async::TaskGroup tasks_;
};

}  // namespace mypost::events
