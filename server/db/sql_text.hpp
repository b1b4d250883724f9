// Reading SQL text word by word, for the few rewrites that let one text serve both engines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mypost::db {

struct SqlToken {
    enum class Kind {
        word,    // identifier, keyword or number
        symbol,  // one character of punctuation
        opaque,  // string, quoted identifier or dollar-quoted body: never rewritten
        space,   // blanks and comments
    };
    Kind kind;
    std::string_view text;  // refers to the SQL

    bool is_word(std::string_view upper) const;  // case-insensitive
    bool is_symbol(char c) const { return kind == Kind::symbol && text.front() == c; }
};

// The tokens joined are the text. An unclosed quote or comment reaches to the end.
std::vector<SqlToken> split_sql(std::string_view sql);

// Drops row locks (FOR UPDATE, FOR NO KEY UPDATE, FOR SHARE, with OF, NOWAIT, SKIP LOCKED): SQLite has one
// writer, so a transaction that reads a row there already holds it.
std::string without_row_locks(std::string_view sql);

// A migration's text for SQLite. By word: UUID, JSONB → TEXT; BYTEA → BLOB; BIGINT, SMALLINT, BOOLEAN →
// INTEGER; DOUBLE PRECISION → REAL; BIGINT GENERATED … AS IDENTITY PRIMARY KEY → INTEGER PRIMARY KEY
// AUTOINCREMENT; and STRICT is added to each CREATE TABLE, so a type without an entry here is refused by
// SQLite itself.
std::string translate_ddl_for_sqlite(std::string_view sql);

}  // namespace mypost::db
