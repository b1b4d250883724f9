#pragma once

#include "db/migrations/migration.hpp"
#include "db/sqlite/connection.hpp"

namespace mypost::db {

// Applies what is missing, each migration in one BEGIN IMMEDIATE … COMMIT that also looks again what is
// missing, so several processes may start at once. Runs on the connection's thread, outside a transaction.
// Throws.
void migrate_sqlite(sqlite::Connection& connection, Migrations migrations);

// For schema_is_current(), on SQLite: one row when the table is there; and its content.
extern Query const sql_has_schema_table_sqlite;
extern Query const sql_applied_migrations;

std::vector<AppliedMigration> to_applied(Rows const& rows);

}  // namespace mypost::db
