#include "db/sqlite/functions.hpp"

#include <atomic>
#include <cstdint>

#include "core/clock.hpp"
#include "core/text.hpp"
#include "db/sqlite/errors.hpp"

namespace mypost::db::sqlite {

namespace {

std::atomic<std::int64_t> clock_offset_ms = 0;

void db_now(sqlite3_context* context, int, sqlite3_value**) {
    sqlite3_result_int64(context, to_ms(SystemClock().now()) + clock_offset_ms.load());
}

// SQLite's order of types: numbers before texts; a mixed call is as meaningless as on PostgreSQL, where it
// fails.
bool is_less(sqlite3_value* a, sqlite3_value* b) {
    int const type_a = sqlite3_value_type(a);
    int const type_b = sqlite3_value_type(b);
    bool const number_a = type_a == SQLITE_INTEGER || type_a == SQLITE_FLOAT;
    bool const number_b = type_b == SQLITE_INTEGER || type_b == SQLITE_FLOAT;
    if (type_a == SQLITE_INTEGER && type_b == SQLITE_INTEGER)
        return sqlite3_value_int64(a) < sqlite3_value_int64(b);
    if (number_a && number_b) return sqlite3_value_double(a) < sqlite3_value_double(b);
    if (number_a != number_b) return number_a;
    std::string_view const text_a(reinterpret_cast<char const*>(sqlite3_value_text(a)),
                                  static_cast<std::size_t>(sqlite3_value_bytes(a)));
    std::string_view const text_b(reinterpret_cast<char const*>(sqlite3_value_text(b)),
                                  static_cast<std::size_t>(sqlite3_value_bytes(b)));
    return text_a < text_b;
}

template <bool want_greatest>
void extreme(sqlite3_context* context, int count, sqlite3_value** values) {
    sqlite3_value* best = nullptr;
    for (int i = 0; i < count; ++i) {
        if (sqlite3_value_type(values[i]) == SQLITE_NULL) continue;
        if (!best || (want_greatest ? is_less(best, values[i]) : is_less(values[i], best))) best = values[i];
    }
    if (best) sqlite3_result_value(context, best);
}

// SQLite's own lower() knows only ASCII; PostgreSQL's knows all letters.
void lower(sqlite3_context* context, int, sqlite3_value** values) {
    auto const* bytes = reinterpret_cast<char const*>(sqlite3_value_text(values[0]));
    if (!bytes) return;
    std::string const text = text::lower({bytes, static_cast<std::size_t>(sqlite3_value_bytes(values[0]))});
    sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
}

void add(sqlite3* connection, char const* name, int arguments, int flags,
         void (*function)(sqlite3_context*, int, sqlite3_value**)) {
    int const code = sqlite3_create_function_v2(connection, name, arguments, SQLITE_UTF8 | flags, nullptr,
                                                function, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw_error(connection, code, name);
}

}  // namespace

void register_functions(sqlite3* connection) {
    // INNOCUOUS lets a column's DEFAULT and a trigger call it.
    add(connection, "db_now", 0, SQLITE_INNOCUOUS, db_now);
    add(connection, "greatest", -1, SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC, extreme<true>);
    add(connection, "lower", 1, SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC, lower);
    add(connection, "least", -1, SQLITE_INNOCUOUS | SQLITE_DETERMINISTIC, extreme<false>);
}

void set_clock_offset(std::chrono::milliseconds offset) {
    clock_offset_ms.store(offset.count());
}

}  // namespace mypost::db::sqlite
