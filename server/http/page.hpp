// Lists: {"data":[…],"next_cursor":null|"…"}, keyset-paginated.
#pragma once

#include <boost/describe/class.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "json/names.hpp"

namespace mypost::http {

template <class T>
struct Page {
    std::vector<T> data;
    std::optional<std::string> next_cursor;
    BOOST_DESCRIBE_CLASS(Page, (), (data, next_cursor), (), ())
};

// A list that is always whole: {"data":[…]}.
template <class T>
struct List {
    std::vector<T> data;
    BOOST_DESCRIBE_CLASS(List, (), (data), (), ())
};

// Base of list queries: struct PostQuery : http::PageQuery {…}; BOOST_DESCRIBE_STRUCT(PostQuery,
// (http::PageQuery), (…)).
struct PageQuery {
    std::optional<std::int32_t> limit;  // 1–200
    std::optional<std::string> cursor;

    std::size_t limit_or_default() const { return limit ? static_cast<std::size_t>(*limit) : 50; }
};
BOOST_DESCRIBE_STRUCT(PageQuery, (), (limit, cursor))

// The keyset position as opaque text, and back. Error: invalid_format of query:cursor when it was not made
// for `count` values by make_cursor.
std::string make_cursor(std::vector<std::string> const& values);
Result<std::vector<std::string>> read_cursor(std::string const& cursor, std::size_t count);

}  // namespace mypost::http

template <>
struct mypost::json::rules<mypost::http::PageQuery> {
    static constexpr auto value = std::tuple{
        field<&http::PageQuery::limit>{{.doc = "How many at most; default 50", .min = 1, .max = 200}},
        field<&http::PageQuery::cursor>{{.doc = "next_cursor of the page before", .max_len = 500}}};
};
template <class T>
struct mypost::json::rules<mypost::http::Page<T>> {
    static constexpr auto value = std::tuple<>{};
    static std::string name() { return schema_name<T>() + "Page"; }
};
template <class T>
struct mypost::json::rules<mypost::http::List<T>> {
    static constexpr auto value = std::tuple<>{};
    static std::string name() { return schema_name<T>() + "List"; }
};
