// JSON → described C++ types, with all field errors at once.
//
// Members are required unless they are std::optional<T> (absent or null: nothing) or their rule says
// `.optional`. std::optional<std::optional<T>> tells absent (nothing), null (a nothing inside) and a value
// apart: merge patches. std::variant takes the first alternative that is written as that kind of JSON.
#pragma once

#include <limits>
#include <string>

#include "core/result.hpp"
#include "json/context.hpp"
#include "json/traits.hpp"

namespace mypost::json {

template <class T>
void decode_value(boost::json::value const& in, T& out, FieldRule const& rule, Context& context);

template <Struct T>
void decode_struct(boost::json::object const& in, T& out, Context& context) {
    std::size_t seen = 0;
    for_each_member<T>([&](auto d) {
        using Member = std::remove_cvref_t<decltype(out.*d.pointer)>;
        static constexpr FieldRule rule = rule_of<T, d.pointer>();
        auto const found = in.find(d.name);
        if (found == in.end()) {
            if (!Optional<Member> && !rule.optional) missing(d.name, context);
            return;
        }
        ++seen;
        Context::Enter const enter(context, std::string_view(d.name));
        decode_value(found->value(), out.*d.pointer, rule, context);
    });
    if (seen == in.size()) return;
    std::vector<std::string_view> known;
    for_each_member<T>([&known](auto d) { known.emplace_back(d.name); });
    unknown_members(in, known, context);
}

template <Integer T>
void decode_integer(boost::json::value const& in, T& out, FieldRule const& rule, Context& context) {
    if constexpr (std::is_signed_v<T>) {
        std::int64_t number = out;
        read_signed(in, number, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), rule, context);
        out = static_cast<T>(number);
    } else {
        std::uint64_t number = out;
        read_unsigned(in, number, std::numeric_limits<T>::max(), rule, context);
        out = static_cast<T>(number);
    }
}

template <Vector T>
void decode_vector(boost::json::value const& in, T& out, FieldRule const& rule, Context& context) {
    if (!in.is_array()) return wrong_type("array", in, context);
    auto const& array = in.get_array();
    check_items(array.size(), rule, context);
    if (rule.max_items && array.size() > *rule.max_items) return;
    out.clear();
    out.reserve(array.size());
    for (std::size_t i = 0; i < array.size() && !context.full(); ++i) {
        Context::Enter const enter(context, i);
        typename T::value_type element{};
        decode_value(array[i], element, rule, context);
        out.push_back(std::move(element));
    }
}

template <Map T>
void decode_map(boost::json::value const& in, T& out, FieldRule const& rule, Context& context) {
    if (!in.is_object()) return wrong_type("object", in, context);
    check_items(in.get_object().size(), rule, context);
    out.clear();
    for (auto const& entry : in.get_object()) {
        std::string_view const key(entry.key().data(), entry.key().size());
        Context::Enter const enter(context, shortened(key));
        typename T::mapped_type element{};
        decode_value(entry.value(), element, rule, context);
        out.emplace(std::string(key), std::move(element));
    }
}

template <class... Alternative>
void decode_variant(boost::json::value const& in, std::variant<Alternative...>& out, FieldRule const& rule,
                    Context& context) {
    auto attempt = [&]<class T>(std::type_identity<T>) {
        if (!takes_kind<T>(in.kind())) return false;
        T value{};
        decode_value(in, value, rule, context);
        out = std::move(value);
        return true;
    };
    bool const taken = (attempt(std::type_identity<Alternative>{}) || ...);
    if (!taken) wrong_type("value of one of the documented types", in, context);
}

template <class T>
void decode_value(boost::json::value const& in, T& out, FieldRule const& rule, Context& context) {
    if constexpr (Optional<T>) {
        if (in.is_null()) {
            if constexpr (Patch<T>) {
                out.emplace();
            } else {
                out.reset();
            }
            return;
        }
        typename T::value_type value{};
        if constexpr (Patch<T>) value.emplace();
        decode_value(in, value, rule, context);
        out = std::move(value);
    } else if constexpr (std::is_same_v<T, boost::json::value>) {
        out = in;
    } else {
        if (in.is_null() && rule.nullable) return;
        if constexpr (std::is_same_v<T, std::string>) {
            read_string(in, out, rule, context);
        } else if constexpr (std::is_same_v<T, bool>) {
            read_bool(in, out, context);
        } else if constexpr (Integer<T>) {
            decode_integer(in, out, rule, context);
        } else if constexpr (std::is_same_v<T, double>) {
            read_double(in, out, rule, context);
        } else if constexpr (std::is_same_v<T, Uuid>) {
            read_uuid(in, out, context);
        } else if constexpr (Identifier<T>) {
            read_uuid(in, out.value, context);
        } else if constexpr (std::is_same_v<T, Instant>) {
            read_instant(in, out, context);
        } else if constexpr (Enumeration<T>) {
            auto number = static_cast<std::int64_t>(out);
            read_enum(in, number, EnumNames<T>::all(), context);
            out = static_cast<T>(number);
        } else if constexpr (Vector<T>) {
            decode_vector(in, out, rule, context);
        } else if constexpr (Map<T>) {
            decode_map(in, out, rule, context);
        } else if constexpr (Variant<T>) {
            decode_variant(in, out, rule, context);
        } else if constexpr (std::is_same_v<T, boost::json::object>) {
            if (!in.is_object()) return wrong_type("object", in, context);
            out = in.get_object();
        } else if constexpr (std::is_same_v<T, boost::json::array>) {
            if (!in.is_array()) return wrong_type("array", in, context);
            check_items(in.get_array().size(), rule, context);
            out = in.get_array();
        } else {
            static_assert(Struct<T>, "describe the type with BOOST_DESCRIBE_STRUCT in its own namespace");
            if (!in.is_object()) return wrong_type("object", in, context);
            decode_struct(in.get_object(), out, context);
        }
    }
}

// validation_failed with every wrong field. `prefix` goes before each field ("" for a body).
template <class T>
Result<T> decode(boost::json::value const& in, std::string prefix = {}) {
    Context context(std::move(prefix));
    T out{};
    decode_value(in, out, FieldRule{}, context);
    if (context.failed()) return context.take_error();
    return out;
}

}  // namespace mypost::json
