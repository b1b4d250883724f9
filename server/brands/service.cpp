#include <date/tz.h>

#include <boost/json.hpp>

#include "audit/audit.hpp"
#include "brands/brands.hpp"

namespace mypost::brands {

namespace {

using access::Permission;

constexpr db::Query sql_list{"brands.list",
                             "SELECT id, workspace_id, name, color, time_zone, content_language, "
                             "approval_policy, paused_at, paused_until,"
                             " paused_reason, version, created_at, updated_at FROM brands WHERE workspace_id "
                             "= $1 AND deleted_at IS NULL"
                             " ORDER BY name, id LIMIT 1000"};
constexpr db::Query sql_find{"brands.find",
                             "SELECT id, workspace_id, name, color, time_zone, content_language, "
                             "approval_policy, paused_at, paused_until,"
                             " paused_reason, version, created_at, updated_at FROM brands WHERE workspace_id "
                             "= $1 AND id = $2 AND deleted_at IS NULL"};
constexpr db::Query sql_insert{"brands.insert",
                               "INSERT INTO brands (id, workspace_id, name, color, time_zone, "
                               "content_language, approval_policy, created_at, updated_at)"
                               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)"};
constexpr db::Query sql_update{
    "brands.update",
    "UPDATE brands SET name = $4, color = $5, time_zone = $6, content_language = $7, approval_policy = $8,"
    " version = version + 1, updated_at = $9 WHERE workspace_id = $1 AND id = $2 AND version = $3 AND "
    "deleted_at IS NULL"
    " RETURNING version"};
constexpr db::Query sql_delete{"brands.delete",
                               "UPDATE brands SET deleted_at = $3, updated_at = $3, version = version + 1 "
                               "WHERE workspace_id = $1 AND id = $2"};
constexpr db::Query sql_busy{
    "brands.busy",
    "SELECT (SELECT count(*) FROM social_accounts WHERE workspace_id = $1 AND brand_id = $2 AND "
    "disconnected_at IS NULL),"
    " (SELECT count(*) FROM post_targets WHERE workspace_id = $1 AND brand_id = $2"
    " AND state IN ('scheduled', 'held', 'publishing', 'retrying', 'pending_approval'))"};

std::optional<ApprovalPolicy> parse_policy(std::string_view name) {
    for (auto policy :
         {ApprovalPolicy::none, ApprovalPolicy::required, ApprovalPolicy::required_self_allowed}) {
        if (to_string(policy) == name) return policy;
    }
    return std::nullopt;
}

Brand brand_of(db::Row const& row) {
    Brand brand;
    brand.id = row.id<BrandId>(0);
    brand.workspace = row.id<WorkspaceId>(1);
    brand.name = row.text(2);
    brand.color = row.opt_text(3);
    brand.time_zone = row.opt_text(4);
    brand.content_language = row.opt_text(5);
    brand.approval_policy = parse_policy(row.text(6)).value_or(ApprovalPolicy::required);
    if (auto const since = row.opt_instant(7))
        brand.pause = BrandPause{*since, row.opt_instant(8), row.opt_text(9).value_or("")};
    brand.version = row.int64(10);
    brand.created_at = row.instant(11);
    brand.updated_at = row.instant(12);
    return brand;
}

boost::json::value text_or_null(std::optional<std::string> const& text) {
    if (!text) return nullptr;
    return boost::json::value(*text);
}

std::string to_json(Brand const& brand) {
    boost::json::object object;
    object["name"] = brand.name;
    object["color"] = text_or_null(brand.color);
    object["time_zone"] = text_or_null(brand.time_zone);
    object["content_language"] = text_or_null(brand.content_language);
    object["approval_policy"] = to_string(brand.approval_policy);
    return boost::json::serialize(object);
}

audit::AuditEntry entry_of(std::string action, Brand const& brand) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "brand";
    entry.entity_id = brand.id.to_string();
    entry.workspace = brand.workspace;
    entry.brand = brand.id;
    return entry;
}

bool is_color(std::string const& text) {
    return text.size() == 7 && text[0] == '#' &&
           text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
}

bool is_known_zone(std::string const& zone) {
    try {
        static_cast<void>(date::locate_zone(zone));
        return true;
    } catch (std::runtime_error const&) {
        return false;
    }
}

Result<void> check(Brand const& brand) {
    std::vector<FieldError> fields;
    auto refuse = [&](char const* field, char const* code, char const* message) {
        fields.push_back(FieldError{field, code, {}, message});
    };
    if (brand.name.find_first_not_of(" \t") == std::string::npos)
        refuse("/name", "required", "A name is needed.");
    if (brand.color && !is_color(*brand.color))
        refuse("/color", "invalid_format", "A colour is written #rrggbb.");
    if (brand.time_zone && !is_known_zone(*brand.time_zone)) {
        refuse("/time_zone", "invalid_value", "Unknown time zone. Use an IANA name such as Europe/Berlin.");
    }
    if (brand.content_language &&
        (brand.content_language->size() < 2 || brand.content_language->size() > 35)) {
        refuse("/content_language", "invalid_format", "A language is a tag such as en or pt-BR.");
    }
    if (fields.empty()) return {};
    return Error(ErrorCode::validation_failed, "Some fields are not right.", std::move(fields));
}

Error name_taken() {
    return invalid("/name", "taken", "Another brand of this workspace has this name.");
}

}  // namespace

std::string_view to_string(ApprovalPolicy policy) {
    switch (policy) {
        case ApprovalPolicy::none:
            return "none";
        case ApprovalPolicy::required:
            return "required";
        case ApprovalPolicy::required_self_allowed:
            return "required_self_allowed";
    }
    return "required";
}

BrandService::BrandService(db::Database& database, Clock const& clock) : database_(database), clock_(clock) {}

asio::awaitable<std::vector<Brand>> BrandService::list(access::Caller caller) {
    db::Params params{caller.workspace};
    auto const rows = co_await database_.read(sql_list, std::move(params));
    std::vector<Brand> list;
    for (auto const& row : rows) {
        Brand brand = brand_of(row);
        if (caller.sees(brand.id) && caller.may(Permission::brands_view, brand.id))
            list.push_back(std::move(brand));
    }
    co_return list;
}

asio::awaitable<Result<Brand>> BrandService::create(access::Caller caller, NewBrand input) {
    MP_CHECK(allowed, caller.require_in_workspace(Permission::brands_create));
    Brand brand;
    brand.id = BrandId::make();
    brand.workspace = caller.workspace;
    brand.name = std::move(input.name);
    brand.color = std::move(input.color);
    brand.time_zone = std::move(input.time_zone);
    brand.content_language = std::move(input.content_language);
    brand.approval_policy = input.approval_policy;
    brand.version = 1;
    brand.created_at = brand.updated_at = clock_.now();
    MP_CHECK(checked, check(brand));
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        db::Params row{brand.id,
                       brand.workspace,
                       brand.name,
                       brand.color,
                       brand.time_zone,
                       brand.content_language,
                       to_string(brand.approval_policy),
                       brand.created_at};
        co_await tx.run(sql_insert, std::move(row));
        auto entry = entry_of("brand.create", brand);
        entry.after = to_json(brand);
        co_await audit::record(tx, clock_, caller, std::move(entry));
    };
    bool taken = false;
    try {
        co_await database_.transaction(store);
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
        taken = true;
    }
    if (taken) co_return name_taken();
    co_return brand;
}

asio::awaitable<Result<Brand>> BrandService::find(access::Caller caller, BrandId id) {
    MP_CHECK(allowed, caller.require(Permission::brands_view, id, "Brand"));
    db::Params params{caller.workspace, id};
    auto const rows = co_await database_.read(sql_find, std::move(params));
    if (rows.empty()) co_return not_found("Brand");
    co_return brand_of(rows.front());
}

asio::awaitable<Result<Brand>> BrandService::change(access::Caller caller, BrandId id, std::int64_t version,
                                                    BrandChange change) {
    MP_CHECK(allowed, caller.require(Permission::brands_edit, id, "Brand"));
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Brand>> {
        db::Params by_id{caller.workspace, id};
        auto const rows = co_await tx.run(sql_find, std::move(by_id));
        if (rows.empty()) co_return not_found("Brand");
        Brand brand = brand_of(rows.front());
        std::string const before = to_json(brand);
        if (change.name) brand.name = *change.name;
        if (change.color) brand.color = *change.color;
        if (change.time_zone) brand.time_zone = *change.time_zone;
        if (change.content_language) brand.content_language = *change.content_language;
        if (change.approval_policy) brand.approval_policy = *change.approval_policy;
        MP_CHECK(checked, check(brand));
        brand.updated_at = clock_.now();
        db::Params update{brand.workspace,
                          brand.id,
                          version,
                          brand.name,
                          brand.color,
                          brand.time_zone,
                          brand.content_language,
                          to_string(brand.approval_policy),
                          brand.updated_at};
        auto const updated = co_await tx.run(sql_update, std::move(update));
        if (updated.empty()) {
            Error stale(ErrorCode::version_mismatch, "Somebody else changed the brand meanwhile.");
            co_return stale;
        }
        brand.version = updated.front().int64(0);
        auto entry = entry_of("brand.edit", brand);
        entry.before = before;
        entry.after = to_json(brand);
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return brand;
    };
    try {
        co_return co_await db::in_transaction<Result<Brand>>(database_, store);
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
    }
    co_return name_taken();
}

asio::awaitable<Result<Done>> BrandService::remove(access::Caller caller, BrandId id) {
    MP_CHECK(allowed, caller.require(Permission::brands_delete, id, "Brand"));
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params by_id{caller.workspace, id};
        auto const rows = co_await tx.run(sql_find, std::move(by_id));
        if (rows.empty()) co_return not_found("Brand");
        Brand const brand = brand_of(rows.front());
        db::Params use{caller.workspace, id};
        auto const busy = co_await tx.run(sql_busy, std::move(use));
        if (busy.front().int64(0) > 0) co_return conflict("Disconnect the brand's accounts first.");
        if (busy.front().int64(1) > 0)
            co_return conflict("The brand still has scheduled posts. Unschedule or delete them first.");
        db::Params gone{caller.workspace, id, clock_.now()};
        co_await tx.run(sql_delete, std::move(gone));
        auto entry = entry_of("brand.delete", brand);
        entry.before = to_json(brand);
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return Done{};
    };
    co_return co_await db::in_transaction<Result<Done>>(database_, store);
}

asio::awaitable<Result<Done>> require_brand(db::Transaction& tx, access::Caller const& caller, BrandId brand,
                                            access::Permission permission) {
    MP_CHECK(allowed, caller.require(permission, brand, "Brand"));
    db::Params by_id{caller.workspace, brand};
    auto const rows = co_await tx.run(sql_find, std::move(by_id));
    if (rows.empty()) co_return not_found("Brand");
    co_return Done{};
}

}  // namespace mypost::brands
