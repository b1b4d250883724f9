#include "json/encode.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "sample.hpp"

namespace mypost {

using namespace json_sample;

TEST(JsonEncode, writes_members_in_order_and_nothing_as_null) {
    Everything value;
    value.name = "Ann";
    value.count = -3;
    value.ratio = 0.1;
    value.brand = *BrandId::parse("01234567-89ab-7def-8123-456789abcdef");
    value.at = from_ms(1);
    value.colour = Colour::public_;
    value.parts = {Part{"x", {"t"}}};
    value.numbers = {{"n", 5}};
    value.when = LocalTime{"09:00", "UTC"};
    value.options = {{"k", 1.5}};
    EXPECT_EQ(json::serialize(value),
              R"({"name":"Ann","count":-3,"small":0,"ratio":0.1,"flag":false,)"
              R"("brand":"01234567-89ab-7def-8123-456789abcdef","at":"1970-01-01T00:00:00.001Z","note":null,)"
              R"("colour":"public","parts":[{"body":"x","tags":["t"]}],"numbers":{"n":5},)"
              R"("when":{"local":"09:00","time_zone":"UTC"},"options":{"k":1.5},"kept":7})");
}

TEST(JsonEncode, leaves_out_what_a_patch_does_not_touch) {
    Change change;
    change.note.emplace();
    EXPECT_EQ(json::serialize(change), R"({"name":null,"note":null})");
}

TEST(JsonEncode, writes_permissions_with_dots) {
    EXPECT_EQ(json::serialize(Grant{{access::Permission::audit_view}}), R"({"permissions":["audit.view"]})");
}

TEST(JsonEncode, escapes_what_json_must_not_hold_raw) {
    std::string text = "\"\\\n\r\t\x01 \xc3\xa9";
    EXPECT_EQ(json::serialize(text), R"("\"\\\n\r\t\u0001 é")");
    EXPECT_EQ(boost::json::parse(json::serialize(text)).as_string(), text.c_str());
}

TEST(JsonEncode, writes_numbers_that_read_back_the_same) {
    for (double number : {0.1, 1e300, -2.5e-7, 3.0, 123456789.125}) {
        EXPECT_EQ(boost::json::parse(json::serialize(number)).to_number<double>(), number);
    }
    EXPECT_EQ(json::serialize(-0.0), "0");
    EXPECT_EQ(json::serialize(std::numeric_limits<double>::infinity()), "null");
    EXPECT_EQ(json::serialize(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(json::serialize(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(JsonEncode, what_was_written_decodes_to_the_same) {
    Everything value;
    value.name = "Ann";
    value.note = "a@example.com";
    value.parts = {Part{"x", {"t"}}};
    auto const back = json::decode<Everything>(json::encode(value));
    ASSERT_TRUE(back.has_value()) << back.error().message;
    EXPECT_EQ(json::serialize(*back), json::serialize(value));
}

}  // namespace mypost
