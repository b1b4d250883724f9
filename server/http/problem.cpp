#include "http/problem.hpp"

#include <fmt/format.h>

#include "json/encode.hpp"

namespace mypost::http {

int status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed_request:
            return 400;
        case ErrorCode::unauthenticated:
        case ErrorCode::token_expired:
        case ErrorCode::invalid_credentials:
        case ErrorCode::refresh_reused:
        case ErrorCode::totp_required:
            return 401;
        case ErrorCode::plan_limit_reached:
            return 402;
        case ErrorCode::origin_mismatch:
        case ErrorCode::permission_denied:
        case ErrorCode::account_suspended:
        case ErrorCode::setup_token_required:
            return 403;
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::method_not_allowed:
            return 405;
        case ErrorCode::conflict:
        case ErrorCode::idempotency_conflict:
        case ErrorCode::publishing_started:
        case ErrorCode::setup_done:
        case ErrorCode::invalid_state:
            return 409;
        case ErrorCode::version_mismatch:
            return 412;
        case ErrorCode::payload_too_large:
            return 413;
        case ErrorCode::unsupported_media_type:
            return 415;
        case ErrorCode::validation_failed:
            return 422;
        case ErrorCode::version_required:
            return 428;
        case ErrorCode::rate_limited:
            return 429;
        case ErrorCode::internal:
            return 500;
        case ErrorCode::network_error:
            return 502;
        case ErrorCode::unavailable:
            return 503;
    }
    return 500;
}

std::string_view title_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed_request:
            return "Malformed request";
        case ErrorCode::unauthenticated:
            return "Not signed in";
        case ErrorCode::token_expired:
            return "Access token expired";
        case ErrorCode::invalid_credentials:
            return "Wrong e-mail address or password";
        case ErrorCode::refresh_reused:
            return "Session ended";
        case ErrorCode::totp_required:
            return "Second factor required";
        case ErrorCode::plan_limit_reached:
            return "Plan limit reached";
        case ErrorCode::origin_mismatch:
            return "Unknown origin";
        case ErrorCode::permission_denied:
            return "Permission denied";
        case ErrorCode::account_suspended:
            return "Account suspended";
        case ErrorCode::setup_token_required:
            return "Set-up token required";
        case ErrorCode::not_found:
            return "Not found";
        case ErrorCode::method_not_allowed:
            return "Method not allowed";
        case ErrorCode::conflict:
            return "Conflict";
        case ErrorCode::idempotency_conflict:
            return "Idempotency key in conflict";
        case ErrorCode::publishing_started:
            return "Publishing has started";
        case ErrorCode::setup_done:
            return "Already set up";
        case ErrorCode::invalid_state:
            return "Not possible in this state";
        case ErrorCode::version_mismatch:
            return "Changed by somebody else";
        case ErrorCode::payload_too_large:
            return "Request too large";
        case ErrorCode::unsupported_media_type:
            return "Unsupported media type";
        case ErrorCode::validation_failed:
            return "Invalid input";
        case ErrorCode::version_required:
            return "If-Match required";
        case ErrorCode::rate_limited:
            return "Too many requests";
        case ErrorCode::internal:
            return "Internal error";
        case ErrorCode::network_error:
            return "The social network refused or did not answer";
        case ErrorCode::unavailable:
            return "Temporarily unavailable";
    }
    return "Internal error";
}

Response problem_response(Error const& error, std::string_view request_id) {
    return problem_response(error, request_id, status_of(error.code));
}

Response problem_response(Error const& error, std::string_view request_id, int status) {
    auto const code = to_string(error.code);
    std::string body = fmt::format(R"({{"type":"urn:mypost:problem:{}","title":"{}","status":{},"detail":)",
                                   code, title_of(error.code), status);
    json::write(body, std::string_view(error.message));
    body += fmt::format(R"(,"code":"{}","params":)", code);
    json::encode_to(body, error.params);
    body += R"(,"request_id":)";
    json::write(body, request_id);
    body += R"(,"errors":[)";
    for (std::size_t i = 0; i < error.fields.size(); ++i) {
        auto const& field = error.fields[i];
        body += i == 0 ? R"({"field":)" : R"(,{"field":)";
        json::write(body, std::string_view(field.field));
        body += R"(,"code":)";
        json::write(body, std::string_view(field.code));
        body += R"(,"params":)";
        json::encode_to(body, field.params);
        body += R"(,"message":)";
        json::write(body, std::string_view(field.message));
        body += '}';
    }
    body += ']';
    if (!error.current_json.empty()) body += R"(,"current":)" + error.current_json;
    body += '}';

    Response response = json_response(status, std::move(body));
    response.headers.set("Content-Type", "application/problem+json");
    response.headers.set("Cache-Control", "no-store");
    if (error.retry_after) response.headers.set("Retry-After", fmt::to_string(error.retry_after->count()));
    if (status == 401) response.headers.set("WWW-Authenticate", "Bearer");
    return response;
}

}  // namespace mypost::http
