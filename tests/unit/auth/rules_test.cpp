#include <gtest/gtest.h>

#include "auth/auth.hpp"

namespace mypost::auth {

namespace {

TEST(PasswordRule, counts_characters_not_bytes) {
    EXPECT_TRUE(check_password("äöüßäöüßäö", "/password"));
    EXPECT_FALSE(check_password("äöüßäöüßä", "/password"));
    EXPECT_TRUE(check_password(std::string(200, 'x'), "/password"));
    EXPECT_FALSE(check_password(std::string(201, 'x'), "/password"));
    EXPECT_EQ(check_password("short", "/new_password").error().fields.front().field, "/new_password");
}

TEST(EmailRule, refuses_what_is_no_address) {
    for (char const* right : {"a@b", "first.last+tag@sub.example.org", "ö@bücher.example"})
        EXPECT_TRUE(check_email(right, "/email")) << right;
    for (char const* wrong :
         {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n", "<a@b>", "a@b,c@d", "\"a\"@b", "a:b@c"})
        EXPECT_FALSE(check_email(wrong, "/email")) << wrong;
    EXPECT_FALSE(check_email(std::string(250, 'a') + "@b.cd", "/email"));
}

TEST(EmailRule, knows_two_spellings_of_one_address) {
    EXPECT_EQ(email_key("Olga@Example.ORG"), "olga@example.org");
    EXPECT_EQ(email_key("ÖLGA@x"), email_key("ölga@x"));
    EXPECT_EQ(email_key("o\xcc\x88lga@x"), email_key("\xc3\xb6lga@x")) << "composed or not";
}

TEST(TimeZoneRule, takes_iana_names_only) {
    EXPECT_TRUE(check_time_zone("Europe/Berlin", "/time_zone"));
    EXPECT_TRUE(check_time_zone("UTC", "/time_zone"));
    for (char const* wrong : {"", "Mars/Phobos", "../etc/passwd", "Europe/", "+02:00"})
        EXPECT_FALSE(check_time_zone(wrong, "/time_zone")) << wrong;
}

}  // namespace
}  // namespace mypost::auth
