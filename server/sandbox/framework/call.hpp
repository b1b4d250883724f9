// One call to a simulated host, taken apart.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/clock.hpp"
#include "http/message.hpp"
#include "sandbox/framework/faults.hpp"
#include "sandbox/framework/multipart.hpp"

namespace mypost::sandbox {

namespace json = boost::json;

struct Call {
    http::Request request;
    std::string host;                   // lower case: the first path segment
    std::string path;                   // after the host, begins with "/", still percent-encoded
    std::vector<std::string> segments;  // of path, decoded
    std::string network;
    std::string account;            // handle, once known
    std::string qualified_account;  // handle@instance where that differs
    Instant now{};
    Faults* faults = nullptr;

    bool is(http::Method method, std::string_view fixed_path) const {
        return request.method == method && path == fixed_path;
    }
    // The token after "Bearer ", or nothing.
    std::optional<std::string> bearer() const;
    // user and password of Basic authentication, or nothing. Form-decoded as RFC 6749 §2.3.1 says.
    std::optional<std::pair<std::string, std::string>> basic() const;
    std::string content_type() const;  // lower case, without parameters; empty when absent
    std::string header(std::string_view name) const;
    // A form body's (or the query's) first value of that name, or nothing.
    std::optional<std::string> form(std::string_view name) const;
    std::optional<std::string> query(std::string_view name) const { return request.query_value(name); }

    // Takes a fault of one of these modes that matches this call.
    std::optional<Fault> take_fault(std::set<std::string_view> const& modes);
};

// Body or query as one JSON object the way Rails reads them: JSON, form (`a[]`, `a[b]`, `a[b][]`, `a[][b]`)
// or multipart; files are left out. Errors: malformed_request.
Result<json::object> rails_parameters(Call const& call);

// Text of a scalar JSON value; nothing for null, arrays and objects.
std::optional<std::string> scalar_text(json::value const& value);

// Adds query parameters to an address that may have some already.
std::string with_query(std::string url, std::vector<std::pair<std::string, std::string>> const& parameters);

http::Response json_answer(int status, json::value const& body);
http::Response empty_answer(int status);

}  // namespace mypost::sandbox
