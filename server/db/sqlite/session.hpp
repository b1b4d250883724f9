// An interactive transaction: its body runs on the event loop, its statements on the writer's thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "db/database.hpp"
#include "db/reply.hpp"
#include "db/sqlite/writer.hpp"

namespace mypost::db::sqlite {

struct Turn {};       // the body may begin
struct Committed {};  // and it is durable

class Session final : public WriterJob {
  public:
    // A body that awaits something else must not keep everybody from writing: after `idle_limit` without a
    // statement the transaction is rolled back (PostgreSQL: idle_in_transaction_session_timeout).
    Session(Writer const& writer, std::shared_ptr<Reply<Turn>> turn,
            std::chrono::milliseconds idle_limit = std::chrono::seconds(10))
        : writer_(writer), turn_(std::move(turn)), idle_limit_(idle_limit) {}

    // From the event loop. `query` and `params` stay alive until the reply is answered.
    void submit(Query const& query, Params const& params, std::shared_ptr<Reply<Rows>> reply);
    void commit(std::shared_ptr<Reply<Committed>> reply);
    // Rolls back whatever was done. At any time, from any thread, also twice.
    void abandon();

    std::string_view name() const override { return "transaction"; }
    bool claim() override { return turn_->claim(); }
    void run(Connection& connection) override;
    void finish(std::exception_ptr error) override;

  private:
    struct Statement {
        Query const* query;
        Params const* params;
        std::shared_ptr<Reply<Rows>> reply;
    };

    void run_statement(Connection& connection, Statement statement);

    Writer const& writer_;
    std::shared_ptr<Reply<Turn>> turn_;
    std::chrono::milliseconds const idle_limit_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<Statement> statement_;
    std::shared_ptr<Reply<Committed>> commit_;
    bool abandoned_ = false;
    std::string over_;    // why no more statements are taken
    std::string failed_;  // the first failed statement's message: nothing after it may be kept
};

}  // namespace mypost::db::sqlite
