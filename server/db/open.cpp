#include "db/open.hpp"

#include "db/postgres/postgres_database.hpp"
#include "db/sqlite/sqlite_database.hpp"

namespace mypost::db {

std::unique_ptr<Database> open_database(asio::any_io_executor executor, DatabaseOptions options,
                                        Migrations migrations) {
    if (options.url.starts_with("sqlite:")) {
        return std::make_unique<sqlite::SqliteDatabase>(options, migrations);
    }
    if (options.url.starts_with("postgres://") || options.url.starts_with("postgresql://")) {
        return std::make_unique<postgres::PostgresDatabase>(std::move(executor), options, migrations);
    }
    throw std::invalid_argument("the database URL must start with sqlite: or postgres://");
}

std::unique_ptr<Database> open_database(asio::any_io_executor executor, DatabaseOptions options) {
    return open_database(std::move(executor), std::move(options), embedded_migrations());
}

}  // namespace mypost::db
