// One SQLite connection, used by one thread.
#pragma once

#include <sqlite3.h>

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "db/database.hpp"

namespace mypost::db::sqlite {

class Connection {
  public:
    enum class Role { writer, reader };

    // Opens (the writer also creates the file, mode 0600) and sets the pragmas. Throws Unavailable.
    Connection(std::string const& path, Role role);
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    // Runs one statement to its end. Throws Unavailable, ConstraintViolation, DatabaseError.
    Rows run(Query const& query, Params const& params);

    // A statement of the driver's own without parameters or rows (BEGIN, SAVEPOINT, …).
    void control(char const* sql);

    // Several statements, not cached: migrations, pragmas.
    void script(std::string const& sql, std::string_view name);

    // False after COMMIT, ROLLBACK, or when SQLite itself rolled back (disk full, I/O error).
    bool in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

    // A deferred foreign key that the open transaction has not satisfied yet: its COMMIT would fail.
    bool has_unresolved_foreign_keys() const;

    // While set, a statement is ended (Unavailable, "interrupted") soon after `stop` returned true.
    void set_interrupt(std::function<bool()> stop) { interrupt_ = std::move(stop); }

    // The next COMMITs fail, as on a dying disk.
    void fail_commits_for_tests(bool fail);

    void release_memory() { sqlite3_db_release_memory(handle_.get()); }

  private:
    struct CloseHandle {
        void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
    };
    struct FinalizeStatement {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    using StatementHandle = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;
    struct Cached {
        std::string sql;
        StatementHandle statement;
        std::vector<int> parameters;  // by SQLite's index - 1: which $n it is
        int highest = 0;              // the largest n
    };

    Cached& prepare(std::string_view sql, std::string_view name);
    Cached compile(std::string_view sql, std::string_view name);
    void bind(Cached const& cached, Query const& query, Params const& params);
    static Row read_row(sqlite3_stmt* statement);

    std::unique_ptr<sqlite3, CloseHandle> handle_;
    std::function<bool()> interrupt_;
    std::list<Cached> cache_;  // most recently used first
    std::unordered_map<std::string_view, std::list<Cached>::iterator> by_sql_;
};

}  // namespace mypost::db::sqlite
