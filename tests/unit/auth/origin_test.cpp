#include <gtest/gtest.h>

#include "auth/routes.hpp"

namespace mypost::auth {

namespace {

struct Case {
    std::string origin;
    std::string host;
    std::string public_url;
    bool allowed;
};

TEST(Origin, is_the_requests_own_host_or_the_public_url) {
    std::vector<Case> const cases{
        {"", "anything", "http://127.0.0.1:8080", true},  // no browser
        {"http://127.0.0.1:8080", "127.0.0.1:8080", "http://127.0.0.1:8080", true},
        {"http://localhost:8080", "localhost:8080", "http://127.0.0.1:8080", true},
        {"http://LOCALHOST:8080", "localhost:8080", "http://127.0.0.1:8080", true},
        {"https://social.example", "social.example", "http://127.0.0.1:8080", true},
        {"https://social.example", "social.example:443", "http://127.0.0.1:8080", true},
        {"https://social.example", "10.0.0.7:8080", "https://social.example/mypost", true},
        {"http://[::1]:8080", "[::1]:8080", "http://127.0.0.1:8080", true},
        {"http://[::1]", "[::1]:80", "http://127.0.0.1:8080", true},
        {"http://[::1]:81", "[::1]:80", "http://127.0.0.1:8080", false},
        {"https://evil.example", "social.example", "https://social.example", false},
        {"http://localhost:8080", "127.0.0.1:8080", "http://127.0.0.1:8080", false},
        {"http://127.0.0.1:8081", "127.0.0.1:8080", "http://127.0.0.1:8080", false},
        {"https://social.example.evil.example", "social.example", "https://social.example", false},
        {"null", "social.example", "https://social.example", false},
        {"social.example", "social.example", "https://social.example", false}};
    for (auto const& each : cases) {
        http::RequestInfo info;
        info.origin = each.origin;
        info.host = each.host;
        auto const checked = check_origin(info, each.public_url);
        EXPECT_EQ(checked.has_value(), each.allowed) << each.origin << " at " << each.host;
        if (checked) continue;
        EXPECT_EQ(checked.error().code, ErrorCode::origin_mismatch);
        EXPECT_NE(checked.error().message.find("MYPOST_PUBLIC_URL"), std::string::npos);
        EXPECT_NE(checked.error().message.find(each.origin), std::string::npos);
    }
}

}  // namespace
}  // namespace mypost::auth
