#include "http/page.hpp"

#include <boost/json.hpp>

#include "core/encoding.hpp"
#include "json/encode.hpp"
#include "json/parse.hpp"

namespace mypost::http {

std::string make_cursor(std::vector<std::string> const& values) {
    return base64url_encode(json::serialize(values));
}

Result<std::vector<std::string>> read_cursor(std::string const& cursor, std::size_t count) {
    auto const wrong = [] {
        return invalid("query:cursor", "invalid_format", "Is not a cursor of this list; start without one.");
    };
    auto const text = base64url_decode(cursor);
    if (!text) return wrong();
    auto const value = json::parse(*text);
    if (!value || !value->is_array() || value->get_array().size() != count) return wrong();
    std::vector<std::string> values;
    for (auto const& each : value->get_array()) {
        if (!each.is_string()) return wrong();
        values.emplace_back(each.get_string().data(), each.get_string().size());
    }
    return values;
}

}  // namespace mypost::http
