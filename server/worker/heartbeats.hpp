// Signs of life in the database, and the alarms that their absence raises. Any process may look, also one
// without a worker.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <set>
#include <string>
#include <vector>

#include "db/database.hpp"
#include "publishing/changes.hpp"

namespace mypost::worker {

namespace asio = boost::asio;

asio::awaitable<void> beat(db::Database& database, std::string name, std::string detail, Instant now);
asio::awaitable<void> stop_beating(db::Database& database, std::string name);

struct Heartbeat {
    std::string name;  // "worker:<host>:<pid>", "task:<name>"
    Instant beat_at;
    std::string detail;  // JSON
};
asio::awaitable<std::vector<Heartbeat>> read_heartbeats(db::Database& database);

// What is wrong at `now`, as alarms by key: "worker_silent" (no worker has beaten for 60 s),
// "task_silent:<name>" (a task beyond twice its interval and 60 s), "due_waiting" (targets due for 60 s that
// nobody took), "clock_jump".
std::vector<publishing::Alarm> alarms_of(std::vector<Heartbeat> const& beats,
                                         std::optional<Instant> oldest_due, Instant now);

// Tells each condition once when it begins and once when it ends.
class AlarmBell {
  public:
    std::vector<publishing::Alarm> changes(std::vector<publishing::Alarm> present);

  private:
    std::set<std::string> ringing_;
};

}  // namespace mypost::worker
