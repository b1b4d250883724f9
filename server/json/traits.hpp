// Which C++ types stand for which JSON.
#pragma once

#include <boost/describe/members.hpp>
#include <boost/json.hpp>
#include <boost/mp11/algorithm.hpp>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/clock.hpp"
#include "core/ids.hpp"
#include "json/names.hpp"
#include "json/rules.hpp"

namespace mypost::json {

namespace detail {

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class T, class C, class A>
struct is_map<std::map<std::string, T, C, A>> : std::true_type {};
template <class T>
struct is_variant : std::false_type {};
template <class... T>
struct is_variant<std::variant<T...>> : std::true_type {};
template <class T>
struct is_id : std::false_type {};
template <class Tag>
struct is_id<Id<Tag>> : std::true_type {};
template <>
struct is_id<Uuid> : std::true_type {};

}  // namespace detail

template <class T>
concept Optional = detail::is_optional<T>::value;
template <class T>
concept Vector = detail::is_vector<T>::value;
template <class T>
concept Map = detail::is_map<T>::value;
template <class T>
concept Variant = detail::is_variant<T>::value;
template <class T>
concept Identifier = detail::is_id<T>::value;
template <class T>
concept Integer = std::is_integral_v<T> && !std::is_same_v<T, bool>;
template <class T>
concept Anything = std::is_same_v<T, boost::json::value> || std::is_same_v<T, boost::json::object> ||
                   std::is_same_v<T, boost::json::array>;
template <class T>
concept Enumeration = std::is_enum_v<T>;
template <class T>
concept Struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value && !Identifier<T>;

// absent | null | value, for merge patches.
template <class T>
concept Patch = Optional<T> && requires { requires Optional<typename T::value_type>; };

template <class T>
using members =
    boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

// Calls f(descriptor) for each described member, base classes first.
template <Struct T, class F>
void for_each_member(F&& f) {
    boost::mp11::mp_for_each<members<T>>(std::forward<F>(f));
}

// The JSON kinds a type may be written as, to pick a variant's alternative.
template <class T>
constexpr bool takes_kind(boost::json::kind kind) {
    using boost::json::kind;
    if constexpr (std::is_same_v<T, bool>) {
        return kind == kind::bool_;
    } else if constexpr (std::is_arithmetic_v<T>) {
        return kind == kind::int64 || kind == kind::uint64 || kind == kind::double_;
    } else if constexpr (Vector<T> || std::is_same_v<T, boost::json::array>) {
        return kind == kind::array;
    } else if constexpr (Map<T> || Struct<T> || std::is_same_v<T, boost::json::object>) {
        return kind == kind::object;
    } else {
        return kind == kind::string;
    }
}

}  // namespace mypost::json
