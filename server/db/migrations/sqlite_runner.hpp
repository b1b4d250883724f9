#pragma once

#include "db/migrations/migration.hpp"
#include "db/sqlite/connection.hpp"

namespace mypost::db {

// Applies what is missing, each migration in one BEGIN IMMEDIATE … COMMIT that also looks again what is
// missing, so several processes may start at once. Runs on the connection's thread, outside a transaction.
// Throws.
void migrate_sqlite(sqlite::Connection& connection, Migrations migrations);

// One row when the table is there.
extern Query const sql_has_schema_table_sqlite;

}  // namespace mypost::db
