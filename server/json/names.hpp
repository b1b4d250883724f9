// Names of described types and enumerators as they stand on the wire.
#pragma once

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/permission.hpp"
#include "json/rules.hpp"

namespace mypost::json {

struct EnumName {
    std::int64_t value;
    std::string_view name;
};

// A described enum's values; an enumerator that had to avoid a keyword (`public_`) loses the last underscore.
// Specialise for an enum whose wire names are no C++ identifiers.
template <class E>
struct EnumNames {
    static std::vector<EnumName> const& all() {
        static auto const names = [] {
            std::vector<EnumName> list;
            boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&list](auto d) {
                std::string_view name = d.name;
                if (name.ends_with('_')) name.remove_suffix(1);
                list.push_back({static_cast<std::int64_t>(d.value), name});
            });
            return list;
        }();
        return names;
    }
};

template <>
struct EnumNames<access::Permission> {
    static std::vector<EnumName> const& all();
};

// The wire name; empty for a value that the enum does not declare.
std::string_view enum_name(std::vector<EnumName> const& names, std::int64_t value);
template <class E>
std::string_view enum_name(E value) {
    return enum_name(EnumNames<E>::all(), static_cast<std::int64_t>(value));
}

// The enumerator of that wire name, or nothing.
template <class E>
std::optional<E> parse_enum(std::string_view name) {
    for (auto const& entry : EnumNames<E>::all()) {
        if (entry.name == name) return static_cast<E>(entry.value);
    }
    return std::nullopt;
}

// "mypost::posts::Post" → "Post", "mypost::http::Page<mypost::posts::Post>" → "PagePost".
std::string short_type_name(std::string_view pretty);

// A struct's or enum's name among the OpenAPI components.
template <class T>
std::string schema_name() {
    if constexpr (requires { std::string(rules<T>::name()); }) {
        return std::string(rules<T>::name());
    } else if constexpr (requires { std::string(rules<T>::name); }) {
        return std::string(rules<T>::name);
    } else {
        return short_type_name(__PRETTY_FUNCTION__);
    }
}

}  // namespace mypost::json
