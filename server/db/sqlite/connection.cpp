#include "db/sqlite/connection.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <mutex>

#include "db/sql_text.hpp"
#include "db/sqlite/errors.hpp"
#include "db/sqlite/functions.hpp"

namespace mypost::db::sqlite {

namespace {

constexpr std::size_t cache_limit = 200;    // compiled statements a connection keeps
constexpr int interrupt_interval = 10'000;  // virtual machine steps between two looks, about a millisecond

void configure_library() {
    static std::once_flag once;
    // Memory statistics take a global lock at every allocation.
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

// The file holds password hashes and tokens: only its owner reads it. -wal and -shm inherit the mode.
void create_private_file(std::string const& path) {
    int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        throw Unavailable(fmt::format("cannot open the database {}: {}", path, std::strerror(errno)));
    ::close(file);
}

// busy_timeout first: the pragmas after it may meet another process's lock. case_sensitive_like makes LIKE
// mean what it means on PostgreSQL. Page caches are small because the operating system caches the file
// anyway.
constexpr char writer_pragmas[] =
    "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    "PRAGMA case_sensitive_like=ON; PRAGMA cache_size=-2048; PRAGMA journal_size_limit=67108864;";
constexpr char reader_pragmas[] =
    "PRAGMA busy_timeout=5000; PRAGMA query_only=ON; PRAGMA case_sensitive_like=ON; PRAGMA cache_size=-1024;";

// "$12" or "$12::bigint" (PostgreSQL's cast, which SQLite reads as part of the name) → 12; 0 for anything
// else.
int parameter_number(char const* name) {
    if (!name || name[0] != '$') return 0;
    std::string_view const text(name + 1);
    int number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    auto const rest = text.substr(static_cast<std::size_t>(end - text.data()));
    return error == std::errc() && (rest.empty() || rest.starts_with("::")) ? number : 0;
}

int bind_value(sqlite3_stmt* statement, int index, Param::Value const& value) {
    struct Binder {
        sqlite3_stmt* statement;
        int index;
        int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
        int operator()(std::int64_t v) const { return sqlite3_bind_int64(statement, index, v); }
        int operator()(double v) const { return sqlite3_bind_double(statement, index, v); }
        int operator()(bool v) const { return sqlite3_bind_int(statement, index, v ? 1 : 0); }
        // SQLITE_STATIC: the parameters outlive the run, and bindings are cleared after it.
        int operator()(std::string const& v) const {
            return sqlite3_bind_text64(statement, index, v.data(), v.size(), SQLITE_STATIC, SQLITE_UTF8);
        }
        int operator()(Blob const& v) const {
            if (v.bytes.empty()) return sqlite3_bind_zeroblob(statement, index, 0);
            return sqlite3_bind_blob64(statement, index, v.bytes.data(), v.bytes.size(), SQLITE_STATIC);
        }
    };
    return std::visit(Binder{statement, index}, value);
}

// Leaves the cached statement ready for its next run, however this one ended.
class ResetOnExit {
  public:
    explicit ResetOnExit(sqlite3_stmt* statement) : statement_(statement) {}
    ~ResetOnExit() {
        sqlite3_reset(statement_);
        sqlite3_clear_bindings(statement_);
    }
    ResetOnExit(ResetOnExit const&) = delete;
    ResetOnExit& operator=(ResetOnExit const&) = delete;

  private:
    sqlite3_stmt* statement_;
};

}  // namespace

Connection::Connection(std::string const& path, Role role) {
    configure_library();
    if (role == Role::writer) create_private_file(path);
    sqlite3* raw = nullptr;
    int const code = sqlite3_open_v2(
        path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    handle_.reset(raw);
    if (code != SQLITE_OK) {
        throw Unavailable(fmt::format("cannot open the database {}: {}", path,
                                      raw ? sqlite3_errmsg(raw) : sqlite3_errstr(code)));
    }
    script(role == Role::writer ? writer_pragmas : reader_pragmas, "sqlite.open");
    register_functions(raw);
    auto progress = [](void* self) { return static_cast<Connection*>(self)->interrupt_() ? 1 : 0; };
    interrupt_ = [] { return false; };
    // A writer is never interrupted: SQLite would roll back the whole group, not just the statement.
    if (role == Role::reader) sqlite3_progress_handler(raw, interrupt_interval, progress, this);
}

Rows Connection::run(Query const& query, Params const& params) {
    auto const sql = query.sqlite_sql.empty() ? query.sql : query.sqlite_sql;
    auto const& cached = prepare(sql, query.name);
    sqlite3_stmt* const statement = cached.statement.get();
    ResetOnExit reset(statement);
    bind(cached, query, params);

    auto const changes_before = sqlite3_total_changes64(handle_.get());
    Rows result;
    int code = SQLITE_ROW;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) result.rows.push_back(read_row(statement));
    if (code != SQLITE_DONE) throw_error(handle_.get(), code, query.name);
    // sqlite3_changes keeps the last statement's count when this one changed nothing.
    if (sqlite3_total_changes64(handle_.get()) != changes_before)
        result.affected = sqlite3_changes64(handle_.get());
    return result;
}

void Connection::control(char const* sql) {
    run(Query{sql, sql}, {});
}

void Connection::script(std::string const& sql, std::string_view name) {
    int const code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw_error(handle_.get(), code, name);
}

bool Connection::has_unresolved_foreign_keys() const {
    int unresolved = 0;
    int unused = 0;
    sqlite3_db_status(handle_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &unused, 0);
    return unresolved != 0;
}

void Connection::fail_commits_for_tests(bool fail) {
    auto refuse = [](void*) { return 1; };
    sqlite3_commit_hook(handle_.get(), fail ? +refuse : nullptr, nullptr);
}

Connection::Cached& Connection::prepare(std::string_view sql, std::string_view name) {
    if (auto const found = by_sql_.find(sql); found != by_sql_.end()) {
        cache_.splice(cache_.begin(), cache_, found->second);
        return cache_.front();
    }
    cache_.push_front(compile(sql, name));
    by_sql_[cache_.front().sql] = cache_.begin();
    if (cache_.size() > cache_limit) {
        by_sql_.erase(cache_.back().sql);
        cache_.pop_back();
    }
    return cache_.front();
}

Connection::Cached Connection::compile(std::string_view sql, std::string_view name) {
    auto const text = without_row_locks(sql);
    sqlite3_stmt* raw = nullptr;
    char const* rest = nullptr;
    int const code = sqlite3_prepare_v3(handle_.get(), text.c_str(), static_cast<int>(text.size() + 1),
                                        SQLITE_PREPARE_PERSISTENT, &raw, &rest);
    StatementHandle statement(raw);
    if (code != SQLITE_OK) throw_error(handle_.get(), code, name);
    if (!statement) throw DatabaseError(fmt::format("{}: the statement is empty", name));
    for (auto const& token : split_sql(rest)) {
        if (token.kind == SqlToken::Kind::space || token.is_symbol(';')) continue;
        throw DatabaseError(fmt::format("{}: more than one statement in one query", name));
    }
    Cached cached{std::string(sql), std::move(statement), {}, 0};
    int const count = sqlite3_bind_parameter_count(raw);
    for (int index = 1; index <= count; ++index) {
        int const number = parameter_number(sqlite3_bind_parameter_name(raw, index));
        if (number < 1) throw DatabaseError(fmt::format("{}: parameters are written $1 … $n", name));
        cached.parameters.push_back(number);
        cached.highest = std::max(cached.highest, number);
    }
    return cached;
}

void Connection::bind(Cached const& cached, Query const& query, Params const& params) {
    auto const taken = static_cast<std::size_t>(cached.highest);
    // A paired text may leave a parameter out that only PostgreSQL's needs.
    if (taken > params.size() || (taken < params.size() && query.sqlite_sql.empty())) {
        throw DatabaseError(fmt::format("{}: the statement takes {} parameters, {} were given", query.name,
                                        cached.highest, params.size()));
    }
    for (std::size_t i = 0; i < cached.parameters.size(); ++i) {
        auto const& value = params[static_cast<std::size_t>(cached.parameters[i] - 1)].value();
        int const code = bind_value(cached.statement.get(), static_cast<int>(i + 1), value);
        if (code != SQLITE_OK) throw_error(handle_.get(), code, query.name);
    }
}

Row Connection::read_row(sqlite3_stmt* statement) {
    int const columns = sqlite3_column_count(statement);
    std::vector<Row::Value> values;
    values.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) {
        switch (sqlite3_column_type(statement, i)) {
            case SQLITE_INTEGER:
                values.emplace_back(std::int64_t{sqlite3_column_int64(statement, i)});
                break;
            case SQLITE_FLOAT:
                values.emplace_back(sqlite3_column_double(statement, i));
                break;
            case SQLITE_NULL:
                values.emplace_back();
                break;
            default: {
                // Text and bytes alike; the pointer must be asked for before the length.
                auto const* bytes = static_cast<char const*>(sqlite3_column_blob(statement, i));
                auto const size = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
                values.emplace_back(bytes ? std::string(bytes, size) : std::string());
            }
        }
    }
    return Row(std::move(values));
}

}  // namespace mypost::db::sqlite
