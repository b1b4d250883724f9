#include "db/postgres/errors.hpp"

#include <fmt/format.h>

#include <string>

namespace mypost::db::postgres {

namespace {

std::string field(PGresult const* result, int code) {
    char const* text = PQresultErrorField(result, code);
    return text ? text : "";
}

bool is_temporary(std::string_view state) {
    constexpr std::string_view protocol_violation = "08P01";  // e.g. a wrong number of parameters
    if (state == protocol_violation) return false;
    for (std::string_view start : {"08", "40", "53", "57", "58", "55P03", "25006", "25P03"}) {
        if (state.starts_with(start)) return true;
    }
    return false;
}

// The server forgot a prepared statement (a pooler's DISCARD), or a migration changed what it returns. The
// second has a code of its own only in its source function; the message is translated.
bool is_stale_plan(PGresult const* result) {
    auto const state = field(result, PG_DIAG_SQLSTATE);
    return state == "26000" ||
           (state == "0A000" && field(result, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery");
}

}  // namespace

std::exception_ptr to_error(PGresult const* result, std::string_view name) {
    using Kind = ConstraintViolation::Kind;
    auto const state = field(result, PG_DIAG_SQLSTATE);
    auto const what = fmt::format("{}: {} ({})", name, field(result, PG_DIAG_MESSAGE_PRIMARY), state);
    auto const violation = [&](Kind kind, std::string constraint) {
        return std::make_exception_ptr(ConstraintViolation(kind, std::move(constraint), what));
    };
    auto const constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    if (state == "23505" || state == "23P01") return violation(Kind::unique, constraint);
    if (state == "23503") return violation(Kind::foreign_key, constraint);
    if (state == "23514") return violation(Kind::check, constraint);
    if (state == "23502") {
        return violation(Kind::not_null,
                         field(result, PG_DIAG_TABLE_NAME) + "." + field(result, PG_DIAG_COLUMN_NAME));
    }
    // libpq makes results of its own without a state when the connection is gone; 57P0x is the server's
    // farewell.
    if (state.empty()) {
        return std::make_exception_ptr(ConnectionLost(fmt::format("{}: the connection was lost", name)));
    }
    // Nothing was run: the statement is prepared anew on the next connection.
    if (is_stale_plan(result)) return std::make_exception_ptr(ConnectionLost(what));
    if (state.starts_with("57P0")) return std::make_exception_ptr(ConnectionLost(what));
    if (is_temporary(state)) return std::make_exception_ptr(Unavailable(what));
    return std::make_exception_ptr(DatabaseError(what));
}

bool spoils_connection(PGresult const* result) {
    constexpr std::string_view read_only = "25006";  // a failover made this server a standby
    return is_stale_plan(result) || field(result, PG_DIAG_SQLSTATE) == read_only;
}

std::string connection_message(PGconn const* connection) {
    std::string message = PQerrorMessage(connection);
    auto const end = message.find('\n');
    if (end != std::string::npos) message.resize(end);
    return message.empty() ? "the connection was closed" : message;
}

}  // namespace mypost::db::postgres
