#include "json/context.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/encoding.hpp"
#include "json/format.hpp"

namespace mypost::json {

namespace {

std::string_view kind_name(boost::json::value const& value) {
    switch (value.kind()) {
        case boost::json::kind::null:
            return "null";
        case boost::json::kind::bool_:
            return "boolean";
        case boost::json::kind::int64:
        case boost::json::kind::uint64:
        case boost::json::kind::double_:
            return "number";
        case boost::json::kind::string:
            return "string";
        case boost::json::kind::array:
            return "array";
        case boost::json::kind::object:
            return "object";
    }
    return "null";
}

// For people: "a string", "an object".
std::string with_article(std::string_view noun) {
    bool const vowel = noun.find_first_of("aeiou") == 0;
    return fmt::format("{} {}", vowel ? "an" : "a", noun);
}

// The largest whole number below which every whole number is a double.
constexpr double exact_limit = 9007199254740992.0;

bool check_number(double number, FieldRule const& rule, Context& context) {
    if (rule.min && number < *rule.min) {
        context.fail("out_of_range", fmt::format("Must be at least {}.", *rule.min),
                     {{"min", fmt::to_string(*rule.min)}});
        return false;
    }
    if (rule.max && number > *rule.max) {
        context.fail("out_of_range", fmt::format("Must be at most {}.", *rule.max),
                     {{"max", fmt::to_string(*rule.max)}});
        return false;
    }
    return true;
}

void out_of_type_range(std::string lowest, std::string highest, Context& context) {
    context.fail("out_of_range", fmt::format("Must be between {} and {}.", lowest, highest),
                 {{"min", lowest}, {"max", highest}});
}

// 1.0 and 1e3 are whole numbers, too; a double beyond 2^53 is not exact and is refused.
bool is_whole(double number) {
    return std::abs(number) < exact_limit && std::trunc(number) == number;
}

std::string plural(std::size_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

Context::Enter::Enter(Context& context, std::string_view member)
    : context_(context), length_(context.place_.size()) {
    context.append(member);
}

Context::Enter::Enter(Context& context, std::size_t index)
    : context_(context), length_(context.place_.size()) {
    context.append(fmt::to_string(index));
}

void Context::append(std::string_view token) {
    bool const first_of_named = prefix_length_ > 0 && place_.size() == prefix_length_;
    if (!first_of_named) place_.push_back('/');
    for (char c : token) {
        if (c == '~') {
            place_ += "~0";
        } else if (c == '/') {
            place_ += "~1";
        } else {
            place_.push_back(c);
        }
    }
}

void Context::fail(std::string_view code, std::string message, std::map<std::string, std::string> params) {
    if (full()) return;
    errors_.push_back(FieldError{place_, std::string(code), std::move(params), std::move(message)});
}

Error Context::take_error() {
    std::string detail;
    if (errors_.size() == 1) {
        auto const& only = errors_.front();
        detail = only.field.empty() ? only.message : fmt::format("{}: {}", only.field, only.message);
    } else {
        detail = fmt::format("{} fields are wrong.", errors_.size());
    }
    return Error(ErrorCode::validation_failed, std::move(detail), std::move(errors_));
}

std::string_view shortened(std::string_view utf8) {
    constexpr std::size_t most = 100;
    if (utf8.size() <= most) return utf8;
    std::size_t end = most;
    while (end > 0 && (utf8[end] & 0xc0) == 0x80) --end;
    return utf8.substr(0, end);
}

std::size_t count_code_points(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

void wrong_type(std::string_view expected, boost::json::value const& in, Context& context) {
    auto const actual = kind_name(in);
    std::string const found = in.is_null() ? "null" : with_article(actual);
    context.fail("wrong_type", fmt::format("Must be {}, not {}.", with_article(expected), found),
                 {{"expected", std::string(expected)}, {"actual", std::string(actual)}});
}

void missing(std::string_view member, Context& context) {
    Context::Enter const enter(context, member);
    context.fail("required", "Is required.");
}

void unknown_members(boost::json::object const& in, std::vector<std::string_view> const& known,
                     Context& context) {
    for (auto const& entry : in) {
        std::string_view const key(entry.key().data(), entry.key().size());
        if (std::find(known.begin(), known.end(), key) != known.end()) continue;
        Context::Enter const enter(context, shortened(key));
        context.fail("unknown_field", "Is not a known field.");
    }
}

void check_items(std::size_t count, FieldRule const& rule, Context& context) {
    std::string const actual = fmt::to_string(count);
    if (rule.min_items && count < *rule.min_items) {
        context.fail("too_few",
                     fmt::format("Must have at least {} (has {}).", plural(*rule.min_items, "item"), count),
                     {{"min", fmt::to_string(*rule.min_items)}, {"actual", actual}});
    }
    if (rule.max_items && count > *rule.max_items) {
        context.fail("too_many",
                     fmt::format("Must have at most {} (has {}).", plural(*rule.max_items, "item"), count),
                     {{"max", fmt::to_string(*rule.max_items)}, {"actual", actual}});
    }
}

void read_string(boost::json::value const& in, std::string& out, FieldRule const& rule, Context& context) {
    if (!in.is_string()) return wrong_type("string", in, context);
    std::string_view const text(in.get_string().data(), in.get_string().size());
    if (!is_valid_utf8(text)) {
        return context.fail("invalid_format", "Must be valid UTF-8.", {{"format", "utf-8"}});
    }
    if (text.find('\0') != std::string_view::npos) {
        return context.fail("invalid_format", "Must not contain the character U+0000.",
                            {{"format", "no-nul"}});
    }
    std::size_t const length = rule.min_len || rule.max_len ? count_code_points(text) : 0;
    if (rule.min_len && length < *rule.min_len) {
        std::string message = length == 0 ? "Must not be empty."
                                          : fmt::format("Must have at least {} (has {}).",
                                                        plural(*rule.min_len, "character"), length);
        return context.fail("too_short", std::move(message),
                            {{"min", fmt::to_string(*rule.min_len)}, {"actual", fmt::to_string(length)}});
    }
    if (rule.max_len && length > *rule.max_len) {
        return context.fail(
            "too_long",
            fmt::format("Must have at most {} (has {}).", plural(*rule.max_len, "character"), length),
            {{"max", fmt::to_string(*rule.max_len)}, {"actual", fmt::to_string(length)}});
    }
    if (!rule.format.empty() && !matches_format(rule.format, text)) {
        return context.fail("invalid_format", fmt::format("Does not have the format {}.", rule.format),
                            {{"format", std::string(rule.format)}});
    }
    out.assign(text);
}

void read_bool(boost::json::value const& in, bool& out, Context& context) {
    if (!in.is_bool()) return wrong_type("boolean", in, context);
    out = in.get_bool();
}

void read_double(boost::json::value const& in, double& out, FieldRule const& rule, Context& context) {
    double number = 0;
    if (in.is_double()) {
        number = in.get_double();
    } else if (in.is_int64() || in.is_uint64()) {
        constexpr auto limit = static_cast<std::int64_t>(exact_limit);
        bool const exact = in.is_int64() && in.get_int64() >= -limit && in.get_int64() <= limit;
        if (exact) {
            number = static_cast<double>(in.get_int64());
        } else {
            return context.fail("out_of_range", "Must be a number that a double holds exactly.");
        }
    } else {
        return wrong_type("number", in, context);
    }
    if (check_number(number, rule, context)) out = number;
}

void read_signed(boost::json::value const& in, std::int64_t& out, std::int64_t lowest, std::int64_t highest,
                 FieldRule const& rule, Context& context) {
    std::int64_t number = 0;
    if (in.is_int64()) {
        number = in.get_int64();
    } else if (in.is_double() && is_whole(in.get_double())) {
        number = static_cast<std::int64_t>(in.get_double());
    } else if (in.is_uint64()) {
        return out_of_type_range(fmt::to_string(lowest), fmt::to_string(highest), context);
    } else {
        return wrong_type("integer", in, context);
    }
    if (!check_number(static_cast<double>(number), rule, context)) return;
    if (number < lowest || number > highest) {
        return out_of_type_range(fmt::to_string(lowest), fmt::to_string(highest), context);
    }
    out = number;
}

void read_unsigned(boost::json::value const& in, std::uint64_t& out, std::uint64_t highest,
                   FieldRule const& rule, Context& context) {
    std::uint64_t number = 0;
    bool negative = false;
    if (in.is_uint64()) {
        number = in.get_uint64();
    } else if (in.is_int64()) {
        negative = in.get_int64() < 0;
        number = static_cast<std::uint64_t>(in.get_int64());
    } else if (in.is_double() && is_whole(in.get_double())) {
        negative = in.get_double() < 0;
        number = negative ? 0 : static_cast<std::uint64_t>(in.get_double());
    } else {
        return wrong_type("integer", in, context);
    }
    if (!negative && !check_number(static_cast<double>(number), rule, context)) return;
    if (negative || number > highest) return out_of_type_range("0", fmt::to_string(highest), context);
    out = number;
}

void read_uuid(boost::json::value const& in, Uuid& out, Context& context) {
    if (!in.is_string()) return wrong_type("string", in, context);
    auto const parsed = Uuid::parse(std::string_view(in.get_string().data(), in.get_string().size()));
    if (!parsed) return context.fail("invalid_format", "Must be a UUID.", {{"format", "uuid"}});
    out = *parsed;
}

void read_instant(boost::json::value const& in, Instant& out, Context& context) {
    if (!in.is_string()) return wrong_type("string", in, context);
    auto const parsed = parse_rfc3339(std::string_view(in.get_string().data(), in.get_string().size()));
    if (!parsed) {
        return context.fail("invalid_format", "Must be an RFC 3339 time such as 2026-11-22T09:00:00.000Z.",
                            {{"format", "date-time"}});
    }
    out = *parsed;
}

void read_enum(boost::json::value const& in, std::int64_t& out, std::vector<EnumName> const& names,
               Context& context) {
    if (!in.is_string()) return wrong_type("string", in, context);
    std::string options;
    for (auto const& entry : names) {
        if (entry.name == std::string_view(in.get_string().data(), in.get_string().size())) {
            out = entry.value;
            return;
        }
        options += options.empty() ? "" : ", ";
        options += entry.name;
    }
    context.fail("invalid_value", fmt::format("Must be one of: {}.", options), {{"options", options}});
}

}  // namespace mypost::json
