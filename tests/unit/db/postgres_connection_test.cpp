#include "db/postgres/connection.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "support/database.hpp"

namespace mypost::db::postgres {

// One reply that a test looks at when it likes.
template <class T>
struct TestReply final : Reply<T> {
    std::optional<T> value;
    std::exception_ptr error;

  protected:
    void deliver(std::exception_ptr e, std::optional<T> v) override {
        error = e;
        value = std::move(v);
    }
};

class PostgresConnection : public testing::Test {
  protected:
    std::shared_ptr<Connection> open() {
        Settings const settings(site_.options().url, false);
        auto connection = std::make_shared<Connection>(io_.get_executor(), settings.connect_blocking(), true);
        connection->start();
        return connection;
    }
    void run_until_answered(Connection const& connection) {
        auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (connection.in_flight() > 0 && std::chrono::steady_clock::now() < deadline) {
            io_.run_one_for(std::chrono::seconds(1));
        }
        ASSERT_EQ(connection.in_flight(), 0u);
    }

    asio::io_context io_;
    test::DatabaseSite site_{Engine::postgres};
};

TEST_F(PostgresConnection, statements_are_sent_before_earlier_ones_are_answered) {
    auto const connection = open();
    std::vector<std::shared_ptr<TestReply<Rows>>> replies;
    for (int i = 0; i < 50; ++i) {
        auto reply = std::make_shared<TestReply<Rows>>();
        replies.push_back(reply);
        // Every tenth fails, and only itself.
        Query const query{"test", i % 10 == 5 ? "SELECT 1 / ($1::bigint - $1::bigint)" : "SELECT $1::bigint"};
        connection->send(query, {i}, false, reply);
    }
    // Nothing was read yet: all fifty are under way on this one connection.
    EXPECT_EQ(connection->in_flight(), 50u);
    run_until_answered(*connection);
    for (std::size_t i = 0; i < 50; ++i) {
        if (i % 10 == 5) {
            EXPECT_TRUE(replies[i]->error);
        } else {
            ASSERT_TRUE(replies[i]->value);
            EXPECT_EQ(replies[i]->value->front().int64(0), static_cast<std::int64_t>(i));
        }
    }
    connection->close("done");
}

TEST_F(PostgresConnection, begin_travels_with_the_first_statement) {
    auto const connection = open();
    auto reply = std::make_shared<TestReply<Rows>>();
    connection->send(Query{"test", "CREATE TABLE x (id BIGINT)"}, {}, true, reply);
    run_until_answered(*connection);
    EXPECT_TRUE(reply->value);
    EXPECT_TRUE(connection->in_transaction());
    bool rolled_back = false;
    connection->send_rollback([&] { rolled_back = true; });
    run_until_answered(*connection);
    EXPECT_TRUE(rolled_back);
    EXPECT_FALSE(connection->in_transaction());
    connection->close("done");
}

TEST_F(PostgresConnection, types_are_decoded_by_what_the_server_says) {
    auto const connection = open();
    auto reply = std::make_shared<TestReply<Rows>>();
    connection->send(
        Query{
            "test",
            "SELECT true, false, 7::smallint, -8::integer, 9::bigint, 1.5::real, -2.25::float8, 12::numeric,"
            " 1.25::numeric, 123456789012345678901234567890::numeric, '\\x00ff41'::bytea, 'a'::varchar,"
            " '018f0000-0000-7000-8000-000000000001'::uuid, '{\"a\": [1]}'::jsonb, NULL::bigint"},
        {}, false, reply);
    run_until_answered(*connection);
    ASSERT_TRUE(reply->value);
    auto const& row = reply->value->front();
    EXPECT_EQ(row.int64(0), 1);
    EXPECT_EQ(row.int64(1), 0);
    EXPECT_EQ(row.int64(2), 7);
    EXPECT_EQ(row.int64(3), -8);
    EXPECT_EQ(row.int64(4), 9);
    EXPECT_EQ(row.real(5), 1.5);
    EXPECT_EQ(row.real(6), -2.25);
    EXPECT_EQ(row.int64(7), 12);
    EXPECT_EQ(row.real(8), 1.25);
    EXPECT_DOUBLE_EQ(row.real(9), 1.2345678901234568e29);
    EXPECT_EQ(row.text(10), std::string("\0\xff"
                                        "A",
                                        3));
    EXPECT_EQ(row.text(11), "a");
    EXPECT_EQ(row.text(12), "018f0000-0000-7000-8000-000000000001");
    EXPECT_EQ(row.text(13), "{\"a\": [1]}");
    EXPECT_TRUE(row.is_null(14));
    connection->close("done");
}

TEST_F(PostgresConnection, closing_tells_everybody_who_waits) {
    auto const connection = open();
    auto reply = std::make_shared<TestReply<Rows>>();
    bool closed = false;
    connection->on_closed([&] { closed = true; });
    connection->send(Query{"test", "SELECT pg_sleep(60)"}, {}, false, reply);
    connection->close("enough");
    EXPECT_TRUE(closed);
    EXPECT_TRUE(reply->error);
    EXPECT_THROW(std::rethrow_exception(reply->error), ConnectionLost);
    // And one who comes later is refused rather than forgotten.
    auto late = std::make_shared<TestReply<Rows>>();
    connection->send(Query{"test", "SELECT 1"}, {}, false, late);
    io_.restart();
    io_.run();
    EXPECT_TRUE(late->error);
}

}  // namespace mypost::db::postgres
