#pragma once

#include "db/database.hpp"
#include "db/migrations/migration.hpp"
#include "db/postgres/settings.hpp"

namespace mypost::db {

// Applies what is missing, each migration in one transaction under an advisory lock, so several processes may
// start at once. Also creates db_now(). Blocks; works through PgBouncer in transaction mode. Throws.
void migrate_postgres(postgres::Settings const& settings, Migrations migrations);

// One row, one boolean.
extern Query const sql_has_schema_table_postgres;

}  // namespace mypost::db
