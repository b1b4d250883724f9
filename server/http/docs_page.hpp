// The OpenAPI document as one HTML page that needs nothing else: no script, no network.
#pragma once

#include <boost/json.hpp>
#include <string>

namespace mypost::http {

std::string docs_page(boost::json::value const& document);

// Its Content-Security-Policy: the page's own style, nothing else.
std::string docs_page_policy();

// Text with the characters that HTML gives a meaning escaped.
std::string escape_html(std::string_view text);

}  // namespace mypost::http
