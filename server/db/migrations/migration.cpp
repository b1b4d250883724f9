#include "db/migrations/migration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace mypost::db {

constinit Query const sql_applied_migrations{"migrations.applied",
                                             "SELECT version, name FROM schema_migrations ORDER BY version"};

std::vector<AppliedMigration> to_applied(Rows const& rows) {
    std::vector<AppliedMigration> applied;
    for (auto const& row : rows) applied.push_back({static_cast<int>(row.int64(0)), row.text(1)});
    return applied;
}

std::vector<Migration const*> pending_migrations(Migrations all,
                                                 std::vector<AppliedMigration> const& applied) {
    for (auto const& row : applied) {
        auto const known = std::ranges::find(all, row.version, &Migration::version);
        if (known == all.end()) {
            int const newest = all.empty() ? 0 : all.back().version;
            throw DatabaseError(
                fmt::format("the database's schema has migration {} ({}), which this program does not know "
                            "(its newest is {}): "
                            "run a newer mypost",
                            row.version, row.name, newest));
        }
        if (known->name != row.name) {
            throw DatabaseError(
                fmt::format("migration {} was applied as \"{}\", but this program calls it \"{}\"",
                            row.version, row.name, known->name));
        }
    }
    std::vector<Migration const*> pending;
    for (auto const& migration : all) {
        bool const done =
            std::ranges::find(applied, migration.version, &AppliedMigration::version) != applied.end();
        if (!done) pending.push_back(&migration);
    }
    return pending;
}

bool is_current(Migrations all, std::vector<AppliedMigration> const& applied) {
    try {
        return pending_migrations(all, applied).empty();
    } catch (DatabaseError const&) {
        return false;
    }
}

}  // namespace mypost::db
