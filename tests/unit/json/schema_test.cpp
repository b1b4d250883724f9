#include "json/schema.hpp"

#include <gtest/gtest.h>

#include "sample.hpp"

namespace mypost {

using namespace json_sample;

namespace {

boost::json::object components_of(auto... describe) {
    json::Components components;
    boost::json::value document;
    (describe(components), ...);
    return components.finish(document);
}

auto input = []<class T>(std::type_identity<T>) {
    return [](json::Components& components) { (void)json::schema<T>(components, json::Direction::input); };
};
auto output = []<class T>(std::type_identity<T>) {
    return [](json::Components& components) { (void)json::schema<T>(components, json::Direction::output); };
};

}  // namespace

TEST(JsonSchema, describes_members_and_rules) {
    auto const schemas = components_of(input(std::type_identity<Everything>{}));
    auto const& everything = schemas.at("Everything");
    auto const& properties = everything.at("properties");
    EXPECT_EQ(json::serialize(boost::json::value(properties.at("name"))),
              R"({"type":"string","minLength":2,"maxLength":10,"examples":["Ann"]})");
    EXPECT_EQ(json::serialize(boost::json::value(properties.at("count"))),
              R"({"type":"integer","minimum":-5,"maximum":100})");
    EXPECT_EQ(json::serialize(boost::json::value(properties.at("note"))),
              R"({"type":["string","null"],"format":"email"})");
    EXPECT_EQ(json::serialize(boost::json::value(properties.at("parts"))),
              R"({"type":"array","items":{"$ref":"#/components/schemas/Part"},"maxItems":2})");
    EXPECT_EQ(json::serialize(boost::json::value(properties.at("colour"))),
              R"({"$ref":"#/components/schemas/Colour"})");
    EXPECT_EQ(json::serialize(schemas.at("Colour")), R"({"type":"string","enum":["red","green","public"]})");
    auto const& tags = schemas.at("Part").at("properties").at("tags");
    EXPECT_EQ(json::serialize(tags),
              R"({"type":"array","items":{"type":"string","maxLength":3},"minItems":1,"maxItems":2})");
    EXPECT_EQ(everything.at("additionalProperties"), false);
    auto const& required = everything.at("required").as_array();
    EXPECT_EQ(required.size(), 12U);  // all but note and kept
}

TEST(JsonSchema, splits_a_type_whose_request_and_answer_differ) {
    auto const schemas =
        components_of(input(std::type_identity<Everything>{}), output(std::type_identity<Everything>{}));
    EXPECT_EQ(schemas.at("Everything").at("required").as_array().size(), 14U);
    EXPECT_EQ(schemas.at("EverythingInput").at("required").as_array().size(), 12U);
    EXPECT_FALSE(schemas.contains("PartInput"));
}

TEST(JsonSchema, describes_a_type_that_contains_itself) {
    auto const schemas = components_of(output(std::type_identity<Tree>{}), input(std::type_identity<Tree>{}));
    EXPECT_EQ(schemas.size(), 1U);
    EXPECT_EQ(schemas.at("Tree").at("properties").at("children").at("items").at("$ref"),
              "#/components/schemas/Tree");
}

TEST(JsonSchema, gives_patch_members_no_duty) {
    auto const schemas = components_of(input(std::type_identity<Change>{}));
    EXPECT_FALSE(schemas.at("Change").as_object().contains("required"));
}

namespace other {
struct Part {
    int x = 0;
};
BOOST_DESCRIBE_STRUCT(Part, (), (x))
}  // namespace other

TEST(JsonSchema, refuses_two_types_of_one_name) {
    json::Components components;
    (void)json::schema<Part>(components, json::Direction::output);
    EXPECT_THROW((void)json::schema<other::Part>(components, json::Direction::output), std::logic_error);
}

TEST(JsonNames, shortens_type_names) {
    EXPECT_EQ(json::short_type_name("x [T = mypost::posts::Post]"), "Post");
    EXPECT_EQ(json::short_type_name("x [T = mypost::http::Page<mypost::posts::Post>]"), "PagePost");
}

}  // namespace mypost
