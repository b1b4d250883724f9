// Where the decoder stands, and what it found wrong: all of it, not just the first.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/error.hpp"
#include "core/ids.hpp"
#include "json/names.hpp"
#include "json/rules.hpp"

namespace mypost::json {

// More errors than this are not collected: a hostile body must not become a huge answer.
inline constexpr std::size_t max_errors = 100;

class Context {
  public:
    // `prefix` is "" for a body (fields are JSON pointers), or "query:", "path:".
    explicit Context(std::string prefix) : prefix_length_(prefix.size()), place_(std::move(prefix)) {}

    // Enters a member or an array element for its lifetime.
    class Enter {
      public:
        Enter(Context& context, std::string_view member);
        Enter(Context& context, std::size_t index);
        ~Enter() { context_.place_.resize(length_); }
        Enter(Enter const&) = delete;
        Enter& operator=(Enter const&) = delete;

      private:
        Context& context_;
        std::size_t length_;
    };

    void fail(std::string_view code, std::string message, std::map<std::string, std::string> params = {});
    bool failed() const { return !errors_.empty(); }
    bool full() const { return errors_.size() >= max_errors; }
    Error take_error();

  private:
    void append(std::string_view token);

    std::size_t prefix_length_;
    std::string place_;
    std::vector<FieldError> errors_;
};

// Readers of single values. Each reports what is wrong and leaves `out` alone then.
void read_string(boost::json::value const& in, std::string& out, FieldRule const& rule, Context& context);
void read_bool(boost::json::value const& in, bool& out, Context& context);
void read_double(boost::json::value const& in, double& out, FieldRule const& rule, Context& context);
// Whole numbers within [lowest, highest]; both as wide as the type and the rule.
void read_signed(boost::json::value const& in, std::int64_t& out, std::int64_t lowest, std::int64_t highest,
                 FieldRule const& rule, Context& context);
void read_unsigned(boost::json::value const& in, std::uint64_t& out, std::uint64_t highest,
                   FieldRule const& rule, Context& context);
void read_uuid(boost::json::value const& in, Uuid& out, Context& context);
void read_instant(boost::json::value const& in, Instant& out, Context& context);
void read_enum(boost::json::value const& in, std::int64_t& out, std::vector<EnumName> const& names,
               Context& context);

void wrong_type(std::string_view expected, boost::json::value const& in, Context& context);
void missing(std::string_view member, Context& context);
void unknown_members(boost::json::object const& in, std::vector<std::string_view> const& known,
                     Context& context);
// Checks min_items and max_items.
void check_items(std::size_t count, FieldRule const& rule, Context& context);

std::size_t count_code_points(std::string_view utf8);
// At most 100 bytes of it, cut between code points: a client's own text must not fill our answers.
std::string_view shortened(std::string_view utf8);

}  // namespace mypost::json
