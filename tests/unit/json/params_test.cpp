#include "json/params.hpp"

#include <gmock/gmock.h>

#include "sample.hpp"

namespace mypost {

namespace json_sample {

struct Filter {
    std::optional<std::int32_t> limit;
    std::optional<bool> active;
    std::optional<Instant> from;
    std::optional<BrandId> brand_id;
    std::vector<Colour> colours;
    std::optional<std::string> q;
};
BOOST_DESCRIBE_STRUCT(Filter, (), (limit, active, from, brand_id, colours, q))

}  // namespace json_sample
}  // namespace mypost

template <>
struct mypost::json::rules<mypost::json_sample::Filter> {
    static constexpr auto value = std::tuple{field<&json_sample::Filter::limit>{{.min = 1, .max = 200}},
                                             field<&json_sample::Filter::colours>{{.optional = true}}};
};

namespace mypost {

using json_sample::Colour;
using json_sample::Filter;

TEST(JsonParams, reads_typed_values_and_lists) {
    auto const result = json::decode_params<Filter>({{"limit", "50"},
                                                     {"active", "true"},
                                                     {"from", "2026-01-01T00:00:00Z"},
                                                     {"colours", "red,green"},
                                                     {"colours", "red"}},
                                                    "query:");
    ASSERT_TRUE(result.has_value()) << result.error().message;
    EXPECT_EQ(result->limit, 50);
    EXPECT_EQ(result->active, true);
    EXPECT_EQ(result->colours, (std::vector{Colour::red, Colour::green, Colour::red}));
    EXPECT_FALSE(result->brand_id);
}

TEST(JsonParams, takes_an_empty_value_for_absent) {
    auto const result = json::decode_params<Filter>({{"brand_id", ""}, {"q", ""}}, "query:");
    ASSERT_TRUE(result.has_value());
    EXPECT_FALSE(result->brand_id);
    EXPECT_FALSE(result->q);
}

TEST(JsonParams, names_each_wrong_parameter) {
    auto const result = json::decode_params<Filter>({{"limit", "0"},
                                                     {"active", "yes"},
                                                     {"from", "today"},
                                                     {"brand_id", "1"},
                                                     {"colours", "red,blue"},
                                                     {"q", "a"},
                                                     {"q", "b"},
                                                     {"page", "2"}},
                                                    "query:");
    ASSERT_FALSE(result.has_value());
    std::vector<std::string> found;
    for (auto const& error : result.error().fields) found.push_back(error.field + " " + error.code);
    EXPECT_THAT(found, testing::UnorderedElementsAre(
                           "query:limit out_of_range", "query:active wrong_type", "query:from invalid_format",
                           "query:brand_id invalid_format", "query:colours/1 invalid_value",
                           "query:q too_many", "query:page unknown_field"));
}

TEST(JsonParams, refuses_numbers_in_other_clothes) {
    for (std::string text : {"0x10", "inf", "nan", "1,5", " 5", "5 ", "1e400"}) {
        EXPECT_FALSE(json::decode_params<Filter>({{"limit", text}}, "query:").has_value()) << text;
    }
}

}  // namespace mypost
