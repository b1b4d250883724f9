// What files really are.
#include <gtest/gtest.h>

#include "sandbox/framework/multipart.hpp"
#include "sandbox/framework/sniff.hpp"
#include "unit/sandbox/support.hpp"

namespace mypost::sandbox {

TEST(SandboxSniff, reads_the_size_of_a_png) {
    auto const facts = sniff(testing::png(13, 7));
    EXPECT_EQ(facts.content_type, "image/png");
    EXPECT_EQ(facts.width, 13u);
    EXPECT_EQ(facts.height, 7u);
    EXPECT_TRUE(facts.intact);
}

TEST(SandboxSniff, reads_the_size_of_a_jpeg) {
    auto const facts = sniff(testing::jpeg_8x8);
    EXPECT_EQ(facts.content_type, "image/jpeg");
    EXPECT_EQ(facts.width, 8u);
    EXPECT_EQ(facts.height, 8u);
    EXPECT_TRUE(facts.intact);
}

TEST(SandboxSniff, counts_the_frames_of_a_gif) {
    auto const facts = sniff(testing::gif(3));
    EXPECT_EQ(facts.kind, "gif");
    EXPECT_EQ(facts.frames, 3u);
    EXPECT_TRUE(facts.intact);
}

TEST(SandboxSniff, reads_the_size_of_an_extended_webp) {
    std::string file = "RIFF" + std::string("\x16\x00\x00\x00", 4) + "WEBPVP8X" +
                       std::string("\x0A\x00\x00\x00\x00\x00\x00\x00\x3F\x01\x00\xEF\x00\x00", 14);
    auto const facts = sniff(file);
    EXPECT_EQ(facts.content_type, "image/webp");
    EXPECT_EQ(facts.width, 320u);
    EXPECT_EQ(facts.height, 240u);
}

TEST(SandboxSniff, tells_cut_off_files) {
    for (auto const& whole : {testing::png(40, 40), testing::jpeg_8x8, testing::gif(2)}) {
        for (std::size_t length = 8; length < whole.size() - 2; ++length) {
            EXPECT_FALSE(sniff(whole.substr(0, length)).intact &&
                         !sniff(whole.substr(0, length)).kind.empty())
                << length << " of " << whole.size();
        }
    }
}

TEST(SandboxSniff, does_not_trust_names_or_noise) {
    EXPECT_TRUE(sniff("").kind.empty());
    EXPECT_TRUE(sniff("<svg xmlns='http://www.w3.org/2000/svg'/>").kind.empty());
    EXPECT_TRUE(sniff(std::string(5000, 'x')).kind.empty());
}

TEST(SandboxMultipart, reads_fields_and_files) {
    auto const parts = parse_multipart(
        "multipart/form-data; boundary=\"a b\"",
        "--a b\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\nhello\r\n--a b\r\n"
        "Content-Disposition: form-data; name=\"file\"; filename=\"a\\\"b.png\"\r\nContent-Type: "
        "image/png\r\n\r\n"
        "x\r\ny\r\n--a b\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--a b--");
    ASSERT_TRUE(parts) << parts.error().message;
    ASSERT_EQ(parts->size(), 3u);
    EXPECT_EQ((*parts)[0].body, "hello");
    EXPECT_EQ((*parts)[1].filename, "a\"b.png");
    EXPECT_EQ((*parts)[1].content_type, "image/png");
    EXPECT_EQ((*parts)[1].body, "x\r\ny");
    EXPECT_EQ((*parts)[2].body, "");
}

TEST(SandboxMultipart, refuses_broken_bodies) {
    EXPECT_FALSE(parse_multipart("multipart/form-data", "--x--"));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=x", "no boundary here"));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=x",
                                 "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut"));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=x",
                                 "--x\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--x--"));
}

}  // namespace mypost::sandbox
