// Posts over HTTP: content and overrides, versions, lists, the calendar, times, rules of each action.
#include <date/tz.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <thread>

#include "api/support/connecting.hpp"
#include "api/support/operations.hpp"
#include "core/encoding.hpp"

namespace mypost::api_test {

namespace {

namespace json = boost::json;
using namespace std::string_literals;
using std::chrono::hours;
using std::chrono::minutes;

std::string in(std::chrono::milliseconds time) {
    return to_rfc3339(SystemClock().now() + time);
}

class Posts : public testing::TestWithParam<db::Engine> {
  protected:
    explicit Posts(bool worker = false)
        : installation_(InstallationOptions{.engine = GetParam(), .worker = worker, .sandbox = true}) {
        bluesky_ = networks_.bluesky(0).text("/id");
        networks_.register_app("x");
        x_ = networks_.connect("x", 0).text("/data/0/id");
    }

    json::object input(std::string const& body, std::vector<json::object> targets = {}) {
        json::array list;
        for (auto& target : targets) list.push_back(std::move(target));
        return {{"brand_id", place_.brand}, {"content", {{"body", body}}}, {"targets", list}};
    }
    json::object to(std::string const& account, json::object more = {}) {
        more["account_id"] = account;
        return more;
    }
    Answer create(json::object const& body) {
        return world_.as(world_.owner(), "POST", world_.in("/posts"), json::serialize(body));
    }
    std::string created(json::object const& body) {
        Answer const answer = create(body);
        EXPECT_EQ(answer.status, 201) << answer.body;
        return answer.text("/id");
    }
    Answer get(std::string const& id) { return world_.as(world_.owner(), "GET", world_.in("/posts/" + id)); }
    Answer act(std::string const& id, std::string const& action, std::string const& body = {}) {
        return world_.as(world_.owner(), "POST", world_.in("/posts/" + id + "/" + action), body);
    }
    Answer patch(std::string const& id, std::string const& body, std::int64_t version) {
        return world_.as(world_.owner(), "PATCH", world_.in("/posts/" + id), body,
                         {{"If-Match", fmt::format("\"{}\"", version)}});
    }
    Answer schedule(std::string const& id, std::string const& at) {
        return act(id, "schedule", fmt::format(R"({{"scheduled_at":"{}"}})", at));
    }
    std::vector<std::string> ids(std::string const& query) {
        auto const page = world_.must("GET", world_.in("/posts?" + query)).json();
        std::vector<std::string> found;
        for (auto const& post : page.at("data").as_array()) found.emplace_back(post.at("id").as_string());
        return found;
    }

    Installation installation_;
    World world_{installation_};
    Place place_{world_.workspace(), world_.brand("Brand")};
    Connecting networks_{world_, place_};
    std::string bluesky_;
    std::string x_;
};

TEST_P(Posts, overrides_replace_field_by_field) {
    json::object body = input("For everybody", {to(bluesky_), to(x_, {{"content", {{"body", "For X"}}}})});
    body["content"].as_object()["first_comment"] = "And below";
    std::string const id = created(body);
    Answer const post = get(id);
    std::map<std::string, std::pair<std::string, std::string>> shown;
    auto const value = post.json();
    for (auto const& target : value.at("targets").as_array()) {
        auto const& effective = target.at("effective_content");
        shown[std::string(target.at("network").as_string())] = {
            std::string(effective.at("body").as_string()),
            std::string(effective.at("first_comment").as_string())};
    }
    EXPECT_EQ(shown["bluesky"], std::pair("For everybody"s, "And below"s));
    EXPECT_EQ(shown["x"], std::pair("For X"s, "And below"s));
    EXPECT_EQ(post.text("/status"), "draft");
    EXPECT_EQ(post.number("/version"), 1);
    EXPECT_FALSE(post.header("ETag").empty());
    EXPECT_EQ(world_
                  .as(world_.owner(), "GET", world_.in("/posts/" + id), "",
                      {{"If-None-Match", post.header("ETag")}})
                  .status,
              304);
}

TEST_P(Posts, refuse_what_they_cannot_refer_to_by_name) {
    std::string const nobody = AccountId::make().to_string();
    Place const other{world_.workspace(), world_.brand("Other")};
    installation_.settle();
    auto const before = installation_.contents();
    json::object body = input("Text", {to(nobody), to(bluesky_, {{"kind", "story"}})});
    body["content"].as_object()["media"] = json::array{json::object{{"asset_id", nobody}}};
    Answer const answer = create(body);
    EXPECT_EQ(answer.status, 422);
    for (char const* field : {"/targets/0/account_id", "/targets/1/kind", "/content/media/0/asset_id"})
        EXPECT_TRUE(answer.names(field)) << field << answer.body;
    EXPECT_TRUE(create(input("Twice", {to(bluesky_), to(bluesky_)})).names("/targets/1"));
    json::object elsewhere = input("Elsewhere", {to(bluesky_)});
    elsewhere["brand_id"] = other.brand;
    EXPECT_TRUE(create(elsewhere).names("/targets/0/account_id")) << "an account of another brand";
    json::object labelled = input("Labels");
    labelled["labels"] = json::array{nobody};
    Answer const label = create(labelled);
    EXPECT_EQ(label.status, 422);
    EXPECT_TRUE(label.names("/labels/0")) << label.body;
    EXPECT_EQ(difference(before, installation_.contents()), "");
}

TEST_P(Posts, carry_media_labels_and_threads) {
    Call upload{"POST", "/api/v1" + world_.in("/media"), {bearer(world_.owner().token)}};
    upload.headers.emplace_back("Content-Type", form_type);
    upload.body = form_body({{"brand_id", place_.brand}, {"alt", "One pixel"}}, tiny_png());
    Answer const asset = installation_.send(upload);
    ASSERT_EQ(asset.status, 201) << asset.body;
    std::string const label =
        world_.must("POST", world_.in("/labels"), R"({"name":"Launch","color":"#aa3300"})").text("/id");
    json::object body = input("First of three", {to(bluesky_)});
    auto& content = body["content"].as_object();
    content["media"] = json::array{json::object{{"asset_id", asset.text("/id")}}};
    content["thread"] = json::array{json::object{{"body", "Second"}}, json::object{{"body", "Third"}}};
    body["labels"] = json::array{label};
    std::string const id = created(body);
    Answer const post = get(id);
    EXPECT_EQ(post.text("/content/media/0/asset_id"), asset.text("/id"));
    EXPECT_EQ(post.text("/content/media/0/alt"), "One pixel") << "the asset's own";
    EXPECT_EQ(post.text("/content/thread/1/body"), "Third");
    EXPECT_EQ(post.text("/labels/0/name"), "Launch");
    EXPECT_THAT(ids("label_id=" + label), testing::ElementsAre(id));
    world_.must("DELETE", world_.in("/labels/" + label));
    EXPECT_TRUE(get(id).json().at("labels").as_array().empty());
}

TEST_P(Posts, a_merge_patch_keeps_what_it_leaves_out_and_makes_a_version) {
    std::string const id = created(input("Old", {to(bluesky_), to(x_)}));
    std::string const target = get(id).text("/targets/0/id");
    Answer const changed = patch(id, R"({"content":{"body":"New"}})", 1);
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.text("/content/body"), "New");
    EXPECT_EQ(changed.number("/version"), 2);
    EXPECT_EQ(changed.json().at("targets").as_array().size(), 2U);
    Answer const stale = patch(id, R"({"content":{"body":"Lost?"}})", 1);
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(stale.text("/current/content/body"), "New");
    EXPECT_EQ(get(id).text("/content/body"), "New");
    // A target that is left out goes; one that stays keeps its id.
    json::object const one{{"targets", json::array{to(bluesky_)}}};
    Answer const fewer = patch(id, json::serialize(one), 2);
    EXPECT_EQ(fewer.json().at("targets").as_array().size(), 1U);
    auto const versions = world_.must("GET", world_.in("/posts/" + id + "/versions")).json();
    ASSERT_EQ(versions.at("data").as_array().size(), 3U);
    EXPECT_EQ(versions.at("data").at(2).at("content").at("body").as_string(), "Old");
    EXPECT_EQ(versions.at("data").at(0).at("version").as_int64(), 3);
}

TEST_P(Posts, two_saves_at_once_have_one_winner) {
    std::string const id = created(input("Start"));
    auto save = [&](std::string const& text) {
        return std::async(std::launch::async, [this, id, text] {
            return patch(id, fmt::format(R"({{"content":{{"body":"{}"}}}})", text), 1).status;
        });
    };
    auto one = save("One");
    auto two = save("Two");
    std::multiset<int> const statuses{one.get(), two.get()};
    EXPECT_EQ(statuses, (std::multiset<int>{200, 412}));
    EXPECT_EQ(get(id).number("/version"), 2);
}

TEST_P(Posts, are_duplicated_as_drafts) {
    std::string const id = created(input("Again", {to(bluesky_), to(x_, {{"content", {{"body", "X"}}}})}));
    ASSERT_EQ(schedule(id, in(hours(5))).status, 200);
    Answer const copy = act(id, "duplicate");
    ASSERT_EQ(copy.status, 201) << copy.body;
    EXPECT_NE(copy.text("/id"), id);
    EXPECT_EQ(copy.text("/status"), "draft");
    EXPECT_TRUE(copy.json().at("scheduled_at").is_null());
    EXPECT_EQ(copy.json().at("targets").as_array().size(), 2U);
    std::string const other = world_.brand("Other");
    Answer const elsewhere = act(id, "duplicate", fmt::format(R"({{"brand_id":"{}"}})", other));
    EXPECT_EQ(elsewhere.text("/brand_id"), other);
    EXPECT_TRUE(elsewhere.json().at("targets").as_array().empty()) << "accounts of this brand stay here";
}

TEST_P(Posts, validate_names_where_the_network_would_refuse) {
    std::string const long_text(400, 'a');
    json::object body =
        input(long_text, {to(x_), to(bluesky_, {{"content", {{"body", std::string(301, 'b')}}}})});
    body["content"].as_object()["thread"] = json::array{json::object{{"body", long_text}}};
    installation_.settle();
    auto const before = installation_.contents();
    Answer const answer =
        world_.as(world_.owner(), "POST", world_.in("/posts/validate"), json::serialize(body));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(difference(before, installation_.contents()), "");
    std::set<std::string> fields;
    auto const value = answer.json();
    for (auto const& issue : value.at("issues").as_array()) {
        EXPECT_FALSE(issue.at("message").as_string().empty());
        if (issue.at("severity") == "error")
            fields.insert(fmt::format("{} {}", issue.at("account_id").as_string() == x_ ? "x" : "bluesky",
                                      std::string(issue.at("field").as_string())));
    }
    EXPECT_THAT(fields,
                testing::IsSupersetOf({"x /content/body", "x /content/thread/0/body",
                                       "bluesky /targets/1/content/body", "bluesky /content/thread/0/body"}))
        << answer.body;
    // Scheduling refuses with the same pointers.
    Answer const refused = schedule(created(body), in(hours(2)));
    EXPECT_EQ(refused.status, 422);
    EXPECT_TRUE(refused.names("/content/body")) << refused.body;
}

TEST_P(Posts, are_scheduled_unscheduled_and_deleted) {
    std::string const id = created(input("Later", {to(bluesky_)}));
    EXPECT_TRUE(schedule(id, in(-minutes(5))).names("/scheduled_at")) << "the past";
    EXPECT_EQ(act(id, "schedule", "{}").status, 422);
    EXPECT_EQ(act(id, "unschedule").status, 409) << "nothing is scheduled";
    Answer const scheduled = schedule(id, in(hours(3)));
    ASSERT_EQ(scheduled.status, 200) << scheduled.body;
    EXPECT_EQ(scheduled.text("/status"), "scheduled");
    EXPECT_EQ(scheduled.text("/targets/0/state"), "scheduled");
    Answer const back = act(id, "unschedule");
    EXPECT_EQ(back.text("/status"), "draft");
    EXPECT_EQ(back.text("/targets/0/state"), "draft");
    ASSERT_EQ(schedule(id, in(hours(3))).status, 200);
    EXPECT_EQ(world_.as(world_.owner(), "DELETE", world_.in("/posts/" + id)).status, 204);
    EXPECT_EQ(get(id).status, 404);
    EXPECT_EQ(installation_.count("post_targets"), 0);
    std::string const empty = created(input("No targets"));
    EXPECT_EQ(schedule(empty, in(hours(1))).status, 422);
}

TEST_P(Posts, past_a_claim_are_neither_changed_nor_deleted) {
    std::string const id = created(input("Going", {to(bluesky_)}));
    ASSERT_EQ(schedule(id, in(hours(1))).status, 200);
    installation_.sql(
        "UPDATE post_targets SET state = 'publishing', frozen = '{}', lease_owner = 'w', lease_until = $1",
        {to_ms(SystemClock().now() + minutes(5))});
    installation_.settle();
    auto const before = installation_.contents();
    std::string const path = world_.in("/posts/" + id);
    for (Answer const& answer :
         {world_.as(world_.owner(), "DELETE", path), patch(id, R"({"content":{"body":"Changed"}})", 1),
          act(id, "unschedule"), schedule(id, in(hours(2))), act(id, "publish")}) {
        EXPECT_EQ(answer.status, 409) << answer.body;
        EXPECT_EQ(answer.code(), "publishing_started");
    }
    EXPECT_EQ(difference(before, installation_.contents()), "");
}

TEST_P(Posts, wall_times_are_resolved_over_the_changes_of_the_clock) {
    int const year =
        static_cast<int>(date::year_month_day(date::floor<date::days>(SystemClock().now())).year()) + 1;
    using namespace date::literals;
    date::year const next(year);
    auto const spring = date::year_month_day(next / date::March / date::Sunday[date::last]);
    auto const autumn = date::year_month_day(next / date::October / date::Sunday[date::last]);
    auto local = [&](date::year_month_day const& day, std::string const& time) {
        return fmt::format("{:04}-{:02}-{:02}T{}", static_cast<int>(day.year()),
                           static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()), time);
    };
    struct Case {
        std::string wall;
        std::string utc;
    };
    std::vector<Case> const cases{
        {local(spring, "01:59"), local(spring, "00:59:00.000Z")},
        {local(spring, "02:30"), local(spring, "01:30:00.000Z")},  // does not exist: as much later
        {local(spring, "03:00"), local(spring, "01:00:00.000Z")},
        {local(autumn, "02:30"), local(autumn, "00:30:00.000Z")},  // exists twice: the first
        {local(autumn, "03:00"), local(autumn, "02:00:00.000Z")}};
    std::string const id = created(input("Wall", {to(bluesky_)}));
    for (auto const& each : cases) {
        SCOPED_TRACE(each.wall);
        Answer const answer =
            act(id, "schedule",
                fmt::format(R"({{"scheduled_at":{{"local":"{}","time_zone":"Europe/Berlin"}}}})", each.wall));
        ASSERT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(answer.text("/scheduled_at"), each.utc);
        EXPECT_EQ(answer.text("/targets/0/scheduled_local/local"), each.wall);
        EXPECT_EQ(answer.text("/targets/0/scheduled_local/time_zone"), "Europe/Berlin");
    }
    for (std::string const wrong :
         {R"({"local":"soon","time_zone":"UTC"})", R"({"local":"2031-02-30T10:00","time_zone":"UTC"})",
          R"({"local":"2031-02-03T25:00","time_zone":"UTC"})",
          R"({"local":"2031-02-03T10:00","time_zone":"Mars/Phobos"})"}) {
        Answer const answer = act(id, "schedule", fmt::format(R"({{"scheduled_at":{}}})", wrong));
        EXPECT_EQ(answer.status, 422) << wrong << answer.body;
        EXPECT_NE(answer.body.find("\"field\":\"/scheduled_at/"), std::string::npos) << answer.body;
    }
}

TEST_P(Posts, are_listed_by_filters) {
    std::string const plain = created(input("Plain tea", {to(bluesky_)}));
    std::string const other = created(input("About media, body and thread: 100% _sure_", {to(x_)}));
    json::object threaded = input("With a thread");
    threaded["content"].as_object()["thread"] = json::array{json::object{{"body", "Deep Ördög inside"}}};
    std::string const thread = created(threaded);
    EXPECT_THAT(ids("q=TEA"), testing::ElementsAre(plain));
    EXPECT_THAT(ids("q=" + percent_encode("ördög")), testing::ElementsAre(thread)) << "in any part, any case";
    EXPECT_THAT(ids("q=first_comment"), testing::IsEmpty()) << "member names are no text";
    EXPECT_THAT(ids("q=media"), testing::ElementsAre(other));
    EXPECT_THAT(ids("q=100%25"), testing::ElementsAre(other));
    EXPECT_THAT(ids("q=_sure_"), testing::ElementsAre(other));
    EXPECT_THAT(ids("q=" + percent_encode("%")), testing::ElementsAre(other)) << "no wildcards";
    EXPECT_THAT(ids("network=x"), testing::ElementsAre(other));
    EXPECT_THAT(ids("account_id=" + bluesky_), testing::ElementsAre(plain));
    EXPECT_EQ(ids("author_id=" + world_.owner().id.to_string()).size(), 3U);
    EXPECT_THAT(ids("brand_id=" + world_.brand("Empty")), testing::IsEmpty());
    ASSERT_EQ(schedule(plain, in(hours(10))).status, 200);
    EXPECT_THAT(ids("status=scheduled"), testing::ElementsAre(plain));
    EXPECT_THAT(ids("from=" + in(hours(9)) + "&to=" + in(hours(11))), testing::ElementsAre(plain));
    EXPECT_THAT(ids("from=" + in(hours(11)) + "&to=" + in(hours(12))), testing::IsEmpty());
    EXPECT_TRUE(world_.as(world_.owner(), "GET", world_.in("/posts?status=flying")).names("query:status"));
    EXPECT_TRUE(world_.as(world_.owner(), "GET", world_.in("/posts?cursor=abc")).names("query:cursor"));
    EXPECT_TRUE(world_.as(world_.owner(), "GET", world_.in("/posts?limit=201")).names("query:limit"));
    EXPECT_TRUE(world_.as(world_.owner(), "GET", world_.in("/posts?limit=0")).names("query:limit"));
}

TEST_P(Posts, pages_follow_each_other_without_gap_or_repetition) {
    std::vector<std::string> expected;
    std::string const same = in(hours(50));
    for (int i = 0; i < 7; ++i) {
        std::string const id = created(input(fmt::format("Post {}", i), {to(bluesky_)}));
        expected.push_back(id);
        if (i < 4) {
            ASSERT_EQ(schedule(id, same).status, 200) << "several at one time";
        }
    }
    std::vector<std::string> found;
    std::string cursor;
    for (int page = 0; page < 10; ++page) {
        auto const answer =
            world_.must("GET", world_.in("/posts?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor)))
                .json();
        for (auto const& post : answer.at("data").as_array()) found.emplace_back(post.at("id").as_string());
        if (answer.at("next_cursor").is_null()) break;
        cursor = percent_encode(std::string(answer.at("next_cursor").as_string()));
    }
    EXPECT_EQ(found, expected) << "the dated by time, the undated last";
}

TEST_P(Posts, the_calendar_shows_targets_with_times_of_their_own) {
    json::object body = input("Spread", {to(bluesky_), to(x_, {{"scheduled_at", in(hours(24 * 10))}})});
    body["scheduled_at"] = in(hours(24));
    std::string const spread = created(body);
    ASSERT_EQ(schedule(spread, in(hours(24))).status, 200);
    std::string const plain = created(input("Plain", {to(bluesky_)}));
    ASSERT_EQ(schedule(plain, in(hours(26))).status, 200);
    created(input("Undated", {to(bluesky_)}));
    auto calendar = [&](int from, int to) {
        auto const value = world_
                               .must("GET", world_.in("/calendar?from=" + in(hours(24 * from) - minutes(30)) +
                                                      "&to=" + in(hours(24 * to) - minutes(30))))
                               .json();
        std::set<std::string> found;
        for (auto const& item : value.at("data").as_array()) found.emplace(item.at("id").as_string());
        return found;
    };
    // The time of a target with its own moves with the post's when the post is scheduled; read it back.
    auto const post = get(spread).json();
    std::int64_t latest = 0;
    for (auto const& target : post.at("targets").as_array())
        latest = std::max(latest, to_ms(*parse_rfc3339(std::string(target.at("scheduled_at").as_string()))));
    int const day = static_cast<int>((latest - to_ms(SystemClock().now()) + 3'600'000) / 86'400'000);
    EXPECT_EQ(calendar(1, 2), (std::set<std::string>{spread, plain}));
    EXPECT_EQ(calendar(day, day + 1), (std::set<std::string>{spread})) << "by its later target";
    EXPECT_EQ(calendar(day + 1, day + 5), (std::set<std::string>{}));
    EXPECT_EQ(calendar(3, 5), (std::set<std::string>{})) << "nothing happens between the two";
    EXPECT_TRUE(
        world_.as(world_.owner(), "GET", world_.in("/calendar?from=" + in(hours(2)) + "&to=" + in(hours(1))))
            .names("query:to"));
}

TEST_P(Posts, approval_is_asked_where_the_brand_asks_for_it) {
    installation_.sql("UPDATE brands SET approval_policy = 'required' WHERE id = $1", {place_.brand});
    access::PermissionSet rights = access::PermissionSet::all();
    rights.remove(access::Permission::posts_approve);
    Person const author = world_.member("Author", rights);
    Answer const made =
        world_.as(author, "POST", world_.in("/posts"), json::serialize(input("Please", {to(bluesky_)})));
    std::string const path = world_.in("/posts/" + made.text("/id"));
    Answer const asked = world_.as(author, "POST", path + "/schedule",
                                   fmt::format(R"({{"scheduled_at":"{}"}})", in(hours(4))));
    ASSERT_EQ(asked.status, 200) << asked.body;
    EXPECT_EQ(asked.text("/status"), "pending_approval");
    EXPECT_EQ(world_.as(author, "POST", path + "/approve").status, 403);
    Answer const approved = world_.as(world_.owner(), "POST", path + "/approve");
    EXPECT_EQ(approved.text("/status"), "scheduled") << approved.body;
    Answer const edited = world_.as(author, "PATCH", path, R"({"content":{"body":"Sneaky"}})",
                                    {{"If-Match", fmt::format("\"{}\"", approved.number("/version"))}});
    ASSERT_EQ(edited.status, 200) << edited.body;
    EXPECT_EQ(edited.text("/status"), "pending_approval") << "an edit voids the approval";
    Answer const rejected = world_.as(world_.owner(), "POST", path + "/reject", R"({"reason":"Too sneaky"})");
    EXPECT_EQ(rejected.text("/status"), "draft") << rejected.body;
}

// A post deleted in the second before it is due: the delete wins and nothing is sent, or it is refused.
class DeleteRace : public Posts {
  protected:
    DeleteRace() : Posts(true) {}
};

TEST_P(DeleteRace, sent_and_refused_or_never_sent) {
    constexpr int rounds = 12;
    std::map<std::string, std::string> posts;  // text → id
    Instant const due = SystemClock().now() + std::chrono::milliseconds(2500);
    for (int i = 0; i < rounds; ++i) {
        std::string const text = fmt::format("Race number {}.", i);
        posts[text] = created(input(text, {to(bluesky_)}));
        ASSERT_EQ(schedule(posts[text], to_rfc3339(due)).status, 200);
    }
    std::set<std::string> deleted;
    std::set<std::string> kept;
    int nth = 0;
    for (auto const& [text, id] : posts) {
        std::this_thread::sleep_until(due + std::chrono::milliseconds(nth++ * 60 - 200));
        Answer const answer = world_.as(world_.owner(), "DELETE", world_.in("/posts/" + id));
        EXPECT_THAT(answer.status, testing::AnyOf(204, 409)) << answer.body;
        if (answer.status == 409) EXPECT_EQ(answer.code(), "publishing_started");
        (answer.status == 204 ? deleted : kept).insert(text);
    }
    // Everything that was kept comes to its end.
    for (int i = 0; i < 600; ++i) {
        auto const open = installation_.sql(
            "SELECT count(*) FROM post_targets WHERE state IN ('scheduled', 'publishing', 'retrying')");
        if (open.front().int64(0) == 0) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    std::multiset<std::string> sent;
    auto const state = installation_.sandbox({"GET", "/_sandbox/bluesky/posts"}).json();
    for (auto const& post : state.at("data").as_array()) sent.emplace(post.at("text").as_string());
    for (auto const& text : deleted) EXPECT_EQ(sent.count(text), 0U) << text << " was deleted and sent";
    for (auto const& text : kept) EXPECT_EQ(sent.count(text), 1U) << text << " was kept";
}

auto const engines = testing::Values(db::Engine::sqlite, db::Engine::postgres);
std::string engine_of(testing::TestParamInfo<db::Engine> const& info) {
    return test::engine_name(info.param);
}
INSTANTIATE_TEST_SUITE_P(Engines, Posts, engines, engine_of);
INSTANTIATE_TEST_SUITE_P(Engines, DeleteRace, engines, engine_of);

}  // namespace
}  // namespace mypost::api_test
