// Errors as RFC 9457 problem+json.
#pragma once

#include <string_view>

#include "core/error.hpp"
#include "http/message.hpp"

namespace mypost::http {

int status_of(ErrorCode code);
std::string_view title_of(ErrorCode code);  // short, the same for every occurrence

// {type,title,status,detail,code,params,request_id,errors}; version_mismatch also carries `current`.
// Retry-After is set where the error says so, and WWW-Authenticate on 401. `internal` stays out.
Response problem_response(Error const& error, std::string_view request_id);
// With another status than the code's: 408, 417, 431 say more than 400 about a request that is none.
Response problem_response(Error const& error, std::string_view request_id, int status);

}  // namespace mypost::http
