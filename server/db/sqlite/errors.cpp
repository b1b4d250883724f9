#include "db/sqlite/errors.hpp"

#include <fmt/format.h>

#include <string>

#include "db/database.hpp"

namespace mypost::db::sqlite {

namespace {

// "UNIQUE constraint failed: posts.brand_id, posts.slug" → "posts.brand_id,posts.slug"; an index on
// expressions reads "index 'name'" → "name".
std::string constraint_name(std::string_view message) {
    auto const colon = message.find(": ");
    if (colon == std::string_view::npos) return {};
    std::string name;
    for (char c : message.substr(colon + 2)) {
        if (c != ' ') name.push_back(c);
    }
    if (name.starts_with("index'") && name.ends_with("'")) name = name.substr(6, name.size() - 7);
    return name;
}

[[noreturn]] void throw_constraint(int extended, std::string const& message, std::string const& what) {
    using Kind = ConstraintViolation::Kind;
    switch (extended) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID:
            throw ConstraintViolation(Kind::unique, constraint_name(message), what);
        case SQLITE_CONSTRAINT_FOREIGNKEY:
            throw ConstraintViolation(Kind::foreign_key, {}, what);
        case SQLITE_CONSTRAINT_CHECK:
            throw ConstraintViolation(Kind::check, constraint_name(message), what);
        case SQLITE_CONSTRAINT_NOTNULL:
            throw ConstraintViolation(Kind::not_null, constraint_name(message), what);
        default:
            throw DatabaseError(what);
    }
}

}  // namespace

void throw_error(sqlite3* connection, int code, std::string_view what) {
    int const extended = connection ? sqlite3_extended_errcode(connection) : code;
    std::string const message = connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    auto const text = fmt::format("{}: {}", what, message);
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT:
            throw_constraint(extended, message, text);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_PROTOCOL:
        case SQLITE_NOMEM:
        case SQLITE_INTERRUPT:
            throw Unavailable(text);
        default:
            throw DatabaseError(text);
    }
}

}  // namespace mypost::db::sqlite
