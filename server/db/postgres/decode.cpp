#include "db/postgres/decode.hpp"

#include <charconv>

namespace mypost::db::postgres {

namespace {

// https://github.com/postgres/postgres/blob/REL_15_STABLE/src/include/catalog/pg_type.dat
enum TypeOid : Oid {
    bool_ = 16,
    bytea = 17,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    oid = 26,
    float4 = 700,
    float8 = 701,
    numeric = 1700
};

template <class Number>
std::optional<Number> parse(std::string_view text) {
    Number number{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

int hex_digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

// "\x0aff", the only form since bytea_output = hex became the default.
std::string parse_bytea(std::string_view text) {
    std::string bytes;
    if (!text.starts_with("\\x")) return bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
        bytes.push_back(static_cast<char>(hex_digit(text[i]) * 16 + hex_digit(text[i + 1])));
    }
    return bytes;
}

Row::Value decode_value(Oid type, std::string_view text) {
    switch (type) {
        case bool_:
            return std::int64_t{text == "t" ? 1 : 0};
        case int2:
        case int4:
        case int8:
        case oid:
            if (auto const number = parse<std::int64_t>(text)) return *number;
            break;
        case numeric:
            if (auto const number = parse<std::int64_t>(text)) return *number;
            [[fallthrough]];
        case float4:
        case float8:
            if (auto const number = parse<double>(text)) return *number;
            break;
        case bytea:
            return parse_bytea(text);
        default:
            break;
    }
    return std::string(text);
}

}  // namespace

Rows decode(PGresult const* result) {
    Rows rows;
    int const count = PQntuples(result);
    int const columns = PQnfields(result);
    rows.rows.reserve(static_cast<std::size_t>(count));
    for (int r = 0; r < count; ++r) {
        std::vector<Row::Value> values;
        values.reserve(static_cast<std::size_t>(columns));
        for (int c = 0; c < columns; ++c) {
            if (PQgetisnull(result, r, c)) {
                values.emplace_back();
                continue;
            }
            std::string_view const text(PQgetvalue(result, r, c),
                                        static_cast<std::size_t>(PQgetlength(result, r, c)));
            values.push_back(decode_value(PQftype(result, c), text));
        }
        rows.rows.emplace_back(std::move(values));
    }
    // "INSERT 0 3", "UPDATE 2", "DELETE 1"; a SELECT's count is no change.
    std::string_view const tag(PQcmdStatus(const_cast<PGresult*>(result)));
    if (!tag.starts_with("SELECT")) {
        auto const changed = parse<std::int64_t>(PQcmdTuples(const_cast<PGresult*>(result)));
        rows.affected = changed.value_or(0);
    }
    return rows;
}

}  // namespace mypost::db::postgres
