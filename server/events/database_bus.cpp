#include "events/database_bus.hpp"

#include "async/sleep.hpp"
#include "core/log.hpp"
#include "json/encode.hpp"
#include "json/parse.hpp"

namespace mypost::events {

namespace asio = boost::asio;

namespace {

constexpr db::Query sql_insert{"events.insert", R"(
    INSERT INTO events (id, workspace_id, brand_id, type, data, created_at) VALUES ($1, $2, $3, $4, $5, $6))"};

constexpr db::Query sql_replay{"events.replay", R"(
    SELECT id, brand_id, type, data FROM events WHERE workspace_id = $1 AND id >= $2 ORDER BY id LIMIT $3)"};

constexpr db::Query sql_look{"events.look", R"(
    SELECT id, workspace_id, brand_id, type, data FROM events WHERE id >= $1 ORDER BY id)"};

constexpr db::Query sql_purge{"events.purge", "DELETE FROM events WHERE created_at < $1"};

}  // namespace

// A list, so that a listener may subscribe or leave while it is called.
struct DatabaseEventBus::Listeners {
    struct Entry {
        Listener call;
        bool alive = true;
    };
    std::list<std::shared_ptr<Entry>> entries;
};

class DatabaseEventBus::Registration final : public Subscription {
  public:
    Registration(std::shared_ptr<Listeners> listeners, std::shared_ptr<Listeners::Entry> entry)
        : listeners_(std::move(listeners)), entry_(std::move(entry)) {}
    ~Registration() override {
        entry_->alive = false;
        listeners_->entries.remove(entry_);
    }

  private:
    std::shared_ptr<Listeners> listeners_;
    std::shared_ptr<Listeners::Entry> entry_;
};

DatabaseEventBus::DatabaseEventBus(asio::any_io_executor executor, db::Database& database, Clock const& clock)
    : database_(database),
      clock_(clock),
      listeners_(std::make_shared<Listeners>()),
      tasks_(std::move(executor)) {}

DatabaseEventBus::~DatabaseEventBus() = default;

void DatabaseEventBus::publish(Event event) {
    if (tasks_.stopping()) return;
    auto published = make_published(EventId::make(), std::move(event));
    if (waiting_.size() >= most_waiting) {
        log::warning("event not stored: too many wait", {{"type", published->event.type}});
        return tell(published);
    }
    waiting_.push_back(std::move(published));
    if (writing_) return;
    writing_ = true;
    tasks_.spawn("events", [this] { return write_waiting(); });
}

// Whatever was published while one transaction ran shares the next one.
asio::awaitable<void> DatabaseEventBus::write_waiting() {
    while (!waiting_.empty()) {
        std::vector<EventPointer> batch(waiting_.begin(), waiting_.end());
        waiting_.clear();
        try {
            co_await store(batch);
        } catch (std::exception const& e) {
            // Those who are connected still hear of it; those who come back are told to fetch anew once it
            // matters.
            log::error("events not stored", {{"count", batch.size()}, {"error", e.what()}});
        }
        for (auto const& event : batch) tell(event);
    }
    writing_ = false;
}

asio::awaitable<void> DatabaseEventBus::store(std::vector<EventPointer> const& events) {
    Instant const now = clock_.now();
    db::Database::Body body = [&events, now](db::Transaction& tx) -> asio::awaitable<void> {
        for (auto const& each : events) {
            auto const& event = each->event;
            db::Params params{each->id, event.workspace, event.brand, event.type, json::serialize(event.data),
                              now};
            co_await tx.run(sql_insert, std::move(params));
        }
    };
    co_await database_.transaction(std::move(body));
}

void DatabaseEventBus::tell(EventPointer const& event) {
    if (following_) told_.insert(event->id);
    auto const now = listeners_->entries;
    for (auto const& entry : now) {
        if (entry->alive) entry->call(event);
    }
}

void DatabaseEventBus::follow_others() {
    following_ = true;
    tasks_.spawn("events follow", [this] { return follow(); });
}

asio::awaitable<void> DatabaseEventBus::follow() {
    bool begun = false;
    while (!tasks_.stopping()) {
        try {
            if (begun) {
                co_await look();
            } else {
                // What is there already was told before this process came up.
                auto const before = co_await recent();
                for (auto const& event : before) told_.insert(event->id);
                begun = true;
            }
        } catch (db::Unavailable const& e) {
            log::warning("events of other processes not read", {{"error", e.what()}});
        }
        co_await async::sleep_for(look_interval);
    }
}

// Clocks differ and commits overtake each other: the last seconds are read again, and what was told is left
// out.
asio::awaitable<void> DatabaseEventBus::look() {
    auto const events = co_await recent();
    Uuid const oldest = first_id_at(clock_.now() - replay_overlap);
    told_.erase(told_.begin(), told_.lower_bound(EventId(oldest)));
    for (auto const& event : events) {
        if (!told_.contains(event->id)) tell(event);
    }
}

asio::awaitable<std::vector<EventPointer>> DatabaseEventBus::recent() {
    db::Params params{first_id_at(clock_.now() - replay_overlap)};
    auto const rows = co_await database_.read(sql_look, std::move(params));
    std::vector<EventPointer> events;
    for (auto const& row : rows) {
        auto const data = json::parse(row.text(4));
        if (!data || !data->is_object()) continue;
        Event event{row.id<WorkspaceId>(1), row.opt_id<BrandId>(2), row.text(3), data->get_object()};
        events.push_back(make_published(row.id<EventId>(0), std::move(event)));
    }
    co_return events;
}

std::unique_ptr<Subscription> DatabaseEventBus::subscribe(Listener listener) {
    auto entry = std::make_shared<Listeners::Entry>(Listeners::Entry{std::move(listener)});
    listeners_->entries.push_back(entry);
    return std::make_unique<Registration>(listeners_, std::move(entry));
}

asio::awaitable<Replay> DatabaseEventBus::replay(WorkspaceId workspace, EventId last) {
    Replay result;
    auto const happened = instant_of(last.value);
    Instant const now = clock_.now();
    if (!happened || *happened - replay_overlap < now - kept_for || *happened > now + replay_overlap)
        co_return result;
    db::Params params{workspace, first_id_at(*happened - replay_overlap),
                      static_cast<std::int64_t>(most_replayed + 1)};
    auto const rows = co_await database_.read(sql_replay, std::move(params));
    if (rows.size() > most_replayed) co_return result;
    result.possible = true;
    for (auto const& row : rows) {
        auto const data = json::parse(row.text(3));
        if (!data || !data->is_object()) continue;
        Event event{workspace, row.opt_id<BrandId>(1), row.text(2), data->get_object()};
        result.events.push_back(make_published(row.id<EventId>(0), std::move(event)));
    }
    co_return result;
}

asio::awaitable<std::int64_t> DatabaseEventBus::purge() {
    db::Params params{clock_.now() - kept_for};
    auto const rows = co_await database_.write(sql_purge, std::move(params));
    co_return rows.affected;
}

asio::awaitable<void> DatabaseEventBus::stop(std::chrono::milliseconds drain) {
    return tasks_.stop(drain);
}

}  // namespace mypost::events
