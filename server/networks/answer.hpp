// Reading what networks answer. Nothing here throws for what is in an answer: it may be HTML, cut off, or of
// other types.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "net/http_client.hpp"

namespace mypost::networks::answer {

namespace json = boost::json;

// The body as an object; empty when it is none.
json::object object_of(std::string_view body);

// The body as a list; empty when it is none.
json::array array_of(std::string_view body);

// The value at a path of member names and array positions ("data/media/0/id"); null pointer when absent.
json::value const* find(json::object const& object, std::string_view path);

// Strings as they are, whole numbers as digits (some servers send ids as numbers); "" for anything else.
std::string text_at(json::object const& object, std::string_view path);
std::optional<std::int64_t> number_at(json::object const& object, std::string_view path);
bool is_true_at(json::object const& object, std::string_view path);
json::array array_at(json::object const& object, std::string_view path);

std::optional<std::int64_t> header_number(net::Response const& response, std::string_view name);
// Retry-After in seconds (the form that APIs use), at most a day. Nothing when absent or of another form.
std::optional<Instant> retry_after(net::Response const& response, Instant now);

// At most `max` graphemes on one line, with everything that looks like a secret taken out.
std::string excerpt(std::string_view text, std::size_t max = 200);

bool is_success(net::Response const& response);

}  // namespace mypost::networks::answer
