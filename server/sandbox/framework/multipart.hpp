// multipart/form-data bodies (RFC 7578), whole in memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace mypost::sandbox {

struct Part {
    std::string name;
    std::string filename;      // empty: a plain field
    std::string content_type;  // as sent; empty: none
    std::string body;
};

// `content_type` is the request's header with its boundary. Errors: malformed_request.
Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace mypost::sandbox
