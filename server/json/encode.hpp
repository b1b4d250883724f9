// Described C++ types → JSON text or value. Members keep their order. std::optional is null when it holds
// nothing; a std::optional<std::optional<T>> that holds nothing is left out.
#pragma once

#include <string>
#include <string_view>

#include "json/parse.hpp"
#include "json/traits.hpp"

namespace mypost::json {

// Append one value to `out`. NaN and infinities become null.
void write(std::string& out, std::string_view text);
void write(std::string& out, double number);
void write(std::string& out, std::int64_t number);
void write(std::string& out, std::uint64_t number);
void write(std::string& out, boost::json::value const& value);
void write(std::string& out, boost::json::object const& value);
void write(std::string& out, boost::json::array const& value);

template <class T>
void encode_to(std::string& out, T const& in) {
    if constexpr (Optional<T>) {
        if (in) {
            encode_to(out, *in);
        } else {
            out += "null";
        }
    } else if constexpr (std::is_same_v<T, std::string>) {
        write(out, std::string_view(in));
    } else if constexpr (std::is_same_v<T, bool>) {
        out += in ? "true" : "false";
    } else if constexpr (Integer<T>) {
        if constexpr (std::is_signed_v<T>) {
            write(out, static_cast<std::int64_t>(in));
        } else {
            write(out, static_cast<std::uint64_t>(in));
        }
    } else if constexpr (std::is_same_v<T, double>) {
        write(out, in);
    } else if constexpr (Identifier<T>) {
        write(out, std::string_view(in.to_string()));
    } else if constexpr (std::is_same_v<T, Instant>) {
        write(out, std::string_view(to_rfc3339(in)));
    } else if constexpr (Enumeration<T>) {
        write(out, enum_name(in));
    } else if constexpr (Anything<T>) {
        write(out, in);
    } else if constexpr (Vector<T>) {
        out.push_back('[');
        for (std::size_t i = 0; i < in.size(); ++i) {
            if (i > 0) out.push_back(',');
            encode_to<typename T::value_type>(out, in[i]);
        }
        out.push_back(']');
    } else if constexpr (Map<T>) {
        out.push_back('{');
        bool first = true;
        for (auto const& [key, value] : in) {
            if (!first) out.push_back(',');
            first = false;
            write(out, std::string_view(key));
            out.push_back(':');
            encode_to(out, value);
        }
        out.push_back('}');
    } else if constexpr (Variant<T>) {
        std::visit([&out](auto const& value) { encode_to(out, value); }, in);
    } else {
        static_assert(Struct<T>, "describe the type with BOOST_DESCRIBE_STRUCT in its own namespace");
        out.push_back('{');
        bool first = true;
        for_each_member<T>([&](auto d) {
            using Member = std::remove_cvref_t<decltype(in.*d.pointer)>;
            if constexpr (Patch<Member>) {
                if (!(in.*d.pointer)) return;
            }
            if (!first) out.push_back(',');
            first = false;
            out.push_back('"');
            out += d.name;
            out += "\":";
            encode_to<Member>(out, in.*d.pointer);
        });
        out.push_back('}');
    }
}

// Compact JSON text.
template <class T>
std::string serialize(T const& in) {
    std::string out;
    encode_to(out, in);
    return out;
}

// The same as a value, where it is to be looked at or changed.
template <class T>
boost::json::value encode(T const& in) {
    // Our own text is JSON; what was put in as a value may be nested as deep as it likes.
    return parse(serialize(in), 100'000).value();
}

}  // namespace mypost::json
