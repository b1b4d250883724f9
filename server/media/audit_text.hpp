// What the audit trail keeps of an asset, and the rules of its texts.
#pragma once

#include <optional>
#include <string>

#include "audit/audit.hpp"
#include "media/media.hpp"

namespace mypost::media {

audit::AuditEntry audit_entry(std::string action, Asset const& asset);
std::string audit_text(Asset const& asset);  // JSON

std::optional<Error> alt_problem(std::string const& alt);  // up to 2000 characters
std::optional<Error> tags_problem(
    std::vector<std::string> const& tags);  // up to 30 of 1 to 50 characters each

}  // namespace mypost::media
