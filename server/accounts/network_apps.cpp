#include "accounts/network_apps.hpp"

#include <boost/json.hpp>

#include "audit/audit.hpp"

namespace mypost::accounts {

namespace {

constexpr db::Query sql_nearest{
    "network_apps.nearest",
    "SELECT id, client_id, client_secret, settings, redirect_uri FROM network_apps"
    " WHERE network = $4 AND instance = $5 AND retired_at IS NULL"
    " AND ((scope = 'brand' AND scope_id = $3) OR (scope = 'workspace' AND scope_id = $2) OR (scope = "
    "'tenant' AND scope_id = $1))"
    " ORDER BY CASE scope WHEN 'brand' THEN 0 WHEN 'workspace' THEN 1 ELSE 2 END LIMIT 1"};
constexpr db::Query sql_find{
    "network_apps.find",
    "SELECT id, client_id, client_secret, settings, redirect_uri FROM network_apps WHERE id = $1"};
constexpr db::Query sql_list{
    "network_apps.list",
    "SELECT network, client_id, settings, updated_at FROM network_apps"
    " WHERE scope = 'tenant' AND scope_id = $1 AND instance = '' AND retired_at IS NULL"};
constexpr db::Query sql_retire{"network_apps.retire",
                               "UPDATE network_apps SET retired_at = $4 WHERE scope = 'tenant' AND scope_id "
                               "= $1 AND network = $2 AND instance = $3"
                               " AND retired_at IS NULL RETURNING id"};
constexpr db::Query sql_present{"network_apps.present",
                                "SELECT id, client_id FROM network_apps WHERE scope = 'tenant' AND scope_id "
                                "= $1 AND network = $2 AND instance = $3"
                                " AND retired_at IS NULL"};
constexpr db::Query sql_update{"network_apps.update",
                               "UPDATE network_apps SET client_secret = $2, settings = $3, redirect_uri = "
                               "$4, updated_at = $5 WHERE id = $1"};
constexpr db::Query sql_insert{
    "network_apps.insert",
    "INSERT INTO network_apps (id, scope, scope_id, network, instance, client_id, client_secret, "
    "redirect_uri, settings,"
    " created_at, updated_at) VALUES ($1, 'tenant', $2, $3, $4, $5, $6, $7, $8, $9, $9)"};
constexpr db::Query sql_tenant{"network_apps.tenant", "SELECT tenant_id FROM users WHERE id = $1"};

std::string place_of(NetworkAppId id) {
    return Cipher::place("network_apps", "client_secret", id.to_string());
}

audit::AuditEntry entry_of(std::string action, std::string const& network) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "network_app";
    entry.entity_id = network;
    return entry;
}

}  // namespace

NetworkApps::NetworkApps(db::Database& database, Clock const& clock, Cipher const& cipher,
                         networks::Registry const& networks, std::string public_url)
    : database_(database),
      clock_(clock),
      cipher_(cipher),
      networks_(networks),
      public_url_(std::move(public_url)) {}

std::string NetworkApps::redirect_uri(std::string const& network) const {
    return public_url_ + "/api/v1/oauth/" + network + "/callback";
}

NetworkApp NetworkApps::app_of(db::Row const& row) const {
    NetworkApp app;
    app.id = row.id<NetworkAppId>(0);
    app.credentials.client_id = row.text(1);
    auto secret = cipher_.decrypt(row.text(2), place_of(app.id));
    if (!secret)
        throw std::runtime_error(
            "a network app's secret cannot be decrypted: is MYPOST_ENCRYPTION_KEY the right one?");
    app.credentials.client_secret = std::move(*secret);
    app.credentials.settings = boost::json::parse(row.text(3)).as_object();
    app.redirect_uri = row.opt_text(4).value_or("");
    return app;
}

asio::awaitable<std::optional<NetworkApp>> NetworkApps::nearest(TenantId tenant, WorkspaceId workspace,
                                                                BrandId brand, std::string network,
                                                                std::string instance) {
    db::Params params{tenant, workspace, brand, network, instance};
    auto const rows = co_await database_.read(sql_nearest, std::move(params));
    if (rows.empty()) co_return std::nullopt;
    co_return app_of(rows.front());
}

asio::awaitable<std::optional<NetworkApp>> NetworkApps::find(NetworkAppId id) {
    db::Params params{id};
    auto const rows = co_await database_.read(sql_find, std::move(params));
    if (rows.empty()) co_return std::nullopt;
    co_return app_of(rows.front());
}

asio::awaitable<std::vector<NetworkAppInfo>> NetworkApps::list(TenantId tenant) {
    db::Params params{tenant};
    auto const rows = co_await database_.read(sql_list, std::move(params));
    std::vector<NetworkAppInfo> list;
    for (auto const& adapter : networks_.all()) {
        auto const& info = adapter->info();
        if (info.auth != "oauth") continue;
        NetworkAppInfo item;
        item.network = info.network;
        item.name = info.name;
        item.registers_itself = info.registers_apps;
        item.redirect_uri = redirect_uri(info.network);
        item.scopes = info.scopes;
        for (auto const& row : rows) {
            if (row.text(0) != info.network) continue;
            item.configured = true;
            item.client_id = row.text(1);
            item.settings = boost::json::parse(row.text(2)).as_object();
            item.updated_at = row.instant(3);
        }
        list.push_back(std::move(item));
    }
    co_return list;
}

asio::awaitable<Result<Done>> NetworkApps::put(access::Caller caller, TenantId tenant, std::string network,
                                               std::string instance, networks::AppCredentials credentials,
                                               std::string redirect) {
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        Instant const now = clock_.now();
        db::Params by_network{tenant, network, instance};
        auto const present = co_await tx.run(sql_present, std::move(by_network));
        std::string const settings = boost::json::serialize(credentials.settings);
        bool const same = !present.empty() && present.front().text(1) == credentials.client_id;
        if (same) {
            auto const id = present.front().id<NetworkAppId>(0);
            db::Params update{id, cipher_.encrypt(credentials.client_secret, place_of(id)), settings,
                              redirect, now};
            co_await tx.run(sql_update, std::move(update));
        } else {
            db::Params retire{tenant, network, instance, now};
            co_await tx.run(sql_retire, std::move(retire));
            auto const id = NetworkAppId::make();
            db::Params row{id,
                           tenant,
                           network,
                           instance,
                           credentials.client_id,
                           cipher_.encrypt(credentials.client_secret, place_of(id)),
                           redirect,
                           settings,
                           now};
            co_await tx.run(sql_insert, std::move(row));
        }
        auto entry = entry_of("network_app.set", network);
        entry.after = boost::json::serialize(
            boost::json::object{{"client_id", credentials.client_id}, {"instance", instance}});
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return Done{};
    };
    co_return co_await db::in_transaction<Result<Done>>(database_, store);
}

asio::awaitable<Result<Done>> NetworkApps::remove(access::Caller caller, TenantId tenant,
                                                  std::string network) {
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params retire{tenant, network, "", clock_.now()};
        auto const gone = co_await tx.run(sql_retire, std::move(retire));
        if (gone.empty()) co_return not_found("Network app");
        co_await audit::record(tx, clock_, caller, entry_of("network_app.remove", network));
        co_return Done{};
    };
    co_return co_await db::in_transaction<Result<Done>>(database_, store);
}

asio::awaitable<TenantId> NetworkApps::tenant_of(UserId user) {
    db::Params params{user};
    auto const rows = co_await database_.read(sql_tenant, std::move(params));
    if (rows.empty()) throw std::logic_error("the caller has no user");
    co_return rows.front().id<TenantId>(0);
}

}  // namespace mypost::accounts
