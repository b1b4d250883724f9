// What the router needs from the rest of the program.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "access/caller.hpp"
#include "core/ids.hpp"
#include "http/message.hpp"

namespace mypost::http {

// Tells who calls. Errors: unauthenticated (no token, forged, session ended), token_expired,
// account_suspended, and not_found for a workspace that the user is no member of. The Caller's request_id,
// address and user_agent are set by the router.
class Authenticator {
  public:
    virtual ~Authenticator() = default;
    virtual asio::awaitable<Result<access::Caller>> authenticate(Request const& request,
                                                                 std::optional<WorkspaceId> workspace) = 0;
    // The same caller as the session allows now, whatever became of the token: for connections that outlive
    // it. Errors: unauthenticated when the session has ended, account_suspended, not_found when the
    // membership has.
    virtual asio::awaitable<Result<access::Caller>> recheck(access::Caller caller) = 0;
};

// First answers of calls with an Idempotency-Key, 24 h.
class IdempotencyStore {
  public:
    struct Key {
        std::string caller;  // "user:<id>" or "address:<…>"
        std::string route;   // operation id
        std::optional<WorkspaceId> workspace;
        std::string key_hash;  // hex SHA-256
    };
    struct Answer {
        int status = 0;
        std::vector<std::pair<std::string, std::string>> headers;
        std::string body;
    };
    enum class State {
        claimed,    // the caller goes on, and must finish() or abandon()
        answered,   // `answer` is the first one
        in_flight,  // a twin is at work
        other_request,
    };
    struct Claim {
        State state = State::claimed;
        Answer answer = {};
    };

    virtual ~IdempotencyStore() = default;
    virtual asio::awaitable<Claim> claim(Key key, std::string request_hash) = 0;
    // `secret`: keep it encrypted.
    virtual asio::awaitable<void> finish(Key key, Answer answer, bool secret) = 0;
    // The work failed in a way that a retry may mend: forget the claim.
    virtual asio::awaitable<void> abandon(Key key) = 0;
};

class RateLimiter {
  public:
    struct Decision {
        bool allowed = true;
        unsigned limit = 0;
        unsigned remaining = 0;
        std::chrono::seconds reset{0};  // until the count starts anew
    };
    virtual ~RateLimiter() = default;
    // Counts one call for `key`, of which `count` are allowed in `per`.
    virtual asio::awaitable<Decision> take(std::string key, unsigned count, std::chrono::seconds per) = 0;
};

// Told of every answered request, for metrics and the access log.
class RequestObserver {
  public:
    virtual ~RequestObserver() = default;
    // `route` is the template, or "" when none matched.
    virtual void answered(std::string_view method, std::string_view route, int status,
                          std::chrono::microseconds took) = 0;
};

// The Error that an exception means (a lost database: unavailable), or nothing: internal.
using ExceptionTranslator = std::function<std::optional<Error>(std::exception_ptr)>;

}  // namespace mypost::http
