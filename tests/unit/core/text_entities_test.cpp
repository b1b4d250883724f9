#include "core/text_entities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/text_links.hpp"

namespace mypost::text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> texts(std::string_view text, std::vector<Range> const& ranges) {
    std::vector<std::string> out;
    for (auto const& range : ranges) out.emplace_back(range.of(text));
    return out;
}
std::vector<std::string> links(std::string_view text, LinkRule rule) {
    return texts(text, find_links(text, rule));
}
std::vector<std::string> handles(std::string_view text) {
    return texts(text, find_handles(text));
}
std::vector<std::string> hashtags(std::string_view text) {
    return texts(text, find_hashtags(text));
}

TEST(TextLinks, of_x_need_no_scheme) {
    EXPECT_THAT(links("a.com, https://b.org/x and c.de/y?z=1.", LinkRule::x),
                ElementsAre("a.com", "https://b.org/x", "c.de/y?z=1"));
    EXPECT_THAT(links("日本example.com", LinkRule::x), ElementsAre("example.com"));
    EXPECT_THAT(links("me@example.com #example.com @example.com", LinkRule::x), IsEmpty());
}

TEST(TextLinks, of_mastodon_need_a_scheme) {
    EXPECT_THAT(links("a.com https://b.org/x", LinkRule::mastodon), ElementsAre("https://b.org/x"));
    EXPECT_THAT(links("https://server.notatld/x", LinkRule::mastodon), IsEmpty());
}

TEST(TextLinks, have_byte_offsets) {
    std::string_view const text = "Größe: https://example.com/straße!";
    auto const found = find_links(text, LinkRule::open);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].begin, 9U);
    EXPECT_EQ(found[0].of(text), "https://example.com/straße");
}

TEST(TextLinks, keep_paths_of_every_script_for_bluesky) {
    EXPECT_THAT(links("see example.com/路 now", LinkRule::open), ElementsAre("example.com/路"));
}

TEST(TextLinks, of_bluesky_take_any_host_behind_a_scheme) {
    EXPECT_THAT(links("https://a.example/#x, http://localhost:8080/y. and server.notatld/z", LinkRule::open),
                ElementsAre("https://a.example/#x", "http://localhost:8080/y"));
    EXPECT_THAT(links("https:// https://.", LinkRule::open), IsEmpty());
}

TEST(TextLinks, get_a_scheme) {
    EXPECT_EQ(with_scheme("example.com/a?b=http://c"), "https://example.com/a?b=http://c");
    EXPECT_EQ(with_scheme("http://example.com"), "http://example.com");
}

TEST(Handles, are_domain_names_after_an_at_sign) {
    EXPECT_THAT(handles("hi @ann.bsky.social, (@bob.example.com) and @carl"),
                ElementsAre("@ann.bsky.social", "@bob.example.com"));
    EXPECT_THAT(handles("mail@ann.bsky.social @a..b @-x.com @ann@b.com"), IsEmpty());
    EXPECT_THAT(handles("@ann.bsky.social."), ElementsAre("@ann.bsky.social"));
}

TEST(RemoteMentions, know_their_local_part) {
    std::string_view const text = "cc @ann@social.example.com.";
    auto const found = find_remote_mentions(text);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].whole.of(text), "@ann@social.example.com");
    EXPECT_EQ(found[0].local.of(text), "@ann");
    EXPECT_THAT(find_remote_mentions("foo@ann@example.com /@ann@example.com"), IsEmpty());
}

TEST(XMentions, are_names_of_twenty_characters_at_most) {
    std::string_view const text = "@ann and @bob_1, mail@example.com; @a_very_long_name_indeed_x";
    EXPECT_THAT(texts(text, find_x_mentions(text)), ElementsAre("@ann", "@bob_1", "@a_very_long_name_ind"));
}

TEST(Hashtags, leave_out_the_punctuation_behind_them) {
    EXPECT_THAT(hashtags("#news, #Größe! #日本 #c++"), ElementsAre("#news", "#Größe", "#日本", "#c++"));
    EXPECT_THAT(hashtags("#1 a#b ##x #️⃣ # #..."), IsEmpty());
    EXPECT_THAT(hashtags("(#tag) #2024x"), ElementsAre("#tag", "#2024x"));
}

TEST(Cashtags, are_one_to_six_letters) {
    std::string_view const text = "$TWTR and $AAPL, not $5 or a$B or $TOOLONGX";
    EXPECT_THAT(texts(text, find_cashtags(text)), ElementsAre("$TWTR", "$AAPL"));
}

TEST(Text, normalises_trims_and_shortens) {
    EXPECT_EQ(nfc("cafe\u0301"), "café");
    EXPECT_EQ(trim("\u00a0 a b\n"), "a b");
    EXPECT_EQ(shorten("👨‍👩‍👧‍👦bcd", 3), "👨‍👩‍👧‍👦b…");
    EXPECT_EQ(shorten("abc", 3), "abc");
}

}  // namespace
}  // namespace mypost::text
