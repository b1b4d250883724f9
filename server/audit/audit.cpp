#include "audit/audit.hpp"

namespace mypost::audit {

namespace {

constexpr db::Query sql_insert{
    "audit.insert",
    "INSERT INTO audit_events (id, workspace_id, brand_id, actor_id, actor_name, action, entity, entity_id, "
    "before, after,"
    " address, request_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};

std::optional<std::string> text_or_null(std::string text) {
    if (text.empty()) return std::nullopt;
    return text;
}

}  // namespace

boost::asio::awaitable<void> record(db::Transaction& tx, Clock const& clock, access::Caller const& caller,
                                    AuditEntry entry) {
    std::optional<UserId> actor;
    if (!caller.user.is_nil()) actor = caller.user;
    db::Params params{AuditEventId::make(),
                      entry.workspace,
                      entry.brand,
                      actor,
                      caller.name,
                      std::move(entry.action),
                      std::move(entry.entity),
                      std::move(entry.entity_id),
                      text_or_null(std::move(entry.before)),
                      text_or_null(std::move(entry.after)),
                      caller.address,
                      caller.request_id,
                      clock.now()};
    co_await tx.run(sql_insert, std::move(params));
}

}  // namespace mypost::audit
