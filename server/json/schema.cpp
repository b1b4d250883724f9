#include "json/schema.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace mypost::json {

namespace {

constexpr std::string_view input_mark = "#in:";
constexpr std::string_view output_mark = "#out:";

// Calls f(reference) for every "$ref" string within.
template <class F>
void for_each_reference(boost::json::value& value, F const& f) {
    if (auto* object = value.if_object()) {
        for (auto& entry : *object) {
            if (entry.key() == "$ref" && entry.value().is_string()) {
                f(entry.value().get_string());
            } else {
                for_each_reference(entry.value(), f);
            }
        }
    } else if (auto* array = value.if_array()) {
        for (auto& element : *array) for_each_reference(element, f);
    }
}

std::string name_in(std::string_view reference) {
    if (reference.starts_with(input_mark)) return std::string(reference.substr(input_mark.size()));
    if (reference.starts_with(output_mark)) return std::string(reference.substr(output_mark.size()));
    return {};
}

// The schema without the direction of its references and what only requests say.
boost::json::value comparable(boost::json::object const& schema) {
    boost::json::value copy = schema;
    copy.get_object().erase("additionalProperties");
    for_each_reference(copy, [](boost::json::string& reference) { reference = name_in(reference); });
    return copy;
}

}  // namespace

bool Components::claim(std::string const& name, std::type_info const& type, Direction direction) {
    auto& entry = entries_[name];
    if (entry.type && *entry.type != type) {
        throw std::logic_error(
            fmt::format("two types are both named {} in the API: {} and {}; give one a json::rules<T>::name",
                        name, entry.type->name(), type.name()));
    }
    entry.type = &type;
    auto& slot = direction == Direction::input ? entry.input : entry.output;
    if (slot) return false;
    slot.emplace();  // claimed: a type that contains itself finds it so
    return true;
}

void Components::set(std::string const& name, Direction direction, boost::json::object schema) {
    auto& entry = entries_.at(name);
    (direction == Direction::input ? entry.input : entry.output) = std::move(schema);
}

boost::json::object Components::reference(std::string const& name, Direction direction) {
    return {{"$ref", fmt::format("{}{}", direction == Direction::input ? input_mark : output_mark, name)}};
}

bool Components::merges(Entry const& entry, std::set<std::string> const& split) const {
    if (comparable(*entry.input) != comparable(*entry.output)) return false;
    bool whole = true;
    boost::json::value copy = *entry.input;
    for_each_reference(copy, [&](boost::json::string& reference) {
        if (split.contains(name_in(reference))) whole = false;
    });
    return whole;
}

boost::json::object Components::finish(boost::json::value& document) const {
    std::set<std::string> split;
    for (bool changed = true; changed;) {
        changed = false;
        for (auto const& [name, entry] : entries_) {
            if (!entry.input || !entry.output || split.contains(name) || merges(entry, split)) continue;
            split.insert(name);
            changed = true;
        }
    }
    auto resolve = [&split](boost::json::string& reference) {
        std::string const name = name_in(reference);
        if (name.empty()) return;
        bool const input = std::string_view(reference).starts_with(input_mark);
        reference =
            fmt::format("#/components/schemas/{}{}", name, input && split.contains(name) ? "Input" : "");
    };
    boost::json::object schemas;
    for (auto const& [name, entry] : entries_) {
        if (entry.output) {
            schemas[name] = *entry.output;
        } else if (entry.input) {
            schemas[name] = *entry.input;
        }
        if (split.contains(name)) schemas[name + "Input"] = *entry.input;
    }
    boost::json::value all = std::move(schemas);
    for_each_reference(all, resolve);
    for_each_reference(document, resolve);
    return std::move(all.get_object());
}

void apply_rule(boost::json::object& schema, FieldRule const& rule, bool is_string, bool is_number,
                bool is_list) {
    if (is_string) {
        if (rule.min_len) schema["minLength"] = *rule.min_len;
        if (rule.max_len) schema["maxLength"] = *rule.max_len;
        if (!rule.format.empty()) schema["format"] = rule.format;
    }
    auto number = [](double value) {
        auto const whole = static_cast<std::int64_t>(value);
        return static_cast<double>(whole) == value ? boost::json::value(whole) : boost::json::value(value);
    };
    if (is_number) {
        if (rule.min) schema["minimum"] = number(*rule.min);
        if (rule.max) schema["maximum"] = number(*rule.max);
    }
    if (is_list) {
        if (rule.min_items) schema["minItems"] = *rule.min_items;
        if (rule.max_items) schema["maxItems"] = *rule.max_items;
    }
    if (!rule.doc.empty()) schema["description"] = rule.doc;
    if (!rule.example.empty()) schema["examples"] = boost::json::array{boost::json::string(rule.example)};
}

boost::json::object nullable(boost::json::object schema) {
    if (schema.empty()) return schema;
    auto* type = schema.if_contains("type");
    if (type && type->is_string()) {
        boost::json::string const name = type->get_string();
        *type = boost::json::array{name, "null"};
        return schema;
    }
    return {{"anyOf", boost::json::array{std::move(schema), boost::json::object{{"type", "null"}}}}};
}

boost::json::object enum_schema(std::vector<EnumName> const& names) {
    boost::json::array values;
    for (auto const& entry : names) values.emplace_back(entry.name);
    return {{"type", "string"}, {"enum", std::move(values)}};
}

}  // namespace mypost::json
