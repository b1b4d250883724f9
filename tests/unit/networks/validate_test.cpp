#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "networks/rules.hpp"
#include "unit/networks/publications.hpp"

namespace mypost::networks::test {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

std::string repeated(std::string_view piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += piece;
    return out;
}

// "code@field" of the errors (or warnings, behind "?") of a publication.
std::vector<std::string> issues_of(Publication const& publication) {
    auto const registry = make_registry();
    std::vector<std::string> out;
    for (auto const& issue : registry.find(publication.account.network)->validate(publication)) {
        EXPECT_FALSE(issue.message.empty());
        out.push_back((issue.error ? "" : "?") + issue.code + "@" + std::to_string(issue.part) + ":" +
                      issue.field);
    }
    return out;
}
std::vector<std::string> errors_of(Publication const& publication) {
    auto out = issues_of(publication);
    std::erase_if(out, [](auto const& issue) { return issue.starts_with("?"); });
    return out;
}

struct Limit {
    char const* network;
    char const* unit;
    int fits;
};
class TextLimits : public ::testing::TestWithParam<Limit> {};

TEST_P(TextLimits, are_the_networks_own) {
    auto const& [network, unit, fits] = GetParam();
    EXPECT_THAT(errors_of(one_post(network, repeated(unit, fits))), IsEmpty());
    EXPECT_THAT(errors_of(one_post(network, repeated(unit, fits) + unit)), Contains("text_too_long@0:body"));
}
INSTANTIATE_TEST_SUITE_P(Networks, TextLimits,
                         ::testing::Values(Limit{"x", "a", 280}, Limit{"x", "字", 140},
                                           Limit{"x", "👨‍👩‍👧‍👦", 140},
                                           Limit{"mastodon", "字", 500}, Limit{"mastodon", "👍🏽", 500},
                                           Limit{"bluesky", "a", 300}, Limit{"bluesky", "🚀", 300}));

TEST(Validate, counts_links_as_each_network_does) {
    auto const link = "https://example.com/" + repeated("a", 281);
    EXPECT_THAT(errors_of(one_post("x", link)), IsEmpty());
    EXPECT_THAT(errors_of(one_post("mastodon", link)), IsEmpty());
    EXPECT_THAT(errors_of(one_post("bluesky", link)), Contains("text_too_long@0:body"));
}

TEST(Validate, knows_the_bytes_that_bluesky_takes) {
    auto const family = std::string("👨‍👩‍👧‍👦");  // 25 bytes, one grapheme
    EXPECT_THAT(errors_of(one_post("bluesky", repeated(family, 120))), IsEmpty());
    EXPECT_THAT(errors_of(one_post("bluesky", repeated(family, 121))),
                Contains("text_too_many_bytes@0:body"));
}

TEST(Validate, lets_subscribers_of_x_write_long_posts) {
    auto publication = one_post("x", repeated("a", 25'000));
    EXPECT_THAT(errors_of(publication), Contains("text_too_long@0:body"));
    publication.account.profile = {{"subscription_type", "Premium"}};
    EXPECT_THAT(errors_of(publication), IsEmpty());
    publication.account.profile = {{"subscription_type", "None"}};
    EXPECT_THAT(errors_of(publication), Not(IsEmpty()));
}

TEST(Validate, counts_the_content_warning_of_mastodon) {
    auto publication = one_post("mastodon", repeated("a", 490));
    publication.options = {{"spoiler_text", "0123456789"}};
    EXPECT_THAT(errors_of(publication), IsEmpty());
    publication.options = {{"spoiler_text", "0123456789+"}};
    EXPECT_THAT(errors_of(publication), Contains("text_too_long@0:body"));
}

TEST(Validate, counts_the_link_behind_the_text) {
    auto publication = one_post("x", repeated("a", 255));
    publication.link = "https://example.com/a";
    EXPECT_THAT(errors_of(publication), IsEmpty());  // 255 + 2 + 23
    publication.parts[0].text += "a";
    EXPECT_THAT(errors_of(publication), Contains("text_too_long@0:body"));
}

TEST(Validate, wants_a_text_or_a_picture) {
    for (auto const* network : {"x", "mastodon", "bluesky"}) {
        EXPECT_THAT(errors_of(one_post(network, " \n")), Contains("text_required@0:body")) << network;
        EXPECT_THAT(errors_of(one_post(network, "", {picture("p")})), IsEmpty()) << network;
        EXPECT_THAT(errors_of(publication_on(network, {})), Contains("text_required@0:body")) << network;
    }
    auto card = one_post("bluesky", "");
    card.link = "https://example.com";
    EXPECT_THAT(errors_of(card), IsEmpty());
}

TEST(Validate, checks_every_part_by_itself) {
    for (auto const* network : {"x", "mastodon", "bluesky"}) {
        auto publication = long_thread(network);
        EXPECT_THAT(errors_of(publication), IsEmpty()) << network;
        publication.parts[3].text = repeated("a", 600);
        EXPECT_THAT(errors_of(publication), Contains("text_too_long@3:body")) << network;
        publication.parts[2].media.assign(5, picture("q"));
        EXPECT_THAT(errors_of(publication), Contains("media_too_many@2:media")) << network;
    }
}

TEST(Validate, limits_the_thread) {
    for (auto const* network : {"x", "mastodon", "bluesky"}) {
        auto publication = publication_on(network, {});
        for (int i = 0; i < 26; ++i) {
            publication.parts.push_back(
                part(i == 0 ? PartRole::post : PartRole::thread, i, "part " + std::to_string(i)));
        }
        EXPECT_THAT(errors_of(publication), Contains("thread_too_long@25:thread")) << network;
    }
}

TEST(Validate, knows_the_files_that_each_network_takes) {
    struct Case {
        char const* network;
        std::uint64_t fits;
    };
    for (auto const& [network, fits] :
         {Case{"x", 5'000'000}, Case{"mastodon", 16'777'216}, Case{"bluesky", 2'000'000}}) {
        EXPECT_THAT(errors_of(one_post(network, "t", {picture("p", "image/png", fits)})), IsEmpty())
            << network;
        EXPECT_THAT(errors_of(one_post(network, "t", {picture("p", "image/png", fits + 1)})),
                    Contains("media_too_large@0:media/0"));
        EXPECT_THAT(errors_of(one_post(network, "t", {picture("p", "image/svg+xml")})),
                    Contains("media_type@0:media/0"));
    }
    EXPECT_THAT(errors_of(one_post("x", "t", {picture("p", "image/gif", 15'000'000)})), IsEmpty());
    EXPECT_THAT(errors_of(one_post("x", "t", {picture("p", "image/gif", 15'000'001)})),
                Contains("media_too_large@0:media/0"));
    EXPECT_THAT(errors_of(one_post("x", "t", {picture("p", "image/gif"), picture("q")})),
                Contains("media_mixed@0:media/0"));
    auto huge = picture("p");
    huge.width = huge.height = 5761;
    EXPECT_THAT(errors_of(one_post("mastodon", "t", {huge})), Contains("media_dimensions@0:media/0"));
}

TEST(Validate, limits_descriptions_and_asks_for_them) {
    for (auto const& [network, fits] :
         {std::pair("x", 1000), std::pair("mastodon", 1500), std::pair("bluesky", 2000)}) {
        auto file = picture("p");
        file.alt = repeated("a", fits);
        EXPECT_THAT(issues_of(one_post(network, "t", {file})), IsEmpty()) << network;
        file.alt += "a";
        EXPECT_THAT(errors_of(one_post(network, "t", {file})), Contains("alt_too_long@0:media/0/alt"))
            << network;
        file.alt.clear();
        EXPECT_THAT(issues_of(one_post(network, "t", {file})), Contains("?alt_missing@0:media/0/alt"))
            << network;
    }
}

TEST(Validate, respects_the_server_of_a_bluesky_account) {
    auto publication = one_post("bluesky", "t", {picture("p", "image/png", 1'500'000)});
    publication.account.profile = {{"blob_limit", 1'000'000}};
    EXPECT_THAT(errors_of(publication), Contains("media_too_large@0:media/0"));
}

TEST(Validate, tells_what_x_charges) {
    auto const registry = make_registry();
    auto const publication = long_thread("x");
    bool seen = false;
    for (auto const& issue : registry.find("x")->validate(publication)) {
        if (issue.code != "x_link_price" || issue.part != 0) continue;
        seen = true;
        EXPECT_FALSE(issue.error);
        EXPECT_EQ(issue.params.at("usd"), "0.210");  // a link and two descriptions
        // Two parts with a link, three without, three descriptions: 2 × 0.200 + 3 × 0.015 + 3 × 0.005.
        EXPECT_EQ(issue.params.at("usd_total"), "0.460");
    }
    EXPECT_TRUE(seen);
}

TEST(Validate, warns_of_what_x_may_refuse) {
    EXPECT_THAT(issues_of(one_post("x", "hi @bob")), Contains("?x_mention_risk@0:body"));
    EXPECT_THAT(issues_of(one_post("x", "hi @ann")), IsEmpty());
    EXPECT_THAT(errors_of(one_post("x", "$AAPL and $MSFT")), Contains("x_too_many_cashtags@0:body"));
    auto same =
        publication_on("x", {part(PartRole::post, 0, "same  text"), part(PartRole::thread, 1, "same text")});
    EXPECT_THAT(errors_of(same), Contains("x_repeated_text@1:body"));
}

TEST(Validate, names_wrong_options) {
    auto publication = one_post("mastodon", "t");
    publication.options = {
        {"visibility", "everyone"}, {"sensitive", "yes"}, {"colour", "red"}, {"language", "far too long"}};
    auto const errors = errors_of(publication);
    EXPECT_THAT(errors, Contains("not_allowed@0:options/visibility"));
    EXPECT_THAT(errors, Contains("wrong_type@0:options/sensitive"));
    EXPECT_THAT(errors, Contains("unknown_field@0:options/colour"));
    EXPECT_THAT(errors, Contains("too_long@0:options/language"));
    auto bluesky = one_post("bluesky", "t");
    bluesky.options = {{"language", "de_DE"}, {"content_label", 5}};
    EXPECT_THAT(errors_of(bluesky), Contains("invalid_format@0:options/language"));
    EXPECT_THAT(errors_of(bluesky), Contains("wrong_type@0:options/content_label"));
}

TEST(Registry, knows_its_networks_and_their_capabilities) {
    auto const registry = make_registry();
    for (auto const* network : {"x", "mastodon", "bluesky"}) {
        auto const* adapter = registry.find(network);
        ASSERT_NE(adapter, nullptr);
        auto const& info = adapter->info();
        EXPECT_EQ(info.network, network);
        EXPECT_FALSE(info.name.empty());
        ASSERT_EQ(info.kinds.size(), 1U);
        EXPECT_EQ(info.kinds[0].kind, "post");
        EXPECT_TRUE(info.auth == "oauth" ? !info.scopes.empty() : !info.credentials.empty());
    }
    EXPECT_EQ(registry.find("myspace"), nullptr);
    // Reading back costs money on X.
    EXPECT_THAT(registry.find("x")->info().features, Not(Contains("verify")));
    EXPECT_THAT(registry.find("mastodon")->info().features, Contains("verify"));
}

}  // namespace
}  // namespace mypost::networks::test
