#include "json/params.hpp"

#include <charconv>

namespace mypost::json {

boost::json::value number_or_text(std::string const& text) {
    auto const* end = text.data() + text.size();
    std::int64_t whole = 0;
    auto const as_whole = std::from_chars(text.data(), end, whole);
    if (as_whole.ec == std::errc() && as_whole.ptr == end) return whole;
    double number = 0;
    auto const as_double = std::from_chars(text.data(), end, number);
    bool const decimal = text.find_first_not_of("+-.0123456789eE") == std::string::npos;  // no "inf", "nan"
    if (decimal && as_double.ec == std::errc() && as_double.ptr == end) return number;
    return boost::json::string(text);
}

boost::json::value bool_or_text(std::string const& text) {
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return boost::json::string(text);
}

std::vector<std::string> split_list(TextPairs const& pairs, std::string_view name) {
    std::vector<std::string> list;
    for (auto const& [key, value] : pairs) {
        if (key != name) continue;
        std::size_t at = 0;
        while (at < value.size()) {
            std::size_t const comma = std::min(value.find(',', at), value.size());
            if (comma > at) list.push_back(value.substr(at, comma - at));
            at = comma + 1;
        }
    }
    return list;
}

void refuse_repeated(std::string_view name, TextPairs const& pairs, Context& context) {
    auto const count =
        std::count_if(pairs.begin(), pairs.end(), [&](auto const& pair) { return pair.first == name; });
    if (count < 2) return;
    Context::Enter const enter(context, name);
    context.fail("too_many", "May be given only once.", {{"max", "1"}, {"actual", std::to_string(count)}});
}

}  // namespace mypost::json
