#pragma once

#include "db/database.hpp"

namespace mypost::db {

// Both engines hold the same texts: valid UTF-8 without NUL. Throws DatabaseError that names query and
// position. (PostgreSQL cannot store a NUL; SQLite would, and the copy to the other engine would fail years
// later.)
void check_texts(Query const& query, Params const& params);

}  // namespace mypost::db
