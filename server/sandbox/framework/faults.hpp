// Misbehaviour that a test asked for; see "faults" in docs/sandbox.md.
#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace mypost::sandbox {

struct Fault {
    std::int64_t id = 0;
    std::string network;
    std::string method;   // upper case; empty: any
    std::string path;     // prefix after the host segment; empty: any
    std::string account;  // handle; empty: any, also calls without an account
    std::string mode;
    std::int64_t status = 0;     // 0: the mode's own
    boost::json::value body;     // null: the network's own shape
    std::int64_t delay_ms = -1;  // −1: the mode's own
    std::int64_t times = 1;      // matching calls left
    std::int64_t taken = 0;
};
BOOST_DESCRIBE_STRUCT(Fault, (),
                      (id, network, method, path, account, mode, status, body, delay_ms, times, taken))

// What a fault is compared with.
struct FaultSubject {
    std::string_view network;
    std::string_view method;
    std::string_view path;               // after the host segment, still percent-encoded
    std::string_view account;            // handle, may be empty
    std::string_view qualified_account;  // handle@instance where a network has instances, may be empty
};

class Faults {
  public:
    // Errors: validation_failed with every wrong field.
    Result<Fault> add(std::string_view network, boost::json::value const& body);
    // The oldest matching fault with calls left whose mode is one of `modes`; counts the call.
    std::optional<Fault> take(FaultSubject const& subject, std::set<std::string_view> const& modes);
    void clear(std::string_view network);

    std::vector<Fault> list;
    std::int64_t next_id = 1;
};
BOOST_DESCRIBE_STRUCT(Faults, (), (list, next_id))

boost::json::object to_json(Fault const& fault);

}  // namespace mypost::sandbox
