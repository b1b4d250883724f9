#include "publishing/content.hpp"

#include <gtest/gtest.h>

namespace mypost::publishing {

namespace {
constexpr auto picture = R"([{"asset_id":"01900000-0000-7000-8000-000000000001","alt":"A cat"}])";
}

TEST(EffectiveContent, inherits_what_is_absent_and_replaces_what_is_present) {
    auto const post = std::string(R"({"body":"all","link":"https://a.example","media":)") + picture + "}";
    auto const inherited = effective_content(post, "{}");
    ASSERT_EQ(inherited.parts.size(), 1u);
    EXPECT_EQ(inherited.parts[0].text, "all");
    EXPECT_EQ(inherited.parts[0].media.at(0).alt, "A cat");
    EXPECT_EQ(inherited.link, "https://a.example");
    auto const changed = effective_content(post, R"({"body":"mine","media":[],"link":null})");
    EXPECT_EQ(changed.parts[0].text, "mine");
    EXPECT_TRUE(changed.parts[0].media.empty());
    EXPECT_EQ(changed.link, "");
}

TEST(EffectiveContent, orders_the_thread_before_the_first_comment) {
    auto const content = effective_content(
        R"({"body":"1","first_comment":"c","thread":[{"body":"2"},{"body":"3","media":[]}]})", "{}");
    ASSERT_EQ(content.parts.size(), 4u);
    EXPECT_EQ(content.parts[1].index, 1);
    EXPECT_EQ(content.parts[2].text, "3");
    EXPECT_EQ(content.parts[3].role, networks::PartRole::first_comment);
}

TEST(EffectiveContent, refuses_what_our_own_code_never_writes) {
    EXPECT_THROW(effective_content("[]", "{}"), std::invalid_argument);
    EXPECT_THROW(effective_content("{", "{}"), std::invalid_argument);
    EXPECT_THROW(effective_content(R"({"media":[{"asset_id":"x"}]})", "{}"), std::invalid_argument);
}

TEST(FrozenPublication, comes_back_as_it_was) {
    networks::Publication publication;
    publication.target_id = "t";
    publication.kind = "post";
    publication.link = "https://a.example";
    publication.frozen_at = from_ms(1'800'000'000'123);
    publication.options["visibility"] = "unlisted";
    publication.account = {"mastodon", "mastodon.example", "profile", "42", "me", {}};
    publication.account.profile["max"] = 500;
    networks::Part part;
    part.role = networks::PartRole::thread;
    part.index = 2;
    part.text = "h\u00e9llo \"quoted\" \xF0\x9F\x91\x8B";
    part.media.push_back({"a", "image/png", 5'000'000'000ULL, 10, 20, "alt", "ff"});
    publication.parts.push_back(part);

    auto const back = thaw(freeze(publication));
    EXPECT_EQ(back.target_id, "t");
    EXPECT_EQ(back.frozen_at, publication.frozen_at);
    EXPECT_EQ(back.options, publication.options);
    EXPECT_EQ(back.account.instance, "mastodon.example");
    EXPECT_EQ(back.account.profile, publication.account.profile);
    ASSERT_EQ(back.parts.size(), 1u);
    EXPECT_EQ(back.parts[0].role, networks::PartRole::thread);
    EXPECT_EQ(back.parts[0].index, 2);
    EXPECT_EQ(back.parts[0].text, part.text);
    EXPECT_EQ(back.parts[0].media.at(0).size_bytes, 5'000'000'000ULL);
    EXPECT_EQ(back.parts[0].media.at(0).sha256, "ff");
    EXPECT_EQ(freeze(back), freeze(publication));
}

}  // namespace mypost::publishing
