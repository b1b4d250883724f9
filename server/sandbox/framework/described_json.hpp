// Structs described with BOOST_DESCRIBE_STRUCT to JSON and back, for the state file.
#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "core/clock.hpp"

namespace mypost::sandbox {

namespace json = boost::json;

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};
template <class T>
struct is_map : std::false_type {};
template <class T>
struct is_map<std::map<std::string, T>> : std::true_type {};
template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
json::value encode(T const& value) {
    if constexpr (std::is_same_v<T, json::value> || std::is_same_v<T, json::object> ||
                  std::is_same_v<T, json::array>) {
        return value;
    } else if constexpr (std::is_same_v<T, Instant>) {
        return to_ms(value);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
        return json::value(value);
    } else if constexpr (is_optional<T>::value) {
        return value ? encode(*value) : json::value(nullptr);
    } else if constexpr (is_vector<T>::value) {
        json::array array;
        for (auto const& item : value) array.push_back(encode(item));
        return array;
    } else if constexpr (std::is_same_v<T, std::set<std::string>>) {
        json::array array;
        for (auto const& item : value) array.push_back(json::value(item));
        return array;
    } else if constexpr (is_map<T>::value) {
        json::object object;
        for (auto const& [key, item] : value) object[key] = encode(item);
        return object;
    } else {
        json::object object;
        boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
            [&](auto member) { object[member.name] = encode(value.*member.pointer); });
        return object;
    }
}

// Members that the JSON lacks keep their value, so that an older state file still loads.
// Throws boost::system::system_error or std::exception when a member has another type.
template <class T>
void decode(json::value const& from, T& to) {
    if constexpr (std::is_same_v<T, json::value>) {
        to = from;
    } else if constexpr (std::is_same_v<T, json::object>) {
        to = from.as_object();
    } else if constexpr (std::is_same_v<T, json::array>) {
        to = from.as_array();
    } else if constexpr (std::is_same_v<T, Instant>) {
        to = from_ms(from.to_number<std::int64_t>());
    } else if constexpr (std::is_same_v<T, bool>) {
        to = from.as_bool();
    } else if constexpr (std::is_arithmetic_v<T>) {
        to = from.to_number<T>();
    } else if constexpr (std::is_same_v<T, std::string>) {
        to = std::string(from.as_string());
    } else if constexpr (is_optional<T>::value) {
        to.reset();
        if (!from.is_null()) decode(from, to.emplace());
    } else if constexpr (is_vector<T>::value) {
        to.clear();
        for (auto const& item : from.as_array()) decode(item, to.emplace_back());
    } else if constexpr (std::is_same_v<T, std::set<std::string>>) {
        to.clear();
        for (auto const& item : from.as_array()) to.insert(std::string(item.as_string()));
    } else if constexpr (is_map<T>::value) {
        to.clear();
        for (auto const& [key, item] : from.as_object()) decode(item, to[std::string(key)]);
    } else {
        auto const& object = from.as_object();
        boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
            [&](auto member) {
                if (auto const* value = object.if_contains(member.name)) decode(*value, to.*member.pointer);
            });
    }
}

}  // namespace mypost::sandbox
