// What every answer tells the browser to refuse.
#pragma once

#include "http/message.hpp"

namespace mypost::http {

// nosniff, Referrer-Policy, a Content-Security-Policy that allows nothing unless the answer brought its own,
// and Strict-Transport-Security when the client speaks TLS. Headers that are already there stay.
void set_security_headers(Response& response, bool secure);

}  // namespace mypost::http
