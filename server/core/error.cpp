#include "core/error.hpp"

#include <fmt/format.h>

namespace mypost {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed_request:
            return "malformed_request";
        case ErrorCode::unauthenticated:
            return "unauthenticated";
        case ErrorCode::token_expired:
            return "token_expired";
        case ErrorCode::invalid_credentials:
            return "invalid_credentials";
        case ErrorCode::refresh_reused:
            return "refresh_reused";
        case ErrorCode::origin_mismatch:
            return "origin_mismatch";
        case ErrorCode::permission_denied:
            return "permission_denied";
        case ErrorCode::account_suspended:
            return "account_suspended";
        case ErrorCode::totp_required:
            return "totp_required";
        case ErrorCode::setup_token_required:
            return "setup_token_required";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::method_not_allowed:
            return "method_not_allowed";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::idempotency_conflict:
            return "idempotency_conflict";
        case ErrorCode::publishing_started:
            return "publishing_started";
        case ErrorCode::setup_done:
            return "setup_done";
        case ErrorCode::invalid_state:
            return "invalid_state";
        case ErrorCode::version_mismatch:
            return "version_mismatch";
        case ErrorCode::payload_too_large:
            return "payload_too_large";
        case ErrorCode::unsupported_media_type:
            return "unsupported_media_type";
        case ErrorCode::validation_failed:
            return "validation_failed";
        case ErrorCode::version_required:
            return "version_required";
        case ErrorCode::rate_limited:
            return "rate_limited";
        case ErrorCode::plan_limit_reached:
            return "plan_limit_reached";
        case ErrorCode::network_error:
            return "network_error";
        case ErrorCode::unavailable:
            return "unavailable";
        case ErrorCode::internal:
            return "internal";
    }
    return "internal";
}

Error not_found(std::string_view what) {
    return Error(ErrorCode::not_found, fmt::format("{} not found.", what));
}

Error invalid(std::string field, std::string code, std::string message) {
    std::vector<FieldError> fields;
    fields.push_back(FieldError{std::move(field), std::move(code), {}, message});
    return Error(ErrorCode::validation_failed, std::move(message), std::move(fields));
}

Error permission_denied(std::string_view permission) {
    Error error(ErrorCode::permission_denied, fmt::format("This needs the permission {}.", permission));
    error.params["permission"] = permission;
    return error;
}

Error conflict(std::string message) {
    return Error(ErrorCode::conflict, std::move(message));
}

Error invalid_state(std::string message) {
    return Error(ErrorCode::invalid_state, std::move(message));
}

Error unavailable(std::string message, std::chrono::seconds retry_after) {
    Error error(ErrorCode::unavailable, std::move(message));
    error.retry_after = retry_after;
    return error;
}

}  // namespace mypost
