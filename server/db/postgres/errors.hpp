#pragma once

#include <libpq-fe.h>

#include <exception>
#include <memory>
#include <string_view>

#include "db/database.hpp"

namespace mypost::db::postgres {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultHandle = std::unique_ptr<PGresult, ClearResult>;

// The connection was lost under a statement: it may or may not have been carried out.
struct ConnectionLost : Unavailable {
    using Unavailable::Unavailable;
};

// What a failed result means: ConstraintViolation, Unavailable (lost, overloaded, timed out, deadlock: try
// again) or DatabaseError. `name` is the query's. https://www.postgresql.org/docs/15/errcodes-appendix.html
std::exception_ptr to_error(PGresult const* result, std::string_view name);

// After this error the connection must not be used for anything new: its cached plans or the server's role
// changed.
bool spoils_connection(PGresult const* result);

// The first line of what libpq says about the connection; it never holds the password.
std::string connection_message(PGconn const* connection);

}  // namespace mypost::db::postgres
