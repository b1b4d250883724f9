#include "http/docs_page.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "json/encode.hpp"

namespace mypost::http {

namespace {

using boost::json::object;
using boost::json::value;

constexpr std::string_view style = R"(
:root{color-scheme:dark light;font:15px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:62rem;padding:1.5rem;background:#0f1217;color:#e6e9ef}
a{color:#8ab4ff}h1{margin:0}h2{margin:2rem 0 .5rem;border-bottom:1px solid #2b313c}
details{border:1px solid #2b313c;border-radius:6px;margin:.4rem 0;padding:.4rem .7rem}
summary{cursor:pointer;overflow-wrap:anywhere}code{font-family:ui-monospace,monospace;font-size:.92em}
.m{display:inline-block;min-width:4.2rem;font-weight:700;color:#9fd39f}.p{color:#b9c0cc;float:right}
table{border-collapse:collapse;width:100%;margin:.4rem 0}td,th{text-align:left;padding:.2rem .6rem .2rem 0;
vertical-align:top;border-top:1px solid #20252e}nav a{margin-right:.8rem}
@media(prefers-color-scheme:light){body{background:#fff;color:#1a1e26}a{color:#0b57d0}.m{color:#1c6b1c}
.p{color:#4a5260}details,h2{border-color:#cfd5df}td,th{border-color:#e3e7ee}}
)";

std::string text_of(value const* item) {
    if (!item || !item->is_string()) return {};
    return std::string(item->get_string().data(), item->get_string().size());
}

std::string member_text(object const& item, std::string_view name) {
    return text_of(item.if_contains(name));
}

// A schema in one line: type, limits, a link for a named one.
std::string type_html(object const& schema) {
    if (auto const reference = member_text(schema, "$ref"); !reference.empty()) {
        std::string const name = reference.substr(reference.rfind('/') + 1);
        return fmt::format("<a href=\"#schema-{0}\">{0}</a>", escape_html(name));
    }
    if (auto const* any = schema.if_contains("anyOf")) {
        std::string out;
        for (auto const& each : any->get_array()) {
            out += fmt::format("{}{}", out.empty() ? "" : " | ", type_html(each.get_object()));
        }
        return out;
    }
    std::string out;
    if (auto const* type = schema.if_contains("type")) {
        if (type->is_string()) out = text_of(type);
        if (type->is_array()) {
            for (auto const& each : type->get_array())
                out += fmt::format("{}{}", out.empty() ? "" : " | ", text_of(&each));
        }
    } else {
        out = "any";
    }
    if (auto const* items = schema.if_contains("items")) out += " of " + type_html(items->get_object());
    for (auto const* limit :
         {"format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"}) {
        if (auto const* found = schema.if_contains(limit)) {
            out += fmt::format(" <code>{} {}</code>", limit, escape_html(json::serialize(*found)));
        }
    }
    if (auto const* options = schema.if_contains("enum")) out += " " + escape_html(json::serialize(*options));
    return out;
}

std::string row(std::string_view name, std::string_view type, std::string_view doc) {
    return fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>", escape_html(name), type,
                       escape_html(doc));
}

std::string content_html(object const& holder) {
    std::string out;
    auto const* content = holder.if_contains("content");
    if (!content) return out;
    for (auto const& [type, media] : content->get_object()) {
        auto const* schema = media.get_object().if_contains("schema");
        out += fmt::format("<div><code>{}</code> {}</div>", escape_html(std::string_view(type)),
                           schema ? type_html(schema->get_object()) : "");
    }
    return out;
}

std::string operation_html(std::string_view method, std::string_view path, object const& operation) {
    std::string upper(method);
    for (char& c : upper) c = static_cast<char>(c - 32);
    std::string out = fmt::format(
        "<details id=\"{}\"><summary><span class=\"m\">{}</span><code>{}</code> <span "
        "class=\"p\">{}</span><br>{}</summary>",
        escape_html(member_text(operation, "operationId")), upper, escape_html(path),
        escape_html(member_text(operation, "x-permission")), escape_html(member_text(operation, "summary")));
    if (auto const text = member_text(operation, "description"); !text.empty())
        out += "<p>" + escape_html(text) + "</p>";
    if (auto const* parameters = operation.if_contains("parameters")) {
        out += "<table><tr><th>Parameter</th><th>Type</th><th></th></tr>";
        for (auto const& each : parameters->get_array()) {
            auto const& parameter = each.get_object();
            if (auto const shared = member_text(parameter, "$ref"); !shared.empty()) {
                out += row(shared.ends_with("IfMatch") ? "If-Match" : "Idempotency-Key", "header", "");
                continue;
            }
            out += row(member_text(parameter, "name"),
                       fmt::format("{} ({})", type_html(parameter.at("schema").get_object()),
                                   member_text(parameter, "in")),
                       member_text(parameter, "description"));
        }
        out += "</table>";
    }
    if (auto const* body = operation.if_contains("requestBody"))
        out += "<h4>Body</h4>" + content_html(body->get_object());
    out += "<table><tr><th>Answer</th><th>Body</th><th></th></tr>";
    for (auto const& [status, response] : operation.at("responses").get_object()) {
        out += row(std::string_view(status), content_html(response.get_object()),
                   member_text(response.get_object(), "description"));
    }
    return out + "</table></details>";
}

std::string schema_html(std::string_view name, object const& schema) {
    std::string out =
        fmt::format("<details id=\"schema-{0}\"><summary><code>{0}</code></summary>", escape_html(name));
    if (auto const text = member_text(schema, "description"); !text.empty())
        out += "<p>" + escape_html(text) + "</p>";
    auto const* properties = schema.if_contains("properties");
    if (!properties) return out + "<p>" + type_html(schema) + "</p></details>";
    out += "<table><tr><th>Member</th><th>Type</th><th></th></tr>";
    for (auto const& [member, type] : properties->get_object()) {
        out += row(std::string_view(member), type_html(type.get_object()),
                   member_text(type.get_object(), "description"));
    }
    return out + "</table></details>";
}

}  // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    for (char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out.push_back(c);
        }
    }
    return out;
}

std::string docs_page(value const& document) {
    auto const& info = document.at("info").get_object();
    std::map<std::string, std::string> by_tag;
    for (auto const& [path, item] : document.at("paths").get_object()) {
        for (auto const& [method, operation] : item.get_object()) {
            auto const tag = text_of(&operation.at("tags").get_array().at(0));
            by_tag[tag] +=
                operation_html(std::string_view(method), std::string_view(path), operation.get_object());
        }
    }
    std::string navigation;
    std::string operations;
    for (auto const& [tag, html] : by_tag) {
        navigation += fmt::format("<a href=\"#tag-{0}\">{0}</a> ", escape_html(tag));
        operations += fmt::format("<h2 id=\"tag-{0}\">{0}</h2>{1}", escape_html(tag), html);
    }
    std::string schemas;
    for (auto const& [name, schema] : document.at("components").at("schemas").get_object()) {
        schemas += schema_html(std::string_view(name), schema.get_object());
    }
    std::string const title = escape_html(member_text(info, "title"));
    return fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>{0} "
        "API</title><style>{1}</style></head><body><main>"
        "<h1>{0} API</h1><p>Version {2}. The same as <a href=\"openapi.json\">OpenAPI 3.1</a>. Addresses are "
        "below "
        "<code>{3}</code>.</p><nav aria-label=\"Sections\">{4}<a href=\"#schemas\">schemas</a></nav>{5}"
        "<h2 id=\"schemas\">schemas</h2>{6}</main></body></html>",
        title, style, escape_html(member_text(info, "version")),
        escape_html(text_of(&document.at("servers").get_array().at(0).at("url"))), navigation, operations,
        schemas);
}

std::string docs_page_policy() {
    return fmt::format(
        "default-src 'none'; style-src 'sha256-{}'; frame-ancestors 'none'; base-uri 'none'; form-action "
        "'none'",
        base64_encode(crypto::sha256(style)));
}

}  // namespace mypost::http
