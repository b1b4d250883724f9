#include "net/redirects.hpp"

#include <gtest/gtest.h>

namespace mypost::net {

Request get(std::string url) {
    Request request;
    request.url = std::move(url);
    request.max_redirects = 3;
    request.headers = {{"Authorization", "Bearer t"}, {"Accept", "*/*"}};
    return request;
}

Response redirect(std::string location, int status = 302) {
    Response response;
    response.status = status;
    response.headers = {{"Location", std::move(location)}};
    return response;
}

TEST(Redirects, resolve_against_the_address_that_was_called) {
    EXPECT_EQ(next_hop(get("https://a.example/x/y?q"), redirect("z#part"))->url, "https://a.example/x/z");
    EXPECT_EQ(next_hop(get("https://a.example/x"), redirect("/z?k=v"))->url, "https://a.example/z?k=v");
    EXPECT_EQ(next_hop(get("https://a.example/x"), redirect("//b.example/z"))->url, "https://b.example/z");
    EXPECT_EQ(next_hop(get("https://a.example/x"), redirect("z"))->max_redirects, 2);
}

TEST(Redirects, keep_credentials_on_the_same_origin_only) {
    EXPECT_EQ(next_hop(get("https://a.example/"), redirect("/z"))->headers.size(), 2U);
    for (auto const* other : {"https://b.example/", "http://a.example/", "https://a.example:444/"}) {
        auto const next = next_hop(get("https://a.example/"), redirect(other));
        ASSERT_TRUE(next);
        ASSERT_EQ(next->headers.size(), 1U) << other;
        EXPECT_EQ(next->headers[0].first, "Accept");
    }
}

TEST(Redirects, are_followed_only_where_it_is_safe) {
    auto post = get("https://a.example/");
    post.method = "POST";
    EXPECT_FALSE(next_hop(post, redirect("/z")));
    auto used_up = get("https://a.example/");
    used_up.max_redirects = 0;
    EXPECT_FALSE(next_hop(used_up, redirect("/z")));
    EXPECT_FALSE(next_hop(get("https://a.example/"), redirect("/z", 304)));
    EXPECT_FALSE(next_hop(get("https://a.example/"), redirect("", 302)));
    EXPECT_FALSE(next_hop(get("https://a.example/"), redirect("ht tp://", 302)));
}

}  // namespace mypost::net
