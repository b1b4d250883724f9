#include "json/parse.hpp"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "json/context.hpp"

namespace mypost::json {

namespace {

using boost::json::error_code;
using boost::json::string_view;

// Builds the value and refuses what Boost's own parser lets through.
struct Builder {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);

    boost::json::value_stack stack;
    std::string refusal;  // why, when a callback stopped the parser
    std::string part;     // of a key or number that is not complete yet
    std::vector<std::string> keys;
    std::vector<std::size_t> objects;  // where each open object's keys begin

    bool refuse(std::string why, error_code& ec) {
        refusal = std::move(why);
        ec = boost::json::error::syntax;
        return false;
    }

    bool on_document_begin(error_code&) {
        stack.reset();
        return true;
    }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        objects.push_back(keys.size());
        return true;
    }
    bool on_object_end(std::size_t n, error_code& ec) {
        auto const first = keys.begin() + static_cast<std::ptrdiff_t>(objects.back());
        std::sort(first, keys.end());
        auto const twin = std::adjacent_find(first, keys.end());
        if (twin != keys.end())
            return refuse(fmt::format("the key \"{}\" appears twice", shortened(*twin)), ec);
        keys.erase(first, keys.end());
        objects.pop_back();
        stack.push_object(n);
        return true;
    }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t n, error_code&) {
        stack.push_array(n);
        return true;
    }
    bool on_key_part(string_view s, std::size_t, error_code&) {
        part.append(s.data(), s.size());
        stack.push_chars(s);
        return true;
    }
    bool on_key(string_view s, std::size_t, error_code&) {
        part.append(s.data(), s.size());
        keys.push_back(std::move(part));
        part.clear();
        stack.push_key(s);
        return true;
    }
    bool on_string_part(string_view s, std::size_t, error_code&) {
        stack.push_chars(s);
        return true;
    }
    bool on_string(string_view s, std::size_t, error_code&) {
        stack.push_string(s);
        return true;
    }
    bool on_number_part(string_view s, error_code&) {
        part.append(s.data(), s.size());
        return true;
    }
    bool on_int64(std::int64_t i, string_view, error_code&) {
        part.clear();
        stack.push_int64(i);
        return true;
    }
    bool on_uint64(std::uint64_t u, string_view, error_code&) {
        part.clear();
        stack.push_uint64(u);
        return true;
    }
    bool on_double(double d, string_view s, error_code& ec) {
        part.append(s.data(), s.size());
        bool const whole = part.find_first_of(".eE") == std::string::npos;
        if (whole || !std::isfinite(d)) {
            return refuse(fmt::format("the number {} cannot be held exactly", part.substr(0, 40)), ec);
        }
        // Boost 1.81 reads some numbers to the neighbouring double; this is exact.
        std::from_chars(part.data(), part.data() + part.size(), d);
        part.clear();
        stack.push_double(d);
        return true;
    }
    bool on_bool(bool b, error_code&) {
        stack.push_bool(b);
        return true;
    }
    bool on_null(error_code&) {
        stack.push_null();
        return true;
    }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

Error malformed(std::string_view text, std::size_t offset, std::string_view why) {
    std::string_view const before = text.substr(0, std::min(offset, text.size()));
    auto const line = 1 + std::count(before.begin(), before.end(), '\n');
    auto const last = before.rfind('\n');
    auto const column = last == std::string_view::npos ? before.size() + 1 : before.size() - last;
    return Error(ErrorCode::malformed_request,
                 fmt::format("The body is not valid JSON: line {}, column {}: {}.", line, column, why));
}

}  // namespace

Result<boost::json::value> parse(std::string_view text, std::size_t depth) {
    boost::json::parse_options options;
    options.max_depth = depth;
    boost::json::basic_parser<Builder> parser(options);
    error_code ec;
    std::size_t const read = parser.write_some(false, text.data(), text.size(), ec);
    if (ec) {
        auto const& refusal = parser.handler().refusal;
        return malformed(text, read, refusal.empty() ? ec.message() : refusal);
    }
    if (read < text.size()) return malformed(text, read, "extra data after the value");
    return parser.handler().stack.release();
}

}  // namespace mypost::json
