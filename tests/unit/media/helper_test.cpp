#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "media/helper_pool.hpp"
#include "media/helper_process.hpp"
#include "pictures.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

namespace mypost::media {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::HasSubstr;

class HelperTest : public testing::Test {
  protected:
    static HelperOptions options(fs::path const& folder) {
        HelperOptions made;
        made.program = MYPOST_MEDIA_HELPER;
        made.work_root = folder.string();
        return made;
    }
    std::string write(std::string const& name, std::string const& bytes) {
        auto const path = (folder_.path() / name).string();
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    std::string read(std::string const& name) {
        std::ifstream file(folder_.path() / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    Result<json::object> call(json::object request) { return test::run(io_, pool_.call(std::move(request))); }
    Result<json::object> import(std::string const& bytes, int max_pixels = 100'000'000) {
        return call({{"op", "import"},
                     {"input", write("in", bytes)},
                     {"output", path("out")},
                     {"thumbnail", path("small")},
                     {"max_pixels", max_pixels}});
    }
    Result<json::object> fit(std::string const& bytes, json::object limits) {
        json::object request{{"op", "fit"},
                             {"input", write("in", bytes)},
                             {"output", path("out")},
                             {"max_pixels", 100'000'000},
                             {"max_bytes", 0},
                             {"max_width", 0},
                             {"max_height", 0},
                             {"fit_pixels", 0},
                             {"formats", {"image/jpeg", "image/png", "image/webp", "image/gif"}}};
        for (auto const& [name, value] : limits) request[name] = value;
        return call(std::move(request));
    }
    std::string path(std::string const& name) const { return (folder_.path() / name).string(); }
    // "code of the field" or "" when it worked.
    static std::string rule(Result<json::object> const& result) {
        if (result) return "";
        if (result.error().fields.size() != 1 || result.error().fields[0].field != "/file")
            return "no field: " + result.error().message + result.error().internal;
        return result.error().fields[0].code;
    }

    test::TemporaryFolder folder_;
    asio::io_context io_;
    asio::thread_pool reaper_{1};
    HelperPool pool_{io_.get_executor(), reaper_, options(folder_.path())};
};

TEST_F(HelperTest, imports_each_format) {
    struct Case {
        char const* format;
        char const* becomes;
    };
    for (auto const& [format, becomes] : {Case{"jpeg", "image/jpeg"},
                                          {"png", "image/png"},
                                          {"webp", "image/webp"},
                                          {"gif", "image/gif"},
                                          {"heic", "image/jpeg"},
                                          {"avif", "image/jpeg"}}) {
        auto const bytes = test::picture(format, 800, 600);
        ASSERT_FALSE(bytes.empty()) << format << " cannot be written here";
        auto const result = import(bytes);
        ASSERT_TRUE(result) << format << ": " << rule(result) << " " << result.error().internal;
        EXPECT_EQ(result->at("content_type").as_string(), becomes);
        EXPECT_EQ(result->at("width"), 800);
        EXPECT_EQ(result->at("height"), 600);
        EXPECT_THAT(test::describe(read("out")), HasSubstr("800x600 srgb uchar")) << format;
        EXPECT_THAT(test::describe(read("small")), HasSubstr("480x360 srgb uchar")) << format;
        EXPECT_EQ(read("small").substr(8, 4), "WEBP");
    }
}

TEST_F(HelperTest, small_pictures_keep_their_size_in_the_thumbnail) {
    ASSERT_TRUE(import(test::picture("png", 50, 40)));
    EXPECT_THAT(test::describe(read("small")), HasSubstr("50x40"));
}

TEST_F(HelperTest, turns_pictures_upright_and_strips_what_they_carry) {
    auto const bytes = test::turned_jpeg_with_metadata(300, 200, 6);
    ASSERT_THAT(test::describe(bytes), HasSubstr("exif-ifd3-GPSLatitude"));
    ASSERT_THAT(bytes, HasSubstr("SecretCamera"));
    auto const result = import(bytes);
    ASSERT_TRUE(result) << rule(result);
    EXPECT_EQ(result->at("width"), 200);
    EXPECT_EQ(result->at("height"), 300);
    auto const out = read("out");
    EXPECT_EQ(test::describe(out), "200x300 srgb uchar 3 bands 1 pages");
    EXPECT_THAT(test::describe(read("small")), HasSubstr("200x300 srgb uchar 3 bands 1 pages"));
    EXPECT_THAT(out, Not(HasSubstr("Exif")));
    // libvips writes a resolution into WebP files that it made; nothing of the original's.
    EXPECT_THAT(test::describe(read("small")), Not(HasSubstr("exif-ifd3")));
    for (auto const* secret : {"SecretCamera", "SecretComment", "ICC_PROFILE"}) {
        EXPECT_THAT(out, Not(HasSubstr(secret)));
        EXPECT_THAT(read("small"), Not(HasSubstr(secret)));
    }
    // The blue mark was at the lower right; a quarter turn clockwise brings it to the lower left.
    EXPECT_EQ(test::corner(out, false, true), "0,0,260") << test::corner(out, true, true);
}

TEST_F(HelperTest, strips_each_format) {
    for (auto const* format : {"webp", "png", "heic", "avif"}) {
        auto const bytes = test::with_metadata(format, 60, 40);
        // libvips writes no EXIF into PNG here; the profile is there.
        ASSERT_THAT(test::describe(bytes), testing::AnyOf(HasSubstr("exif-ifd3"), HasSubstr("icc-profile")))
            << format;
        ASSERT_TRUE(import(bytes)) << format;
        EXPECT_THAT(read("out"), Not(HasSubstr("SecretCamera"))) << format;
        EXPECT_THAT(test::describe(read("out")), Not(HasSubstr("exif-ifd3"))) << format;
        EXPECT_THAT(test::describe(read("out")), Not(HasSubstr("icc-profile"))) << format;
    }
}

TEST_F(HelperTest, every_orientation_comes_out_right) {
    for (int orientation = 1; orientation <= 8; ++orientation) {
        auto const result = import(test::turned_jpeg_with_metadata(120, 80, orientation));
        ASSERT_TRUE(result) << orientation;
        EXPECT_EQ(result->at("width"), orientation < 5 ? 120 : 80) << orientation;
        EXPECT_THAT(test::describe(read("out")), HasSubstr(orientation < 5 ? "120x80" : "80x120"))
            << orientation;
    }
}

TEST_F(HelperTest, odd_colours_become_srgb) {
    for (auto const& bytes :
         {test::cmyk_jpeg(200, 100), test::png_of_16_bits(200, 100), test::pixel_bomb(200, 100)}) {
        ASSERT_TRUE(import(bytes));
        EXPECT_THAT(test::describe(read("out")), HasSubstr("200x100 srgb uchar 3 bands"));
    }
}

TEST_F(HelperTest, keeps_transparency_and_movement) {
    ASSERT_TRUE(import(test::transparent_png(200, 100)));
    EXPECT_THAT(test::describe(read("out")), HasSubstr("200x100 srgb uchar 4 bands"));
    for (auto const* format : {"gif", "webp"}) {
        auto const result = import(test::animation(format, 100, 80, 6));
        ASSERT_TRUE(result) << rule(result);
        EXPECT_EQ(result->at("pages"), 6);
        EXPECT_EQ(result->at("height"), 80);
        EXPECT_THAT(test::describe(read("out")), HasSubstr("100x80")) << format;
        EXPECT_THAT(test::describe(read("out")), HasSubstr("6 pages")) << format;
        EXPECT_THAT(test::describe(read("small")), HasSubstr("100x80")) << format;
    }
}

TEST_F(HelperTest, the_same_file_always_gives_the_same_bytes) {
    auto const bytes = test::picture("jpeg", 400, 300);
    ASSERT_TRUE(import(bytes));
    auto const first = read("out");
    ASSERT_TRUE(import(bytes));
    EXPECT_TRUE(read("out") == first);
}

// ---- hostile files
// --------------------------------------------------------------------------------------------------

TEST_F(HelperTest, refuses_what_is_no_picture) {
    struct Case {
        std::string bytes;
        char const* actual;
    };
    for (auto const& [bytes, actual] :
         {Case{"", "application/octet-stream"},
          {"hello", "application/octet-stream"},
          {"PK\x03\x04 zip bomb", "application/zip"},
          {"%PDF-1.7", "application/pdf"},
          {"<svg onload='alert(1)'></svg>", "image/svg+xml"},
          {"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg/>",
           "image/svg+xml"},
          {"<html><img src=x>", "text/html"}}) {
        auto const result = import(bytes);
        ASSERT_FALSE(result) << bytes;
        EXPECT_EQ(result.error().code, ErrorCode::unsupported_media_type);
        EXPECT_EQ(rule(result), "media_type");
        EXPECT_EQ(result.error().fields[0].params.at("actual"), actual);
        EXPECT_FALSE(fs::exists(path("out")));
    }
}

TEST_F(HelperTest, refuses_pixel_bombs_by_their_header) {
    for (auto const& bytes :
         {test::png_header_only(100'000, 100'000), test::png_header_only(2'000'000'000, 2'000'000'000)}) {
        auto const result = import(bytes);
        ASSERT_FALSE(result);
        EXPECT_TRUE(rule(result) == "too_many_pixels" || rule(result) == "damaged_file") << rule(result);
    }
    auto const bomb = test::pixel_bomb(20'000, 5'001);
    EXPECT_LT(bomb.size(), 500'000U);
    auto const result = import(bomb);
    EXPECT_EQ(rule(result), "too_many_pixels");
    EXPECT_EQ(result.error().fields[0].params.at("actual"), "100020000");
    EXPECT_EQ(result.error().fields[0].params.at("max"), "100000000");
    EXPECT_EQ(rule(import(test::animation("gif", 100, 100, 101), 1'000'000)), "too_many_pixels");
    EXPECT_EQ(rule(import(test::animation("gif", 100, 100, 100), 1'000'000)), "");
}

TEST_F(HelperTest, refuses_truncated_files) {
    for (auto const* format : {"jpeg", "png", "webp", "gif", "heic", "avif"}) {
        auto const bytes = test::noise(format, 300, 200);
        ASSERT_FALSE(bytes.empty()) << format;
        ASSERT_EQ(rule(import(bytes)), "") << format;
        for (double const part : {0.02, 0.3, 0.6, 0.9}) {
            auto const cut =
                bytes.substr(0, static_cast<std::size_t>(static_cast<double>(bytes.size()) * part));
            EXPECT_NE(rule(import(cut)), "") << format << " cut to " << part;
        }
    }
}

TEST_F(HelperTest, survives_flipped_bytes) {
    for (auto const* format : {"jpeg", "png", "webp", "gif", "heic", "avif"}) {
        auto const bytes = test::picture(format, 120, 80);
        unsigned state = 7;
        for (int round = 0; round < 60; ++round) {
            auto broken = bytes;
            for (int flips = 0; flips < 8; ++flips) {
                state = state * 1'664'525 + 1'013'904'223;
                broken[state % broken.size()] = static_cast<char>(state >> 24);
            }
            auto const result = import(broken);
            // Accepted or refused in words; never a fault of the server.
            EXPECT_TRUE(result || result.error().code != ErrorCode::internal)
                << format << result.error().internal;
        }
    }
}

TEST_F(HelperTest, a_picture_with_a_zip_behind_it_leaves_the_zip_behind) {
    auto const bytes = test::picture("jpeg", 100, 100) + "PK\x03\x04 SecretPayload <?php system('id'); ?>";
    auto const result = import(bytes);
    ASSERT_TRUE(result);
    EXPECT_THAT(read("out"), Not(HasSubstr("SecretPayload")));
}

// ---- fitting to a network's limits
// --------------------------------------------------------------------------------------

TEST_F(HelperTest, fits_into_bytes) {
    auto const bytes = test::noise("jpeg", 1600, 1200);
    ASSERT_GT(bytes.size(), 900'000U);
    auto const result = fit(bytes, {{"max_bytes", 300'000}});
    ASSERT_TRUE(result) << rule(result);
    EXPECT_LE(fs::file_size(path("out")), 300'000U);
    EXPECT_EQ(result->at("content_type").as_string(), "image/jpeg");
    auto const size = std::to_string(result->at("width").as_int64()) + "x" +
                      std::to_string(result->at("height").as_int64());
    EXPECT_THAT(test::describe(read("out")), HasSubstr(size));
}

TEST_F(HelperTest, fits_into_width_height_and_pixels) {
    auto const bytes = test::picture("png", 1000, 500);
    auto const size = [&](json::object limits) {
        auto const result = fit(bytes, std::move(limits));
        if (!result) return rule(result);
        return std::to_string(result->at("width").as_int64()) + "x" +
               std::to_string(result->at("height").as_int64());
    };
    EXPECT_EQ(size({{"max_width", 400}}), "400x200");
    EXPECT_EQ(size({{"max_height", 100}}), "200x100");
    EXPECT_EQ(size({{"max_width", 400}, {"max_height", 100}}), "200x100");
    EXPECT_EQ(size({{"fit_pixels", 125'000}}), "500x250");
    EXPECT_EQ(size({{"max_width", 4000}}), "1000x500");
}

TEST_F(HelperTest, changes_the_format_when_it_must) {
    auto const type = [&](std::string const& bytes, json::object limits) {
        auto const result = fit(bytes, std::move(limits));
        return result ? std::string(result->at("content_type").as_string()) : rule(result);
    };
    auto const photo = test::noise("png", 800, 600);
    EXPECT_EQ(type(photo, {}), "image/png");
    EXPECT_EQ(type(photo, {{"max_bytes", 500'000}}), "image/jpeg");
    EXPECT_EQ(type(photo, {{"formats", {"image/webp"}}}), "image/webp");
    EXPECT_EQ(type(photo, {{"formats", {"video/mp4"}}}), "cannot_fit");
    EXPECT_EQ(type(test::transparent_png(800, 600), {{"formats", {"image/jpeg"}}}), "image/jpeg");
    EXPECT_THAT(test::describe(read("out")), HasSubstr("3 bands"));
    EXPECT_EQ(type(test::transparent_png(800, 600), {{"formats", {"image/jpeg", "image/webp"}}}),
              "image/webp");
}

TEST_F(HelperTest, scales_animations_frame_by_frame) {
    auto const result = fit(test::animation("gif", 200, 100, 5), {{"max_width", 100}});
    ASSERT_TRUE(result) << rule(result);
    EXPECT_EQ(result->at("content_type").as_string(), "image/gif");
    EXPECT_THAT(test::describe(read("out")), HasSubstr("100x50"));
    EXPECT_THAT(test::describe(read("out")), HasSubstr("5 pages"));
    EXPECT_EQ(rule(fit(test::animation("gif", 200, 100, 5), {{"formats", {"image/jpeg"}}})), "cannot_fit");
}

// ---- the process
// ----------------------------------------------------------------------------------------------------

TEST_F(HelperTest, reads_no_file_outside_its_folder) {
    test::TemporaryFolder elsewhere;
    auto const secret = (elsewhere.path() / "secret.png").string();
    std::ofstream(secret, std::ios::binary) << test::picture("png", 10, 10);
    auto const result = call({{"op", "probe"}, {"input", secret}, {"max_pixels", 1000}});
    EXPECT_FALSE(result);
    auto const inside =
        call({{"op", "probe"}, {"input", write("in", test::picture("png", 10, 10))}, {"max_pixels", 1000}});
    EXPECT_TRUE(inside);
    auto const written = call({{"op", "import"},
                               {"input", path("in")},
                               {"output", (elsewhere.path() / "x").string()},
                               {"thumbnail", path("small")},
                               {"max_pixels", 1000}});
    EXPECT_FALSE(written);
    EXPECT_FALSE(fs::exists(elsewhere.path() / "x"));
}

TEST_F(HelperTest, starts_on_demand_and_is_reused) {
    EXPECT_EQ(pool_.running(), 0U);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(import(test::picture("png", 10, 10)));
    EXPECT_EQ(pool_.running(), 1U);
    pool_.stop();
    EXPECT_EQ(pool_.running(), 0U);
}

TEST_F(HelperTest, ends_when_idle) {
    auto quick = options(folder_.path());
    quick.idle = std::chrono::milliseconds(50);
    HelperPool pool(io_.get_executor(), reaper_, quick);
    ASSERT_TRUE(test::run(io_, pool.call({{"op", "probe"},
                                          {"input", write("in", test::picture("png", 10, 10))},
                                          {"max_pixels", 1000}})));
    ASSERT_EQ(pool.running(), 1U);
    io_.restart();
    while (pool.running() > 0 && io_.run_one_for(std::chrono::seconds(20)) > 0) {
    }
    EXPECT_EQ(pool.running(), 0U);
}

TEST_F(HelperTest, several_calls_share_two_processes) {
    auto const input = write("in", test::picture("jpeg", 400, 300));
    int ended = 0;
    std::size_t most = 0;
    for (int i = 0; i < 8; ++i) {
        json::object request{{"op", "import"},
                             {"input", input},
                             {"output", path("out" + std::to_string(i))},
                             {"thumbnail", path("small" + std::to_string(i))},
                             {"max_pixels", 1'000'000}};
        asio::co_spawn(io_, pool_.call(std::move(request)),
                       [&](std::exception_ptr error, Result<json::object> result) {
                           EXPECT_FALSE(error);
                           EXPECT_TRUE(result);
                           most = std::max(most, pool_.running());
                           ++ended;
                       });
    }
    io_.restart();
    while (ended < 8 && io_.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    EXPECT_EQ(ended, 8);
    EXPECT_LE(most, 2U);
}

TEST_F(HelperTest, a_helper_that_is_killed_ends_that_call_alone) {
    HelperProcess process(io_.get_executor(), reaper_, MYPOST_MEDIA_HELPER,
                          {folder_.path().string(), "2048", "60"});
    ::kill(process.pid(), SIGSTOP);
    auto work = [&]() -> asio::awaitable<bool> {
        json::object request{{"op", "probe"}};
        auto const answer = co_await process.call(std::move(request), std::chrono::milliseconds(100));
        co_return answer.has_value();
    };
    EXPECT_FALSE(test::run(io_, work()));
    ::kill(process.pid(), SIGKILL);
    EXPECT_FALSE(test::run(io_, work()));
    EXPECT_TRUE(import(test::picture("png", 10, 10)));
}

TEST_F(HelperTest, memory_beyond_the_limit_ends_the_call_alone) {
    auto tight = options(folder_.path());
    tight.memory_mb = 200;
    HelperPool pool(io_.get_executor(), reaper_, tight);
    json::object request{{"op", "import"},
                         {"input", write("in", test::pixel_bomb(9'000, 9'000))},
                         {"output", path("out")},
                         {"thumbnail", path("small")},
                         {"max_pixels", 100'000'000}};
    auto const result = test::run(io_, pool.call(std::move(request)));
    if (!result) EXPECT_NE(result.error().code, ErrorCode::internal) << result.error().internal;
    EXPECT_TRUE(import(test::picture("png", 10, 10)));
}

TEST_F(HelperTest, a_missing_program_is_unavailable) {
    auto missing = options(folder_.path());
    missing.program = "/nowhere/helper";
    HelperPool pool(io_.get_executor(), reaper_, missing);
    auto const result = test::run(io_, pool.call({{"op", "probe"}}));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
}

TEST_F(HelperTest, is_found_beside_the_program) {
    EXPECT_EQ(find_helper("/opt/helper"), "/opt/helper");
    EXPECT_THAT(find_helper(""), testing::EndsWith("/mypost-media-helper"));
}

}  // namespace mypost::media
