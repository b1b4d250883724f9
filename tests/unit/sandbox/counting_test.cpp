// Each simulator's counting against the shared fixture, whose numbers come from the networks' own code.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sandbox/mastodon/mastodon.hpp"
#include "sandbox/text/unicode.hpp"
#include "sandbox/x/x.hpp"

namespace mypost::sandbox {

namespace {

json::array cases() {
    std::ifstream file(MYPOST_SOURCE_DIR "/tests/fixtures/text-counting.json");
    std::ostringstream text;
    text << file.rdbuf();
    return json::parse(text.str()).at("cases").as_array();
}

std::size_t number(json::value const& entry, char const* name) {
    return entry.at(name).to_number<std::size_t>();
}

}  // namespace

TEST(SandboxCounting, counts_weighted_length_as_x_does) {
    for (auto const& entry : cases()) {
        EXPECT_EQ(x::weighted_length(std::string(entry.at("text").as_string())), number(entry, "x_weighted"))
            << entry.at("name").as_string();
    }
}

TEST(SandboxCounting, counts_as_mastodon_does) {
    for (auto const& entry : cases()) {
        EXPECT_EQ(mastodon::counted_length(std::string(entry.at("text").as_string()), 23),
                  number(entry, "mastodon"))
            << entry.at("name").as_string();
    }
}

TEST(SandboxCounting, counts_graphemes) {
    for (auto const& entry : cases()) {
        EXPECT_EQ(text::grapheme_count(std::string(entry.at("text").as_string())), number(entry, "graphemes"))
            << entry.at("name").as_string();
    }
}

TEST(SandboxCounting, has_the_whole_fixture) {
    EXPECT_GT(cases().size(), 100u);
}

}  // namespace mypost::sandbox
