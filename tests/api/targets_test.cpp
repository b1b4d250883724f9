// A target's actions, its evidence and pauses over HTTP: who may, what follows, what is written down.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/support/world.hpp"

namespace mypost::api_test {

namespace {

class Targets : public testing::TestWithParam<db::Engine> {
  protected:
    Targets() {
        place_ = Place{world_.workspace(), world_.brand("Bakery")};
        account_ = world_.account(place_, "x", "bakery");
        post_ = world_.post(place_, "Fresh bread", {account_});
        target_ = world_.must("GET", world_.in("/posts/" + post_)).text("/targets/0/id");
    }

    std::string path(std::string const& action) const {
        return world_.in("/posts/" + post_ + "/targets/" + target_ + "/" + action);
    }
    // As if it had been due in the past and nothing had been sent.
    void make_missed() {
        installation_.sql(
            "UPDATE post_targets SET state = 'missed', scheduled_at = 1000, dispatch_at = NULL WHERE id = $1",
            {target_});
    }
    std::string state() {
        return installation_.sql("SELECT state FROM post_targets WHERE id = $1", {target_}).front().text(0);
    }

    Installation installation_{InstallationOptions{.engine = GetParam()}};
    World world_{installation_};
    Place place_;
    std::string account_;
    std::string post_;
    std::string target_;
};

TEST_P(Targets, retry_a_missed_one_and_write_down_who_asked) {
    make_missed();
    Answer const answer = world_.must("POST", path("retry"));
    EXPECT_EQ(answer.text("/targets/0/state"), "scheduled");
    EXPECT_FALSE(answer.header("ETag").empty());
    auto const audit = installation_.sql(
        "SELECT before, actor_id FROM audit_events WHERE action = 'target.retry' AND entity_id = $1",
        {target_});
    ASSERT_EQ(audit.size(), 1u);
    EXPECT_THAT(audit.front().text(0), testing::HasSubstr("missed"));
    EXPECT_EQ(audit.front().text(1), world_.owner().id.to_string());
}

TEST_P(Targets, refuse_what_does_not_fit_and_change_nothing) {
    auto const before = installation_.contents();
    for (char const* action : {"retry", "check", "complete", "delete-remote"}) {
        Answer const answer = world_.as(world_.owner(), "POST", path(action));
        EXPECT_EQ(answer.status, 409) << action << answer.body;
        EXPECT_EQ(answer.code(), "invalid_state") << action;
    }
    Answer const past =
        world_.as(world_.owner(), "POST", path("reschedule"), R"({"scheduled_at":"2020-01-01T00:00:00Z"})");
    EXPECT_EQ(past.status, 422);
    EXPECT_TRUE(past.names("/scheduled_at"));
    Answer const script = world_.as(world_.owner(), "POST", path("resolve"),
                                    R"-({"outcome":"live","remote_url":"javascript:alert(1)"})-");
    EXPECT_TRUE(script.names("/remote_url")) << script.body;
    Answer const next = world_.as(world_.owner(), "POST", path("resolve"), R"({"outcome":"not_live"})");
    EXPECT_TRUE(next.names("/then")) << next.body;
    EXPECT_EQ(state(), "draft");
    EXPECT_EQ(difference(before, installation_.contents()), "");
}

TEST_P(Targets, move_by_the_clock_on_the_wall) {
    make_missed();
    Answer const answer =
        world_.must("POST", path("reschedule"),
                    R"({"scheduled_at":{"local":"2035-07-01T09:00","time_zone":"Europe/Berlin"}})");
    EXPECT_EQ(answer.text("/targets/0/scheduled_at"), "2035-07-01T07:00:00.000Z");
    EXPECT_EQ(answer.text("/targets/0/state"), "scheduled");
    EXPECT_EQ(world_.must("POST", path("cancel")).text("/targets/0/state"), "cancelled");
}

TEST_P(Targets, need_the_right_to_publish_in_their_own_brand) {
    make_missed();
    using access::Permission;
    Person const reader = world_.member("Reader", {Permission::posts_view, Permission::posts_edit});
    EXPECT_EQ(world_.as(reader, "POST", path("retry")).status, 403);
    std::string foreign;
    Person const stranger = world_.foreign_owner(foreign);
    EXPECT_EQ(world_.as(stranger, "POST", path("retry")).status, 404);
    EXPECT_EQ(state(), "missed");
}

TEST_P(Targets, show_every_attempt) {
    installation_.sql(
        "INSERT INTO publish_attempts (id, workspace_id, target_id, seq, kind, step, part, fence, worker, "
        "fingerprint,"
        " request_method, request_url, request_summary, started_at, deadline_at, finished_at, outcome,"
        " response_status, response_summary, conclusion)"
        " VALUES ($1, $2, $3, 1, 'call', 'create/0', 0, 1, 'w', 'f', 'POST', 'https://api.x.com/2/tweets',"
        " 'Create the post', 1000, 2000, 1500, 'transient', 503, '503', 'Tried again later.')",
        {AttemptId::make(), world_.workspace(), target_});
    Answer const answer = world_.must("GET", world_.in("/posts/" + post_ + "/attempts"));
    EXPECT_EQ(answer.text("/data/0/request/url"), "https://api.x.com/2/tweets");
    EXPECT_EQ(answer.number("/data/0/response/status"), 503);
    EXPECT_EQ(answer.text("/data/0/conclusion"), "Tried again later.");
    EXPECT_EQ(answer.text("/data/0/part"), "post");
}

TEST_P(Targets, pause_and_resume_at_every_level) {
    for (std::string const& base :
         {world_.in(""), world_.in("/brands/" + place_.brand), world_.in("/accounts/" + account_)}) {
        EXPECT_EQ(world_.as(world_.owner(), "POST", base + "/resume", R"({"then":"shift"})").code(),
                  "invalid_state")
            << base;
        Answer const paused = world_.must("POST", base + "/pause", R"({"reason":"Holiday"})");
        EXPECT_EQ(paused.text("/reason"), "Holiday");
        EXPECT_TRUE(world_
                        .as(world_.owner(), "POST", base + "/pause",
                            R"({"reason":"x","until":"2020-01-01T00:00:00Z"})")
                        .names("/until"));
        EXPECT_EQ(world_.as(world_.owner(), "POST", base + "/resume", R"({"then":"never"})").status, 422);
        Answer const resumed = world_.must("POST", base + "/resume", R"({"then":"mark_missed"})");
        EXPECT_FALSE(resumed.json().at("paused").as_bool());
    }
    auto const audit = installation_.sql(
        "SELECT COUNT(*) FROM audit_events WHERE action LIKE '%.pause' OR action LIKE '%.resume'");
    EXPECT_EQ(audit.front().int64(0), 6);
}

INSTANTIATE_TEST_SUITE_P(Api, Targets, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](auto const& info) { return test::engine_name(info.param); });

}  // namespace

}  // namespace mypost::api_test
