// Described C++ types → JSON Schema 2020-12, as OpenAPI 3.1 uses it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <typeinfo>
#include <vector>

#include "json/traits.hpp"

namespace mypost::json {

// In a request, members that may be left out are not required; in an answer everything is always there.
enum class Direction { input, output };

// The named schemas that others refer to. A type used in both directions whose schemas differ is listed
// twice, the request's as "<Name>Input".
class Components {
  public:
    // True when `name` is still to be described with set(). Throws std::logic_error when two types have one
    // name.
    bool claim(std::string const& name, std::type_info const& type, Direction direction);
    void set(std::string const& name, Direction direction, boost::json::object schema);
    static boost::json::object reference(std::string const& name, Direction direction);

    // Gives the final names, also inside `document`, and returns the "schemas" object.
    boost::json::object finish(boost::json::value& document) const;

  private:
    struct Entry {
        std::type_info const* type = nullptr;
        std::optional<boost::json::object> input;
        std::optional<boost::json::object> output;
    };
    bool merges(Entry const& entry, std::set<std::string> const& split) const;
    std::map<std::string, Entry> entries_;
};

// Adds what the rule says (limits, format, doc, example) to a schema.
void apply_rule(boost::json::object& schema, FieldRule const& rule, bool is_string, bool is_number,
                bool is_list);
boost::json::object nullable(boost::json::object schema);
boost::json::object enum_schema(std::vector<EnumName> const& names);

template <class T>
boost::json::object schema(Components& components, Direction direction, FieldRule const& rule = {});

template <Struct T>
boost::json::object struct_schema(Components& components, Direction direction) {
    boost::json::object properties;
    boost::json::array required;
    for_each_member<T>([&](auto d) {
        using Member = std::remove_cvref_t<decltype(std::declval<T&>().*d.pointer)>;
        static constexpr FieldRule rule = rule_of<T, d.pointer>();
        properties[d.name] = schema<Member>(components, direction, rule);
        bool const always =
            direction == Direction::output ? !Patch<Member> : !Optional<Member> && !rule.optional;
        if (always) required.emplace_back(d.name);
    });
    boost::json::object out{{"type", "object"}};
    if constexpr (requires { std::string_view(rules<T>::doc); }) out["description"] = rules<T>::doc;
    out["properties"] = std::move(properties);
    if (!required.empty()) out["required"] = std::move(required);
    if (direction == Direction::input) out["additionalProperties"] = false;
    return out;
}

// A type's schema without the field's own rule.
template <class T>
boost::json::object plain_schema(Components& components, Direction direction, FieldRule const& rule) {
    if constexpr (std::is_same_v<T, std::string>) {
        return {{"type", "string"}};
    } else if constexpr (std::is_same_v<T, bool>) {
        return {{"type", "boolean"}};
    } else if constexpr (Integer<T>) {
        boost::json::object out{{"type", "integer"}};
        if constexpr (sizeof(T) == 8) out["format"] = "int64";
        if constexpr (std::is_unsigned_v<T>) out["minimum"] = 0;
        return out;
    } else if constexpr (std::is_same_v<T, double>) {
        return {{"type", "number"}};
    } else if constexpr (Identifier<T>) {
        return {{"type", "string"}, {"format", "uuid"}};
    } else if constexpr (std::is_same_v<T, Instant>) {
        return {{"type", "string"}, {"format", "date-time"}};
    } else if constexpr (Enumeration<T>) {
        std::string const name = schema_name<T>();
        // An enum reads the same in both directions; it is listed once.
        if (components.claim(name, typeid(T), Direction::output)) {
            components.set(name, Direction::output, enum_schema(EnumNames<T>::all()));
        }
        return Components::reference(name, Direction::output);
    } else if constexpr (std::is_same_v<T, boost::json::value>) {
        return {};
    } else if constexpr (std::is_same_v<T, boost::json::object>) {
        return {{"type", "object"}, {"additionalProperties", true}};
    } else if constexpr (std::is_same_v<T, boost::json::array>) {
        return {{"type", "array"}, {"items", boost::json::object()}};
    } else if constexpr (Vector<T>) {
        FieldRule element = rule;
        element.doc = element.example = {};
        element.min_items = element.max_items = std::nullopt;
        return {{"type", "array"}, {"items", schema<typename T::value_type>(components, direction, element)}};
    } else if constexpr (Map<T>) {
        return {{"type", "object"},
                {"additionalProperties", schema<typename T::mapped_type>(components, direction)}};
    } else if constexpr (Variant<T>) {
        boost::json::array choices;
        [&]<class... A>(std::type_identity<std::variant<A...>>) {
            (choices.push_back(schema<A>(components, direction)), ...);
        }(std::type_identity<T>{});
        return {{"anyOf", std::move(choices)}};
    } else {
        static_assert(Struct<T>, "describe the type with BOOST_DESCRIBE_STRUCT in its own namespace");
        std::string const name = schema_name<T>();
        if (components.claim(name, typeid(T), direction)) {
            components.set(name, direction, struct_schema<T>(components, direction));
        }
        return Components::reference(name, direction);
    }
}

template <class T>
boost::json::object schema(Components& components, Direction direction, FieldRule const& rule) {
    if constexpr (Patch<T>) {
        return schema<typename T::value_type>(components, direction, rule);
    } else if constexpr (Optional<T>) {
        using Value = typename T::value_type;
        auto out = nullable(plain_schema<Value>(components, direction, rule));
        apply_rule(out, rule, std::is_same_v<Value, std::string>, std::is_arithmetic_v<Value>, Vector<Value>);
        return out;
    } else {
        auto out = plain_schema<T>(components, direction, rule);
        if (rule.nullable) out = nullable(std::move(out));
        apply_rule(out, rule, std::is_same_v<T, std::string>, std::is_arithmetic_v<T>, Vector<T>);
        return out;
    }
}

}  // namespace mypost::json
