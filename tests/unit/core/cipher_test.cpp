#include "core/cipher.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "core/encoding.hpp"
#include "hex.hpp"

namespace mypost {

using tests::from_hex;

std::string const key_a(32, 'a');
std::string const key_b(32, 'b');
std::string const place = Cipher::place("grants", "access_token", "0192");

// McGrew & Viega, "The Galois/Counter Mode of Operation", test case 16 (NIST's GCM submission).
TEST(Cipher, opens_the_published_vector_in_the_documented_layout) {
    Cipher const cipher(from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
    auto const sealed = from_hex(
        "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f6"
        "1e6393ba"
        "7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b");
    auto const plain =
        cipher.decrypt(base64_encode(sealed), from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
    ASSERT_TRUE(plain);
    EXPECT_EQ(hex_encode(*plain),
              "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b5"
              "25b16aed"
              "f5aa0de657ba637b39");
}

TEST(Cipher, gives_back_what_it_encrypted) {
    Cipher const cipher(key_a);
    for (std::string const& plain :
         {std::string(), std::string("token"), std::string("\0\xff", 2), std::string(5000, 'x')}) {
        auto const text = cipher.encrypt(plain, place);
        EXPECT_EQ(base64_decode(text)->size(), 12 + plain.size() + 16);
        auto const back = cipher.decrypt(text, place);
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, plain);
    }
}

TEST(Cipher, never_uses_an_iv_twice) {
    Cipher const cipher(key_a);
    EXPECT_NE(cipher.encrypt("same", place).substr(0, 16), cipher.encrypt("same", place).substr(0, 16));
}

TEST(Cipher, refuses_a_value_moved_to_another_row) {
    Cipher const cipher(key_a);
    auto const text = cipher.encrypt("token", place);
    auto const moved = cipher.decrypt(text, Cipher::place("grants", "access_token", "0193"));
    ASSERT_FALSE(moved);
    EXPECT_EQ(moved.error().code, ErrorCode::internal);
}

TEST(Cipher, refuses_damaged_texts) {
    Cipher const cipher(key_a);
    auto const sealed = *base64_decode(cipher.encrypt("token", place));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        auto damaged = sealed;
        damaged[i] = static_cast<char>(damaged[i] ^ 1);
        EXPECT_FALSE(cipher.decrypt(base64_encode(damaged), place)) << "byte " << i;
    }
    EXPECT_FALSE(cipher.decrypt(base64_encode(sealed.substr(0, 27)), place));
    EXPECT_FALSE(cipher.decrypt("", place));
    EXPECT_FALSE(cipher.decrypt("no base64!", place));
}

TEST(Cipher, reads_old_keys_and_tells_what_is_due_for_renewal) {
    auto const old_text = Cipher(key_a).encrypt("token", place);
    Cipher const ring(key_b, {key_a});
    auto const back = ring.decrypt(old_text, place);
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, "token");
    EXPECT_TRUE(ring.made_with_old_key(old_text, place));
    auto const renewed = ring.encrypt("token", place);
    EXPECT_FALSE(ring.made_with_old_key(renewed, place));
    EXPECT_FALSE(Cipher(key_a).decrypt(renewed, place));
    EXPECT_FALSE(ring.made_with_old_key("damaged", place));
}

TEST(Cipher, refuses_keys_of_another_size) {
    EXPECT_THROW(Cipher("short"), std::invalid_argument);
    EXPECT_THROW(Cipher(key_a, {"short"}), std::invalid_argument);
}

}  // namespace mypost
