// The JSON body of a request: content type, size, syntax.
#pragma once

#include <boost/json.hpp>
#include <optional>

#include "http/endpoint.hpp"

namespace mypost::http {

// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type(std::string_view content_type);

// Nothing for an empty body. Errors: unsupported_media_type, payload_too_large, malformed_request, in this
// order.
Result<std::optional<boost::json::value>> read_json_body(Request const& request, Endpoint const& endpoint);

Error body_too_large(std::size_t limit);

}  // namespace mypost::http
