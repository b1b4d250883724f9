#include "json/decode.hpp"

#include <gmock/gmock.h>

#include "json/parse.hpp"
#include "sample.hpp"

namespace mypost {

using namespace json_sample;

namespace {

constexpr std::string_view good = R"({"name":"Ann","count":3,"small":200,"ratio":0.5,"flag":true,
  "brand":"01234567-89ab-7def-8123-456789abcdef","at":"2026-11-22T09:00:00.000Z","colour":"green",
  "parts":[{"body":"hi","tags":["a"]}],"numbers":{"x":1},"when":"2026-11-22T09:00:00Z","options":{"any":[1]}})";

boost::json::value good_value() {
    return json::parse(good).value();
}

// `good` with one member replaced by JSON text, or removed when the text is empty.
boost::json::value with(std::string_view member, std::string_view text) {
    auto value = good_value();
    if (text.empty()) {
        value.get_object().erase(member);
    } else {
        value.get_object()[member] = boost::json::parse(boost::json::string_view(text.data(), text.size()));
    }
    return value;
}

struct BadInput {
    std::string name;
    std::string member;
    std::string json;  // empty: member left out
    std::string field;
    std::string code;
    std::string params = {};  // "key=value" that must be there
};

class Refuses : public testing::TestWithParam<BadInput> {};

}  // namespace

TEST(JsonDecode, reads_every_kind_of_member) {
    auto const result = json::decode<Everything>(good_value());
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_EQ(result->name, "Ann");
    EXPECT_EQ(result->count, 3);
    EXPECT_EQ(result->small, 200);
    EXPECT_EQ(result->ratio, 0.5);
    EXPECT_TRUE(result->flag);
    EXPECT_EQ(result->brand.to_string(), "01234567-89ab-7def-8123-456789abcdef");
    EXPECT_EQ(to_rfc3339(result->at), "2026-11-22T09:00:00.000Z");
    EXPECT_FALSE(result->note);
    EXPECT_EQ(result->colour, Colour::green);
    ASSERT_EQ(result->parts.size(), 1U);
    EXPECT_EQ(result->parts[0].tags, std::vector<std::string>{"a"});
    EXPECT_EQ(result->numbers.at("x"), 1);
    EXPECT_TRUE(std::holds_alternative<Instant>(result->when));
    EXPECT_EQ(result->options.at("any").as_array().size(), 1U);
    EXPECT_EQ(result->kept, 7);
}

TEST(JsonDecode, picks_the_variant_alternative_by_kind) {
    auto const result =
        json::decode<Everything>(with("when", R"({"local":"09:00","time_zone":"Europe/Paris"})"));
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(std::get<LocalTime>(result->when).time_zone, "Europe/Paris");
}

TEST(JsonDecode, takes_a_keyword_enumerator_without_its_underscore) {
    auto const result = json::decode<Everything>(with("colour", R"("public")"));
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->colour, Colour::public_);
}

TEST(JsonDecode, reads_permissions_with_dots) {
    auto const result = json::decode<Grant>(boost::json::parse(R"({"permissions":["posts.view"]})"));
    ASSERT_TRUE(result.has_value());
    EXPECT_EQ(result->permissions, std::vector{access::Permission::posts_view});
    auto const wrong = json::decode<Grant>(boost::json::parse(R"({"permissions":["posts_view"]})"));
    ASSERT_FALSE(wrong.has_value());
    EXPECT_EQ(wrong.error().fields.at(0).field, "/permissions/0");
}

TEST(JsonDecode, tells_absent_null_and_value_apart_in_a_patch) {
    auto const absent = json::decode<Change>(boost::json::parse("{}"));
    ASSERT_TRUE(absent.has_value());
    EXPECT_FALSE(absent->note);
    auto const null = json::decode<Change>(boost::json::parse(R"({"note":null,"limit":null})"));
    ASSERT_TRUE(null.has_value());
    ASSERT_TRUE(null->note);
    EXPECT_FALSE(*null->note);
    auto const value = json::decode<Change>(boost::json::parse(R"({"note":"x","limit":4})"));
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(value->note.value().value(), "x");
    EXPECT_EQ(value->limit.value().value(), 4);
}

TEST(JsonDecode, reports_all_errors_at_once) {
    auto const result =
        json::decode<Everything>(boost::json::parse(R"({"name":"A","count":"3","extra~/x":1})"));
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().code, ErrorCode::validation_failed);
    std::vector<std::string> found;
    for (auto const& error : result.error().fields) found.push_back(error.field + " " + error.code);
    EXPECT_THAT(found, testing::UnorderedElementsAre("/name too_short", "/count wrong_type",
                                                     "/small required", "/ratio required", "/flag required",
                                                     "/brand required", "/at required", "/colour required",
                                                     "/parts required", "/numbers required", "/when required",
                                                     "/options required", "/extra~0~1x unknown_field"));
}

TEST(JsonDecode, stops_collecting_at_the_limit) {
    boost::json::object many;
    for (int i = 0; i < 1000; ++i) many["k" + std::to_string(i)] = 1;
    auto const result = json::decode<Change>(many);
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().fields.size(), json::max_errors);
}

TEST(JsonDecode, refuses_a_body_that_is_no_object) {
    auto const result = json::decode<Change>(boost::json::array());
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error().fields.at(0).field, "");
    EXPECT_EQ(result.error().fields.at(0).code, "wrong_type");
}

TEST_P(Refuses, with_the_field_and_the_rule) {
    auto const& bad = GetParam();
    auto const result = json::decode<Everything>(with(bad.member, bad.json));
    ASSERT_FALSE(result.has_value());
    ASSERT_EQ(result.error().fields.size(), 1U);
    auto const& error = result.error().fields[0];
    EXPECT_EQ(error.field, bad.field);
    EXPECT_EQ(error.code, bad.code);
    EXPECT_FALSE(error.message.empty());
    if (!bad.params.empty()) {
        auto const equals = bad.params.find('=');
        ASSERT_TRUE(error.params.contains(bad.params.substr(0, equals)));
        EXPECT_EQ(error.params.at(bad.params.substr(0, equals)), bad.params.substr(equals + 1));
    }
}

INSTANTIATE_TEST_SUITE_P(
    JsonDecode, Refuses,
    testing::Values(
        BadInput{"a_missing_member", "name", "", "/name", "required"},
        BadInput{"null_for_a_required_member", "name", "null", "/name", "wrong_type", "actual=null"},
        BadInput{"a_number_for_a_string", "name", "5", "/name", "wrong_type", "expected=string"},
        BadInput{"a_string_too_short", "name", R"("A")", "/name", "too_short", "min=2"},
        BadInput{"a_string_too_long_in_code_points", "name", R"("ääääääääääß")", "/name", "too_long",
                 "actual=11"},
        BadInput{"a_nul_in_a_string", "name", R"("A\u0000B")", "/name", "invalid_format"},
        BadInput{"a_fraction_for_an_integer", "count", "1.5", "/count", "wrong_type", "expected=integer"},
        BadInput{"an_integer_below_its_rule", "count", "-6", "/count", "out_of_range", "min=-5"},
        BadInput{"an_integer_above_its_rule", "count", "101", "/count", "out_of_range", "max=100"},
        BadInput{"an_integer_above_its_type", "small", "256", "/small", "out_of_range", "max=255"},
        BadInput{"a_negative_unsigned", "small", "-1", "/small", "out_of_range", "min=0"},
        BadInput{"a_huge_number", "small", "18446744073709551615", "/small", "out_of_range", "max=255"},
        BadInput{"a_double_above_its_rule", "ratio", "1.6", "/ratio", "out_of_range", "max=1.5"},
        BadInput{"an_integer_that_no_double_holds", "ratio", "-9007199254740993", "/ratio", "out_of_range"},
        BadInput{"a_string_for_a_bool", "flag", R"("true")", "/flag", "wrong_type", "expected=boolean"},
        BadInput{"a_broken_uuid", "brand", R"("01234567-89ab-7def-8123-456789abcdeg")", "/brand",
                 "invalid_format", "format=uuid"},
        BadInput{"a_number_for_a_uuid", "brand", "1", "/brand", "wrong_type"},
        BadInput{"an_impossible_date", "at", R"("2026-02-30T09:00:00Z")", "/at", "invalid_format",
                 "format=date-time"},
        BadInput{"a_time_without_zone", "at", R"("2026-02-20T09:00:00")", "/at", "invalid_format"},
        BadInput{"a_wrong_format", "note", R"("not an address")", "/note", "invalid_format", "format=email"},
        BadInput{"an_unknown_enumerator", "colour", R"("blue")", "/colour", "invalid_value",
                 "options=red, green, public"},
        BadInput{"an_object_for_an_array", "parts", "{}", "/parts", "wrong_type", "expected=array"},
        BadInput{"too_many_items", "parts", "[{},{},{}]", "/parts", "too_many", "max=2"},
        BadInput{"too_few_items", "parts", R"([{"body":"x","tags":[]}])", "/parts/0/tags", "too_few",
                 "min=1"},
        BadInput{"a_long_string_in_an_array", "parts", R"([{"body":"x","tags":["ok","long"]}])",
                 "/parts/0/tags/1", "too_long", "max=3"},
        BadInput{"an_unknown_nested_member", "parts", R"([{"body":"x","tags":["a"],"c":1}])", "/parts/0/c",
                 "unknown_field"},
        BadInput{"a_wrong_map_value", "numbers", R"({"x":1,"a/b":"2"})", "/numbers/a~1b", "wrong_type"},
        BadInput{"a_kind_no_alternative_takes", "when", "[]", "/when", "wrong_type"},
        BadInput{"a_wrong_alternative", "when", R"({"local":"x"})", "/when/time_zone", "required"},
        BadInput{"an_array_for_an_object", "options", "[]", "/options", "wrong_type", "expected=object"},
        BadInput{"null_for_a_defaulted_member", "kept", "null", "/kept", "wrong_type"}),
    [](auto const& info) { return info.param.name; });

}  // namespace mypost
