// The pause of the whole installation, kept in system_settings under 'publishing_pause' as
// {"since":ms,"until":ms|null}.
#pragma once

#include <string>
#include <string_view>

#include "publishing/claim.hpp"

namespace mypost::publishing {

// Text that is not such JSON holds: better late than against the operator's will.
Pause installation_pause(std::string_view value);
std::string installation_pause_value(Pause const& pause, std::string_view reason);

}  // namespace mypost::publishing
