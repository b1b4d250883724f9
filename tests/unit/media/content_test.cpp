#include "media/content.hpp"

#include <gtest/gtest.h>

#include "media/signed_url.hpp"

namespace mypost::media {

std::string choice(std::string_view header, std::uint64_t size = 10) {
    auto const made = choose_range(header, size);
    if (made.kind == RangeKind::whole) return "whole";
    if (made.kind == RangeKind::unsatisfiable) return "unsatisfiable";
    return std::to_string(made.range.first) + "-" + std::to_string(made.range.last);
}

TEST(Ranges, are_read_as_rfc_9110_says) {
    EXPECT_EQ(choice("bytes=0-0"), "0-0");
    EXPECT_EQ(choice("bytes=2-5"), "2-5");
    EXPECT_EQ(choice("bytes=2-"), "2-9");
    EXPECT_EQ(choice("bytes=2-100"), "2-9");
    EXPECT_EQ(choice("bytes=-3"), "7-9");
    EXPECT_EQ(choice("bytes=-100"), "0-9");
    EXPECT_EQ(choice("bytes=10-"), "unsatisfiable");
    EXPECT_EQ(choice("bytes=-0"), "unsatisfiable");
    EXPECT_EQ(choice("bytes=0-", 0), "unsatisfiable");
    for (auto const* ignored : {"", "bytes=", "bytes=-", "bytes=5-2", "bytes=1-2,4-5", "items=0-1",
                                "bytes=a-b", "bytes=1", "bytes=99999999999999999999-", "bytes= 1-2"}) {
        EXPECT_EQ(choice(ignored), "whole") << ignored;
    }
}

class SignedUrls : public testing::Test {
  protected:
    struct Parts {
        std::string path;
        std::int64_t expires = 0;
        std::string signature;
    };
    Parts parts(Instant at) const {
        auto const url = signer.sign(workspace, asset, "content", at);
        auto const question = url.find("?expires=");
        auto const mark = url.find("&signature=");
        return {url.substr(0, question), std::stoll(url.substr(question + 9)), url.substr(mark + 11)};
    }
    UrlSigner signer{"secret", "/api/v1"};
    WorkspaceId workspace = WorkspaceId::make();
    AssetId asset = AssetId::make();
    Instant now = *parse_rfc3339("2026-11-22T09:10:00Z");
};

TEST_F(SignedUrls, open_until_they_expire) {
    auto const made = parts(now);
    EXPECT_EQ(made.path,
              "/api/v1/workspaces/" + workspace.to_string() + "/media/" + asset.to_string() + "/content");
    EXPECT_EQ(to_rfc3339(from_ms(made.expires * 1000)), "2026-11-23T12:00:00.000Z");
    EXPECT_TRUE(signer.verify(workspace, asset, "content", made.expires, made.signature, now));
    EXPECT_TRUE(signer.verify(workspace, asset, "content", made.expires, made.signature,
                              from_ms(made.expires * 1000 - 1000)));
    EXPECT_FALSE(signer.verify(workspace, asset, "content", made.expires, made.signature,
                               from_ms(made.expires * 1000)));
}

TEST_F(SignedUrls, stay_the_same_for_hours) {
    EXPECT_EQ(signer.sign(workspace, asset, "content", now),
              signer.sign(workspace, asset, "content", now + std::chrono::hours(2)));
    EXPECT_NE(signer.sign(workspace, asset, "content", now),
              signer.sign(workspace, asset, "content", now + std::chrono::hours(6)));
}

TEST_F(SignedUrls, hold_for_nothing_else) {
    auto const [path, expires, signature] = parts(now);
    EXPECT_FALSE(signer.verify(workspace, asset, "thumbnail", expires, signature, now));
    EXPECT_FALSE(signer.verify(workspace, AssetId::make(), "content", expires, signature, now));
    EXPECT_FALSE(signer.verify(WorkspaceId::make(), asset, "content", expires, signature, now));
    EXPECT_FALSE(signer.verify(workspace, asset, "content", expires + 3600, signature, now));
    EXPECT_FALSE(signer.verify(workspace, asset, "content", expires, signature.substr(1), now));
    EXPECT_FALSE(signer.verify(workspace, asset, "content", expires, "", now));
    EXPECT_FALSE(UrlSigner("other", "/api/v1").verify(workspace, asset, "content", expires, signature, now));
}

}  // namespace mypost::media
