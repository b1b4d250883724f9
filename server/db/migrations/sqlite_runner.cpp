#include "db/migrations/sqlite_runner.hpp"

#include <fmt/format.h>

#include "core/log.hpp"
#include "db/sql_text.hpp"

namespace mypost::db {

constinit Query const sql_has_schema_table_sqlite{
    "migrations.has_table",
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"};

namespace {

constexpr Query sql_record{
    "migrations.record",
    "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, db_now())"};

constexpr char create_schema_table[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " applied_at INTEGER NOT NULL) STRICT";

// Another process may be in the middle of a long migration: wait for it instead of failing the start.
constexpr char wait_long[] = "PRAGMA busy_timeout=600000; PRAGMA foreign_keys=OFF;";
constexpr char wait_normal[] = "PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON;";

void apply(sqlite::Connection& connection, Migration const& migration) {
    auto const name = fmt::format("migration {:04}_{}", migration.version, migration.name);
    auto const sql = migration.sqlite_sql.empty() ? translate_ddl_for_sqlite(migration.shared_sql)
                                                  : std::string(migration.sqlite_sql);
    connection.script(sql, name);
    // Tables are rebuilt with foreign_keys off (https://www.sqlite.org/lang_altertable.html#otheralter).
    auto const broken = connection.run(Query{"migrations.check", "PRAGMA foreign_key_check"}, {});
    if (!broken.empty()) {
        throw DatabaseError(fmt::format("{}: leaves {} rows in table {} without the row that they refer to",
                                        name, broken.size(), broken.front().text(0)));
    }
    connection.run(sql_record, {migration.version, migration.name});
    log::info("migration applied", {{"version", migration.version}, {"name", migration.name}});
}

// False when there was nothing left to do.
bool apply_next(sqlite::Connection& connection, Migrations migrations) {
    connection.control("BEGIN IMMEDIATE");
    connection.script(create_schema_table, "migrations.create_table");
    auto const pending =
        pending_migrations(migrations, to_applied(connection.run(sql_applied_migrations, {})));
    if (!pending.empty()) apply(connection, *pending.front());
    connection.control("COMMIT");
    return !pending.empty();
}

}  // namespace

void migrate_sqlite(sqlite::Connection& connection, Migrations migrations) {
    connection.script(wait_long, "migrations.begin");
    try {
        while (apply_next(connection, migrations)) {
        }
    } catch (...) {
        if (connection.in_transaction()) connection.control("ROLLBACK");
        connection.script(wait_normal, "migrations.end");
        throw;
    }
    connection.script(wait_normal, "migrations.end");
}

}  // namespace mypost::db
