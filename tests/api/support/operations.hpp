// The operations of the program's own OpenAPI document, and requests made up from their schemas.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/support/client.hpp"

namespace mypost::api_test {

struct Parameter {
    std::string name;
    bool required = false;
    boost::json::object schema;
};

struct Operation {
    std::string id;
    std::string method;  // "GET"
    std::string path;    // template below /api/v1
    std::string permission;
    std::string audit;  // x-audit-action or ""
    std::vector<std::string> path_names;
    std::vector<Parameter> query;
    bool if_match = false;
    bool idempotent = false;
    std::optional<boost::json::object> body;  // schema of the JSON body
    bool body_required = false;
    bool multipart = false;

    std::string title() const { return method + " " + path; }
    bool is_public() const { return permission == "public"; }
    bool in_workspace() const;
};

class Document {
  public:
    explicit Document(boost::json::value document);

    std::vector<Operation> const& operations() const { return operations_; }
    Operation const& operation(std::string const& id) const;

    // $ref followed; of anyOf and type lists the first alternative that is not null.
    boost::json::object resolve(boost::json::object const& schema) const;

  private:
    Operation read(std::string const& path, std::string const& method, boost::json::object const& item) const;

    boost::json::value document_;
    std::vector<Operation> operations_;
};

// Values for members and parameters by name: ids of things that exist, and texts that pass the rules that no
// schema tells ("color", "time_zone").
using Samples = std::map<std::string, boost::json::value>;

// A body with the required members, and those that `samples` knows under "<operation>/<member>".
boost::json::value sample_body(Document const& document, Operation const& operation, Samples const& samples);
boost::json::value sample_value(Document const& document, boost::json::object const& schema,
                                std::string const& name, Samples const& samples);

// "/api/v1/…" with path and required query parameters filled in. Throws for a path parameter nobody knows.
std::string sample_target(Operation const& operation, Samples const& samples);

// The whole request: If-Match "1" where it is asked, a JSON body or a small upload.
Call sample_call(Document const& document, Operation const& operation, Samples const& samples);

// multipart/form-data with these fields, and a file part when `file` is not empty.
std::string form_body(std::map<std::string, std::string> const& fields, std::string const& file);
inline constexpr char form_type[] = "multipart/form-data; boundary=----mypost-api-test";

// A PNG of one pixel.
std::string tiny_png();

}  // namespace mypost::api_test
