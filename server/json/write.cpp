#include <fmt/format.h>

#include <cmath>

#include "json/encode.hpp"

namespace mypost::json {

namespace {

void write_escape(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
    }
}

}  // namespace

void write(std::string& out, std::string_view text) {
    out.push_back('"');
    std::size_t plain = 0;  // start of what needs no escape
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20) continue;
        out.append(text.substr(plain, i - plain));
        write_escape(out, c);
        plain = i + 1;
    }
    out.append(text.substr(plain));
    out.push_back('"');
}

void write(std::string& out, double number) {
    if (!std::isfinite(number)) {
        out += "null";
        return;
    }
    if (number == 0) number = 0;  // "-0" would read back as the whole number 0
    fmt::format_to(std::back_inserter(out), "{}", number);
}

void write(std::string& out, std::int64_t number) {
    fmt::format_to(std::back_inserter(out), "{}", number);
}
void write(std::string& out, std::uint64_t number) {
    fmt::format_to(std::back_inserter(out), "{}", number);
}

void write(std::string& out, boost::json::object const& value) {
    out.push_back('{');
    bool first = true;
    for (auto const& entry : value) {
        if (!first) out.push_back(',');
        first = false;
        write(out, std::string_view(entry.key().data(), entry.key().size()));
        out.push_back(':');
        write(out, entry.value());
    }
    out.push_back('}');
}

void write(std::string& out, boost::json::array const& value) {
    out.push_back('[');
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (i > 0) out.push_back(',');
        write(out, value[i]);
    }
    out.push_back(']');
}

void write(std::string& out, boost::json::value const& value) {
    switch (value.kind()) {
        case boost::json::kind::null:
            out += "null";
            break;
        case boost::json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            break;
        case boost::json::kind::int64:
            write(out, value.get_int64());
            break;
        case boost::json::kind::uint64:
            write(out, value.get_uint64());
            break;
        case boost::json::kind::double_:
            write(out, value.get_double());
            break;
        case boost::json::kind::string:
            write(out, std::string_view(value.get_string().data(), value.get_string().size()));
            break;
        case boost::json::kind::array:
            write(out, value.get_array());
            break;
        case boost::json::kind::object:
            write(out, value.get_object());
            break;
    }
}

}  // namespace mypost::json
