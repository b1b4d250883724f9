#include "json/format.hpp"

#include <gtest/gtest.h>

namespace mypost {

namespace {

struct Case {
    std::string_view format;
    std::string_view text;
    bool fits;
};

constexpr Case cases[] = {
    {"email", "ann@example.com", true},
    {"email", "a.b+c@localhost", true},
    {"email", "ann@", false},
    {"email", "@example.com", false},
    {"email", "a b@example.com", false},
    {"email", ".a@example.com", false},
    {"email", "a..b@example.com", false},
    {"email", "a@b@example.com", false},
    {"email", "a@-x.com", false},
    {"uri", "https://example.com/a?b#c", true},
    {"uri", "http://127.0.0.1:80", true},
    {"uri", "ftp://example.com", false},
    {"uri", "https:///path", false},
    {"uri", "https://a b", false},
    {"uri", "javascript:alert(1)", false},
    {"hostname", "a.example", true},
    {"hostname", "a..example", false},
    {"hostname", "-a.example", false},
    {"hostname", "a-.example", false},
    {"hostname", "", false},
    {"date", "2026-02-28", true},
    {"date", "2026-02-29", false},
    {"date", "2026-2-28", false},
    {"date", "2026-02-28T", false},
    {"time", "09:30", true},
    {"time", "24:00", false},
    {"time", "9:30", false},
    {"local-date-time", "2026-11-22T09:00", true},
    {"local-date-time", "2026-11-22T09:00:01", true},
    {"local-date-time", "2026-11-22T09:00Z", false},
    {"time-zone", "Europe/Paris", true},
    {"time-zone", "Etc/GMT+3", true},
    {"time-zone", "../etc/passwd", false},
    {"color", "#a1B2c3", true},
    {"color", "#abc", false},
    {"color", "a1b2c3d", false},
    {"slug", "my-brand-2", true},
    {"slug", "My-brand", false},
    {"slug", "-a", false},
    {"slug", "a--b", false},
    {"locale", "en", true},
    {"locale", "pt-BR", true},
    {"locale", "e", false},
    {"locale", "en-", false},
    {"password", "anything at all", true},
};

}  // namespace

TEST(JsonFormat, tells_right_from_wrong) {
    for (auto const& each : cases) {
        EXPECT_EQ(json::matches_format(each.format, each.text), each.fits) << each.format << " " << each.text;
    }
}

}  // namespace mypost
