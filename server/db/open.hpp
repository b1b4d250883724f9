// open_database() of database.hpp with another schema: for tests.
#pragma once

#include "db/database.hpp"
#include "db/migrations/migration.hpp"

namespace mypost::db {

// `migrations` outlives the database.
std::unique_ptr<Database> open_database(asio::any_io_executor executor, DatabaseOptions options,
                                        Migrations migrations);

}  // namespace mypost::db
