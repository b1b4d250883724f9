#pragma once

#include <sqlite3.h>

#include <string_view>

namespace mypost::db::sqlite {

// Throws what the connection's last error means: ConstraintViolation, Unavailable (busy, disk full, I/O,
// cannot open) or DatabaseError. `what` is the query's name. https://www.sqlite.org/rescode.html
[[noreturn]] void throw_error(sqlite3* connection, int code, std::string_view what);

}  // namespace mypost::db::sqlite
