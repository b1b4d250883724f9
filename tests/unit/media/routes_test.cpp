#include "media/routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "pictures.hpp"
#include "world.hpp"

namespace mypost::media {

namespace json = boost::json;
using access::Permission;
using testing::HasSubstr;

class PiecesBody final : public http::BodyStream {
  public:
    explicit PiecesBody(std::string text) : text_(std::move(text)) {}
    asio::awaitable<Result<std::string>> read() override {
        auto piece = text_.substr(0, 1000);
        text_.erase(0, 1000);
        co_return piece;
    }

  private:
    std::string text_;
};

// The bearer token is the name of a role.
class Doorkeeper final : public http::Authenticator {
  public:
    explicit Doorkeeper(test::MediaWorld const& world) : world_(world) {}
    asio::awaitable<Result<access::Caller>> authenticate(http::Request const& request,
                                                         std::optional<WorkspaceId> workspace) override {
        auto const token = request.headers.get("Authorization").value_or("");
        std::optional<access::Caller> caller;
        if (token == "Bearer owner") caller = world_.owner();
        if (token == "Bearer viewer") caller = world_.with({Permission::media_view});
        if (token == "Bearer nobody") caller = world_.with({});
        if (token == "Bearer other")
            caller = world_.brand_member(world_.other_brand, access::PermissionSet::all());
        if (token == "Bearer stranger") caller = world_.stranger();
        if (!caller) co_return Error(ErrorCode::unauthenticated, "Sign in.");
        if (workspace && *workspace != caller->workspace) co_return not_found("Workspace");
        co_return *caller;
    }
    asio::awaitable<Result<access::Caller>> recheck(access::Caller caller) override { co_return caller; }

  private:
    test::MediaWorld const& world_;
};

struct Part {
    std::string name;
    std::string filename;
    std::string content;
};

class MediaRoutes : public testing::Test {
  protected:
    MediaRoutes() { add_routes(router_, world.media, doorkeeper_); }

    http::Response send(http::Method method, std::string path, std::string token, std::string body = {},
                        http::Headers headers = {}) {
        http::Request request;
        request.method = method;
        auto const question = path.find('?');
        request.target = path;
        request.path = path.substr(0, question);
        if (question != std::string::npos) request.query = path.substr(question + 1);
        request.headers = std::move(headers);
        if (!token.empty()) request.headers.set("Authorization", "Bearer " + token);
        if (!body.empty() && !request.headers.has("Content-Type"))
            request.headers.set("Content-Type", "application/json");
        request.host = "app.example:8443";
        request.secure = true;
        request.stream = std::make_shared<PiecesBody>(body);
        request.body = std::move(body);
        return world.run(router_.handle(std::move(request)));
    }
    http::Response upload(std::string token, std::vector<Part> parts) {
        std::string body;
        for (auto const& part : parts) {
            body += "--B\r\nContent-Disposition: form-data; name=\"" + part.name + "\"";
            if (!part.filename.empty()) body += "; filename=\"" + part.filename + "\"";
            body += "\r\n\r\n" + part.content + "\r\n";
        }
        return send(http::Method::post, base(), std::move(token), body + "--B--\r\n",
                    {{"Content-Type", "multipart/form-data; boundary=B"}});
    }
    std::string base() const { return "/api/v1/workspaces/" + world.workspace.to_string() + "/media"; }
    std::string at(Asset const& asset) const { return base() + "/" + asset.id.to_string(); }
    static json::object body_of(http::Response const& response) {
        return json::parse(std::get<std::string>(response.body)).as_object();
    }
    // As the server would send it.
    static std::string bytes_of(http::Response const& response) {
        auto const& file = std::get<http::FileBody>(response.body);
        std::ifstream stream(file.path, std::ios::binary);
        stream.seekg(static_cast<std::streamoff>(file.offset));
        std::string bytes(file.length, '\0');
        stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return bytes;
    }
    // "status code field/rule …"
    static std::string refusal(http::Response const& response) {
        auto const problem = body_of(response);
        std::string text =
            std::to_string(response.status) + " " + std::string(problem.at("code").as_string());
        if (auto const* errors = problem.if_contains("errors")) {
            for (auto const& error : errors->as_array()) {
                text += " " + std::string(error.at("field").as_string()) + ":" +
                        std::string(error.at("code").as_string());
            }
        }
        return text;
    }

    test::MediaWorld world{db::Engine::sqlite};
    Doorkeeper doorkeeper_{world};
    http::Router router_{"/api/v1", {&doorkeeper_}};
};

TEST_F(MediaRoutes, upload_answers_the_asset) {
    auto const picture = test::picture("png", 600, 300);
    for (bool const file_first : {true, false}) {
        Part const file{"file", "cat.png", picture};
        Part const brand{"brand_id", "", world.brand.to_string()};
        auto const response = upload("owner", file_first ? std::vector{file, brand, {"alt", "", "A cat"}}
                                                         : std::vector{brand, {"alt", "", "A cat"}, file});
        ASSERT_EQ(response.status, 201) << std::get<std::string>(response.body);
        auto const asset = body_of(response);
        EXPECT_EQ(asset.at("brand_id").as_string(), world.brand.to_string());
        EXPECT_EQ(asset.at("filename").as_string(), "cat.png");
        EXPECT_EQ(asset.at("alt").as_string(), "A cat");
        EXPECT_EQ(asset.at("state").as_string(), "ready");
        EXPECT_EQ(asset.at("content_type").as_string(), "image/png");
        EXPECT_EQ(asset.at("width"), 600);
        EXPECT_TRUE(asset.at("duration_ms").is_null());
        EXPECT_EQ(asset.at("created_at").as_string(), "2026-11-22T09:10:00.000Z");
        EXPECT_TRUE(
            asset.at("url").as_string().starts_with("https://app.example:8443/social/api/v1/workspaces/"));
        EXPECT_EQ(response.headers.get("ETag"), "W/\"1.ready\"");
    }
}

TEST_F(MediaRoutes, wrong_forms_are_refused_in_words_and_leave_nothing) {
    auto const picture = test::picture("png", 20, 20);
    Part const file{"file", "a.png", picture};
    auto const before = world.everything_stored();
    EXPECT_EQ(refusal(upload("owner", {})), "422 validation_failed /file:required");
    EXPECT_EQ(refusal(upload("owner", {{"alt", "", "x"}})), "422 validation_failed /file:required");
    EXPECT_EQ(refusal(upload("owner", {file, {"brand_id", "", "nonsense"}, {"color", "", "red"}})),
              "422 validation_failed /brand_id:invalid_format /color:unknown_field");
    EXPECT_EQ(refusal(upload("owner", {file, {"\xff\xfe", "", "x"}})), "400 malformed_request");
    EXPECT_EQ(refusal(upload("owner", {file, {"alt", "", std::string("a\0b", 3)}})),
              "422 validation_failed /alt:invalid_format");
    EXPECT_EQ(refusal(upload("owner", {file, file})), "422 validation_failed /file:too_many");
    EXPECT_EQ(refusal(upload("owner", {file, {"alt", "", std::string(20'000, 'x')}})),
              "422 validation_failed /alt:too_long");
    EXPECT_EQ(refusal(upload("owner", {file, {"brand_id", "", world.foreign_brand.to_string()}})),
              "404 not_found");
    EXPECT_EQ(refusal(upload("owner", {{"file", "photo.jpg", "PK\x03\x04" + picture}})),
              "415 unsupported_media_type /file:media_type");
    EXPECT_EQ(refusal(upload("owner", {{"file", "photo.png", std::string(9U << 20U, 'x')}})),
              "413 payload_too_large /file:too_large");
    EXPECT_EQ(refusal(upload("viewer", {file, {"brand_id", "", world.brand.to_string()}})),
              "403 permission_denied");
    EXPECT_EQ(refusal(upload("other", {file, {"brand_id", "", world.brand.to_string()}})), "404 not_found");
    EXPECT_EQ(refusal(upload("stranger", {file})), "404 not_found");
    EXPECT_EQ(refusal(upload("", {file})), "401 unauthenticated");
    EXPECT_EQ(refusal(send(http::Method::post, base(), "owner", "{}")), "415 unsupported_media_type");
    EXPECT_EQ(refusal(send(http::Method::post, base(), "owner", "--B\r\nContent-Dispo",
                           {{"Content-Type", "multipart/form-data; boundary=B"}})),
              "400 malformed_request");
    EXPECT_EQ(world.everything_stored(), before);
}

TEST_F(MediaRoutes, a_wrong_extension_is_put_right_by_content) {
    auto const response = upload("owner", {{"file", "photo.png", test::picture("jpeg", 20, 20)}});
    ASSERT_EQ(response.status, 201);
    EXPECT_EQ(body_of(response).at("content_type").as_string(), "image/jpeg");
    EXPECT_TRUE(body_of(response).at("brand_id").is_null());
}

TEST_F(MediaRoutes, list_get_and_delete) {
    auto const first = world.uploaded(test::picture("png", 20, 20), "first.png");
    auto const second = world.uploaded(test::picture("png", 20, 20), "second.png");
    auto const page = body_of(send(http::Method::get, base() + "?limit=1&q=png&kind=image", "viewer"));
    ASSERT_EQ(page.at("data").as_array().size(), 1U);
    EXPECT_EQ(page.at("data").at(0).at("filename").as_string(), "second.png");
    EXPECT_EQ(page.at("data").at(0).at("duplicate_of").as_string(), first.id.to_string());
    auto const rest = body_of(
        send(http::Method::get, base() + "?limit=1&cursor=" + std::string(page.at("next_cursor").as_string()),
             "viewer"));
    EXPECT_EQ(rest.at("data").at(0).at("filename").as_string(), "first.png");
    EXPECT_TRUE(rest.at("next_cursor").is_null());
    EXPECT_EQ(refusal(send(http::Method::get, base() + "?cursor=nonsense", "viewer")),
              "422 validation_failed query:cursor:invalid_format");

    EXPECT_EQ(send(http::Method::get, at(first), "viewer").status, 200);
    EXPECT_EQ(send(http::Method::get, at(first), "viewer", "", {{"If-None-Match", "W/\"1.ready\""}}).status,
              304);
    for (auto const& [token, expected] :
         {std::pair("", 401), {"stranger", 404}, {"other", 404}, {"nobody", 403}}) {
        EXPECT_EQ(send(http::Method::get, at(first), token).status, expected) << token;
        EXPECT_EQ(send(http::Method::delete_, at(first), token).status, expected) << token;
    }
    world.post_using(first, "scheduled", world.brand, "Launch");
    EXPECT_EQ(refusal(send(http::Method::delete_, at(first), "owner")), "409 conflict");
    EXPECT_EQ(send(http::Method::delete_, at(first) + "?force=true", "owner").status, 204);
    EXPECT_EQ(send(http::Method::get, at(first), "owner").status, 404);
    EXPECT_EQ(send(http::Method::get, at(first) + "/content", "owner").status, 404);
}

TEST_F(MediaRoutes, patch_wants_the_version) {
    auto const asset = world.uploaded(test::picture("png", 20, 20));
    auto const patch = [&](std::string body, http::Headers headers) {
        return send(http::Method::patch, at(asset), "owner", std::move(body), std::move(headers));
    };
    EXPECT_EQ(refusal(patch(R"({"alt":"x"})", {})), "428 version_required");
    auto const changed = patch(R"({"alt":"x","tags":["a"]})", {{"If-Match", "\"1\""}});
    ASSERT_EQ(changed.status, 200) << std::get<std::string>(changed.body);
    EXPECT_EQ(body_of(changed).at("version"), 2);
    auto const stale = patch(R"({"alt":"y"})", {{"If-Match", "\"1\""}});
    EXPECT_EQ(refusal(stale), "412 version_mismatch");
    EXPECT_EQ(body_of(stale).at("current").at("alt").as_string(), "x");
    EXPECT_EQ(
        refusal(patch(R"({"alt":1,"colour":"red","tags":[""]})", {{"If-Match", "\"2\""}})).substr(0, 21),
        "422 validation_failed");
}

TEST_F(MediaRoutes, signed_addresses_need_no_token) {
    auto const asset = world.uploaded(test::picture("png", 700, 500));
    auto const signed_path = [&](std::string const& variant) {
        auto const view = body_of(send(http::Method::get, at(asset), "owner"));
        std::string const url(view.at(variant == "content" ? "url" : "thumbnail_url").as_string());
        return url.substr(std::string("https://app.example:8443/social").size());
    };
    auto const content = send(http::Method::get, signed_path("content"), "");
    ASSERT_EQ(content.status, 200);
    EXPECT_EQ(content.headers.get("Content-Type"), "image/png");
    EXPECT_EQ(hex_encode(crypto::sha256(bytes_of(content))), asset.sha256);
    EXPECT_THAT(std::string(*content.headers.get("Cache-Control")), HasSubstr("max-age="));
    EXPECT_EQ(content.headers.get("X-Content-Type-Options"), "nosniff");
    EXPECT_THAT(std::string(*content.headers.get("Content-Disposition")), HasSubstr("filename=\"a.png\""));
    auto const thumbnail = send(http::Method::get, signed_path("thumbnail"), "");
    ASSERT_EQ(thumbnail.status, 200);
    EXPECT_EQ(thumbnail.headers.get("Content-Type"), "image/webp");

    auto const tag = std::string(*content.headers.get("ETag"));
    EXPECT_EQ(send(http::Method::get, signed_path("content"), "", "", {{"If-None-Match", tag}}).status, 304);
    auto const part = send(http::Method::get, signed_path("content"), "", "", {{"Range", "bytes=10-19"}});
    EXPECT_EQ(part.status, 206);
    EXPECT_EQ(part.headers.get("Content-Range"), "bytes 10-19/" + std::to_string(asset.size_bytes));
    EXPECT_EQ(bytes_of(part), bytes_of(content).substr(10, 10));
    EXPECT_EQ(send(http::Method::get, signed_path("content"), "", "",
                   {{"Range", "bytes=10-19"}, {"If-Range", "\"other\""}})
                  .status,
              200);
    auto const beyond =
        send(http::Method::get, signed_path("content"), "", "", {{"Range", "bytes=99999999-"}});
    EXPECT_EQ(beyond.status, 416);
    EXPECT_EQ(beyond.headers.get("Content-Range"), "bytes */" + std::to_string(asset.size_bytes));
}

TEST_F(MediaRoutes, without_a_valid_signature_a_token_decides) {
    auto const asset = world.uploaded(test::picture("png", 20, 20));
    for (auto const& [token, expected] : {std::pair("owner", 200),
                                          {"viewer", 200},
                                          {"", 401},
                                          {"stranger", 404},
                                          {"other", 404},
                                          {"nobody", 403}}) {
        EXPECT_EQ(send(http::Method::get, at(asset) + "/content", token).status, expected) << token;
        EXPECT_EQ(send(http::Method::get, at(asset) + "/thumbnail", token).status, expected) << token;
        EXPECT_EQ(send(http::Method::get, at(asset) + "/renditions/thumbnail", token).status, expected)
            << token;
    }
    EXPECT_EQ(send(http::Method::get, at(asset) + "/renditions/none", "owner").status, 404);
    EXPECT_EQ(send(http::Method::get, at(asset) + "/content?expires=9999999999&signature=AAAA", "").status,
              401);
    EXPECT_EQ(send(http::Method::get, at(asset) + "/content?expires=9999999999", "owner").status, 401);
    auto const path =
        world.media.content_url(world.workspace, asset.id).substr(std::string("/social").size());
    EXPECT_EQ(send(http::Method::get, path, "").status, 200);
    world.clock.advance(std::chrono::hours(31));
    EXPECT_EQ(send(http::Method::get, path, "").status, 401);
}

}  // namespace mypost::media
