// What was asked of a simulated network and what it answered; secrets are cut out.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/framework/call.hpp"

namespace mypost::sandbox {

class RequestLog {
  public:
    // `fate`: answered | dropped_before | dropped_after.
    void add(Call const& call, http::Response const& response, std::string_view fate,
             std::string_view fault_mode);
    // Entries of one network after `since` (an entry's `seq`, or an RFC 3339 time); all without one.
    boost::json::array list(std::string_view network, std::optional<std::string> const& since) const;
    void clear() { entries_.clear(); }

  private:
    static constexpr std::size_t kept = 30'000;
    struct Entry {
        std::int64_t seq;
        std::string network;
        Instant at;
        boost::json::object json;
    };
    std::deque<Entry> entries_;
    std::int64_t next_seq_ = 1;
};

// The same JSON with the values of secret members (tokens, passwords, codes, …) replaced by "[cut]".
boost::json::value without_secrets(boost::json::value const& value);

}  // namespace mypost::sandbox
