#include "worker/heartbeats.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace mypost::worker {

namespace {

constexpr std::chrono::seconds silence{60};

constexpr db::Query sql_beat{
    .name = "worker.beat",
    .sql =
        "INSERT INTO heartbeats (name, beat_at, detail) VALUES ($1, $2, $3)"
        " ON CONFLICT (name) DO UPDATE SET beat_at = excluded.beat_at, detail = excluded.detail",
};
constexpr db::Query sql_stop{.name = "worker.stop_beating", .sql = "DELETE FROM heartbeats WHERE name = $1"};
constexpr db::Query sql_read{.name = "worker.heartbeats",
                             .sql = "SELECT name, beat_at, detail FROM heartbeats ORDER BY name"};

std::chrono::milliseconds interval_of(Heartbeat const& beat) {
    boost::system::error_code error;
    auto const value = boost::json::parse(beat.detail, error);
    if (error || !value.is_object()) return {};
    auto const* const every = value.get_object().if_contains("every_ms");
    if (!every || !every->is_int64()) return {};
    return std::chrono::milliseconds(every->get_int64());
}

}  // namespace

asio::awaitable<void> beat(db::Database& database, std::string name, std::string detail, Instant now) {
    co_await database.write(sql_beat, {name, now, detail});
}

asio::awaitable<void> stop_beating(db::Database& database, std::string name) {
    co_await database.write(sql_stop, {name});
}

asio::awaitable<std::vector<Heartbeat>> read_heartbeats(db::Database& database) {
    auto const rows = co_await database.read(sql_read);
    std::vector<Heartbeat> beats;
    for (auto const& row : rows) beats.push_back({row.text(0), row.instant(1), row.text(2)});
    co_return beats;
}

std::vector<publishing::Alarm> alarms_of(std::vector<Heartbeat> const& beats,
                                         std::optional<Instant> oldest_due, Instant now) {
    std::vector<publishing::Alarm> alarms;
    auto const raise = [&](std::string key, std::string code, std::string subject, Instant since) {
        publishing::Alarm alarm;
        alarm.key = std::move(key);
        alarm.code = std::move(code);
        alarm.params = {{"subject", std::move(subject)}, {"since", to_rfc3339(since)}};
        alarms.push_back(std::move(alarm));
    };
    bool worker_alive = false;
    Instant last_worker;
    for (auto const& beat : beats) {
        if (beat.name.starts_with("worker:")) {
            worker_alive = worker_alive || now - beat.beat_at <= silence;
            last_worker = std::max(last_worker, beat.beat_at);
        } else if (now - beat.beat_at > std::max<std::chrono::milliseconds>(silence, 2 * interval_of(beat))) {
            raise("task_silent:" + beat.name, "task_silent", beat.name, beat.beat_at);
        }
    }
    if (!worker_alive) raise("worker_silent", "worker_silent", "worker", last_worker);
    if (oldest_due && now - *oldest_due > silence)
        raise("due_waiting", "due_waiting", "targets", *oldest_due);
    return alarms;
}

std::vector<publishing::Alarm> AlarmBell::changes(std::vector<publishing::Alarm> present) {
    std::set<std::string> now_ringing;
    std::vector<publishing::Alarm> changed;
    for (auto& alarm : present) {
        now_ringing.insert(alarm.key);
        if (!ringing_.contains(alarm.key)) changed.push_back(std::move(alarm));
    }
    for (auto const& key : ringing_) {
        if (now_ringing.contains(key)) continue;
        publishing::Alarm over;
        over.key = key;
        over.code = key.substr(0, key.find(':'));
        over.raised = false;
        changed.push_back(std::move(over));
    }
    ringing_ = std::move(now_ringing);
    return changed;
}

}  // namespace mypost::worker
