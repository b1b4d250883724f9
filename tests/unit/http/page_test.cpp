#include "http/page.hpp"

#include <gtest/gtest.h>

namespace mypost {

TEST(HttpPage, cursors_come_back_as_they_were) {
    std::vector<std::string> const values{"1700000000000", "id with \"quotes\" and é"};
    EXPECT_EQ(http::read_cursor(http::make_cursor(values), 2).value(), values);
}

TEST(HttpPage, refuses_cursors_it_did_not_make) {
    for (std::string cursor :
         {std::string("!!"), std::string(""), std::string("AAAA"), http::make_cursor({"one"})}) {
        auto const result = http::read_cursor(cursor, 2);
        ASSERT_FALSE(result.has_value()) << cursor;
        EXPECT_EQ(result.error().fields.at(0).field, "query:cursor");
    }
}

}  // namespace mypost
