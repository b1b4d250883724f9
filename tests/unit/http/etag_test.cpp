#include "http/etag.hpp"

#include <gtest/gtest.h>

namespace mypost {

TEST(HttpEtag, holds_version_and_state) {
    EXPECT_EQ(http::etag(3, "draft"), "W/\"3.draft\"");
}

TEST(HttpEtag, compares_weakly_and_in_lists) {
    EXPECT_TRUE(http::none_match_names("W/\"1.a\"", "W/\"1.a\""));
    EXPECT_TRUE(http::none_match_names("\"1.a\"", "W/\"1.a\""));
    EXPECT_TRUE(http::none_match_names("\"x\", W/\"1.a\" ,\"y\"", "W/\"1.a\""));
    EXPECT_TRUE(http::none_match_names("*", "W/\"1.a\""));
    EXPECT_FALSE(http::none_match_names("\"1.b\"", "W/\"1.a\""));
    EXPECT_FALSE(http::none_match_names("", "W/\"1.a\""));
    EXPECT_FALSE(http::none_match_names(",,", "W/\"1.a\""));
}

TEST(HttpEtag, reads_the_version_of_if_match) {
    EXPECT_EQ(http::read_if_match("\"5\"").value(), 5);
    EXPECT_EQ(http::read_if_match(" W/\"12.published\" ").value(), 12);
    EXPECT_EQ(http::read_if_match(std::nullopt).error().code, ErrorCode::version_required);
    for (std::string_view bad :
         {"5", "*", "\"\"", "\"a\"", "\"-1\"", "\"5", "\"5\", \"6\"", "\"5x\"", "\""}) {
        EXPECT_EQ(http::read_if_match(bad).error().code, ErrorCode::validation_failed) << bad;
    }
}

}  // namespace mypost
