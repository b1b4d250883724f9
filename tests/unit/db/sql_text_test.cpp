#include "db/sql_text.hpp"

#include <gtest/gtest.h>

namespace mypost::db {

struct Rewrite {
    char const* name;
    char const* from;
    char const* to;
};

TEST(SqlText, row_locks_are_dropped) {
    Rewrite const cases[] = {
        {"none", "SELECT 1", "SELECT 1"},
        {"update", "SELECT a FROM t WHERE b = $1 FOR UPDATE", "SELECT a FROM t WHERE b = $1"},
        {"lower case", "select a from t for update", "select a from t"},
        {"skip locked", "SELECT a FROM t LIMIT 1 FOR UPDATE SKIP LOCKED", "SELECT a FROM t LIMIT 1"},
        {"nowait", "SELECT a FROM t FOR SHARE NOWAIT", "SELECT a FROM t"},
        {"of tables", "SELECT a FROM t, u FOR UPDATE OF t, u SKIP LOCKED", "SELECT a FROM t, u"},
        {"no key", "SELECT a FROM t FOR NO KEY UPDATE", "SELECT a FROM t"},
        {"in a subquery",
         "UPDATE t SET x = 1 WHERE id IN (SELECT id FROM t FOR UPDATE SKIP LOCKED) RETURNING id",
         "UPDATE t SET x = 1 WHERE id IN (SELECT id FROM t) RETURNING id"},
        {"in a string", "SELECT 'FOR UPDATE', \"FOR UPDATE\"", "SELECT 'FOR UPDATE', \"FOR UPDATE\""},
        {"in a comment", "SELECT 1 -- FOR UPDATE\n", "SELECT 1 -- FOR UPDATE\n"},
        {"upsert stays", "INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1",
         "INSERT INTO t VALUES (1) ON CONFLICT DO UPDATE SET a = 1"},
    };
    for (auto const& rewrite : cases) {
        SCOPED_TRACE(rewrite.name);
        EXPECT_EQ(without_row_locks(rewrite.from), rewrite.to);
    }
}

TEST(SqlText, ddl_is_translated_by_word) {
    Rewrite const cases[] = {
        {"types",
         "CREATE TABLE t (a UUID, b BYTEA, c BIGINT, d smallint, e BOOLEAN, f DOUBLE  PRECISION, g JSONB);",
         "CREATE TABLE t (a TEXT, b BLOB, c INTEGER, d INTEGER, e INTEGER, f REAL, g TEXT) STRICT;"},
        {"two tables", "CREATE TABLE a (x TEXT);\nCREATE TABLE IF NOT EXISTS b (y UUID);",
         "CREATE TABLE a (x TEXT) STRICT;\nCREATE TABLE IF NOT EXISTS b (y TEXT) STRICT;"},
        {"no last semicolon", "CREATE TABLE a (x TEXT) -- end", "CREATE TABLE a (x TEXT) -- end\nSTRICT"},
        {"identity", "CREATE TABLE a (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY);",
         "CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;"},
        {"semicolon in a check", "CREATE TABLE a (x TEXT CHECK (x <> ';'));",
         "CREATE TABLE a (x TEXT CHECK (x <> ';')) STRICT;"},
        {"strings and names stay", "CREATE INDEX uuid_at ON t (a) WHERE b = 'UUID';",
         "CREATE INDEX uuid_at ON t (a) WHERE b = 'UUID';"},
        {"comments stay", "/* BIGINT */ ALTER TABLE t ADD COLUMN b BOOLEAN; -- UUID",
         "/* BIGINT */ ALTER TABLE t ADD COLUMN b INTEGER; -- UUID"},
    };
    for (auto const& rewrite : cases) {
        SCOPED_TRACE(rewrite.name);
        EXPECT_EQ(translate_ddl_for_sqlite(rewrite.from), rewrite.to);
    }
}

TEST(SqlText, tokens_joined_are_the_text) {
    for (std::string_view sql :
         {"SELECT 'it''s', $1, $$body; 'x'$$, $tag$ $$ $tag$ -- c", "unclosed 'text", "/* open", "", "$"}) {
        std::string joined;
        for (auto const& token : split_sql(sql)) joined += token.text;
        EXPECT_EQ(joined, sql);
    }
}

}  // namespace mypost::db
