#include "db/migrations/postgres_runner.hpp"

#include <fmt/format.h>

#include "core/log.hpp"
#include "db/postgres/decode.hpp"
#include "db/postgres/errors.hpp"

namespace mypost::db {

constinit Query const sql_has_schema_table_postgres{"migrations.has_table",
                                                    "SELECT to_regclass('schema_migrations') IS NOT NULL"};

namespace {

// The lock's number is arbitrary, but must never change. The limits of the session must not end a long
// migration.
constexpr char begin_locked[] =
    "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = warning;"
    "SELECT pg_advisory_xact_lock(727069784);";

// db_now() only when missing: tests replace it by one that can be shifted.
constexpr char create_foundation[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " applied_at BIGINT NOT NULL);"
    "DO $do$ BEGIN IF to_regproc('db_now') IS NULL THEN"
    " CREATE FUNCTION db_now() RETURNS BIGINT LANGUAGE sql VOLATILE AS"
    " $f$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $f$;"
    " END IF; END $do$;";

Rows execute(PGconn* connection, std::string const& sql, std::string_view name) {
    postgres::ResultHandle const result(PQexec(connection, sql.c_str()));
    auto const status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        std::rethrow_exception(postgres::to_error(result.get(), name));
    }
    return postgres::decode(result.get());
}

void record(PGconn* connection, Migration const& migration) {
    auto const version = std::to_string(migration.version);
    std::string const name(migration.name);
    char const* const values[] = {version.c_str(), name.c_str()};
    postgres::ResultHandle const result(PQexecParams(
        connection, "INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, db_now())", 2,
        nullptr, values, nullptr, nullptr, 0));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
        std::rethrow_exception(postgres::to_error(result.get(), "migrations.record"));
    }
}

std::vector<AppliedMigration> applied(PGconn* connection) {
    return to_applied(
        execute(connection, std::string(sql_applied_migrations.sql), sql_applied_migrations.name));
}

// False when there was nothing left to do. The caller closes the connection on failure, which rolls back.
bool apply_next(PGconn* connection, Migrations migrations) {
    execute(connection, begin_locked, "migrations.lock");
    execute(connection, create_foundation, "migrations.create_table");
    auto const pending = pending_migrations(migrations, applied(connection));
    if (!pending.empty()) {
        auto const& next = *pending.front();
        auto const sql = next.postgres_sql.empty() ? next.shared_sql : next.postgres_sql;
        execute(connection, std::string(sql), fmt::format("migration {:04}_{}", next.version, next.name));
        record(connection, next);
    }
    execute(connection, "COMMIT", "migrations.commit");
    if (pending.empty()) return false;
    log::info("migration applied", {{"version", pending.front()->version}, {"name", pending.front()->name}});
    return true;
}

}  // namespace

void migrate_postgres(postgres::Settings const& settings, Migrations migrations) {
    auto const connection = settings.connect_blocking();
    while (apply_next(connection.get(), migrations)) {
    }
}

}  // namespace mypost::db
