#include <cmath>

#include "conformance/db/suite.hpp"
#include "core/clock.hpp"

namespace mypost::db {

class DatabaseStatements : public DatabaseSuite {};

TEST_P(DatabaseStatements, values_come_back_as_they_went_in) {
    auto const owner = UserId::make();
    write("INSERT INTO owners (id, name) VALUES ($1, $2)", {owner, "Ann"});
    Params params{1,
                  owner,
                  "naïve 👩‍👩‍👧 “text”\n",
                  true,
                  0.1,
                  Blob{std::string("\0\x01\xff", 3)},
                  R"({"a": 1})",
                  from_ms(1'700'000'000'123)};
    auto const inserted = write(
        "INSERT INTO things (id, owner_id, name, flag, weight, bytes, document, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        params);
    EXPECT_EQ(inserted.affected, 1);
    EXPECT_EQ(inserted.front().int64(0), 1);

    auto const rows = read(
        "SELECT owner_id, name, flag, weight, bytes, document, created_at, state, NULL FROM things WHERE id "
        "= $1",
        {1});
    ASSERT_EQ(rows.size(), 1u);
    auto const& row = rows.front();
    EXPECT_EQ(row.size(), 9u);
    EXPECT_EQ(row.id<UserId>(0), owner);
    EXPECT_EQ(row.text(1), "naïve 👩‍👩‍👧 “text”\n");
    EXPECT_TRUE(row.boolean(2));
    EXPECT_EQ(row.real(3), 0.1);
    EXPECT_EQ(row.text(4), std::string("\0\x01\xff", 3));
    EXPECT_EQ(row.text(5), R"({"a": 1})");
    EXPECT_EQ(to_ms(row.instant(6)), 1'700'000'000'123);
    EXPECT_EQ(row.text(7), "new");
    EXPECT_TRUE(row.is_null(8));
}

TEST_P(DatabaseStatements, nulls_are_nothing) {
    write("INSERT INTO things (id, owner_id, name, weight, bytes) VALUES (1, $1, 'a', $2, $3)",
          {std::optional<UserId>(), std::nullopt, nullptr});
    auto const rows = read("SELECT owner_id, weight, bytes, created_at FROM things");
    auto const& row = rows.front();
    EXPECT_FALSE(row.opt_id<UserId>(0));
    EXPECT_TRUE(row.is_null(1));
    EXPECT_FALSE(row.opt_text(2));
    EXPECT_FALSE(row.opt_instant(3));
}

TEST_P(DatabaseStatements, extreme_numbers_survive) {
    constexpr auto smallest = std::numeric_limits<std::int64_t>::min();
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    write("INSERT INTO things (id, name, weight) VALUES ($1, 'a', $2), ($3, 'b', $4)",
          {smallest, 1.7976931348623157e308, largest, 5e-324});
    auto const rows = read("SELECT id, weight FROM things ORDER BY id");
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows.rows[0].int64(0), smallest);
    EXPECT_EQ(rows.rows[0].real(1), 1.7976931348623157e308);
    EXPECT_EQ(rows.rows[1].int64(0), largest);
    EXPECT_EQ(rows.rows[1].real(1), 5e-324);
}

TEST_P(DatabaseStatements, empty_text_and_bytes_are_not_null) {
    write("INSERT INTO things (id, name, bytes) VALUES (1, $1, $2)", {"", Blob{}});
    auto const rows = read("SELECT name, bytes FROM things");
    EXPECT_EQ(rows.front().opt_text(0), "");
    EXPECT_EQ(rows.front().opt_text(1), "");
}

TEST_P(DatabaseStatements, big_values_survive) {
    std::string const text(4'000'000, 'x');
    std::string bytes(3'000'000, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31);
    write("INSERT INTO things (id, name, document, bytes) VALUES (1, 'big', $1, $2)",
          {"\"" + text + "\"", Blob{bytes}});
    auto const rows = read("SELECT document, bytes FROM things");
    EXPECT_TRUE(rows.front().text(0) == "\"" + text + "\"");
    EXPECT_TRUE(rows.front().text(1) == bytes);
}

TEST_P(DatabaseStatements, many_rows_come_in_order) {
    write(
        "INSERT INTO things (id, name) SELECT n, 'n' || n FROM"
        " (WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 5000) SELECT n FROM s) "
        "AS numbers");
    auto const rows = read("SELECT id, name FROM things ORDER BY id");
    ASSERT_EQ(rows.size(), 5000u);
    EXPECT_EQ(rows.rows[4999].int64(0), 5000);
    EXPECT_EQ(rows.rows[4999].text(1), "n5000");
}

TEST_P(DatabaseStatements, counts_what_a_statement_changed) {
    write("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')");
    EXPECT_EQ(write("UPDATE things SET weight = 1 WHERE id >= $1", {2}).affected, 2);
    EXPECT_EQ(write("UPDATE things SET weight = 1 WHERE id = 99").affected, 0);
    EXPECT_EQ(write("DELETE FROM things").affected, 3);
    EXPECT_EQ(read("SELECT 1").affected, 0);
    auto const conflict = "INSERT INTO things (id, name) VALUES (1, 'a') ON CONFLICT (id) DO NOTHING";
    EXPECT_EQ(write(conflict).affected, 1);
    EXPECT_EQ(write(conflict).affected, 0);
}

TEST_P(DatabaseStatements, sums_are_integers_and_averages_are_reals) {
    write("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b')");
    auto const rows = read("SELECT sum(id), avg(id), count(*), max(name) FROM things");
    EXPECT_EQ(rows.front().int64(0), 3);
    EXPECT_DOUBLE_EQ(rows.front().real(1), 1.5);
    EXPECT_EQ(rows.front().int64(2), 2);
    EXPECT_EQ(rows.front().text(3), "b");
}

TEST_P(DatabaseStatements, a_parameter_may_stand_twice_and_in_any_order) {
    write("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b')");
    auto const rows = read(
        "SELECT id FROM things WHERE name = $2 OR id = $1 OR name = $2 ORDER BY id LIMIT $3", {1, "b", 10});
    ASSERT_EQ(rows.size(), 2u);
}

TEST_P(DatabaseStatements, casts_of_parameters_are_understood) {
    auto const rows = read("SELECT $1::bigint + 1, $2::text", {41, "x"});
    EXPECT_EQ(rows.front().int64(0), 42);
    EXPECT_EQ(rows.front().text(1), "x");
}

TEST_P(DatabaseStatements, row_locks_and_like_mean_the_same) {
    write("INSERT INTO things (id, name) VALUES (1, 'Anna'), (2, 'anna')");
    run(database().transaction([](Transaction& tx) -> asio::awaitable<void> {
        auto const rows =
            co_await tx.run(Query{"test.lock", "SELECT id FROM things ORDER BY id FOR UPDATE SKIP LOCKED"});
        EXPECT_EQ(rows.size(), 2u);
    }));
    EXPECT_EQ(read("SELECT id FROM things WHERE name LIKE 'A%'").size(), 1u);
    EXPECT_EQ(read("SELECT greatest(1, 3, NULL, 2), least('b', 'a')").front().int64(0), 3);
}

TEST_P(DatabaseStatements, identities_ascend_and_never_come_again) {
    auto const insert = "INSERT INTO log (line) VALUES ('x') RETURNING id";
    auto const first = write(insert).front().int64(0);
    auto const second = write(insert).front().int64(0);
    EXPECT_GT(second, first);
    write("DELETE FROM log");
    EXPECT_GT(write(insert).front().int64(0), second);
}

TEST_P(DatabaseStatements, db_now_is_the_wall_clock_in_milliseconds) {
    auto const before = to_ms(SystemClock().now());
    auto const now = read("SELECT db_now()").front().int64(0);
    auto const after = to_ms(SystemClock().now());
    EXPECT_GE(now, before - 1);
    EXPECT_LE(now, after + 1);
}

TEST_P(DatabaseStatements, reads_see_what_was_written_before) {
    for (int i = 1; i <= 50; ++i) {
        write("INSERT INTO things (id, name) VALUES ($1, $2)", {i, std::to_string(i)});
        ASSERT_EQ(count("things"), i);
    }
}

struct Refusal {
    char const* name;
    char const* sql;
    ConstraintViolation::Kind kind;
    char const* sqlite_constraint;
    char const* postgres_constraint;
};

TEST_P(DatabaseStatements, broken_rules_are_named) {
    using Kind = ConstraintViolation::Kind;
    Refusal const refusals[] = {
        {"primary key", "INSERT INTO things (id, name) VALUES (1, 'z')", Kind::unique, "things.id",
         "things_pkey"},
        {"partial unique index", "INSERT INTO things (id, name) VALUES (2, 'a')", Kind::unique, "things.name",
         "things_name"},
        {"check", "INSERT INTO things (id, name, state) VALUES (2, 'b', 'odd')", Kind::check, "things_state",
         "things_state"},
        {"not null", "INSERT INTO things (id, name) VALUES (2, NULL)", Kind::not_null, "things.name",
         "things.name"},
        {"foreign key",
         "INSERT INTO things (id, name, owner_id) VALUES (2, 'b', '018f0000-0000-7000-8000-000000000000')",
         Kind::foreign_key, "", "things_owner_id_fkey"},
        {"deferred foreign key",
         "INSERT INTO parts (id, owner_id) VALUES (2, '018f0000-0000-7000-8000-000000000000')",
         Kind::foreign_key, "", "parts_owner_id_fkey"},
    };
    write("INSERT INTO things (id, name) VALUES (1, 'a')");
    for (auto const& refusal : refusals) {
        SCOPED_TRACE(refusal.name);
        try {
            write(refusal.sql);
            ADD_FAILURE() << "was accepted";
        } catch (ConstraintViolation const& violation) {
            EXPECT_EQ(violation.kind, refusal.kind);
            EXPECT_EQ(violation.constraint,
                      GetParam() == Engine::sqlite ? refusal.sqlite_constraint : refusal.postgres_constraint);
            EXPECT_NE(std::string(violation.what()).find("test.write"), std::string::npos)
                << violation.what();
        }
    }
    EXPECT_EQ(count("things"), 1);
    EXPECT_EQ(count("parts"), 0);
}

TEST_P(DatabaseStatements, wrong_statements_are_database_errors) {
    struct Case {
        char const* name;
        char const* sql;
        Params params;
    };
    Case const cases[] = {
        {"syntax", "SELEKT 1", {}},
        {"unknown table", "SELECT * FROM nowhere", {}},
        {"unknown column", "SELECT nothing FROM things", {}},
        {"too few parameters", "SELECT $1, $2", {1}},
        {"too many parameters", "SELECT id FROM things WHERE id = $1", {1, 2}},
        {"two statements", "SELECT 1; SELECT 2", {}},
        {"wrong type", "INSERT INTO things (id, name) VALUES ('seven', 'x')", {}},
        {"NUL in a text", "SELECT id FROM things WHERE name = $1", {std::string("a\0b", 3)}},
        {"broken UTF-8", "SELECT id FROM things WHERE name = $1", {"\xc3("}},
    };
    for (auto const& wrong : cases) {
        SCOPED_TRACE(wrong.name);
        // Twice: a statement that failed to prepare must not be remembered as prepared.
        EXPECT_THROW(write(wrong.sql, wrong.params), DatabaseError);
        EXPECT_THROW(write(wrong.sql, wrong.params), DatabaseError);
    }
    EXPECT_EQ(read("SELECT 1").front().int64(0), 1);
}

TEST_P(DatabaseStatements, ping_answers) {
    EXPECT_NO_THROW(run(database().ping()));
}

TEST_P(DatabaseStatements, a_closed_database_refuses) {
    run(database().close());
    EXPECT_THROW(read("SELECT 1"), Unavailable);
    EXPECT_THROW(write("DELETE FROM things"), Unavailable);
    EXPECT_THROW(run(database().ping()), Unavailable);
    auto nothing = [](Transaction& tx) -> asio::awaitable<void> {
        co_await tx.run(Query{"test", "SELECT 1"});
    };
    EXPECT_THROW(run(database().transaction(nothing)), Unavailable);
}

MYPOST_ON_BOTH_ENGINES(DatabaseStatements);

}  // namespace mypost::db
