#include "http/router.hpp"

#include <gmock/gmock.h>

#include <boost/describe.hpp>

#include "core/clock.hpp"
#include "fakes.hpp"
#include "http/etag.hpp"
#include "http/page.hpp"
#include "http/rate_limit.hpp"

namespace mypost::http_tests {

using access::Caller;
using access::Permission;
using http::Method;
using http::None;
using http::Reply;
using http::RequestInfo;
using http::Response;
using http::Route;

struct WorkspacePath {
    WorkspaceId workspace;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace))

struct PostPath : WorkspacePath {
    PostId post;
};
BOOST_DESCRIBE_STRUCT(PostPath, (WorkspacePath), (post))

struct PostQuery : http::PageQuery {
    std::optional<std::string> q;
};
BOOST_DESCRIBE_STRUCT(PostQuery, (http::PageQuery), (q))

struct CreatePost {
    std::string text;
};
BOOST_DESCRIBE_STRUCT(CreatePost, (), (text))

struct Post {
    std::string id;
    std::string text;
};
BOOST_DESCRIBE_STRUCT(Post, (), (id, text))

struct Login {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(Login, (), (email))

struct ScheduleIn {
    std::optional<Instant> at;
};
BOOST_DESCRIBE_STRUCT(ScheduleIn, (), (at))

struct Lost : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Router : public testing::Test {
  protected:
    ManualClock clock{from_ms(1'000'000)};
    http::LocalRateLimiter limiter{clock};
    FakeAuthenticator authenticator;
    MemoryIdempotency idempotency;
    std::vector<std::string> done;  // what handlers did
    http::Router router;

    Router() : router("/api/v1", services()) {
        add_posts();
        add_others();
    }

    http::RouterServices services() {
        http::RouterServices s;
        s.authenticator = &authenticator;
        s.idempotency = &idempotency;
        s.rate_limiter = &limiter;
        s.translate = [](std::exception_ptr failure) -> std::optional<Error> {
            try {
                std::rethrow_exception(failure);
            } catch (Lost const&) {
                return unavailable("The database is away.", std::chrono::seconds(3));
            } catch (...) {
                return std::nullopt;
            }
        };
        return s;
    }

    void add_posts() {
        router.add(
            Route<WorkspacePath, PostQuery, None, http::Page<Post>>{
                Method::get, "/workspaces/{workspace}/posts", "listPosts", "List", Permission::posts_view},
            [this](Caller const&, WorkspacePath,
                   PostQuery query) -> asio::awaitable<Result<http::Page<Post>>> {
                done.push_back("list " + std::to_string(query.limit_or_default()));
                co_return http::Page<Post>{{Post{"1", "one"}}, std::nullopt};
            });
        router.add(
            Route<WorkspacePath, None, CreatePost, Post>{
                Method::post,
                "/workspaces/{workspace}/posts",
                "createPost",
                "Create",
                Permission::posts_create,
                {.ok = 201, .body_limit = 200, .audit = "post.create"}},
            [this](Caller const& who, WorkspacePath, CreatePost in) -> asio::awaitable<Result<Post>> {
                done.push_back("create " + in.text + " by " + who.user.to_string());
                if (in.text == "refuse") co_return conflict("Refused.");
                if (in.text == "lost") throw Lost("connection reset");
                if (in.text == "bug") throw std::runtime_error("secret detail");
                co_return Post{std::to_string(done.size()), in.text};
            });
        router.add(Route<PostPath, None, None, Post>{Method::get, "/workspaces/{workspace}/posts/{post}",
                                                     "getPost", "Read", Permission::posts_view},
                   [](Caller const&, PostPath path) -> asio::awaitable<Result<Reply<Post>>> {
                       co_return http::with_etag(Post{path.post.to_string(), "x"}, 3, "draft");
                   });
        router.add(Route<PostPath, None, CreatePost, Post>{Method::patch,
                                                           "/workspaces/{workspace}/posts/{post}",
                                                           "updatePost",
                                                           "Change",
                                                           Permission::posts_view,
                                                           {.if_match = true}},
                   [](Caller const&, RequestInfo const& info, PostPath,
                      CreatePost in) -> asio::awaitable<Result<Post>> {
                       if (info.if_match != 3) {
                           Error error(ErrorCode::version_mismatch, "Stale.");
                           error.current_json = R"({"id":"1"})";
                           co_return error;
                       }
                       co_return Post{"1", in.text};
                   });
        router.add(
            Route<WorkspacePath, None, None, None>{Method::post, "/workspaces/{workspace}/posts/validate",
                                                   "validatePost", "Literal beside a parameter",
                                                   Permission::posts_view},
            [](Caller const&, WorkspacePath) -> asio::awaitable<Result<void>> { co_return Result<void>(); });
        router.add(Route<PostPath, None, ScheduleIn, None>{Method::post,
                                                           "/workspaces/{workspace}/posts/{post}/submit",
                                                           "submitPost", "Submit", Permission::posts_view},
                   [this](Caller const&, PostPath, ScheduleIn in) -> asio::awaitable<Result<Done>> {
                       done.push_back(in.at ? "at " + to_rfc3339(*in.at) : "now");
                       co_return Done{};
                   });
    }

    void add_others() {
        router.add(
            Route<None, None, Login, None>{
                Method::post,
                "/auth/login",
                "login",
                "Sign in",
                http::public_route(),
                {.rate_limits = {{http::RateLimit::Key::account, 2, std::chrono::seconds(60), "email"},
                                 {http::RateLimit::Key::address, 4, std::chrono::seconds(60)}}}},
            [](Caller const&, Login) -> asio::awaitable<Result<Reply<None>>> {
                co_return Reply<None>(None(), 200, http::Headers{{"Set-Cookie", "a=1"}});
            });
        router.add(Route<None, None, None, None>{Method::get, "/system/health", "health", "Health",
                                                 http::system_admin()},
                   [](Caller const&) -> asio::awaitable<Result<Done>> { co_return Done{}; });
        router.add_raw(
            http::RawRoute<WorkspacePath>{Method::get,
                                          "/workspaces/{workspace}/export",
                                          "export",
                                          "CSV",
                                          Permission::posts_view,
                                          {.response_types = {"text/csv"}}},
            [](Caller const&, http::Request request, WorkspacePath) -> asio::awaitable<Result<Response>> {
                Response response = http::text_response(200, "a,b " + request.path);
                response.headers.set("Content-Type", "text/csv");
                co_return response;
            });
    }

    struct Ask {
        Method method = Method::get;
        std::string path;
        std::string body = {};
        http::Headers headers = {};
        bool signed_in = true;
    };
    Response ask(Ask ask) {
        http::Request request;
        request.method = ask.method;
        request.headers = std::move(ask.headers);
        if (ask.signed_in) request.headers.set("Authorization", "Bearer ann");
        if (!ask.body.empty() && !request.headers.has("Content-Type")) {
            request.headers.set("Content-Type", "application/json");
        }
        std::string const target = "/api/v1" + ask.path;
        auto const mark = target.find('?');
        request.target = target;
        request.path = target.substr(0, mark);
        request.query = mark == std::string::npos ? "" : target.substr(mark + 1);
        request.body = std::move(ask.body);
        request.remote_address = "192.0.2.1";
        return run(router.handle(std::move(request)));
    }
    void may(std::initializer_list<Permission> list) {
        authenticator.permissions = access::PermissionSet(list);
    }

    std::string const posts = "/workspaces/" + home.to_string() + "/posts";
    std::string const post = posts + "/01900000-0000-7000-8000-00000000000a";
};

namespace {

std::string code_of(Response const& response) {
    return std::string(json_of(response).at("code").as_string());
}

std::vector<std::string> fields_of(Response const& response) {
    std::vector<std::string> list;
    auto const body = json_of(response);
    for (auto const& each : body.at("errors").as_array()) {
        list.push_back(std::string(each.at("field").as_string()) + " " +
                       std::string(each.at("code").as_string()));
    }
    return list;
}

}  // namespace

TEST_F(Router, answers_json_with_the_security_headers) {
    auto const response = ask({.path = posts + "?limit=7"});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(body_of(response), R"({"data":[{"id":"1","text":"one"}],"next_cursor":null})");
    EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
    EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff");
    EXPECT_TRUE(response.headers.has("X-Request-Id"));
    EXPECT_TRUE(response.headers.has("Content-Security-Policy"));
    EXPECT_FALSE(response.headers.has("Strict-Transport-Security"));
    EXPECT_EQ(done, std::vector<std::string>{"list 7"});
}

TEST_F(Router, writes_problems_as_the_contract_says) {
    auto const response = ask({.path = "/nothing"});
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
    auto const body = json_of(response);
    for (auto const* member :
         {"type", "title", "status", "detail", "code", "params", "request_id", "errors"}) {
        EXPECT_TRUE(body.as_object().contains(member)) << member;
    }
    EXPECT_EQ(body.at("status"), 404);
    EXPECT_EQ(std::string(body.at("request_id").as_string()), response.headers.get("X-Request-Id"));
}

TEST_F(Router, prefers_literals_to_parameters) {
    EXPECT_EQ(ask({.method = Method::post, .path = posts + "/validate"}).status, 204);
    EXPECT_EQ(ask({.path = posts + "/validate"}).status, 405);
}

TEST_F(Router, answers_other_methods_with_allow) {
    auto const wrong = ask({.method = Method::delete_, .path = post});
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.headers.get("Allow"), "GET, HEAD, PATCH, OPTIONS");
    EXPECT_EQ(code_of(wrong), "method_not_allowed");
    auto const options = ask({.method = Method::options, .path = post});
    EXPECT_EQ(options.status, 204);
    EXPECT_EQ(options.headers.get("Allow"), "GET, HEAD, PATCH, OPTIONS");
    EXPECT_EQ(ask({.method = Method::head, .path = post}).status, 200);
}

TEST_F(Router, asks_who_calls_before_anything_else) {
    may({});
    auto const response = ask({.method = Method::post, .path = posts, .body = "{broken", .signed_in = false});
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(response.headers.get("WWW-Authenticate"), "Bearer");
    auto const forged =
        ask({.path = posts, .headers = {{"Authorization", "Bearer eve"}}, .signed_in = false});
    EXPECT_EQ(code_of(forged), "unauthenticated");
    auto const expired =
        ask({.path = posts, .headers = {{"Authorization", "Bearer old"}}, .signed_in = false});
    EXPECT_EQ(code_of(expired), "token_expired");
    EXPECT_THAT(done, testing::IsEmpty());
}

TEST_F(Router, hides_foreign_workspaces) {
    auto const foreign = ask({.path = "/workspaces/01900000-0000-7000-8000-0000000000ff/posts"});
    EXPECT_EQ(foreign.status, 404);
    EXPECT_EQ(ask({.path = "/workspaces/nonsense/posts"}).status, 404);
    EXPECT_EQ(ask({.path = "/workspaces/nonsense/posts", .signed_in = false}).status, 401);
    EXPECT_EQ(ask({.path = posts + "/not-a-uuid"}).status, 404);
    EXPECT_THAT(done, testing::IsEmpty());
}

TEST_F(Router, refuses_what_the_role_lacks_before_it_reads_the_body) {
    auto const response = ask({.method = Method::post, .path = posts, .body = "{broken"});
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(json_of(response).at("params").at("permission"), "posts.create");
    EXPECT_EQ(ask({.path = "/system/health"}).status, 403);
    authenticator.system_admin = true;
    EXPECT_EQ(ask({.path = "/system/health"}).status, 204);
    EXPECT_THAT(done, testing::IsEmpty());
}

TEST_F(Router, reads_bodies_in_the_promised_order) {
    may({Permission::posts_create});
    std::string const large = R"({"text":")" + std::string(300, 'x') + R"("})";
    auto post_text = [&](std::string body, std::string type) {
        return ask({.method = Method::post, .path = posts, .body = body, .headers = {{"Content-Type", type}}})
            .status;
    };
    EXPECT_EQ(post_text(large, "text/plain"), 415);
    EXPECT_EQ(post_text(large, "application/json"), 413);
    EXPECT_EQ(post_text("{\"text\":\"x\"}", "application/json; charset=latin1"), 415);
    EXPECT_EQ(post_text("{\"text\":", "application/json"), 400);
    EXPECT_EQ(post_text("{\"text\":\"\xff\"}", "application/json"), 400);
    EXPECT_EQ(post_text("[]", "application/json"), 422);
    EXPECT_EQ(post_text("", "application/json"), 400);
    EXPECT_THAT(done, testing::IsEmpty());
    EXPECT_EQ(post_text("{\"text\":\"x\"}", "Application/JSON ; Charset=UTF-8"), 201);
    EXPECT_EQ(done.size(), 1U);
}

TEST_F(Router, shows_all_wrong_fields_of_query_and_body) {
    may({Permission::posts_create, Permission::posts_view});
    auto const response =
        ask({.method = Method::post, .path = posts + "?x=1", .body = R"({"text":1,"y":2})"});
    EXPECT_EQ(response.status, 422);
    EXPECT_THAT(fields_of(response), testing::UnorderedElementsAre("query:x unknown_field",
                                                                   "/text wrong_type", "/y unknown_field"));
    EXPECT_THAT(fields_of(ask({.path = posts + "?limit=0&page=2"})),
                testing::UnorderedElementsAre("query:limit out_of_range", "query:page unknown_field"));
    EXPECT_EQ(ask({.path = posts + "?q=%ff"}).status, 400);
    EXPECT_THAT(done, testing::IsEmpty());
}

TEST_F(Router, lets_a_body_without_duties_be_left_out) {
    EXPECT_EQ(ask({.method = Method::post, .path = post + "/submit"}).status, 204);
    EXPECT_EQ(
        ask({.method = Method::post, .path = post + "/submit", .body = R"({"at":"2026-01-01T00:00:00Z"})"})
            .status,
        204);
    EXPECT_EQ(ask({.method = Method::post, .path = posts + "/validate", .body = "{}"}).status, 204);
    EXPECT_EQ(ask({.method = Method::post, .path = posts + "/validate", .body = "{\"a\":1}"}).status, 422);
    EXPECT_EQ(done, (std::vector<std::string>{"now", "at 2026-01-01T00:00:00.000Z"}));
}

TEST_F(Router, demands_if_match_and_shows_the_current_object) {
    auto change = [&](http::Headers headers) {
        return ask({.method = Method::patch,
                    .path = post,
                    .body = R"({"text":"y"})",
                    .headers = std::move(headers)});
    };
    EXPECT_EQ(change({}).status, 428);
    EXPECT_EQ(fields_of(change({{"If-Match", "three"}})),
              std::vector<std::string>{"header:If-Match invalid_format"});
    auto const stale = change({{"If-Match", "\"2\""}});
    EXPECT_EQ(stale.status, 412);
    EXPECT_EQ(json_of(stale).at("current").at("id"), "1");
    EXPECT_EQ(change({{"If-Match", "W/\"3.draft\""}}).status, 200);
    EXPECT_EQ(ask({.method = Method::patch, .path = post, .body = "{}"}).status,
              422);  // fields before versions
}

TEST_F(Router, answers_304_to_a_known_tag) {
    auto const first = ask({.path = post});
    ASSERT_TRUE(first.headers.has("ETag"));
    auto const again =
        ask({.path = post, .headers = {{"If-None-Match", std::string(*first.headers.get("ETag"))}}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(body_of(again), "");
    EXPECT_TRUE(again.headers.has("ETag"));
    EXPECT_EQ(ask({.path = post, .headers = {{"If-None-Match", "W/\"2.draft\""}}}).status, 200);
}

TEST_F(Router, repeats_the_first_answer_for_an_idempotency_key) {
    may({Permission::posts_create});
    auto create = [&](std::string text) {
        return ask({.method = Method::post,
                    .path = posts,
                    .body = R"({"text":")" + text + R"("})",
                    .headers = {{"Idempotency-Key", "k1"}}});
    };
    auto const first = create("one");
    auto const second = create("one");
    EXPECT_EQ(second.status, 201);
    EXPECT_EQ(body_of(second), body_of(first));
    EXPECT_EQ(second.headers.get("Idempotency-Replayed"), "true");
    EXPECT_EQ(code_of(create("two")), "idempotency_conflict");
    EXPECT_EQ(done.size(), 1U);
}

TEST_F(Router, refuses_the_twin_of_a_request_at_work) {
    may({Permission::posts_create});
    auto create = [&] {
        return ask({.method = Method::post,
                    .path = posts,
                    .body = R"({"text":"x"})",
                    .headers = {{"Idempotency-Key", "k"}}});
    };
    (void)create();
    idempotency.entries.begin()->second.answer.reset();
    auto const twin = create();
    EXPECT_EQ(twin.status, 409);
    EXPECT_EQ(code_of(twin), "idempotency_conflict");
    EXPECT_EQ(done.size(), 1U);
}

TEST_F(Router, keeps_refusals_but_forgets_failures_of_a_key) {
    may({Permission::posts_create});
    auto create = [&](std::string text) {
        return ask({.method = Method::post,
                    .path = posts,
                    .body = R"({"text":")" + text + R"("})",
                    .headers = {{"Idempotency-Key", "key-" + text}}});
    };
    EXPECT_EQ(create("refuse").status, 409);
    EXPECT_EQ(create("refuse").status, 409);
    EXPECT_EQ(create("lost").status, 503);
    EXPECT_EQ(create("lost").status, 503);
    EXPECT_EQ(done.size(), 3U);  // the refusal once, the lost one each time
}

TEST_F(Router, refuses_an_unusable_idempotency_key) {
    may({Permission::posts_create});
    for (std::string const& key : {std::string(256, 'k'), std::string("a b"), std::string()}) {
        auto const response = ask({.method = Method::post,
                                   .path = posts,
                                   .body = R"({"text":"x"})",
                                   .headers = {{"Idempotency-Key", key}}});
        EXPECT_EQ(response.status, 422) << key;
    }
    EXPECT_THAT(done, testing::IsEmpty());
}

TEST_F(Router, limits_by_account_and_address) {
    auto login = [&](std::string email) {
        return ask(
            {.method = Method::post, .path = "/auth/login", .body = R"({"email":")" + email + R"("})"});
    };
    auto const first = login("a@example.com");
    EXPECT_EQ(first.status, 200);
    EXPECT_EQ(first.headers.get("Set-Cookie"), "a=1");
    EXPECT_EQ(first.headers.get("RateLimit-Limit"), "2");
    EXPECT_EQ(first.headers.get("RateLimit-Remaining"), "1");
    EXPECT_EQ(login("A@example.com").status, 200);
    auto const third = login("a@EXAMPLE.com");
    EXPECT_EQ(third.status, 429);
    EXPECT_EQ(code_of(third), "rate_limited");
    EXPECT_EQ(third.headers.get("Retry-After"), "60");
    EXPECT_EQ(login("b@example.com").status, 200);
    EXPECT_EQ(login("c@example.com").status, 429);  // the address has used its four
    clock.advance(std::chrono::seconds(60));
    EXPECT_EQ(login("a@example.com").status, 200);
}

TEST_F(Router, turns_exceptions_into_problems_without_their_text) {
    may({Permission::posts_create});
    auto const lost = ask({.method = Method::post, .path = posts, .body = R"({"text":"lost"})"});
    EXPECT_EQ(lost.status, 503);
    EXPECT_EQ(lost.headers.get("Retry-After"), "3");
    auto const bug = ask({.method = Method::post, .path = posts, .body = R"({"text":"bug"})"});
    EXPECT_EQ(bug.status, 500);
    EXPECT_EQ(body_of(bug).find("secret detail"), std::string::npos);
}

TEST_F(Router, hands_raw_routes_the_request) {
    auto const response = ask({.path = "/workspaces/" + home.to_string() + "/export"});
    EXPECT_EQ(response.headers.get("Content-Type"), "text/csv");
    EXPECT_EQ(body_of(response), "a,b /api/v1/workspaces/" + home.to_string() + "/export");
    EXPECT_EQ(ask({.path = "/workspaces/" + home.to_string() + "/export?x=1"}).status, 422);
    EXPECT_EQ(ask({.path = "/workspaces/" + home.to_string() + "/export", .signed_in = false}).status, 401);
}

TEST_F(Router, survives_strange_paths) {
    for (std::string path : {"/workspaces//posts", "/%00", "/%zz", "/%ff%fe", "/../../etc/passwd", "", "/",
                             "/workspaces/%2e%2e/posts"}) {
        EXPECT_EQ(ask({.path = path}).status, 404) << path;
    }
}

TEST_F(Router, tells_the_server_how_to_read_bodies) {
    http::Request head;
    head.method = Method::post;
    head.path = "/api/v1" + posts;
    EXPECT_EQ(router.body_policy(head).max_bytes, 200U);
    head.path = "/elsewhere";
    EXPECT_EQ(router.body_policy(head).max_bytes, http::Options().body_limit);
}

TEST_F(Router, refuses_routes_that_contradict_themselves) {
    auto handler = [](Caller const&) -> asio::awaitable<Result<Done>> { co_return Done{}; };
    using Plain = Route<None, None, None, None>;
    EXPECT_THROW(router.add(Plain{Method::get, "/x/{id}", "x1", "", http::public_route()}, handler),
                 std::logic_error);
    EXPECT_THROW(router.add(Plain{Method::get, "/x", "x2", "", Permission::posts_view}, handler),
                 std::logic_error);
    EXPECT_THROW(router.add(Plain{Method::get, "/x", "login", "", http::public_route()}, handler),
                 std::logic_error);
    EXPECT_THROW(router.add(Plain{Method::post, "/auth/login", "x3", "", http::public_route()}, handler),
                 std::logic_error);
}

}  // namespace mypost::http_tests
