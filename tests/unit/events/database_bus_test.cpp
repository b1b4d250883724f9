#include "events/database_bus.hpp"

#include <gmock/gmock.h>

#include "async/sleep.hpp"
#include "support/database.hpp"

namespace mypost::events {

namespace {

class DatabaseBus : public testing::TestWithParam<db::Engine> {
  protected:
    boost::asio::io_context io;
    test::TemporaryDatabase database{io, GetParam()};
    SystemClock system;
    ManualClock clock{system.now()};
    DatabaseEventBus bus{io.get_executor(), *database, clock};
    WorkspaceId const workspace = WorkspaceId::make();
    std::vector<EventPointer> heard;
    std::unique_ptr<Subscription> subscription =
        bus.subscribe([this](EventPointer const& event) { heard.push_back(event); });

    ~DatabaseBus() override { test::run(io, bus.stop(std::chrono::seconds(5))); }

    void publish(std::string type, std::optional<BrandId> brand = {}) {
        bus.publish(Event{workspace, brand, std::move(type), {{"n", 1}}});
    }
    // Runs the loop until so many events were told.
    void wait_for(std::size_t count) {
        for (int i = 0; i < 2000 && heard.size() < count; ++i) {
            test::run(io, async::sleep_for(std::chrono::milliseconds(5)));
        }
        ASSERT_GE(heard.size(), count);
    }
    Replay replay(EventId last) { return test::run(io, bus.replay(workspace, last)); }
    std::vector<std::string> types(std::vector<EventPointer> const& events) {
        std::vector<std::string> list;
        for (auto const& each : events) list.push_back(each->event.type);
        return list;
    }
};

}  // namespace

TEST_P(DatabaseBus, tells_and_stores_in_order) {
    auto const brand = BrandId::make();
    publish("post.created", brand);
    publish("post.updated");
    wait_for(2);
    publish("target.updated");
    wait_for(3);
    EXPECT_THAT(types(heard), testing::ElementsAre("post.created", "post.updated", "target.updated"));
    EXPECT_EQ(heard[0]->text,
              "{\"id\":\"" + heard[0]->id.to_string() + R"(","type":"post.created","data":{"n":1}})");
    auto const again = replay(heard[0]->id);
    ASSERT_TRUE(again.possible);
    EXPECT_EQ(types(again.events), types(heard));
    EXPECT_EQ(again.events[0]->text, heard[0]->text);
    EXPECT_EQ(again.events[0]->event.brand, brand);
    EXPECT_FALSE(again.events[1]->event.brand);
}

TEST_P(DatabaseBus, replays_one_workspace_alone) {
    publish("post.created");
    bus.publish(Event{WorkspaceId::make(), {}, "post.deleted", {}});
    wait_for(2);
    EXPECT_THAT(types(replay(heard[0]->id).events), testing::ElementsAre("post.created"));
}

TEST_P(DatabaseBus, tells_when_a_replay_is_impossible) {
    publish("post.created");
    wait_for(1);
    EXPECT_FALSE(replay(EventId()).possible);
    EXPECT_FALSE(replay(EventId(first_id_at(clock.now() - kept_for))).possible);
    EXPECT_TRUE(replay(EventId(first_id_at(clock.now() - kept_for + std::chrono::minutes(1)))).possible);
    EXPECT_FALSE(replay(EventId(first_id_at(clock.now() + std::chrono::hours(1)))).possible);
    for (std::size_t i = 0; i < most_replayed; ++i) publish("post.updated");
    wait_for(most_replayed + 1);
    EXPECT_FALSE(replay(heard[0]->id).possible);
}

TEST_P(DatabaseBus, replays_what_happened_shortly_before) {
    publish("post.created");
    publish("post.updated");
    wait_for(2);
    auto const later = EventId(first_id_at(*instant_of(heard[1]->id.value) + std::chrono::seconds(9)));
    EXPECT_EQ(replay(later).events.size(), 2U);
    auto const much_later = EventId(first_id_at(*instant_of(heard[1]->id.value) + std::chrono::seconds(11)));
    clock.advance(std::chrono::seconds(11));
    EXPECT_EQ(replay(much_later).events.size(), 0U);
}

TEST_P(DatabaseBus, forgets_after_a_day) {
    publish("post.created");
    wait_for(1);
    EXPECT_EQ(test::run(io, bus.purge()), 0);
    clock.advance(kept_for + std::chrono::milliseconds(1));
    EXPECT_EQ(test::run(io, bus.purge()), 1);
}

TEST_P(DatabaseBus, tells_once_what_another_process_published) {
    publish("post.created");
    wait_for(1);
    clock.set(system.now());
    DatabaseEventBus other(io.get_executor(), *database, clock);
    std::vector<EventPointer> heard_there;
    auto listening = other.subscribe([&](EventPointer const& event) { heard_there.push_back(event); });
    other.follow_others();
    test::run(io, async::sleep_for(std::chrono::milliseconds(200)));
    publish("post.updated");
    other.publish(Event{workspace, {}, "target.updated", {}});
    for (int i = 0; i < 4000 && heard_there.size() < 2; ++i) {
        test::run(io, async::sleep_for(std::chrono::milliseconds(5)));
    }
    test::run(io, async::sleep_for(look_interval +
                                   std::chrono::milliseconds(200)));  // a look more tells nothing twice
    EXPECT_THAT(types(heard_there), testing::UnorderedElementsAre("post.updated", "target.updated"));
    test::run(io, other.stop(std::chrono::milliseconds(0)));
}

TEST_P(DatabaseBus, lets_listeners_leave_while_they_are_called) {
    std::unique_ptr<Subscription> second;
    int calls = 0;
    auto first = bus.subscribe([&](EventPointer const&) { second.reset(); });
    second = bus.subscribe([&](EventPointer const&) { ++calls; });
    publish("post.created");
    publish("post.updated");
    wait_for(2);
    EXPECT_EQ(calls, 0);
}

TEST_P(DatabaseBus, tells_what_it_cannot_store) {
    static constexpr db::Query sql_drop{"test.drop", "DROP TABLE events"};
    test::run(io, database->write(sql_drop));
    publish("post.created");
    wait_for(1);
    EXPECT_EQ(heard[0]->event.type, "post.created");
}

INSTANTIATE_TEST_SUITE_P(Engines, DatabaseBus, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](auto const& info) { return test::engine_name(info.param); });

TEST(EventId, holds_its_time) {
    Instant const at = from_ms(1'700'000'000'123);
    EXPECT_EQ(instant_of(first_id_at(at)), at);
    EXPECT_FALSE(instant_of(Uuid()));
    EXPECT_LT(first_id_at(at), Uuid::make());
}

}  // namespace mypost::events
