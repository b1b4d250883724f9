#include "api/support/operations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/clock.hpp"
#include "core/encoding.hpp"
#include "core/ids.hpp"

namespace mypost::api_test {

namespace json = boost::json;

namespace {

std::string text_of(json::value const& value) {
    return std::string(value.as_string());
}

std::vector<std::string> braces(std::string const& path) {
    std::vector<std::string> names;
    for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1))
        names.push_back(path.substr(at + 1, path.find('}', at) - at - 1));
    return names;
}

json::string const* type_of(json::object const& schema) {
    auto const* type = schema.if_contains("type");
    return type ? type->if_string() : nullptr;
}

std::string sample_text(json::object const& schema) {
    if (auto const* format = schema.if_contains("format")) {
        if (*format == "uuid") return Uuid::make().to_string();
        if (*format == "date-time") return to_rfc3339(SystemClock().now() + std::chrono::hours(48));
    }
    if (auto const* choices = schema.if_contains("enum")) return text_of(choices->as_array().at(0));
    auto const* least = schema.if_contains("minLength");
    return std::string(
        std::max<std::size_t>(8, least ? static_cast<std::size_t>(least->to_number<int>()) : 0), 's');
}

}  // namespace

bool Operation::in_workspace() const {
    return std::find(path_names.begin(), path_names.end(), "workspace") != path_names.end();
}

Document::Document(json::value document) : document_(std::move(document)) {
    for (auto const& [path, item] : document_.at("paths").as_object()) {
        for (auto const& [method, operation] : item.as_object()) {
            if (method == "parameters") continue;
            operations_.push_back(read(path, method, operation.as_object()));
        }
    }
}

Operation Document::read(std::string const& path, std::string const& method, json::object const& item) const {
    Operation operation;
    operation.id = text_of(item.at("operationId"));
    for (char c : method) operation.method.push_back(static_cast<char>(c - 'a' + 'A'));
    operation.path = path;
    operation.path_names = braces(path);
    operation.permission = text_of(item.at("x-permission"));
    if (auto const* audit = item.if_contains("x-audit-action")) operation.audit = text_of(*audit);
    if (auto const* parameters = item.if_contains("parameters")) {
        for (auto const& each : parameters->as_array()) {
            json::object const parameter = resolve(each.as_object());
            std::string const name = text_of(parameter.at("name"));
            if (name == "If-Match") operation.if_match = true;
            if (name == "Idempotency-Key") operation.idempotent = true;
            if (parameter.at("in") != "query") continue;
            operation.query.push_back(
                {name, parameter.at("required").as_bool(), parameter.at("schema").as_object()});
        }
    }
    if (auto const* body = item.if_contains("requestBody")) {
        auto const& content = body->at("content").as_object();
        operation.multipart = content.contains("multipart/form-data");
        auto const* required = body->as_object().if_contains("required");
        operation.body_required = required && required->as_bool();
        if (auto const* schema = content.if_contains("application/json"))
            operation.body = schema->at("schema").as_object();
    }
    return operation;
}

Operation const& Document::operation(std::string const& id) const {
    auto const found =
        std::find_if(operations_.begin(), operations_.end(), [&](auto const& o) { return o.id == id; });
    if (found == operations_.end()) throw std::logic_error("no operation " + id);
    return *found;
}

json::object Document::resolve(json::object const& schema) const {
    if (auto const* reference = schema.if_contains("$ref")) {
        std::string const pointer = text_of(*reference).substr(1);
        return resolve(document_.at_pointer(pointer).as_object());
    }
    for (char const* list : {"anyOf", "oneOf"}) {
        auto const* any = schema.if_contains(list);
        if (any) return resolve(any->as_array().at(0).as_object());
    }
    json::object plain = schema;
    if (auto* type = plain.if_contains("type"); type && type->is_array())
        *type = json::value(type->as_array().at(0));
    return plain;
}

json::value sample_value(Document const& document, json::object const& raw, std::string const& name,
                         Samples const& samples) {
    if (auto const known = samples.find(name); known != samples.end()) return known->second;
    json::object const schema = document.resolve(raw);
    auto const* type = type_of(schema);
    if (!type || *type == "string") return json::value(sample_text(schema));
    if (*type == "integer" || *type == "number") {
        auto const* least = schema.if_contains("minimum");
        return json::value(least ? least->to_number<std::int64_t>() : std::int64_t{1});
    }
    if (*type == "boolean") return false;
    if (*type == "array") {
        json::array list;
        auto const* least = schema.if_contains("minItems");
        std::size_t const count = least ? static_cast<std::size_t>(least->to_number<int>()) : 0;
        for (std::size_t i = 0; i < count; ++i)
            list.push_back(sample_value(document, schema.at("items").as_object(), name + "/item", samples));
        return list;
    }
    json::object object;
    if (auto const* required = schema.if_contains("required")) {
        for (auto const& member : required->as_array()) {
            std::string const key = text_of(member);
            object[key] = sample_value(document, schema.at("properties").at(key).as_object(), key, samples);
        }
    }
    return object;
}

json::value sample_body(Document const& document, Operation const& operation, Samples const& samples) {
    if (auto const whole = samples.find(operation.id); whole != samples.end()) return whole->second;
    json::value body = sample_value(document, *operation.body, operation.id, samples);
    std::string const prefix = operation.id + "/";
    for (auto const& [key, value] : samples) {
        if (key.starts_with(prefix)) body.as_object()[key.substr(prefix.size())] = value;
    }
    return body;
}

std::string sample_target(Operation const& operation, Samples const& samples) {
    std::string target = "/api/v1" + operation.path;
    for (auto const& name : operation.path_names) {
        auto const known = samples.find(name);
        if (known == samples.end())
            throw std::logic_error(operation.title() + ": the tests know no {" + name + "} yet");
        std::string const braced = "{" + name + "}";
        target.replace(target.find(braced), braced.size(), text_of(known->second));
    }
    char separator = '?';
    for (auto const& parameter : operation.query) {
        if (!parameter.required) continue;
        auto const known = samples.find(parameter.name);
        auto const value = known == samples.end() ? std::string("sample") : text_of(known->second);
        target += fmt::format("{}{}={}", separator, parameter.name, percent_encode(value));
        separator = '&';
    }
    return target;
}

Call sample_call(Document const& document, Operation const& operation, Samples const& samples) {
    Call call{operation.method, sample_target(operation, samples)};
    if (operation.if_match) call.headers.emplace_back("If-Match", "\"1\"");
    if (operation.multipart) {
        call.headers.emplace_back("Content-Type", form_type);
        call.body = form_body({{"brand_id", text_of(samples.at("brand"))}}, tiny_png());
    } else if (operation.body) {
        call.headers.emplace_back("Content-Type", "application/json");
        call.body = json::serialize(sample_body(document, operation, samples));
    }
    return call;
}

std::string form_body(std::map<std::string, std::string> const& fields, std::string const& file) {
    std::string body;
    for (auto const& [name, value] : fields)
        body +=
            fmt::format("------mypost-api-test\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                        name, value);
    if (!file.empty())
        body += fmt::format(
            "------mypost-api-test\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n"
            "Content-Type: image/png\r\n\r\n{}\r\n",
            file);
    return body + "------mypost-api-test--\r\n";
}

std::string tiny_png() {
    return *base64_decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==");
}

}  // namespace mypost::api_test
