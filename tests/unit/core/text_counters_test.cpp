#include "core/text_counters.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <regex>
#include <sstream>

#include "core/text_tlds.hpp"

namespace mypost::text {
namespace {

namespace json = boost::json;

std::string read_file(std::string const& path) {
    std::ifstream in(std::string(MYPOST_SOURCE_DIR) + "/" + path);
    std::stringstream out;
    out << in.rdbuf();
    return out.str();
}

json::array shared_cases() {
    return json::parse(read_file("tests/fixtures/text-counting.json")).as_object().at("cases").as_array();
}

TEST(TextCounters, agree_with_the_cases_that_the_web_app_passes_too) {
    auto const cases = shared_cases();
    ASSERT_GE(cases.size(), 60U);
    CountRules const mastodon{.unit = Unit::graphemes, .url_length = 23, .mentions_local_part = true};
    for (auto const& value : cases) {
        auto const& one = value.as_object();
        std::string const text(one.at("text").as_string());
        SCOPED_TRACE(std::string(one.at("name").as_string()));
        auto const expected = [&](char const* name) { return one.at(name).to_number<std::size_t>(); };
        EXPECT_EQ(count({.unit = Unit::x_weighted}, text), expected("x_weighted"));
        EXPECT_EQ(count(mastodon, text), expected("mastodon"));
        EXPECT_EQ(count({.unit = Unit::graphemes}, text), expected("graphemes"));
        EXPECT_EQ(count({.unit = Unit::utf16}, text), expected("utf16"));
        EXPECT_EQ(count({.unit = Unit::code_points}, text), expected("code_points"));
        EXPECT_EQ(count({.unit = Unit::utf8_bytes}, text), expected("utf8_bytes"));
    }
}

TEST(TextCounters, take_the_length_of_links_from_the_instance) {
    CountRules const rules{.unit = Unit::graphemes, .url_length = 40, .mentions_local_part = true};
    EXPECT_EQ(count(rules, "a https://example.com"), 42U);
}

TEST(TextCounters, shorten_mentions_only_where_the_network_does) {
    CountRules const rules{.unit = Unit::graphemes, .url_length = 23};
    EXPECT_EQ(count(rules, "@ann@social.example.com"), 23U);
}

TEST(TextCounters, survive_broken_utf8) {
    EXPECT_EQ(count({.unit = Unit::code_points}, "a\xff\xfe"), 3U);
    EXPECT_EQ(count({.unit = Unit::graphemes}, "\xe2\x82"), 1U);
    EXPECT_GT(count({.unit = Unit::x_weighted}, "https://example.com/\xf0\x9f"), 0U);
}

TEST(TextCounters, weigh_a_long_hostile_text) {
    std::string text = ".";
    for (int i = 0; i < 20'000; ++i) text += "字";
    EXPECT_EQ(count({.unit = Unit::x_weighted}, text), 40'001U);
}

TEST(TopLevelDomains, are_the_same_list_as_the_web_apps) {
    std::string const source = read_file("web/src/lib/counters/tlds.ts");
    auto const begin = source.find("const names");
    auto const end = source.find(';', begin);
    ASSERT_NE(end, std::string::npos);
    std::string names;
    std::regex const literal("\"([^\"]*)\"");
    std::string const body = source.substr(begin, end - begin);
    for (auto it = std::sregex_iterator(body.begin(), body.end(), literal); it != std::sregex_iterator();
         ++it) {
        names += (*it)[1].str();
    }
    std::istringstream words(names);
    int seen = 0;
    for (std::string name; words >> name; ++seen) {
        EXPECT_TRUE(is_top_level_domain(name)) << name;
        EXPECT_LE(count_code_points(name), longest_top_level_domain) << name;
    }
    EXPECT_GT(seen, 1000);
    EXPECT_FALSE(is_top_level_domain("notatld"));
    EXPECT_FALSE(is_top_level_domain(""));
}

}  // namespace
}  // namespace mypost::text
