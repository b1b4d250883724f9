#include "audit/audit.hpp"
#include "posts/posts.hpp"

namespace mypost::posts {

namespace {

constexpr db::Query sql_list{
    "labels.list",
    "SELECT id, name, color, version FROM labels WHERE workspace_id = $1 ORDER BY name, id LIMIT 1000"};
constexpr db::Query sql_insert{
    "labels.insert",
    "INSERT INTO labels (id, workspace_id, name, color, created_at) VALUES ($1, $2, $3, $4, $5)"};
constexpr db::Query sql_find{
    "labels.find", "SELECT id, name, color, version FROM labels WHERE workspace_id = $1 AND id = $2"};
constexpr db::Query sql_update{"labels.update",
                               "UPDATE labels SET name = $4, color = $5, version = version + 1 WHERE "
                               "workspace_id = $1 AND id = $2 AND version = $3"
                               " RETURNING version"};
// The list of ids beside each post, see posts.label_ids.
constexpr db::Query sql_forget{"labels.forget",
                               "UPDATE posts SET label_ids = replace(replace(replace(label_ids, '\"' || $3 "
                               "|| '\",', ''), ',\"' || $3 || '\"', ''),"
                               " '\"' || $3 || '\"', '') WHERE workspace_id = $1 AND id IN (SELECT post_id "
                               "FROM post_labels WHERE label_id = $2)"};
constexpr db::Query sql_delete{"labels.delete",
                               "DELETE FROM labels WHERE workspace_id = $1 AND id = $2 RETURNING id"};

Label label_of(db::Row const& row) {
    return Label{row.id<LabelId>(0), row.text(1), row.text(2), row.int64(3)};
}

Result<void> check(Label const& label) {
    std::vector<FieldError> fields;
    if (label.name.find_first_not_of(" \t") == std::string::npos) {
        fields.push_back(FieldError{"/name", "required", {}, "A name is needed."});
    }
    bool const color = label.color.size() == 7 && label.color[0] == '#' &&
                       label.color.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
    if (!color) fields.push_back(FieldError{"/color", "invalid_format", {}, "A colour is written #rrggbb."});
    if (fields.empty()) return {};
    return Error(ErrorCode::validation_failed, "Some fields are not right.", std::move(fields));
}

std::string to_json(Label const& label) {
    return boost::json::serialize(boost::json::object{{"name", label.name}, {"color", label.color}});
}

audit::AuditEntry entry_of(std::string action, access::Caller const& caller, LabelId id) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "label";
    entry.entity_id = id.to_string();
    entry.workspace = caller.workspace;
    return entry;
}

Error name_taken() {
    return invalid("/name", "taken", "Another label has this name.");
}

}  // namespace

asio::awaitable<std::vector<Label>> PostService::labels(WorkspaceId workspace) {
    db::Params params{workspace};
    auto const rows = co_await database_.read(sql_list, std::move(params));
    std::vector<Label> list;
    for (auto const& row : rows) list.push_back(label_of(row));
    co_return list;
}

asio::awaitable<Result<Label>> PostService::create_label(access::Caller caller, std::string name,
                                                         std::string color) {
    MP_CHECK(allowed, caller.require_in_workspace(access::Permission::labels_manage));
    Label label{LabelId::make(), std::move(name), std::move(color), 1};
    MP_CHECK(checked, check(label));
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        db::Params row{label.id, caller.workspace, label.name, label.color, clock_.now()};
        co_await tx.run(sql_insert, std::move(row));
        auto entry = entry_of("label.create", caller, label.id);
        entry.after = to_json(label);
        co_await audit::record(tx, clock_, caller, std::move(entry));
    };
    try {
        co_await database_.transaction(store);
        co_return label;
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
    }
    co_return name_taken();
}

asio::awaitable<Result<Label>> PostService::change_label(access::Caller caller, LabelId id,
                                                         std::int64_t version,
                                                         std::optional<std::string> name,
                                                         std::optional<std::string> color) {
    MP_CHECK(allowed, caller.require_in_workspace(access::Permission::labels_manage));
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Label>> {
        db::Params by_id{caller.workspace, id};
        auto const rows = co_await tx.run(sql_find, std::move(by_id));
        if (rows.empty()) co_return not_found("Label");
        Label label = label_of(rows.front());
        std::string const before = to_json(label);
        if (name) label.name = *name;
        if (color) label.color = *color;
        MP_CHECK(checked, check(label));
        db::Params update{caller.workspace, id, version, label.name, label.color};
        auto const updated = co_await tx.run(sql_update, std::move(update));
        if (updated.empty())
            co_return Error(ErrorCode::version_mismatch, "Somebody else changed the label meanwhile.");
        label.version = updated.front().int64(0);
        auto entry = entry_of("label.edit", caller, id);
        entry.before = before;
        entry.after = to_json(label);
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return label;
    };
    try {
        co_return co_await db::in_transaction<Result<Label>>(database_, store);
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
    }
    co_return name_taken();
}

asio::awaitable<Result<Done>> PostService::remove_label(access::Caller caller, LabelId id) {
    MP_CHECK(allowed, caller.require_in_workspace(access::Permission::labels_manage));
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params forget{caller.workspace, id, id.to_string()};
        co_await tx.run(sql_forget, std::move(forget));
        db::Params params{caller.workspace, id};
        auto const gone = co_await tx.run(sql_delete, std::move(params));
        if (gone.empty()) co_return not_found("Label");
        co_await audit::record(tx, clock_, caller, entry_of("label.delete", caller, id));
        co_return Done{};
    };
    co_return co_await db::in_transaction<Result<Done>>(database_, store);
}

}  // namespace mypost::posts
