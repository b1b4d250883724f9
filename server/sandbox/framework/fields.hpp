// Reads a JSON object of the control API field by field and collects everything that is wrong with it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace mypost::sandbox {

class Fields {
  public:
    // `at` is the JSON pointer of `value` inside the body. A value that is no object is itself an error.
    explicit Fields(boost::json::value const& value, std::string at = "");

    std::optional<std::string> text(std::string_view name);
    std::string required_text(std::string_view name);  // empty: missing or wrong, and said so
    std::optional<std::int64_t> number(std::string_view name, std::int64_t min, std::int64_t max);
    std::optional<double> real(std::string_view name);
    std::optional<bool> flag(std::string_view name);
    boost::json::value const* object(std::string_view name);
    boost::json::value any(std::string_view name);  // null when absent

    void wrong(std::string field, std::string code, std::string message);
    void refuse_unknown();  // call last: names every member that nobody asked for
    void take_errors(Fields const& inner);
    std::optional<Error> error() const;  // validation_failed with all of them

  private:
    boost::json::value const* find(std::string_view name);

    boost::json::object const* object_;
    std::string at_;
    std::set<std::string, std::less<>> known_;
    std::vector<FieldError> errors_;
};

}  // namespace mypost::sandbox
