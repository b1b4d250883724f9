#include "core/crypto.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/encoding.hpp"
#include "hex.hpp"

namespace mypost::crypto {

using tests::from_hex;

// FIPS 180-4 examples.
TEST(Sha256, matches_the_published_digests) {
    EXPECT_EQ(hex_encode(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex_encode(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, is_the_same_over_pieces) {
    Sha256 digest;
    digest.update("a");
    digest.update("");
    digest.update("bc");
    EXPECT_EQ(digest.finish(), sha256("abc"));
}

struct HmacCase {
    char const* name;
    std::string key;
    std::string message;
    char const* mac;
};

// RFC 4231, test cases 1, 2, 3, 6 and 7.
TEST(HmacSha256, matches_rfc_4231) {
    HmacCase const cases[] = {
        {"1", std::string(20, '\x0b'), "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"2", "Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"3", std::string(20, '\xaa'), std::string(50, '\xdd'),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {"6", std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {"7", std::string(131, '\xaa'),
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
         "to be "
         "hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (auto const& test : cases)
        EXPECT_EQ(hex_encode(hmac_sha256(test.key, test.message)), test.mac) << test.name;
}

TEST(ConstantTimeEqual, compares_content_and_length) {
    EXPECT_TRUE(constant_time_equal("", ""));
    EXPECT_TRUE(constant_time_equal("same", "same"));
    EXPECT_FALSE(constant_time_equal("same", "samf"));
    EXPECT_FALSE(constant_time_equal("same", "sam"));
}

TEST(RandomToken, is_url_safe_and_never_repeats) {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        auto const token = random_token();
        EXPECT_EQ(token.size(), 43U);
        EXPECT_EQ(base64url_decode(token)->size(), 32U);
        EXPECT_TRUE(seen.insert(token).second);
    }
}

}  // namespace mypost::crypto
