// Every row of the error tables of the network documents.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <random>

#include "unit/networks/fake_networks.hpp"
#include "unit/networks/publications.hpp"

namespace mypost::networks::test {
namespace {

struct Row {
    char const* name;
    char const* network;
    char const* step;
    int status;
    char const* body;
    Outcome outcome;
    char const* code;
};
void PrintTo(Row const& row, std::ostream* out) {
    *out << row.network << " " << row.name;
}

constexpr char const* x_duplicate =
    R"({"title":"Forbidden","status":403,"detail":"You are not allowed to create a Tweet with duplicate content.","type":"about:blank"})";
constexpr char const* x_reply =
    R"({"detail":"Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post.","title":"Forbidden","status":403,"type":"about:blank"})";
constexpr char const* x_media_ids =
    R"({"errors":[{"parameters":{"media.media_ids":["1"]},"message":"Your media IDs are invalid."}],"title":"Invalid Request","detail":"One or more parameters to your request was invalid.","type":"https://api.twitter.com/2/problems/invalid-request"})";
constexpr char const* x_poll =
    R"({"errors":[{"parameters":{"poll":["1"]},"message":"bad poll"}],"title":"Invalid Request","detail":"One or more parameters to your request was invalid.","type":"https://api.x.com/2/problems/invalid-request"})";

Row const rows[] = {
    {"token_expired", "x", "create/0", 401,
     R"({"title":"Unauthorized","status":401,"type":"about:blank","detail":"Unauthorized"})", Outcome::auth,
     "x_unauthorized"},
    {"wrong_auth_kind", "x", "create/0", 403,
     R"({"type":"https://api.twitter.com/2/problems/unsupported-authentication","title":"Unsupported Authentication"})",
     Outcome::auth, "x_wrong_auth_kind"},
    {"app_access_missing", "x", "create/0", 403,
     R"({"type":"https://api.x.com/2/problems/client-forbidden","title":"Client Forbidden"})",
     Outcome::permission, "x_app_forbidden"},
    {"not_permitted", "x", "create/0", 403,
     R"({"detail":"You are not permitted to perform this action.","title":"Forbidden","status":403,"type":"about:blank"})",
     Outcome::permission, "x_app_forbidden"},
    {"duplicate", "x", "create/0", 403, x_duplicate, Outcome::duplicate, "x_duplicate_content"},
    {"reply_refused", "x", "create/1", 403, x_reply, Outcome::permission, "x_reply_not_allowed"},
    {"suspended", "x", "create/0", 403,
     R"({"type":"https://api.x.com/2/problems/user-suspended","title":"User Suspended"})", Outcome::auth,
     "x_user_suspended"},
    {"rate_limited", "x", "create/0", 429,
     R"({"title":"Too Many Requests","detail":"Too Many Requests","type":"about:blank","status":429})",
     Outcome::rate_limited, "x_rate_limited"},
    {"rate_limited_old_form", "x", "create/0", 429,
     R"({"errors":[{"code":88,"message":"Rate limit exceeded"}]})", Outcome::rate_limited, "x_rate_limited"},
    {"credits", "x", "create/0", 402, R"({"title":"CreditsDepleted","status":402})", Outcome::budget,
     "x_credits_depleted"},
    {"usage_capped_403", "x", "create/0", 403, R"({"type":"https://api.x.com/2/problems/usage-capped"})",
     Outcome::budget, "x_usage_capped"},
    {"usage_capped_429", "x", "create/0", 429, R"({"type":"https://api.x.com/2/problems/usage-capped"})",
     Outcome::budget, "x_usage_capped"},
    {"media_ids", "x", "create/0", 400, x_media_ids, Outcome::media, "x_media_ids_invalid"},
    {"bad_poll", "x", "create/0", 400, x_poll, Outcome::validation, "x_invalid_request"},
    {"video_too_long", "x", "create/0", 403,
     R"({"detail":"This user is not allowed to post a video longer than 2 minutes"})", Outcome::validation,
     "x_media_too_long"},
    {"create_500", "x", "create/0", 500, "", Outcome::unknown, "x_server_error"},
    {"create_502", "x", "create/0", 502, "<html>Bad Gateway</html>", Outcome::unknown, "x_server_error"},
    {"create_503", "x", "create/0", 503, "{}", Outcome::unknown, "x_server_error"},
    {"create_504", "x", "create/0", 504, "", Outcome::unknown, "x_server_error"},
    {"upload_503", "x", "media/0/0", 503, "", Outcome::transient, "x_server_error"},
    {"look_503", "x", "look/0", 503, "", Outcome::transient, "x_server_error"},
    {"created_but_unreadable", "x", "create/0", 201, "{", Outcome::unknown, "x_unreadable_answer"},
    {"errors_beside_nothing", "x", "create/0", 200, R"({"errors":[{"message":"partial"}]})", Outcome::unknown,
     "x_unreadable_answer"},
    {"created", "x", "create/0", 201, R"({"data":{"id":"1945000000000000001","text":"Hello"}})", Outcome::ok,
     ""},
    {"created_beside_errors", "x", "create/0", 200, R"({"data":{"id":"1"},"errors":[{"message":"partial"}]})",
     Outcome::ok, ""},
    {"upload_413", "x", "media/0/0", 413, "", Outcome::media, "x_media_too_large"},
    {"processing_failed", "x", "media/0/0/status", 200,
     R"({"data":{"id":"1","processing_info":{"state":"failed","error":{"code":1,"name":"InvalidMedia","message":"InvalidMedia"}}}})",
     Outcome::media, "x_media_processing_failed"},
    {"processing_failed_at_once", "x", "media/0/0/finalize", 200,
     R"({"data":{"id":"1","processing_info":{"state":"failed"}}})", Outcome::media,
     "x_media_processing_failed"},

    {"token_invalid", "mastodon", "status/0", 401, R"({"error":"The access token is invalid"})",
     Outcome::auth, "mastodon_unauthorized"},
    {"token_revoked", "mastodon", "media/0/0", 401, R"({"error":"The access token was revoked"})",
     Outcome::auth, "mastodon_unauthorized"},
    {"needs_user", "mastodon", "status/0", 401, R"({"error":"This API requires an authenticated user"})",
     Outcome::auth, "mastodon_unauthorized"},
    {"scope", "mastodon", "status/0", 403, R"({"error":"This action is outside the authorized scopes"})",
     Outcome::auth, "mastodon_scope_missing"},
    {"login_disabled", "mastodon", "status/0", 403, R"({"error":"Your login is currently disabled"})",
     Outcome::permission, "mastodon_account_state"},
    {"unconfirmed_address", "mastodon", "status/0", 403,
     R"({"error":"Your login is missing a confirmed e-mail address"})", Outcome::permission,
     "mastodon_account_state"},
    {"pending_approval", "mastodon", "status/0", 403,
     R"({"error":"Your login is currently pending approval"})", Outcome::permission,
     "mastodon_account_state"},
    {"not_allowed", "mastodon", "status/0", 403, R"({"error":"This action is not allowed"})",
     Outcome::permission, "mastodon_forbidden"},
    {"parent_gone", "mastodon", "status/1", 404, R"({"error":"Record not found"})", Outcome::validation,
     "mastodon_not_found_there"},
    {"media_gone", "mastodon", "media/0/0/poll", 404, R"({"error":"Record not found"})", Outcome::media,
     "mastodon_media_gone"},
    {"account_gone", "mastodon", "status/0", 410, "", Outcome::permission, "mastodon_account_gone"},
    {"blank", "mastodon", "status/0", 422, R"({"error":"Validation failed: Text can't be blank"})",
     Outcome::validation, "mastodon_refused"},
    {"too_long", "mastodon", "status/0", 422,
     R"({"error":"Validation failed: Text character limit of 500 exceeded"})", Outcome::validation,
     "mastodon_refused"},
    {"too_many_files", "mastodon", "status/0", 422, R"({"error":"Cannot attach more than 4 files"})",
     Outcome::validation, "mastodon_refused"},
    {"mixed_files", "mastodon", "status/0", 422,
     R"({"error":"Cannot attach a video to a post that already contains images"})", Outcome::validation,
     "mastodon_refused"},
    {"wrong_file", "mastodon", "media/0/0", 422,
     R"({"error":"Validation failed: File content type is invalid, File is invalid"})", Outcome::media,
     "mastodon_media_refused"},
    {"processing_failed", "mastodon", "media/0/0/poll", 422, R"({"error":"Error processing"})",
     Outcome::media, "mastodon_media_refused"},
    {"not_ready", "mastodon", "status/0", 422,
     R"({"error":"Cannot attach files that have not finished processing. Try again in a moment!"})",
     Outcome::media, "mastodon_media_not_ready"},
    {"proxy_413", "mastodon", "media/0/0", 413, "<html>", Outcome::media, "mastodon_media_too_large"},
    {"rate_limited", "mastodon", "status/0", 429, R"({"error":"Too many requests"})", Outcome::rate_limited,
     "mastodon_rate_limited"},
    {"rate_limited_by_proxy", "mastodon", "status/0", 429, "<html>", Outcome::rate_limited,
     "mastodon_rate_limited"},
    {"thumbnail", "mastodon", "media/0/0", 500,
     R"({"error":"Error processing thumbnail for uploaded media"})", Outcome::media, "mastodon_thumbnail"},
    {"status_503", "mastodon", "status/0", 503,
     R"({"error":"There was a temporary problem serving your request, please try again"})", Outcome::unknown,
     "mastodon_unavailable"},
    {"status_502_html", "mastodon", "status/0", 502, "<html>Bad gateway</html>", Outcome::unknown,
     "mastodon_gateway"},
    {"status_504", "mastodon", "status/0", 504, "", Outcome::unknown, "mastodon_gateway"},
    {"upload_502", "mastodon", "media/0/0", 502, "<html>", Outcome::transient, "mastodon_gateway"},
    {"created", "mastodon", "status/0", 200,
     R"({"id":"115500000000000001","url":"https://social.example/@ann/115500000000000001"})", Outcome::ok,
     ""},
    {"created_with_a_number_as_id", "mastodon", "status/0", 200,
     R"({"id":115500000000000001,"url":"https://s/1"})", Outcome::ok, ""},
    {"created_but_unreadable", "mastodon", "status/0", 200, "<html>", Outcome::unknown,
     "mastodon_unreadable_answer"},
    {"status_redirected", "mastodon", "status/0", 302, "", Outcome::unknown, "mastodon_unreadable_answer"},
    {"upload_accepted", "mastodon", "media/0/0", 202, R"({"id":"1","url":null})", Outcome::ok, ""},
    {"upload_unreadable", "mastodon", "media/0/0", 200, "[]", Outcome::transient,
     "mastodon_unreadable_answer"},

    {"expired_is_400", "bluesky", "record/0", 400,
     R"({"error":"ExpiredToken","message":"Token has expired"})", Outcome::auth, "bluesky_token_expired"},
    {"invalid_token", "bluesky", "record/0", 400, R"({"error":"InvalidToken","message":"Bad token"})",
     Outcome::auth, "bluesky_unauthorized"},
    {"auth_missing", "bluesky", "blob/0/0", 401, R"({"error":"AuthMissing"})", Outcome::auth,
     "bluesky_unauthorized"},
    {"auth_required", "bluesky", "record/0", 401,
     R"({"error":"AuthenticationRequired","message":"Invalid identifier or password"})", Outcome::auth,
     "bluesky_unauthorized"},
    {"auth_factor", "bluesky", "record/0", 401, R"({"error":"AuthFactorTokenRequired"})", Outcome::permission,
     "bluesky_auth_factor"},
    {"takedown", "bluesky", "record/0", 401, R"({"error":"AccountTakedown"})", Outcome::permission,
     "bluesky_account_state"},
    {"deactivated", "bluesky", "record/0", 401, R"({"error":"AccountDeactivated"})", Outcome::permission,
     "bluesky_account_state"},
    {"account_not_found", "bluesky", "record/0", 403, R"({"error":"AccountNotFound"})", Outcome::permission,
     "bluesky_account_state"},
    {"nonce", "bluesky", "record/0", 401, R"({"error":"use_dpop_nonce"})", Outcome::transient,
     "bluesky_nonce"},
    {"invalid_grant", "bluesky", "record/0", 400, R"({"error":"invalid_grant"})", Outcome::auth,
     "bluesky_unauthorized"},
    {"scope", "bluesky", "record/0", 403, R"({"error":"ScopeMissingError"})", Outcome::auth,
     "bluesky_scope_missing"},
    {"rate_limited", "bluesky", "record/0", 429,
     R"({"error":"RateLimitExceeded","message":"Rate Limit Exceeded"})", Outcome::rate_limited,
     "bluesky_rate_limited"},
    {"too_long", "bluesky", "record/0", 400,
     R"({"error":"InvalidRequest","message":"Invalid app.bsky.feed.post record: Record/text must not be longer than 300 graphemes"})",
     Outcome::validation, "bluesky_invalid_record"},
    {"blob_refused", "bluesky", "blob/0/0", 400, R"({"error":"InvalidRequest","message":"too large"})",
     Outcome::media, "bluesky_media_refused"},
    {"blob_not_found", "bluesky", "record/0", 400,
     R"({"error":"BlobNotFound","message":"Could not find blob: bafkrei"})", Outcome::media,
     "bluesky_blob_missing"},
    {"mime_type", "bluesky", "record/0", 400, R"({"error":"InvalidMimeType"})", Outcome::media,
     "bluesky_media_refused"},
    {"blob_too_large", "bluesky", "record/0", 400, R"({"error":"BlobTooLarge"})", Outcome::media,
     "bluesky_media_refused"},
    {"swap", "bluesky", "record/0", 400, R"({"error":"InvalidSwap"})", Outcome::transient,
     "bluesky_changed_meanwhile"},
    {"payload", "bluesky", "blob/0/0", 413, R"({"error":"PayloadTooLarge"})", Outcome::media,
     "bluesky_too_large"},
    {"not_implemented", "bluesky", "record/0", 501, R"({"error":"MethodNotImplemented"})",
     Outcome::permission, "bluesky_method_missing"},
    {"not_implemented_404", "bluesky", "record/0", 404, R"({"error":"MethodNotImplemented"})",
     Outcome::permission, "bluesky_method_missing"},
    {"record_500", "bluesky", "record/0", 500, R"({"error":"InternalServerError"})", Outcome::unknown,
     "bluesky_server_error"},
    {"record_502", "bluesky", "record/0", 502, R"({"error":"UpstreamFailure"})", Outcome::unknown,
     "bluesky_server_error"},
    {"record_503", "bluesky", "record/0", 503, R"({"error":"NotEnoughResources"})", Outcome::unknown,
     "bluesky_server_error"},
    {"record_504", "bluesky", "record/0", 504, "", Outcome::unknown, "bluesky_server_error"},
    {"blob_502", "bluesky", "blob/0/0", 502, "", Outcome::transient, "bluesky_server_error"},
    {"created", "bluesky", "record/0", 200,
     R"({"uri":"at://did:plc:ann/app.bsky.feed.post/3mabcdefghi2k","cid":"bafyrei","commit":{"cid":"c","rev":"r"}})",
     Outcome::ok, ""},
    {"created_but_unreadable", "bluesky", "record/0", 200, R"({"uri":7})", Outcome::unknown,
     "bluesky_unreadable_answer"},
    {"unknown_handle", "bluesky", "resolve/a.example", 400,
     R"({"error":"InvalidRequest","message":"Unable to resolve handle"})", Outcome::ok, ""},
};

Call call_of(Row const& row) {
    Call call;
    call.step = row.step;
    call.intent = {{"since", 0}, {"until", 4102444800000}, {"text", "t"}, {"reply_to", ""}};
    return call;
}

class Classify : public ::testing::TestWithParam<Row> {};

TEST_P(Classify, says_what_the_answer_means) {
    auto const& row = GetParam();
    auto const registry = make_registry();
    auto const publication = one_post(row.network, "t");
    auto const verdict =
        registry.find(row.network)
            ->classify(publication, call_of(row), text_answer(row.status, row.body), start());
    EXPECT_EQ(verdict.outcome, row.outcome);
    EXPECT_EQ(verdict.code, row.code);
    EXPECT_FALSE(verdict.summary.empty());
    if (row.outcome != Outcome::ok) {
        // A sentence of ours, not the fallback.
        EXPECT_TRUE(verdict.message.ends_with('.')) << verdict.message;
        EXPECT_EQ(verdict.message.find("refused the call"), std::string::npos)
            << verdict.code << " has no sentence";
    }
    EXPECT_EQ(verdict.retry_at.has_value(), row.outcome == Outcome::rate_limited);
}

INSTANTIATE_TEST_SUITE_P(Tables, Classify, ::testing::ValuesIn(rows), [](auto const& info) {
    return std::string(info.param.network) + "_" + info.param.name;
});

net::Response with_headers(int status, std::vector<std::pair<std::string, std::string>> headers) {
    auto response = text_answer(status, "{}");
    response.headers = std::move(headers);
    return response;
}

TEST(ClassifyLimits, of_x_take_the_24_hour_reset_first) {
    auto const registry = make_registry();
    Call call;
    call.step = "create/0";
    auto const reset_soon = to_ms(start()) / 1000 + 600;
    auto const reset_late = to_ms(start()) / 1000 + 30'000;
    auto const verdict = registry.find("x")->classify(
        one_post("x", "t"), call,
        with_headers(429, {{"x-rate-limit-limit", "100"},
                           {"x-rate-limit-remaining", "0"},
                           {"x-rate-limit-reset", std::to_string(reset_soon)},
                           {"x-app-limit-24hour-limit", "10000"},
                           {"x-app-limit-24hour-remaining", "0"},
                           {"x-app-limit-24hour-reset", std::to_string(reset_late)}}),
        start());
    EXPECT_EQ(verdict.retry_at, from_ms(reset_late * 1000));
    ASSERT_EQ(verdict.budgets.size(), 2U);
    EXPECT_EQ(verdict.budgets[0].key, "x:POST /2/tweets:user");
    EXPECT_EQ(verdict.budgets[0].remaining, 0);
    EXPECT_FALSE(verdict.budgets[0].per_app);
    EXPECT_EQ(verdict.budgets[1].key, "x:POST /2/tweets:app:24h");
    EXPECT_TRUE(verdict.budgets[1].per_app);
}

TEST(ClassifyLimits, of_x_use_the_window_when_the_day_has_room) {
    auto const registry = make_registry();
    Call call;
    call.step = "create/0";
    auto const reset = to_ms(start()) / 1000 + 600;
    auto const verdict = registry.find("x")->classify(
        one_post("x", "t"), call,
        with_headers(429, {{"x-rate-limit-limit", "100"},
                           {"x-rate-limit-remaining", "0"},
                           {"x-rate-limit-reset", std::to_string(reset)},
                           {"x-app-limit-24hour-limit", "10000"},
                           {"x-app-limit-24hour-remaining", "9000"},
                           {"x-app-limit-24hour-reset", std::to_string(reset + 50'000)}}),
        start());
    EXPECT_EQ(verdict.retry_at, from_ms(reset * 1000));
}

TEST(ClassifyLimits, of_mastodon_reset_at_an_iso_time) {
    auto const registry = make_registry();
    Call call;
    call.step = "status/0";
    auto const verdict =
        registry.find("mastodon")
            ->classify(one_post("mastodon", "t"), call,
                       with_headers(429, {{"X-RateLimit-Limit", "300"},
                                          {"X-RateLimit-Remaining", "0"},
                                          {"X-RateLimit-Reset", "2026-11-22T18:05:00.000000Z"}}),
                       start());
    EXPECT_EQ(verdict.retry_at, at("2026-11-22T18:05:00Z"));
    ASSERT_EQ(verdict.budgets.size(), 1U);
    EXPECT_EQ(verdict.budgets[0].key, "mastodon:statuses");
}

TEST(ClassifyLimits, of_bluesky_reset_at_epoch_seconds) {
    auto const registry = make_registry();
    Call call;
    call.step = "record/0";
    auto const reset = to_ms(start()) / 1000 + 120;
    auto const verdict =
        registry.find("bluesky")->classify(one_post("bluesky", "t"), call,
                                           with_headers(429, {{"RateLimit-Limit", "5000"},
                                                              {"RateLimit-Remaining", "0"},
                                                              {"RateLimit-Reset", std::to_string(reset)}}),
                                           start());
    EXPECT_EQ(verdict.retry_at, from_ms(reset * 1000));
    EXPECT_EQ(verdict.budgets.at(0).reset_at, from_ms(reset * 1000));
}

TEST(ClassifyLimits, ignore_headers_of_other_forms) {
    auto const registry = make_registry();
    for (auto const& adapter : registry.all()) {
        Call call;
        call.step = "create/0";
        auto const response = with_headers(429, {{"x-rate-limit-limit", "many"},
                                                 {"x-rate-limit-remaining", "-"},
                                                 {"x-rate-limit-reset", "99999999999999999999"},
                                                 {"X-RateLimit-Limit", "1"},
                                                 {"X-RateLimit-Remaining", "0"},
                                                 {"X-RateLimit-Reset", "soon"},
                                                 {"RateLimit-Limit", ""},
                                                 {"RateLimit-Reset", "-5"},
                                                 {"Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"}});
        auto const verdict =
            adapter->classify(one_post(adapter->info().network, "t"), call, response, start());
        EXPECT_TRUE(verdict.budgets.empty());
        EXPECT_GT(verdict.retry_at.value(), start());
    }
}

TEST(ClassifySummaries, hold_no_secrets) {
    auto const registry = make_registry();
    auto const body =
        R"({"detail":"token eyJhbGciOi.abc.def and QjZxQjZxQjZxQjZxQjZxQjZxQjZxQjZxQjZxQjZx are bad","error":"x","message":"eyJ0b2tlbiI6MX0.a.b",)"
        R"("error_description":"eyJhbGciOi.abc.def"})";
    for (auto const& adapter : registry.all()) {
        for (auto const* step : {"create/0", "status/0", "record/0", "media/0/0", "blob/0/0", "look/0"}) {
            Call call;
            call.step = step;
            auto const verdict = adapter->classify(one_post(adapter->info().network, "t"), call,
                                                   text_answer(400, body), start());
            auto const all = verdict.summary + verdict.message + json::serialize(verdict.facts);
            EXPECT_EQ(all.find("eyJ"), std::string::npos) << all;
            EXPECT_EQ(all.find("QjZx"), std::string::npos) << all;
        }
    }
}

// Cut, flipped and swapped answers of every kind: a verdict each time, never an exception.
TEST(ClassifyFuzz, survives_any_answer) {
    auto const registry = make_registry();
    std::mt19937 random(20261122);
    std::vector<std::string> seeds;
    for (auto const& row : rows) seeds.emplace_back(row.body);
    seeds.emplace_back(
        R"({"data":[{"id":1,"created_at":"2026-11-22T18:00:00Z","text":7,"entities":{"urls":[3,{"url":[]}]},"attachments":{"media_keys":"x"},"referenced_tweets":{"a":1}}]})");
    seeds.emplace_back(
        R"([{"id":{},"created_at":"2026-11-22T18:00:00.000Z","content":"<p>&#x41;&#99999999999;&lt","media_attachments":[1,{"id":[]}]}])");
    seeds.emplace_back(R"({"blob":{"ref":{"$link":5}},"uri":"at://","cid":[]})");
    seeds.emplace_back(std::string(600, '['));
    seeds.emplace_back("\xff\xfe\x00garbage");
    auto const pick = [&](std::size_t size) {
        return std::uniform_int_distribution<std::size_t>(0, size - 1)(random);
    };
    int const statuses[] = {0,   199, 200, 201, 202, 206, 301, 400, 401,
                            403, 404, 418, 422, 429, 500, 503, 599, 999};
    char const* const steps[] = {"create/0",           "look/0",           "media/0/0",     "media/0/0/init",
                                 "media/0/0/append/1", "media/0/0/status", "media/0/0/alt", "media/0/0/poll",
                                 "status/0",           "blob/0/0",         "record/0",      "resolve/a.b"};
    for (int round = 0; round < 6000; ++round) {
        auto body = seeds[pick(seeds.size())];
        for (auto changes = pick(4); changes > 0 && !body.empty(); --changes) {
            if (pick(2) == 0)
                body.resize(pick(body.size()));
            else
                body[pick(body.size())] = static_cast<char>(pick(256));
        }
        Call call;
        call.step = steps[pick(std::size(steps))];
        call.intent = {{"since", 0},
                       {"until", 4102444800000},
                       {"text", "t"},
                       {"reply_to", ""},
                       {"media_keys", json::array{"3_1"}}};
        if (pick(5) == 0) call.intent = {};
        auto const response = text_answer(statuses[pick(std::size(statuses))], body);
        for (auto const& adapter : registry.all()) {
            EXPECT_NO_THROW({
                auto const verdict =
                    adapter->classify(one_post(adapter->info().network, "t"), call, response, start());
                bool const refused = response.status >= 300 || response.status < 200;
                // That nobody has a handle is an answer, too.
                if (refused && !call.step.starts_with("resolve/")) EXPECT_NE(verdict.outcome, Outcome::ok);
            }) << body;
        }
    }
}

// Journals hold what other versions wrote, too.
TEST(ClassifyFuzz, decides_over_facts_of_any_form) {
    auto const registry = make_registry();
    std::mt19937 random(7);
    auto const pick = [&](std::size_t size) {
        return std::uniform_int_distribution<std::size_t>(0, size - 1)(random);
    };
    Outcome const outcomes[] = {Outcome::unknown,    Outcome::ok,           Outcome::not_sent,
                                Outcome::transient,  Outcome::rate_limited, Outcome::auth,
                                Outcome::permission, Outcome::validation,   Outcome::media,
                                Outcome::duplicate,  Outcome::budget};
    char const* const steps[] = {"create/0",
                                 "create/1",
                                 "look/0",
                                 "media/0/0",
                                 "media/0/0/poll",
                                 "media/0/0/status",
                                 "media/0/0/alt",
                                 "status/0",
                                 "status/1",
                                 "record/0",
                                 "record/1",
                                 "blob/0/0",
                                 "resolve/bob.example.com"};
    json::object const some_facts[] = {{},
                                       {{"id", "1"},
                                        {"ready", true},
                                        {"uri", "at://x/app.bsky.feed.post/1"},
                                        {"cid", "c"},
                                        {"blob", json::object{}}},
                                       {{"id", 5}, {"found", true}},
                                       {{"found", false}, {"complete", "no"}},
                                       {{"processing", true}, {"check_at", "x"}}};
    for (int round = 0; round < 4000; ++round) {
        Journal journal;
        for (auto length = pick(9); length > 0; --length) {
            JournalEntry entry;
            entry.kind =
                pick(8) == 0 ? static_cast<JournalEntry::Kind>(1 + pick(3)) : JournalEntry::Kind::call;
            entry.seq = static_cast<std::int64_t>(journal.size()) + 1;
            entry.step = steps[pick(std::size(steps))];
            entry.started_at = start() + std::chrono::seconds(journal.size() * 40);
            entry.deadline = entry.started_at + std::chrono::seconds(30);
            if (pick(3) > 0) entry.finished_at = entry.started_at + std::chrono::seconds(2);
            entry.outcome = outcomes[pick(std::size(outcomes))];
            entry.facts = some_facts[pick(std::size(some_facts))];
            journal.push_back(std::move(entry));
        }
        for (auto const& adapter : registry.all()) {
            auto publication = one_post(adapter->info().network, "hi @bob.example.com", {picture("p")});
            publication.parts.push_back(part(PartRole::thread, 1, "more"));
            for (auto const hours : {0, 1, 30}) {
                EXPECT_NO_THROW(adapter->next(publication, journal, start() + std::chrono::hours(hours)));
            }
            EXPECT_EQ(adapter->results(publication, journal).size(), 2U);
        }
    }
}

}  // namespace
}  // namespace mypost::networks::test
