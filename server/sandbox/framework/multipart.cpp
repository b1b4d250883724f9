#include "sandbox/framework/multipart.hpp"

#include <algorithm>

namespace mypost::sandbox {

namespace {

Error malformed(std::string message) {
    return {ErrorCode::malformed_request, std::move(message)};
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

// The value of `name` in `header; name="value"; …`; quotes are taken off and \" undone. Empty when absent.
std::string parameter(std::string_view header, std::string_view name) {
    auto const lowered = lower(header);
    std::size_t at = 0;
    while ((at = lowered.find(name, at)) != std::string::npos) {
        auto const before = at == 0 ? ';' : lowered[at - 1];
        auto const equals = at + name.size();
        at = equals;
        if ((before != ' ' && before != ';' && before != '\t') || equals >= header.size() ||
            header[equals] != '=')
            continue;
        auto rest = header.substr(equals + 1);
        if (!rest.starts_with('"')) return std::string(rest.substr(0, rest.find_first_of("; \t\r")));
        std::string value;
        for (std::size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
            if (rest[i] == '\\' && i + 1 < rest.size() && (rest[i + 1] == '"' || rest[i + 1] == '\\')) ++i;
            value += rest[i];
        }
        return value;
    }
    return {};
}

void read_header(std::string_view line, Part& part) {
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) return;
    auto const name = lower(line.substr(0, colon));
    auto value = line.substr(colon + 1);
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    if (name == "content-disposition") {
        part.name = parameter(value, "name");
        part.filename = parameter(value, "filename");
    } else if (name == "content-type") {
        part.content_type = lower(value.substr(0, value.find_first_of("; ")));
    }
}

}  // namespace

Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body) {
    auto const boundary = parameter(content_type, "boundary");
    if (boundary.empty() || boundary.size() > 70) return malformed("multipart body without a boundary");
    auto const delimiter = "\r\n--" + boundary;
    std::vector<Part> parts;
    std::size_t at = 0;
    if (body.starts_with(std::string_view(delimiter).substr(2))) {
        at = delimiter.size() - 2;
    } else {
        at = body.find(delimiter);
        if (at == std::string_view::npos) return malformed("multipart body does not contain its boundary");
        at += delimiter.size();
    }
    while (!body.substr(at).starts_with("--")) {
        auto const line_end = body.find("\r\n", at);
        if (line_end == std::string_view::npos) return malformed("multipart body is cut off");
        at = line_end + 2;
        Part part;
        for (;;) {
            auto const end = body.find("\r\n", at);
            if (end == std::string_view::npos) return malformed("multipart headers are cut off");
            auto const line = body.substr(at, end - at);
            at = end + 2;
            if (line.empty()) break;
            read_header(line, part);
        }
        // The delimiter's own CRLF may be the one that ended the headers when the part is empty.
        auto const end = body.find(delimiter, at - 2);
        if (end == std::string_view::npos) return malformed("multipart part is cut off");
        if (end > at) part.body = std::string(body.substr(at, end - at));
        at = end + delimiter.size();
        if (part.name.empty()) return malformed("multipart part without a name");
        parts.push_back(std::move(part));
        if (parts.size() > 1000) return malformed("multipart body has more than 1000 parts");
    }
    return parts;
}

}  // namespace mypost::sandbox
