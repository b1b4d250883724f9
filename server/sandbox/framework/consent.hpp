// OAuth consent pages: one plain form for every network.
#pragma once

#include <string>
#include <vector>

#include "sandbox/framework/network.hpp"

namespace mypost::sandbox {

struct ConsentPage {
    std::string network;  // "x"
    std::string network_title;
    std::string app_name;
    std::vector<std::string> scopes;
    std::vector<AccountView> accounts;  // the first is chosen at first
};

// GET: the form. It posts `decision` and `account` to the same address.
http::Response show_consent(ConsentPage const& page);

struct ConsentAnswer {
    bool allowed = false;
    std::string account;  // handle
};

// POST: what was chosen; no account means the first. Errors: validation_failed (a decision other than
// allow|deny, an account that is not there).
Result<ConsentAnswer> read_consent(Call const& call, std::vector<AccountView> const& accounts);

}  // namespace mypost::sandbox
