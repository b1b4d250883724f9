#include "http/static_files.hpp"

#include <gmock/gmock.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>

#include "fakes.hpp"
#include "http/compress.hpp"

namespace mypost::http_tests {

using http::Method;
using http::Request;
using http::Response;

class StaticFiles : public testing::Test {
  protected:
    std::filesystem::path root =
        std::filesystem::path(testing::TempDir()) / ("static_" + std::to_string(::getpid()));
    std::optional<http::StaticFiles> files;

    StaticFiles() {
        write("index.html", "<!doctype html><head><base href=\"/\" /></head><body>app</body>");
        write("theme.js", "document.title");
        write("favicon.svg", "<svg/>");
        write("assets/app-1a2b.js", "plain");
        write("assets/app-1a2b.js.br", "brotli bytes");
        write("assets/app-1a2b.js.gz", "gzip bytes");
        write(".vite/manifest.json", "{}");
        std::ofstream(root.parent_path() / "secret.txt") << "secret";
        files.emplace(http::StaticOptions{.root = root.string(), .base_path = "/social/\"x/"});
    }
    ~StaticFiles() override {
        std::filesystem::remove_all(root);
        std::filesystem::remove(root.parent_path() / "secret.txt");
    }
    void write(std::string const& name, std::string const& text) {
        std::filesystem::create_directories((root / name).parent_path());
        std::ofstream(root / name) << text;
    }
    Response get(std::string path, http::Headers headers = {}, Method method = Method::get) {
        Request request;
        request.method = method;
        request.path = std::move(path);
        request.headers = std::move(headers);
        request.host = "app.example:8080";
        return run(files->handle(std::move(request)));
    }
    static std::string text(Response const& response) {
        if (auto const* file = std::get_if<http::FileBody>(&response.body)) {
            std::ifstream in(file->path);
            return std::string(std::istreambuf_iterator<char>(in), {});
        }
        if (auto const* shared = std::get_if<std::shared_ptr<std::string const>>(&response.body))
            return **shared;
        return std::get<std::string>(response.body);
    }
};

TEST_F(StaticFiles, serves_hashed_files_for_a_year) {
    auto const response = get("/assets/app-1a2b.js");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(text(response), "plain");
    EXPECT_EQ(response.headers.get("Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(response.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_FALSE(response.headers.has("Content-Encoding"));
    EXPECT_EQ(response.headers.get("Vary"), "Accept-Encoding");
}

TEST_F(StaticFiles, picks_the_coding_the_client_takes) {
    auto coding = [&](std::string accept) {
        auto const response = get("/assets/app-1a2b.js", {{"Accept-Encoding", accept}});
        return std::string(response.headers.get("Content-Encoding").value_or("none")) + ": " + text(response);
    };
    EXPECT_EQ(coding("gzip, deflate, br"), "br: brotli bytes");
    EXPECT_EQ(coding("gzip"), "gzip: gzip bytes");
    EXPECT_EQ(coding("br;q=0, gzip;q=0.5"), "gzip: gzip bytes");
    EXPECT_EQ(coding("*;q=0.1"), "br: brotli bytes");
    EXPECT_EQ(coding("identity"), "none: plain");
    EXPECT_EQ(coding("br;q=0.0, gzip;q=0"), "none: plain");
}

TEST_F(StaticFiles, revalidates_what_may_change) {
    auto const response = get("/theme.js");
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-cache");
    std::string const tag(*response.headers.get("ETag"));
    auto const again = get("/theme.js", {{"If-None-Match", tag}});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(text(again), "");
    EXPECT_EQ(get("/theme.js", {{"If-None-Match", "\"other\""}}).status, 200);
    auto const plain = get("/assets/app-1a2b.js");
    auto const packed = get("/assets/app-1a2b.js", {{"Accept-Encoding", "br"}});
    EXPECT_NE(plain.headers.get("ETag"), packed.headers.get("ETag"));
}

TEST_F(StaticFiles, gives_the_app_at_each_of_its_addresses) {
    for (std::string path : {"/", "/calendar", "/posts/0190", "/settings/team"}) {
        auto const response = get(path, {{"Accept", "text/html,*/*;q=0.8"}});
        EXPECT_EQ(response.status, 200) << path;
        EXPECT_EQ(text(response),
                  "<!doctype html><head><base href=\"/social/&quot;x/\" /></head><body>app</body>");
        EXPECT_EQ(response.headers.get("Cache-Control"), "no-cache");
    }
    auto const packed = get("/", {{"Accept-Encoding", "gzip"}});
    EXPECT_EQ(packed.headers.get("Content-Encoding"), "gzip");
    std::string const bytes = text(packed);
    std::string plain(1000, '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    EXPECT_EQ(plain, text(get("/")));
}

TEST_F(StaticFiles, never_gives_the_app_for_the_api_or_a_file) {
    for (std::string path : {"/api", "/api/v1/nothing", "/assets/gone-1234.js", "/robots.txt"}) {
        EXPECT_EQ(get(path, {{"Accept", "text/html"}}).status, 404) << path;
    }
    EXPECT_EQ(get("/calendar", {{"Accept", "application/json"}}).status, 404);
}

TEST_F(StaticFiles, lets_no_path_out_of_its_folder) {
    for (std::string path :
         {"/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt",
          "//etc/passwd", "/.vite/manifest.json", "/assets/app-1a2b.js.br", "/assets//app-1a2b.js",
          "/index.html%00.js", "/%zz.txt"}) {
        EXPECT_EQ(get(path, {{"Accept", "application/javascript"}}).status, 404) << path;
        EXPECT_EQ(text(get(path)).find("secret"), std::string::npos) << path;
    }
}

TEST_F(StaticFiles, allows_the_page_only_its_own_host) {
    auto const response = get("/");
    std::string const policy(*response.headers.get("Content-Security-Policy"));
    EXPECT_NE(policy.find("default-src 'self'"), std::string::npos);
    EXPECT_NE(policy.find("connect-src 'self' ws://app.example:8080 wss://app.example:8080;"),
              std::string::npos);
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
    Request request;
    request.path = "/";
    request.host = "evil; script-src *";
    auto const strange = run(files->handle(request));
    EXPECT_EQ(strange.headers.get("Content-Security-Policy")->find("evil"), std::string_view::npos);
}

TEST_F(StaticFiles, takes_only_get_and_head) {
    EXPECT_EQ(get("/", {}, Method::head).status, 200);
    auto const response = get("/", {}, Method::post);
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.headers.get("Allow"), "GET, HEAD");
}

TEST_F(StaticFiles, refuses_a_folder_without_an_app) {
    EXPECT_THROW(http::StaticFiles({.root = root.string() + "/assets"}), std::runtime_error);
}

}  // namespace mypost::http_tests
