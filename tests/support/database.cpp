#include "support/database.hpp"

#include <atomic>

namespace mypost::test {

DatabaseSite::DatabaseSite(db::Engine engine) : engine_(engine) {}

DatabaseSite::~DatabaseSite() = default;

db::DatabaseOptions DatabaseSite::options() const {
    db::DatabaseOptions options;
    options.url = "sqlite:" + (folder_.path() / "test.db").string();
    return options;
}

TemporaryDatabase::TemporaryDatabase(boost::asio::io_context& io, db::Engine engine,
                                     db::Migrations migrations)
    : io_(io), site_(engine), database_(db::open_database(io.get_executor(), site_.options(), migrations)) {
    run(io_, database_->migrate());
}

TemporaryDatabase::~TemporaryDatabase() {
    run(io_, database_->close());
}

std::string engine_name(db::Engine engine) {
    return engine == db::Engine::sqlite ? "sqlite" : "postgres";
}

}  // namespace mypost::test
