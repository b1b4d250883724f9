#include "http/openapi.hpp"

#include <fmt/format.h>

#include <set>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "http/docs_page.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "json/encode.hpp"

namespace mypost::http {

namespace {

using boost::json::array;
using boost::json::object;

object reference(std::string_view to) {
    return {{"$ref", fmt::format("#/components/{}", to)}};
}

object content(std::string_view type, object schema) {
    return {{type, object{{"schema", std::move(schema)}}}};
}

std::string default_tag(std::string_view path) {
    std::string tag = "general";
    for (std::string_view rest = path; !rest.empty();) {
        rest.remove_prefix(1);
        auto const slash = std::min(rest.find('/'), rest.size());
        auto const segment = rest.substr(0, slash);
        rest.remove_prefix(slash);
        bool const parameter = segment.starts_with('{');
        if (parameter || (segment == "workspaces" && !rest.empty())) continue;
        return std::string(segment);
    }
    return path.starts_with("/workspaces") ? "workspaces" : tag;
}

std::vector<std::string> tags_of(Endpoint const& endpoint) {
    if (!endpoint.options.tags.empty()) return endpoint.options.tags;
    return {default_tag(endpoint.path)};
}

// A parameter object schema's members as OpenAPI parameters.
void add_parameters(array& out, object const& schema, std::string_view in) {
    auto const* properties = schema.if_contains("properties");
    if (!properties) return;
    std::set<std::string> required;
    if (auto const* list = schema.if_contains("required")) {
        for (auto const& name : list->get_array()) required.emplace(name.get_string().c_str());
    }
    for (auto const& [name, value] : properties->get_object()) {
        object member = value.get_object();
        object parameter{
            {"name", name}, {"in", in}, {"required", in == "path" || required.contains(std::string(name))}};
        if (auto const* doc = member.if_contains("description")) {
            parameter["description"] = *doc;
            member.erase("description");
        }
        auto* type = member.if_contains("type");
        // In an address there is no null: an optional parameter is simply absent.
        if (type && type->is_array() && type->get_array().size() == 2)
            *type = boost::json::value(type->get_array()[0]);
        if (auto* any = member.if_contains("anyOf"); any && any->get_array().size() == 2) {
            auto const& second = any->get_array()[1].get_object();
            auto const* second_type = second.if_contains("type");
            if (second_type && *second_type == "null") member = object(any->get_array()[0].get_object());
        }
        if (member.contains("items")) {
            parameter["style"] = "form";
            parameter["explode"] = false;
        }
        parameter["schema"] = std::move(member);
        out.push_back(std::move(parameter));
    }
}

std::map<int, std::vector<ErrorCode>> errors_of(Endpoint const& endpoint, OperationTypes const& types) {
    std::vector<ErrorCode> codes;
    auto const& options = endpoint.options;
    if (!endpoint.access.is_public()) {
        codes.insert(codes.end(),
                     {ErrorCode::unauthenticated, ErrorCode::token_expired, ErrorCode::account_suspended});
    }
    if (endpoint.access.kind() == Access::Kind::permission ||
        endpoint.access.kind() == Access::Kind::system) {
        codes.push_back(ErrorCode::permission_denied);
    }
    if (!endpoint.path_members.empty()) codes.push_back(ErrorCode::not_found);
    if (types.body || !endpoint.content.request_type.empty()) {
        codes.insert(codes.end(), {ErrorCode::malformed_request, ErrorCode::payload_too_large,
                                   ErrorCode::unsupported_media_type});
    }
    codes.push_back(ErrorCode::validation_failed);  // at least: an unknown query parameter
    if (options.if_match)
        codes.insert(codes.end(), {ErrorCode::version_required, ErrorCode::version_mismatch});
    if (endpoint.idempotent()) codes.push_back(ErrorCode::idempotency_conflict);
    if (!options.rate_limits.empty()) codes.push_back(ErrorCode::rate_limited);
    codes.insert(codes.end(), options.errors.begin(), options.errors.end());
    std::map<int, std::vector<ErrorCode>> by_status;
    for (ErrorCode code : codes) {
        auto& list = by_status[status_of(code)];
        if (std::find(list.begin(), list.end(), code) == list.end()) list.push_back(code);
    }
    return by_status;
}

object problem(std::vector<ErrorCode> const& codes) {
    std::string description;
    for (ErrorCode code : codes) {
        description +=
            fmt::format("{}`{}`: {}", description.empty() ? "" : "; ", to_string(code), title_of(code));
    }
    return {{"description", description},
            {"content", content("application/problem+json", reference("schemas/Problem"))}};
}

object success(Endpoint const& endpoint, OperationTypes& types) {
    object response{{"description", endpoint.summary}};
    object bodies;
    if (types.answer) bodies["application/json"] = object{{"schema", std::move(*types.answer)}};
    for (auto const& type : endpoint.content.response_types) {
        bool const text = type.starts_with("text/") || type == "application/json";
        object schema{{"type", "string"}};
        if (!text) schema["format"] = "binary";
        if (type == "application/json") schema = object{{"type", "object"}};
        bodies[type] = object{{"schema", std::move(schema)}};
    }
    if (!bodies.empty()) response["content"] = std::move(bodies);
    return response;
}

object responses_of(Endpoint const& endpoint, OperationTypes& types) {
    object responses;
    responses[fmt::to_string(endpoint.ok_status())] = success(endpoint, types);
    for (int status : endpoint.content.other_statuses) {
        responses[fmt::to_string(status)] =
            object{{"description", status < 400 ? endpoint.summary : "Refused"}};
    }
    for (auto const& [status, codes] : errors_of(endpoint, types))
        responses[fmt::to_string(status)] = problem(codes);
    responses["default"] =
        object{{"description", "Any other failure"},
               {"content", content("application/problem+json", reference("schemas/Problem"))}};
    return responses;
}

std::optional<object> request_body(Endpoint const& endpoint, OperationTypes& types) {
    if (types.body) {
        std::string const type =
            endpoint.method == Method::patch ? "application/merge-patch+json" : "application/json";
        object bodies = content("application/json", *types.body);
        if (type != "application/json") bodies[type] = object{{"schema", *types.body}};
        return object{{"required", types.body_required}, {"content", std::move(bodies)}};
    }
    if (endpoint.content.request_type.empty()) return std::nullopt;
    object schema{{"type", "string"}, {"format", "binary"}};
    if (!endpoint.content.parts.empty()) {
        object properties;
        array required;
        for (auto const& part : endpoint.content.parts) {
            object member{{"type", "string"}};
            if (part.file) member["format"] = "binary";
            if (!part.doc.empty()) member["description"] = part.doc;
            properties[part.name] = std::move(member);
            if (part.required) required.emplace_back(part.name);
        }
        schema = object{{"type", "object"}, {"properties", std::move(properties)}};
        if (!required.empty()) schema["required"] = std::move(required);
    }
    return object{{"required", true}, {"content", content(endpoint.content.request_type, std::move(schema))}};
}

object operation(Endpoint const& endpoint, json::Components& components) {
    OperationTypes types = endpoint.types(components);
    object out{{"operationId", endpoint.operation_id}, {"summary", endpoint.summary}};
    if (!endpoint.options.description.empty()) out["description"] = endpoint.options.description;
    array tags;
    for (auto const& tag : tags_of(endpoint)) tags.emplace_back(tag);
    out["tags"] = std::move(tags);
    out["x-permission"] = endpoint.access.name();
    if (!endpoint.options.audit.empty()) out["x-audit-action"] = endpoint.options.audit;
    if (endpoint.access.is_public()) out["security"] = array();
    array parameters;
    add_parameters(parameters, types.path, "path");
    add_parameters(parameters, types.query, "query");
    if (endpoint.options.if_match) parameters.push_back(reference("parameters/IfMatch"));
    if (endpoint.idempotent()) parameters.push_back(reference("parameters/IdempotencyKey"));
    if (!parameters.empty()) out["parameters"] = std::move(parameters);
    if (auto body = request_body(endpoint, types)) out["requestBody"] = std::move(*body);
    out["responses"] = responses_of(endpoint, types);
    return out;
}

object problem_schema() {
    object const text{{"type", "string"}};
    object const map{{"type", "object"}, {"additionalProperties", text}};
    object field{
        {"type", "object"},
        {"properties", object{{"field", object{{"type", "string"},
                                               {"description",
                                                "JSON pointer into the body, or query:name, path:name, "
                                                "header:Name"}}},
                              {"code", text},
                              {"params", map},
                              {"message", text}}},
        {"required", array{"field", "code", "params", "message"}}};
    return {
        {"type", "object"},
        {"description", "RFC 9457. `code` is stable; texts are for people."},
        {"properties",
         object{{"type", text},
                {"title", text},
                {"status", object{{"type", "integer"}}},
                {"detail", text},
                {"code", text},
                {"params", map},
                {"request_id", text},
                {"errors", object{{"type", "array"}, {"items", field}}},
                {"current", object{{"type", "object"},
                                   {"description", "With version_mismatch: the object as it is now"},
                                   {"additionalProperties", true}}}}},
        {"required", array{"type", "title", "status", "detail", "code", "params", "request_id", "errors"}}};
}

object shared_parameters() {
    return {{"IfMatch", object{{"name", "If-Match"},
                               {"in", "header"},
                               {"required", true},
                               {"description", "The version that the change is based on, in quotes"},
                               {"schema", object{{"type", "string"}, {"examples", array{"\"3\""}}}}}},
            {"IdempotencyKey",
             object{{"name", "Idempotency-Key"},
                    {"in", "header"},
                    {"required", false},
                    {"description", "The same key and body get the first answer again, for 24 hours"},
                    {"schema", object{{"type", "string"}, {"minLength", 1}, {"maxLength", 255}}}}}};
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
}

void write_pretty(std::string& out, boost::json::value const& value, std::string const& indent) {
    std::string const inner = indent + "  ";
    if (value.is_object() && !value.get_object().empty()) {
        out += "{\n";
        bool first = true;
        for (auto const& [name, member] : value.get_object()) {
            if (!first) out += ",\n";
            first = false;
            out += inner;
            json::write(out, std::string_view(name.data(), name.size()));
            out += ": ";
            write_pretty(out, member, inner);
        }
        out += "\n" + indent + "}";
    } else if (value.is_array() && !value.get_array().empty()) {
        out += "[\n";
        bool first = true;
        for (auto const& element : value.get_array()) {
            if (!first) out += ",\n";
            first = false;
            out += inner;
            write_pretty(out, element, inner);
        }
        out += "\n" + indent + "]";
    } else {
        json::write(out, value);
    }
}

}  // namespace

boost::json::value openapi(Router const& router, ApiInfo const& info) {
    json::Components components;
    object paths;
    std::set<std::string> tags;
    bool idempotent = false;
    bool versioned = false;
    for (Endpoint const* endpoint : router.endpoints()) {
        auto& item = paths[endpoint->path];
        if (!item.is_object()) item = object();
        item.get_object()[lower(to_string(endpoint->method))] = operation(*endpoint, components);
        for (auto& tag : tags_of(*endpoint)) tags.insert(std::move(tag));
        idempotent = idempotent || endpoint->idempotent();
        versioned = versioned || endpoint->options.if_match;
    }
    array tag_list;
    for (auto const& tag : tags) {
        tag_list.push_back(object{{"name", tag}, {"description", fmt::format("Routes about {}", tag)}});
    }
    boost::json::value path_value = std::move(paths);
    object schemas = components.finish(path_value);
    schemas["Problem"] = problem_schema();
    object parameters = shared_parameters();
    if (!idempotent) parameters.erase("IdempotencyKey");
    if (!versioned) parameters.erase("IfMatch");

    object about{{"title", info.title}, {"version", info.version}};
    if (!info.description.empty()) about["description"] = info.description;
    about["license"] = object{{"name", "Apache License 2.0"}, {"identifier", "Apache-2.0"}};
    object bearer{{"type", "http"},
                  {"scheme", "bearer"},
                  {"description", "A person's access token, or an API token (mp_…)"}};
    return object{{"openapi", "3.1.0"},
                  {"info", std::move(about)},
                  {"servers", array{object{{"url", router.base_path()}}}},
                  {"security", array{object{{"bearer", array()}}}},
                  {"tags", std::move(tag_list)},
                  {"paths", std::move(path_value)},
                  {"components", object{{"securitySchemes", object{{"bearer", std::move(bearer)}}},
                                        {"parameters", std::move(parameters)},
                                        {"schemas", std::move(schemas)}}}};
}

std::string pretty(boost::json::value const& document) {
    std::string out;
    write_pretty(out, document, "");
    out += '\n';
    return out;
}

void add_documentation(Router& router, ApiInfo info) {
    struct Pages {
        std::shared_ptr<std::string const> document;
        std::shared_ptr<std::string const> page;
        std::string tag;
    };
    auto pages = std::make_shared<Pages>();
    auto prepare = [pages, info = std::move(info), &router] {
        if (pages->document) return;
        auto const document = openapi(router, info);
        pages->document = std::make_shared<std::string const>(pretty(document));
        pages->page = std::make_shared<std::string const>(docs_page(document));
        pages->tag = fmt::format("\"{}\"", hex_encode(crypto::sha256(*pages->document)).substr(0, 16));
    };
    router.add_raw(RawRoute<None>(Method::get, "/openapi.json", "getOpenApi", "This document", public_route(),
                                  {.response_types = {"application/json"}}, {.tags = {"documentation"}}),
                   [pages, prepare](access::Caller const&, Request) -> asio::awaitable<Result<Response>> {
                       prepare();
                       Response response = json_response(200, "");
                       response.body = pages->document;
                       response.headers.set("ETag", pages->tag);
                       response.headers.set("Cache-Control", "no-cache");
                       co_return response;
                   });
    router.add_raw(
        RawRoute<None>(Method::get, "/docs", "getDocs", "A reference page for people", public_route(),
                       {.response_types = {"text/html"}}, {.tags = {"documentation"}}),
        [pages, prepare](access::Caller const&, Request) -> asio::awaitable<Result<Response>> {
            prepare();
            Response response = html_response(200, "");
            response.body = pages->page;
            response.headers.set("ETag", pages->tag);
            response.headers.set("Cache-Control", "no-cache");
            response.headers.set("Content-Security-Policy", docs_page_policy());
            co_return response;
        });
}

}  // namespace mypost::http
