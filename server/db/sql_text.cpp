#include "db/sql_text.hpp"

#include <array>
#include <utility>

namespace mypost::db {

namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::size_t end_after(std::string_view sql, std::string_view close, std::size_t from) {
    auto const at = sql.find(close, from);
    return at == std::string_view::npos ? sql.size() : at + close.size();
}

// "$tag$ … $tag$", or 0 when `at` starts none (a parameter such as $1).
std::size_t dollar_quote_end(std::string_view sql, std::size_t at) {
    std::size_t tag_end = at + 1;
    while (tag_end < sql.size() && is_word_char(sql[tag_end])) ++tag_end;
    bool const closed = tag_end < sql.size() && sql[tag_end] == '$';
    bool const digit = at + 1 < sql.size() && sql[at + 1] >= '0' && sql[at + 1] <= '9';
    if (!closed || digit) return 0;
    auto const tag = sql.substr(at, tag_end + 1 - at);
    return end_after(sql, tag, tag_end + 1);
}

// Index of the next token that is no space, from `at` on; tokens.size() when there is none.
std::size_t skip_space(std::vector<SqlToken> const& tokens, std::size_t at) {
    while (at < tokens.size() && tokens[at].kind == SqlToken::Kind::space) ++at;
    return at;
}

// When the words (spaces ignored) follow from `at` on, the index after the last one; else 0.
template <std::size_t N>
std::size_t match(std::vector<SqlToken> const& tokens, std::size_t at,
                  std::array<std::string_view, N> const& words) {
    for (auto word : words) {
        at = skip_space(tokens, at);
        if (at >= tokens.size() || !tokens[at].is_word(word)) return 0;
        ++at;
    }
    return at;
}

// The index after a row lock clause that starts at `at`, or 0.
std::size_t row_lock_end(std::vector<SqlToken> const& tokens, std::size_t at) {
    using namespace std::string_view_literals;
    std::size_t end = match(tokens, at, std::array{"FOR"sv, "UPDATE"sv});
    if (!end) end = match(tokens, at, std::array{"FOR"sv, "NO"sv, "KEY"sv, "UPDATE"sv});
    if (!end) end = match(tokens, at, std::array{"FOR"sv, "SHARE"sv});
    if (!end) return 0;
    if (auto const of = match(tokens, end, std::array{"OF"sv})) {
        end = skip_space(tokens, of) + 1;
        while (skip_space(tokens, end) < tokens.size() && tokens[skip_space(tokens, end)].is_symbol(',')) {
            end = skip_space(tokens, skip_space(tokens, end) + 1) + 1;
        }
    }
    if (auto const nowait = match(tokens, end, std::array{"NOWAIT"sv})) return nowait;
    if (auto const skip = match(tokens, end, std::array{"SKIP"sv, "LOCKED"sv})) return skip;
    return end;
}

std::string_view sqlite_type(SqlToken const& token) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> types{{
        {"UUID", "TEXT"},
        {"JSONB", "TEXT"},
        {"BYTEA", "BLOB"},
        {"BIGINT", "INTEGER"},
        {"SMALLINT", "INTEGER"},
        {"BOOLEAN", "INTEGER"},
    }};
    for (auto const& [from, to] : types) {
        if (token.is_word(from)) return to;
    }
    return token.text;
}

// CREATE [TEMP|TEMPORARY] TABLE at the start of a statement.
bool starts_create_table(std::vector<SqlToken> const& tokens, std::size_t at) {
    using namespace std::string_view_literals;
    return match(tokens, at, std::array{"CREATE"sv, "TABLE"sv}) ||
           match(tokens, at, std::array{"CREATE"sv, "TEMP"sv, "TABLE"sv}) ||
           match(tokens, at, std::array{"CREATE"sv, "TEMPORARY"sv, "TABLE"sv});
}

}  // namespace

bool SqlToken::is_word(std::string_view upper) const {
    if (kind != Kind::word || text.size() != upper.size()) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 'a' + 'A') : text[i];
        if (c != upper[i]) return false;
    }
    return true;
}

std::vector<SqlToken> split_sql(std::string_view sql) {
    std::vector<SqlToken> tokens;
    std::size_t at = 0;
    while (at < sql.size()) {
        char const c = sql[at];
        auto kind = SqlToken::Kind::symbol;
        std::size_t end = at + 1;
        if (is_space(c)) {
            kind = SqlToken::Kind::space;
            while (end < sql.size() && is_space(sql[end])) ++end;
        } else if (sql.substr(at, 2) == "--") {
            kind = SqlToken::Kind::space;
            end = end_after(sql, "\n", at);
        } else if (sql.substr(at, 2) == "/*") {
            kind = SqlToken::Kind::space;
            end = end_after(sql, "*/", at + 2);
        } else if (c == '\'' || c == '"') {
            // A doubled quote inside reads as two neighbouring opaque tokens, which is as good.
            kind = SqlToken::Kind::opaque;
            end = end_after(sql, sql.substr(at, 1), at + 1);
        } else if (auto const quoted = c == '$' ? dollar_quote_end(sql, at) : 0) {
            kind = SqlToken::Kind::opaque;
            end = quoted;
        } else if (is_word_char(c)) {
            kind = SqlToken::Kind::word;
            while (end < sql.size() && is_word_char(sql[end])) ++end;
        }
        tokens.push_back(SqlToken{kind, sql.substr(at, end - at)});
        at = end;
    }
    return tokens;
}

std::string without_row_locks(std::string_view sql) {
    auto const tokens = split_sql(sql);
    std::string out;
    out.reserve(sql.size());
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        if (auto const end = row_lock_end(tokens, at)) {
            at = end - 1;
            continue;
        }
        out += tokens[at].text;
    }
    return out;
}

std::string translate_ddl_for_sqlite(std::string_view sql) {
    using namespace std::string_view_literals;
    auto const tokens = split_sql(sql);
    std::string out;
    bool statement_start = true;
    bool in_create_table = false;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        auto const& token = tokens[at];
        if (token.kind == SqlToken::Kind::space) {
            out += token.text;
            continue;
        }
        if (statement_start) {
            in_create_table = starts_create_table(tokens, at);
            statement_start = false;
        }
        std::size_t identity = match(tokens, at, std::array{"GENERATED"sv, "ALWAYS"sv, "AS"sv, "IDENTITY"sv});
        if (!identity) {
            identity =
                match(tokens, at, std::array{"GENERATED"sv, "BY"sv, "DEFAULT"sv, "AS"sv, "IDENTITY"sv});
        }
        auto const key = identity ? match(tokens, identity, std::array{"PRIMARY"sv, "KEY"sv}) : 0;
        if (key) {
            // AUTOINCREMENT, because a plain rowid gives numbers out again after the newest rows were
            // deleted.
            out += "PRIMARY KEY AUTOINCREMENT";
            at = key - 1;
        } else if (auto const real = match(tokens, at, std::array{"DOUBLE"sv, "PRECISION"sv})) {
            out += "REAL";
            at = real - 1;
        } else if (token.is_symbol(';')) {
            if (in_create_table) out += " STRICT";
            out += ';';
            statement_start = true;
            in_create_table = false;
        } else {
            out += sqlite_type(token);
        }
    }
    if (in_create_table) out += "\nSTRICT";  // on a line of its own: a comment may stand before
    return out;
}

}  // namespace mypost::db
