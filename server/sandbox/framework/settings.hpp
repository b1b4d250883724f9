// What a test may turn on one simulated network: limits, listing lag, switches, latency.
#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <string_view>

#include "core/result.hpp"

namespace mypost::sandbox {

struct Settings {
    boost::json::object limits;  // name → number: rates and quotas
    bool limits_off = false;     // then no rate and no quota holds; lengths and media rules stay
    std::int64_t listing_lag_ms = 0;
    boost::json::object switches;  // name → value
    std::int64_t latency_ms = 0;
    std::int64_t jitter_ms = 0;

    std::int64_t limit(std::string_view name) const;  // must be a name of the defaults
    bool is_on(std::string_view name) const;
    std::int64_t number(std::string_view name) const;
    std::string_view text(std::string_view name) const;

    // PUT {limits:{…}|"off", listing_lag_ms, switches:{…}}: absent members keep their value, `limits` as an
    // object switches limits on again. Names must be known and values of the present type.
    // Errors: validation_failed with every wrong field; nothing is changed then.
    Result<void> change(boost::json::value const& body);

    boost::json::object to_json() const;
};
BOOST_DESCRIBE_STRUCT(Settings, (), (limits, limits_off, listing_lag_ms, switches, latency_ms, jitter_ms))

}  // namespace mypost::sandbox
