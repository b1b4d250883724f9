#include "core/password_hash.hpp"

#include <gtest/gtest.h>

namespace mypost {

constexpr PasswordCost cheap{.memory_kib = 64, .iterations = 1, .lanes = 1};

// From the reference implementation's own tests (P-H-C/phc-winner-argon2, src/test.c).
TEST(PasswordHash, verifies_the_reference_implementations_hash) {
    std::string const phc =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    EXPECT_TRUE(verify_password("password", phc));
    EXPECT_FALSE(verify_password("passwore", phc));
}

TEST(PasswordHash, default_cost_is_owasps) {
    auto const phc = hash_password("correct horse battery staple");
    EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << phc;
    EXPECT_TRUE(verify_password("correct horse battery staple", phc));
    EXPECT_FALSE(verify_password("", phc));
    EXPECT_FALSE(password_needs_rehash(phc));
}

TEST(PasswordHash, salts_each_hash) {
    EXPECT_NE(hash_password("same", cheap), hash_password("same", cheap));
}

TEST(PasswordHash, takes_bytes_after_a_zero_into_account) {
    auto const phc = hash_password(std::string_view("a\0b", 3), cheap);
    EXPECT_FALSE(verify_password(std::string_view("a\0c", 3), phc));
}

TEST(PasswordHash, wants_a_new_hash_when_the_cost_has_risen) {
    EXPECT_TRUE(password_needs_rehash(hash_password("x", cheap)));
    EXPECT_FALSE(password_needs_rehash(hash_password("x", cheap), cheap));
    EXPECT_TRUE(password_needs_rehash("$2b$12$abcdefghijklmnopqrstuv"));
    EXPECT_TRUE(password_needs_rehash("$argon2id$v=19$nonsense"));
}

TEST(PasswordHash, refuses_what_is_no_argon2id_string) {
    EXPECT_FALSE(verify_password("x", ""));
    EXPECT_FALSE(verify_password("x", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA"));
    EXPECT_FALSE(verify_password("x", "$argon2id$v=19$m=64,t=1,p=1$broken"));
}

}  // namespace mypost
