// What a field of a described struct must hold. One declaration feeds the decoder and the OpenAPI schema:
//
//     struct CreateBrand { std::string name; std::optional<std::string> time_zone; };
//     BOOST_DESCRIBE_STRUCT(CreateBrand, (), (name, time_zone))
//     template <> struct mypost::json::rules<CreateBrand> { static constexpr auto value = std::tuple{
//       field<&CreateBrand::name>{{.doc = "As people see it", .min_len = 1, .max_len = 100}},
//       field<&CreateBrand::time_zone>{{.doc = "IANA zone; absent: the workspace's", .format =
//       "time-zone"}}}; };
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace mypost::json {

struct FieldRule {
    std::string_view doc = {};
    std::optional<std::size_t> min_len = {};  // strings (also inside arrays and maps), in Unicode code points
    std::optional<std::size_t> max_len = {};
    std::optional<double> min = {};  // numbers, inclusive
    std::optional<double> max = {};
    std::optional<std::size_t> min_items = {};  // arrays and maps
    std::optional<std::size_t> max_items = {};
    std::string_view format = {};  // checked for the names in format.hpp, otherwise only documented
    std::string_view example = {};
    bool nullable = false;  // null is taken for the member's default value
    bool optional = false;  // absent keeps the member's default value (optional<T> needs no such word)
};

template <auto Member>
struct field {
    FieldRule rule;
    static constexpr auto member = Member;
};

// Specialise for a struct: `value` is a tuple of field<…>; optionally `name` (std::string_view or std::string
// function), the schema's name in OpenAPI (default: the type's own, without namespaces), and `doc`.
template <class T>
struct rules {
    static constexpr auto value = std::tuple<>{};
};

namespace detail {

template <auto Wanted, class Field>
constexpr bool is_rule_of(Field const&) {
    if constexpr (std::is_same_v<decltype(Wanted), std::remove_const_t<decltype(Field::member)>>) {
        return Field::member == Wanted;
    } else {
        return false;
    }
}

template <auto Member, class Tuple>
constexpr bool find_in(Tuple const& fields, FieldRule& found) {
    return std::apply(
        [&found](auto const&... each) {
            return ((is_rule_of<Member>(each) ? (found = each.rule, true) : false) || ... || false);
        },
        fields);
}

template <class Class, class Value>
Class class_of(Value Class::*);

}  // namespace detail

// The rule of a member of T; for an inherited member also the base's own.
template <class T, auto Member>
constexpr FieldRule rule_of() {
    using Base = decltype(detail::class_of(Member));
    FieldRule found{};
    if (!detail::find_in<Member>(rules<T>::value, found)) detail::find_in<Member>(rules<Base>::value, found);
    return found;
}

}  // namespace mypost::json
