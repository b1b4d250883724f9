#include "json/parse.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/encoding.hpp"

namespace mypost {

namespace {

struct BadText {
    std::string name;
    std::string text;
    std::string mentions;
};

class JsonParseRefuses : public testing::TestWithParam<BadText> {};

std::string nested(std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

TEST(JsonParse, reads_what_the_standard_allows) {
    for (std::string_view text :
         {"0", " null ", R"("\u00e9")", "[1,2.5e3,-4]", R"({"a":{"a":1},"b":{"a":2}})"}) {
        EXPECT_TRUE(json::parse(text).has_value()) << text;
    }
    EXPECT_TRUE(json::parse(nested(json::max_depth)).has_value());
    EXPECT_EQ(json::parse("18446744073709551615")->as_uint64(), 18446744073709551615U);
}

TEST(JsonParse, reads_each_number_to_the_nearest_double) {
    for (double number :
         {-227289999999989999.5572, 0.1, 1.7976931348623157e308, 5e-324, 9007199254740993.0}) {
        std::string const text = fmt::format("{:.17e}", number);
        EXPECT_EQ(json::parse(text)->as_double(), number) << text;
    }
}

TEST(JsonParse, names_long_keys_in_valid_utf8) {
    std::string key = "x";
    for (int i = 0; i < 100; ++i) key += "\xc3\xa9";
    auto const result = json::parse("{\"" + key + "\":1,\"" + key + "\":2}");
    ASSERT_FALSE(result.has_value());
    EXPECT_TRUE(is_valid_utf8(result.error().message));
    EXPECT_LT(result.error().message.size(), 250U);
}

TEST(JsonParse, keeps_long_strings_and_keys_whole) {
    std::string const longest(100'000, 'x');
    auto const value = json::parse("{\"" + longest + "\":\"" + longest + "\\n\"}");
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(value->at(longest).as_string(), (longest + "\n").c_str());
}

TEST_P(JsonParseRefuses, with_the_place) {
    auto const result = json::parse(GetParam().text);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::malformed_request);
    EXPECT_NE(result.error().message.find(GetParam().mentions), std::string::npos) << result.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    JsonParse, JsonParseRefuses,
    testing::Values(
        BadText{"nothing", "", "line 1, column 1"}, BadText{"half_an_object", "{\"a\":1", "line 1"},
        BadText{"a_trailing_comma", "[1,]", "line 1"}, BadText{"a_comment", "/* */ 1", "line 1"},
        BadText{"single_quotes", "{'a':1}", "line 1"}, BadText{"two_values", "{} {}", "extra data"},
        BadText{"an_error_on_the_third_line", "{\n\"a\":\n!}", "line 3, column 1"},
        BadText{"broken_utf8", "\"\xff\"", "line 1"}, BadText{"a_lone_surrogate", R"("\ud800")", "line 1"},
        BadText{"an_overlong_form", "\"\xc0\xaf\"", "line 1"},
        BadText{"a_raw_control_character", "\"\n\"", "line 1"},
        BadText{"duplicate_keys", R"({"a":1,"b":2,"a":3})", "\"a\" appears twice"},
        BadText{"duplicate_keys_by_escape", R"({"a":1,"\u0061":3})", "\"a\" appears twice"},
        BadText{"nested_duplicate_keys", R"([{"x":{"k":1,"k":2}}])", "\"k\" appears twice"},
        BadText{"too_deep", nested(json::max_depth + 1), "deep"},
        BadText{"a_whole_number_too_long", "123456789012345678901234567890", "held exactly"},
        BadText{"a_number_beyond_a_double", "1e999", "line 1"}, BadText{"NaN", "NaN", "line 1"}),
    [](auto const& info) { return info.param.name; });

}  // namespace mypost
