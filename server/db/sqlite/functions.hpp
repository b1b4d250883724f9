// SQL functions that PostgreSQL has (or the migrations give it) and SQLite lacks.
#pragma once

#include <sqlite3.h>

#include <chrono>

namespace mypost::db::sqlite {

// db_now(): wall clock in milliseconds UTC; greatest(…), least(…): NULLs ignored, as on PostgreSQL.
void register_functions(sqlite3* connection);

// Shifts db_now() of all connections of this process: for tests, and for following the network sandbox's
// clock.
void set_clock_offset(std::chrono::milliseconds offset);

}  // namespace mypost::db::sqlite
