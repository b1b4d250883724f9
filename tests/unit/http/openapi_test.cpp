#include "http/openapi.hpp"

#include <gmock/gmock.h>

#include <boost/describe.hpp>

#include "fakes.hpp"
#include "http/docs_page.hpp"
#include "http/page.hpp"

namespace mypost::http_tests {

namespace openapi_sample {

enum class Kind { image, video };
BOOST_DESCRIBE_ENUM(Kind, image, video)
struct ItemPath {
    WorkspaceId workspace;
    AssetId item;
};
BOOST_DESCRIBE_STRUCT(ItemPath, (), (workspace, item))
struct ListPath {
    WorkspaceId workspace;
};
BOOST_DESCRIBE_STRUCT(ListPath, (), (workspace))
struct ItemQuery : http::PageQuery {
    std::optional<Kind> kind;
    std::optional<std::vector<LabelId>> label_id;
};
BOOST_DESCRIBE_STRUCT(ItemQuery, (http::PageQuery), (kind, label_id))
struct Item {
    AssetId id;
    Kind kind{};
    std::optional<std::string> alt;
    std::vector<std::string> tags;
};
BOOST_DESCRIBE_STRUCT(Item, (), (id, kind, alt, tags))
struct ItemChange {
    std::optional<std::optional<std::string>> alt;
    std::optional<std::vector<std::string>> tags;
};
BOOST_DESCRIBE_STRUCT(ItemChange, (), (alt, tags))

}  // namespace openapi_sample

using namespace openapi_sample;
using access::Permission;
using http::Method;
using http::None;
using http::Route;

namespace {

void fill(http::Router& router) {
    router.add(
        Route<ListPath, ItemQuery, None, http::Page<Item>>{Method::get, "/workspaces/{workspace}/media",
                                                           "listMedia", "List media", Permission::media_view},
        [](access::Caller const&, ListPath, ItemQuery) -> asio::awaitable<Result<http::Page<Item>>> {
            co_return http::Page<Item>();
        });
    router.add(Route<ItemPath, None, ItemChange, Item>{Method::patch,
                                                       "/workspaces/{workspace}/media/{item}",
                                                       "updateMedia",
                                                       "Change media",
                                                       Permission::media_edit,
                                                       {.if_match = true, .audit = "media.update"}},
               [](access::Caller const&, ItemPath, ItemChange) -> asio::awaitable<Result<Item>> {
                   co_return Item();
               });
    router.add_raw(http::RawRoute<ListPath, None, Item>{Method::post,
                                                        "/workspaces/{workspace}/media",
                                                        "uploadMedia",
                                                        "Upload",
                                                        Permission::media_upload,
                                                        {.request_type = "multipart/form-data",
                                                         .parts = {{"file", true},
                                                                   {"alt", false, false, "For the blind"}}},
                                                        {.ok = 201, .streamed = true}},
                   [](access::Caller const&, http::Request,
                      ListPath) -> asio::awaitable<Result<http::Response>> { co_return http::Response(); });
    router.add(
        Route<None, None, None, None>{
            Method::post,
            "/auth/logout",
            "logout",
            "End the session",
            http::public_route(),
            {.rate_limits = {{http::RateLimit::Key::address, 5, std::chrono::seconds(1)}}}},
        [](access::Caller const&) -> asio::awaitable<Result<Done>> { co_return Done{}; });
    http::add_documentation(router, {.title = "Sample <b>", .version = "1.2.3"});
}

class OpenApi : public testing::Test {
  protected:
    FakeAuthenticator authenticator;
    http::Router router{"/api/v1", {.authenticator = &authenticator}};
    boost::json::value document;

    OpenApi() {
        fill(router);
        document = http::openapi(router, {.title = "Sample <b>", .version = "1.2.3"});
    }
    boost::json::value const& at(std::string_view pointer) { return document.at_pointer(pointer); }
};

}  // namespace

TEST_F(OpenApi, names_who_may_call) {
    EXPECT_EQ(at("/paths/~1workspaces~1{workspace}~1media/get/x-permission"), "media.view");
    EXPECT_EQ(at("/paths/~1auth~1logout/post/x-permission"), "public");
    EXPECT_TRUE(at("/paths/~1auth~1logout/post/security").as_array().empty());
    EXPECT_EQ(at("/paths/~1workspaces~1{workspace}~1media~1{item}/patch/x-audit-action"), "media.update");
}

TEST_F(OpenApi, describes_parameters_as_addresses_hold_them) {
    auto const& list = at("/paths/~1workspaces~1{workspace}~1media/get/parameters").as_array();
    std::vector<std::string> names;
    for (auto const& each : list) names.emplace_back(each.at("name").as_string());
    EXPECT_THAT(names, testing::ElementsAre("workspace", "limit", "cursor", "kind", "label_id"));
    EXPECT_EQ(list[0].at("required"), true);
    EXPECT_EQ(json::serialize(list[1].at("schema")), R"({"type":"integer","minimum":1,"maximum":200})");
    EXPECT_EQ(json::serialize(list[3].at("schema")), R"({"$ref":"#/components/schemas/Kind"})");
    EXPECT_EQ(list[4].at("explode"), false);
    EXPECT_EQ(list[4].at("schema").at("type"), "array");
}

TEST_F(OpenApi, lists_the_refusals_that_follow_from_the_declaration) {
    auto const& responses = at("/paths/~1workspaces~1{workspace}~1media~1{item}/patch/responses").as_object();
    std::vector<std::string> statuses;
    for (auto const& each : responses) statuses.emplace_back(each.key());
    EXPECT_THAT(statuses, testing::UnorderedElementsAre("200", "400", "401", "403", "404", "412", "413",
                                                        "415", "422", "428", "default"));
    EXPECT_TRUE(at("/paths/~1auth~1logout/post/responses").as_object().contains("429"));
    EXPECT_TRUE(at("/paths/~1auth~1logout/post/responses").as_object().contains("204"));
}

TEST_F(OpenApi, describes_form_uploads) {
    auto const& schema =
        at("/paths/~1workspaces~1{workspace}~1media/post/requestBody/content/multipart~1form-data/schema");
    EXPECT_EQ(schema.at("properties").at("file").at("format"), "binary");
    EXPECT_EQ(json::serialize(schema.at("required")), R"(["file"])");
    EXPECT_EQ(at("/paths/~1workspaces~1{workspace}~1media/post/responses/201/content/application~1json/"
                 "schema/$ref"),
              "#/components/schemas/Item");
}

TEST_F(OpenApi, keeps_null_out_of_no_patch_member) {
    auto const& alt = at("/components/schemas/ItemChange/properties/alt/type");
    EXPECT_EQ(json::serialize(alt), R"(["string","null"])");
    EXPECT_EQ(at("/components/schemas/ItemPage/properties/data/items/$ref"), "#/components/schemas/Item");
}

TEST_F(OpenApi, is_served_with_a_page_for_people) {
    http::Request request;
    request.path = "/api/v1/openapi.json";
    auto const served = run(router.handle(request));
    ASSERT_EQ(served.status, 200);
    auto const text = *std::get<std::shared_ptr<std::string const>>(served.body);
    EXPECT_EQ(boost::json::parse(text), document);
    request.path = "/api/v1/docs";
    auto const page = run(router.handle(request));
    auto const html = *std::get<std::shared_ptr<std::string const>>(page.body);
    EXPECT_NE(html.find("Sample &lt;b&gt; API"), std::string::npos);
    EXPECT_NE(html.find("/workspaces/{workspace}/media/{item}"), std::string::npos);
    EXPECT_EQ(html.find("http://"), std::string::npos);
    EXPECT_EQ(html.find("https://"), std::string::npos);
    EXPECT_NE(page.headers.get("Content-Security-Policy")->find("sha256-"), std::string::npos);
}

}  // namespace mypost::http_tests
