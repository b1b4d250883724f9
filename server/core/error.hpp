// What can go wrong for reasons the caller or the remote side can cause. See docs/architecture.md, "Errors".
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mypost {

// Stable, closed set; spelled on the wire as here. One switch in http/problem.cpp maps each to a status.
enum class ErrorCode {
    malformed_request,       // 400: not JSON, not UTF-8, broken HTTP framing
    unauthenticated,         // 401
    token_expired,           // 401: a valid access token past its time; refresh and try again
    invalid_credentials,     // 401: wrong e-mail or password
    refresh_reused,          // 401: an old refresh token came back; its family is revoked
    origin_mismatch,         // 403: refresh from an origin that the settings don't name
    permission_denied,       // 403
    account_suspended,       // 403
    totp_required,           // 401
    setup_token_required,    // 403
    not_found,               // 404: also what another workspace or brand owns
    method_not_allowed,      // 405
    conflict,                // 409
    idempotency_conflict,    // 409
    publishing_started,      // 409
    setup_done,              // 409
    invalid_state,           // 409: the action does not fit the object's present state
    version_mismatch,        // 412
    payload_too_large,       // 413
    unsupported_media_type,  // 415
    validation_failed,       // 422: `fields` says what and why
    version_required,        // 428
    rate_limited,            // 429: `retry_after` is set
    plan_limit_reached,      // 402
    network_error,           // 502: a social network refused or did not answer; `message` says which and what
    unavailable,             // 503: `retry_after` is set
    internal,                // 500
};

// Name on the wire, e.g. "not_found".
std::string_view to_string(ErrorCode code);

// One wrong field of the input.
struct FieldError {
    std::string field;  // JSON pointer into the body ("/targets/0/account_id"), or "query:limit",
                        // "path:post", "header:If-Match"
    std::string code;   // required | unknown_field | wrong_type | too_long | too_short | too_many |
                        // out_of_range | invalid_format | …
    std::map<std::string, std::string> params;  // e.g. {"max","280"}, {"actual","300"}
    std::string message;                        // English sentence; the edge may translate by code and params
};

struct Error {
    ErrorCode code;
    std::string message;             // for people; becomes `detail`
    std::vector<FieldError> fields;  // becomes `errors`
    std::string internal;            // for the log only, never leaves the server
    std::optional<std::chrono::seconds> retry_after;
    std::map<std::string, std::string> params;
    std::string current_json;  // version_mismatch: the current object, served as the body's `current`

    Error(ErrorCode code_, std::string message_, std::vector<FieldError> fields_ = {},
          std::string internal_ = {})
        : code(code_),
          message(std::move(message_)),
          fields(std::move(fields_)),
          internal(std::move(internal_)) {}
};

// Shorthands for the commonest refusals.
Error not_found(std::string_view what);                                   // "Post not found."
Error invalid(std::string field, std::string code, std::string message);  // one wrong field
Error permission_denied(std::string_view permission);                     // names the missing permission
Error conflict(std::string message);
Error invalid_state(std::string message);
Error unavailable(std::string message, std::chrono::seconds retry_after);

}  // namespace mypost
