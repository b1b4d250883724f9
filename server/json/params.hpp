// Path and query parameters → described structs, by the same rules as bodies.
#pragma once

#include <span>
#include <string>
#include <utility>

#include "json/decode.hpp"

namespace mypost::json {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

// A parameter's text as the JSON that its member's type expects; what does not fit stays a string and is
// refused by the decoder. Lists are comma-separated or repeated.
boost::json::value number_or_text(std::string const& text);
boost::json::value bool_or_text(std::string const& text);
std::vector<std::string> split_list(TextPairs const& pairs, std::string_view name);

template <class T>
boost::json::value text_value(std::string const& text) {
    if constexpr (Optional<T>) {
        return text_value<typename T::value_type>(text);
    } else if constexpr (std::is_same_v<T, bool>) {
        return bool_or_text(text);
    } else if constexpr (std::is_arithmetic_v<T>) {
        return number_or_text(text);
    } else {
        return boost::json::string(text);
    }
}

template <class T>
struct list_element {
    using type = void;
};
template <class T>
struct list_element<std::vector<T>> {
    using type = T;
};
template <class T>
struct list_element<std::optional<std::vector<T>>> {
    using type = T;
};

// Refuses a single-valued parameter that is given twice.
void refuse_repeated(std::string_view name, TextPairs const& pairs, Context& context);

// Takes out what is no member of T: for rules<T> that say `open` (addresses that foreign servers add
// parameters to).
template <Struct T>
void drop_unknown(boost::json::object& object) {
    boost::json::object known;
    for_each_member<T>([&](auto d) {
        if (auto* value = object.if_contains(d.name)) known[d.name] = std::move(*value);
    });
    object = std::move(known);
}

// `prefix` is "query:" or "path:". An empty query value counts as absent for optional members.
template <Struct T>
Result<T> decode_params(TextPairs const& pairs, std::string prefix) {
    boost::json::object object;
    for (auto const& [name, value] : pairs) object[name] = boost::json::string(value);
    if constexpr (requires { rules<T>::open; }) drop_unknown<T>(object);
    Context context(std::move(prefix));
    for_each_member<T>([&](auto d) {
        using Member = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
        auto* value = object.if_contains(d.name);
        if (!value) return;
        std::string const text(value->get_string().data(), value->get_string().size());
        using Element = typename list_element<Member>::type;
        if constexpr (!std::is_void_v<Element>) {
            boost::json::array list;
            for (auto const& each : split_list(pairs, d.name)) list.push_back(text_value<Element>(each));
            *value = std::move(list);
        } else {
            refuse_repeated(d.name, pairs, context);
            if (Optional<Member> && text.empty()) {
                object.erase(d.name);
            } else {
                *value = text_value<Member>(text);
            }
        }
    });
    T out{};
    decode_struct(object, out, context);
    if (context.failed()) return context.take_error();
    return out;
}

}  // namespace mypost::json
