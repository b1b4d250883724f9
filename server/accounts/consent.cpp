// Consents on their way: /authorize, the start ticket, the networks' callback, and the choice of what to
// connect.
#include <boost/json.hpp>

#include "accounts/account_rows.hpp"
#include "accounts/accounts.hpp"
#include "audit/audit.hpp"
#include "brands/brands.hpp"
#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "core/log.hpp"
#include "networks/instances.hpp"

namespace mypost::accounts {

struct AccountService::PendingConsent {
    WorkspaceId workspace;
    BrandId brand;
    UserId user;
    std::string network;
    std::string instance;
    std::optional<NetworkAppId> app;
    std::string return_origin;
    std::vector<std::string> purposes;
};

namespace {

using access::Permission;

constexpr std::chrono::minutes consent_life{10};
constexpr std::chrono::seconds ticket_life{60};
constexpr std::chrono::hours connection_life{24};

constexpr db::Query sql_insert_state{
    "oauth.insert_state",
    "INSERT INTO oauth_states (state_hash, workspace_id, brand_id, user_id, network, instance, "
    "network_app_id, browser_hash,"
    " return_origin, purposes, redirect_uri, authorize_url, secret, ticket_hash, ticket_expires_at, "
    "created_at, expires_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"};
// The ticket is used up by the statement that finds it.
constexpr db::Query sql_use_ticket{"oauth.use_ticket",
                                   "UPDATE oauth_states SET ticket_hash = NULL, browser_hash = $3 WHERE "
                                   "ticket_hash = $1 AND ticket_expires_at > $2"
                                   " AND used_at IS NULL RETURNING authorize_url"};
constexpr db::Query sql_state{
    "oauth.state",
    "SELECT workspace_id, brand_id, user_id, network, instance, network_app_id, browser_hash, return_origin, "
    "purposes,"
    " redirect_uri, secret FROM oauth_states WHERE state_hash = $1 AND expires_at > $2 AND used_at IS NULL"};
constexpr db::Query sql_use_state{
    "oauth.use_state",
    "UPDATE oauth_states SET used_at = $2 WHERE state_hash = $1 AND used_at IS NULL RETURNING state_hash"};

constexpr db::Query sql_same_grant{"grants.same",
                                   "SELECT id FROM grants WHERE workspace_id = $1 AND brand_id = $2 AND "
                                   "network = $3 AND instance = $4 AND subject = $5"
                                   " ORDER BY created_at LIMIT 1"};
constexpr db::Query sql_insert_grant{
    "grants.insert",
    "INSERT INTO grants (id, workspace_id, brand_id, network, instance, subject, network_app_id, purposes, "
    "scopes, tokens,"
    " expires_at, refresh_at, created_by, created_at, updated_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)"};
constexpr db::Query sql_renew_grant{
    "grants.renew",
    "UPDATE grants SET network_app_id = $2, purposes = $3, scopes = $4, tokens = $5, expires_at = $6, "
    "refresh_at = $7,"
    " state = 'active', problem = NULL, refresh_lease_until = NULL, refresh_lease_token = NULL, "
    "refresh_intent_at = NULL,"
    " refresh_lost_count = 0, token_version = token_version + 1, updated_at = $8 WHERE id = $1"};
constexpr db::Query sql_wake_held{"grants.wake_held",
                                  "UPDATE post_targets SET dispatch_at = $2 WHERE state = 'held' AND "
                                  "held_reason IN ('needs_reconnect', 'account_disconnected')"
                                  " AND account_id IN (SELECT id FROM social_accounts WHERE grant_id = $1)"};
constexpr db::Query sql_insert_connection{"connections.insert",
                                          "INSERT INTO connections (id, workspace_id, brand_id, user_id, "
                                          "grant_id, destinations, created_at, expires_at)"
                                          " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
constexpr db::Query sql_connection{
    "connections.find",
    "SELECT c.brand_id, c.grant_id, c.destinations, g.network, g.instance FROM connections c JOIN grants g "
    "ON g.id = c.grant_id"
    " WHERE c.workspace_id = $1 AND c.id = $2 AND c.user_id = $3 AND c.expires_at > $4"};
constexpr db::Query sql_connected{"connections.connected",
                                  "SELECT kind, remote_id FROM social_accounts WHERE workspace_id = $1 AND "
                                  "brand_id = $2 AND network = $3 AND instance = $4"
                                  " AND disconnected_at IS NULL"};
constexpr db::Query sql_upsert_account{
    "accounts.upsert",
    "INSERT INTO social_accounts (id, workspace_id, brand_id, grant_id, network, instance, kind, remote_id, "
    "name, handle,"
    " avatar_url, profile, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
    "$12, $13, $13)"
    " ON CONFLICT (brand_id, network, instance, kind, remote_id) DO UPDATE SET grant_id = excluded.grant_id,"
    " name = excluded.name, handle = excluded.handle, avatar_url = excluded.avatar_url, profile = "
    "excluded.profile,"
    " disconnected_at = NULL, version = social_accounts.version + 1, updated_at = excluded.updated_at "
    "RETURNING id"};

std::string hash_of(std::string_view token) {
    return hex_encode(crypto::sha256(token));
}

std::string strings_json(std::vector<std::string> const& list) {
    boost::json::array array;
    for (auto const& item : list) array.emplace_back(item);
    return boost::json::serialize(array);
}

std::string destinations_json(std::vector<networks::Destination> const& list) {
    boost::json::array array;
    for (auto const& d : list) {
        array.push_back(boost::json::object{{"remote_id", d.remote_id},
                                            {"kind", d.kind},
                                            {"name", d.name},
                                            {"handle", d.handle},
                                            {"avatar_url", d.avatar_url},
                                            {"profile", d.profile}});
    }
    return boost::json::serialize(array);
}

std::vector<networks::Destination> destinations_of(std::string const& text) {
    std::vector<networks::Destination> list;
    auto const parsed = boost::json::parse(text);
    for (auto const& item : parsed.as_array()) {
        auto const& object = item.as_object();
        auto read = [&](char const* key) { return std::string(object.at(key).as_string()); };
        list.push_back(networks::Destination{read("remote_id"), read("kind"), read("name"), read("handle"),
                                             read("avatar_url"), object.at("profile").as_object()});
    }
    return list;
}

std::string id_of(networks::Destination const& destination) {
    return destination.kind + ":" + destination.remote_id;
}

// In [0, 1), for spreading refreshes.
double random_fraction() {
    std::string const bytes = crypto::random_bytes(2);
    auto const number = static_cast<unsigned>(static_cast<unsigned char>(bytes[0])) << 8 |
                        static_cast<unsigned char>(bytes[1]);
    return static_cast<double>(number) / 65536.0;
}

// "/mypost" of "https://example.org/mypost".
std::string path_of(std::string const& url) {
    auto const scheme = url.find("://");
    auto const slash = url.find('/', scheme == std::string::npos ? 0 : scheme + 3);
    return slash == std::string::npos ? std::string() : url.substr(slash);
}

std::string origin_of(std::string const& url) {
    std::string const path = path_of(url);
    return url.substr(0, url.size() - path.size());
}

}  // namespace

asio::awaitable<Result<NetworkApp>> AccountService::app_for(access::Caller const& caller, TenantId tenant,
                                                            BrandId brand,
                                                            networks::NetworkAdapter const& adapter,
                                                            std::string instance) {
    auto const& info = adapter.info();
    std::string const redirect = services_.apps.redirect_uri(info.network);
    auto app = co_await services_.apps.nearest(tenant, caller.workspace, brand, info.network, instance);
    // An app that the server registered itself is only good for the redirect address it was registered with.
    bool const fits = app && (!info.registers_apps || app->redirect_uri == redirect);
    if (fits) co_return std::move(*app);
    if (!info.registers_apps) {
        co_return conflict(
            "No app is set up for " + info.name +
            " yet. A system administrator adds its client id and secret under System, Network apps.");
    }
    MP_TRY(registered, co_await adapter.register_app(services_.http, instance, redirect));
    MP_CHECK(stored,
             co_await services_.apps.put(caller, tenant, info.network, instance, registered, redirect));
    auto fresh = co_await services_.apps.nearest(tenant, caller.workspace, brand, info.network, instance);
    if (!fresh) co_return conflict("The app registration was changed by somebody else. Try again.");
    co_return std::move(*fresh);
}

asio::awaitable<Result<ConsentStart>> AccountService::authorize(access::Caller caller, BrandId brand,
                                                                std::string network, std::string instance,
                                                                std::vector<std::string> purposes,
                                                                Browser browser) {
    MP_CHECK(allowed, caller.require(Permission::accounts_connect, brand, "Brand"));
    auto const* adapter = services_.networks.find(network);
    if (!adapter) co_return invalid("/network", "invalid_value", "There is no such network.");
    if (adapter->info().auth != "oauth") {
        co_return invalid("/network", "invalid_value",
                          "This network is connected with credentials, not by a consent page.");
    }
    if (adapter->info().needs_instance) {
        auto const host = networks::normalise_host(instance);
        if (!host)
            co_return invalid("/instance", "invalid_format",
                              "Name the instance, for example mastodon.social.");
        instance = *host;
    } else {
        instance.clear();
    }
    auto live = [&](db::Transaction& tx) {
        return brands::require_brand(tx, caller, brand, Permission::accounts_connect);
    };
    MP_CHECK(exists, co_await db::in_transaction<Result<Done>>(services_.database, live));
    MP_TRY(app, co_await app_for(caller, caller.tenant, brand, *adapter, instance));

    std::string const state = crypto::random_token();
    std::string const redirect = services_.apps.redirect_uri(network);
    if (purposes.empty()) purposes.push_back("publish");
    MP_TRY(begun, co_await adapter->begin_consent(services_.http, app.credentials, instance, redirect, state,
                                                  purposes));
    std::string const page = services_.browser_address(begun.authorize_url);
    std::string const cookie = browser.cookie.empty() ? crypto::random_token() : browser.cookie;
    std::string const ticket = crypto::random_token();
    std::string const state_hash = hash_of(state);
    Instant const now = services_.clock.now();
    std::string const secret = services_.cipher.encrypt(boost::json::serialize(begun.secret),
                                                        Cipher::place("oauth_states", "secret", state_hash));
    std::optional<std::string> ticket_hash;
    std::optional<Instant> ticket_until;
    if (!browser.at_public_host) {
        ticket_hash = hash_of(ticket);
        ticket_until = now + ticket_life;
    }
    db::Params row{state_hash,
                   caller.workspace,
                   brand,
                   caller.user,
                   network,
                   instance,
                   app.id,
                   hash_of(cookie),
                   browser.origin.empty() ? origin_of(services_.public_url) : browser.origin,
                   strings_json(purposes),
                   redirect,
                   page,
                   secret,
                   ticket_hash,
                   ticket_until,
                   now,
                   now + consent_life};
    co_await services_.database.write(sql_insert_state, std::move(row));
    ConsentStart start;
    if (browser.at_public_host) {
        start.authorize_url = page;
        start.set_cookie = cookie;
    } else {
        start.authorize_url = services_.public_url + "/api/v1/oauth/start?ticket=" + ticket;
    }
    co_return start;
}

asio::awaitable<Result<StartedTicket>> AccountService::start(std::string ticket, std::string cookie) {
    std::string const bound = cookie.empty() ? crypto::random_token() : cookie;
    db::Params params{hash_of(ticket), services_.clock.now(), hash_of(bound)};
    auto const used = co_await services_.database.write(sql_use_ticket, std::move(params));
    if (used.empty())
        co_return Error(ErrorCode::not_found,
                        "This link was used already or is too old. Start connecting again.");
    co_return StartedTicket{used.front().text(0), bound};
}

asio::awaitable<std::string> AccountService::callback(std::string network,
                                                      std::map<std::string, std::string> query,
                                                      std::string cookie) {
    std::string const base = path_of(services_.public_url);
    auto back = [&base](std::string const& origin, std::string const& key, std::string const& value) {
        return origin + base + "/accounts/connect?" + key + "=" + percent_encode(value);
    };
    std::string const home = origin_of(services_.public_url);
    std::string const state_hash = hash_of(query["state"]);
    db::Params by_state{state_hash, services_.clock.now()};
    auto const found = co_await services_.database.read(sql_state, std::move(by_state));
    // Refused without touching cookie or state: whoever guesses here must not end somebody's consent.
    if (query["state"].empty() || found.empty() || found.front().text(3) != network) {
        co_return back(home, "error", "consent_expired");
    }
    db::Row const& row = found.front();
    if (cookie.empty() || !crypto::constant_time_equal(hash_of(cookie), row.text(6))) {
        co_return back(home, "error", "other_browser");
    }
    PendingConsent consent;
    consent.workspace = row.id<WorkspaceId>(0);
    consent.brand = row.id<BrandId>(1);
    consent.user = row.id<UserId>(2);
    consent.network = network;
    consent.instance = row.text(4);
    consent.app = row.opt_id<NetworkAppId>(5);
    consent.return_origin = row.text(7);
    auto const parsed = boost::json::parse(row.text(8));
    for (auto const& purpose : parsed.as_array()) consent.purposes.emplace_back(purpose.as_string());
    if (!query["error"].empty()) {
        co_return back(consent.return_origin, "error",
                       query["error"] == "access_denied" ? "access_denied" : "consent_failed");
    }
    if (query["code"].empty()) co_return back(consent.return_origin, "error", "consent_failed");

    db::Params use{state_hash, services_.clock.now()};
    auto const used = co_await services_.database.write(sql_use_state, std::move(use));
    if (used.empty()) co_return back(home, "error", "consent_expired");
    auto const* adapter = services_.networks.find(network);
    auto const app = consent.app ? co_await services_.apps.find(*consent.app) : std::optional<NetworkApp>();
    auto const secret =
        services_.cipher.decrypt(row.text(10), Cipher::place("oauth_states", "secret", state_hash));
    if (!adapter || !app || !secret) co_return back(consent.return_origin, "error", "consent_failed");
    auto granted = co_await adapter->exchange_code(
        services_.http, app->credentials, consent.instance, row.text(9), query["code"],
        boost::json::parse(*secret).as_object(), services_.clock.now());
    if (!granted) {
        log::warning("code exchange failed", {{"network", network}, {"error", granted.error().message}});
        co_return back(consent.return_origin, "error", "exchange_failed");
    }
    auto connection = co_await finish_consent(consent, *adapter, std::move(*granted));
    if (!connection) {
        log::warning("consent not stored", {{"network", network}, {"error", connection.error().message}});
        co_return back(consent.return_origin, "error", "destinations_failed");
    }
    co_return back(consent.return_origin, "connection", connection->to_string());
}

asio::awaitable<GrantId> AccountService::store_grant(db::Transaction& tx, PendingConsent const& consent,
                                                     networks::Granted const& granted) {
    Instant const now = services_.clock.now();
    auto const refresh_at = refresh_time(granted.tokens, now, random_fraction());
    db::Params same{consent.workspace, consent.brand, consent.network, granted.instance, granted.subject};
    auto const present = co_await tx.run(sql_same_grant, std::move(same));
    if (!present.empty()) {
        GrantId const id = present.front().id<GrantId>(0);
        db::Params renew{id,
                         consent.app,
                         strings_json(consent.purposes),
                         strings_json(granted.tokens.scopes),
                         seal_tokens(services_.cipher, id, granted.tokens),
                         granted.tokens.expires_at,
                         refresh_at,
                         now};
        co_await tx.run(sql_renew_grant, std::move(renew));
        db::Params wake{id, now};
        co_await tx.run(sql_wake_held, std::move(wake));
        co_return id;
    }
    GrantId const id = GrantId::make();
    db::Params row{id,
                   consent.workspace,
                   consent.brand,
                   consent.network,
                   granted.instance,
                   granted.subject,
                   consent.app,
                   strings_json(consent.purposes),
                   strings_json(granted.tokens.scopes),
                   seal_tokens(services_.cipher, id, granted.tokens),
                   granted.tokens.expires_at,
                   refresh_at,
                   consent.user,
                   now};
    co_await tx.run(sql_insert_grant, std::move(row));
    co_return id;
}

asio::awaitable<Result<ConnectionId>> AccountService::finish_consent(PendingConsent const& consent,
                                                                     networks::NetworkAdapter const& adapter,
                                                                     networks::Granted granted) {
    MP_TRY(found, co_await adapter.destinations(services_.http, granted.instance, granted.tokens));
    ConnectionId const connection = ConnectionId::make();
    GrantId grant;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        grant = co_await store_grant(tx, consent, granted);
        Instant const now = services_.clock.now();
        db::Params row{connection, consent.workspace,        consent.brand, consent.user,
                       grant,      destinations_json(found), now,           now + connection_life};
        co_await tx.run(sql_insert_connection, std::move(row));
    };
    co_await services_.database.transaction(store, db::Priority::high);
    publishing::Changes changes;
    changes.grants.push_back(publishing::GrantChange{consent.workspace, consent.brand, grant, "active", ""});
    changes.due_now = true;
    services_.notifier.changed(std::move(changes));
    co_return connection;
}

asio::awaitable<Result<std::vector<DestinationView>>> AccountService::destinations(access::Caller caller,
                                                                                   ConnectionId connection) {
    db::Params by_id{caller.workspace, connection, caller.user, services_.clock.now()};
    auto const rows = co_await services_.database.read(sql_connection, std::move(by_id));
    if (rows.empty()) co_return not_found("Connection");
    BrandId const brand = rows.front().id<BrandId>(0);
    MP_CHECK(allowed, caller.require(Permission::accounts_connect, brand, "Connection"));
    db::Params live{caller.workspace, brand, rows.front().text(3), rows.front().text(4)};
    auto const connected = co_await services_.database.read(sql_connected, std::move(live));
    std::vector<DestinationView> list;
    for (auto const& d : destinations_of(rows.front().text(2))) {
        DestinationView view{id_of(d), d.kind, d.name, d.handle, services_.browser_address(d.avatar_url),
                             false};
        for (auto const& row : connected)
            view.connected = view.connected || (row.text(0) == d.kind && row.text(1) == d.remote_id);
        list.push_back(std::move(view));
    }
    co_return list;
}

asio::awaitable<AccountId> AccountService::store_account(db::Transaction& tx, access::Caller const& caller,
                                                         BrandId brand, GrantId grant, std::string network,
                                                         std::string instance,
                                                         networks::Destination const& destination) {
    db::Params row{AccountId::make(),
                   caller.workspace,
                   brand,
                   grant,
                   network,
                   instance,
                   destination.kind,
                   destination.remote_id,
                   destination.name,
                   destination.handle,
                   destination.avatar_url,
                   boost::json::serialize(destination.profile),
                   services_.clock.now()};
    auto const stored = co_await tx.run(sql_upsert_account, std::move(row));
    AccountId const id = stored.front().id<AccountId>(0);
    audit::AuditEntry entry;
    entry.action = "account.connect";
    entry.entity = "account";
    entry.entity_id = id.to_string();
    entry.workspace = caller.workspace;
    entry.brand = brand;
    entry.after =
        boost::json::serialize(boost::json::object{{"network", network}, {"handle", destination.handle}});
    co_await audit::record(tx, services_.clock, caller, std::move(entry));
    co_return id;
}

asio::awaitable<Result<std::vector<Account>>> AccountService::choose(
    access::Caller caller, ConnectionId connection, std::vector<std::string> destination_ids) {
    db::Params by_id{caller.workspace, connection, caller.user, services_.clock.now()};
    auto const rows = co_await services_.database.read(sql_connection, std::move(by_id));
    if (rows.empty()) co_return not_found("Connection");
    db::Row const& row = rows.front();
    BrandId const brand = row.id<BrandId>(0);
    MP_CHECK(allowed, caller.require(Permission::accounts_connect, brand, "Connection"));
    auto const available = destinations_of(row.text(2));
    std::vector<networks::Destination> chosen;
    for (std::size_t i = 0; i < destination_ids.size(); ++i) {
        auto const found = std::find_if(available.begin(), available.end(),
                                        [&](auto const& d) { return id_of(d) == destination_ids[i]; });
        if (found == available.end()) {
            co_return invalid(fmt::format("/destination_ids/{}", i), "not_found",
                              "The connection has no such destination.");
        }
        chosen.push_back(*found);
    }
    GrantId const grant = row.id<GrantId>(1);
    std::vector<AccountId> ids;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        for (auto const& destination : chosen) {
            AccountId const id =
                co_await store_account(tx, caller, brand, grant, row.text(3), row.text(4), destination);
            ids.push_back(id);
        }
        db::Params wake{grant, services_.clock.now()};
        co_await tx.run(sql_wake_held, std::move(wake));
    };
    co_await services_.database.transaction(store);
    publishing::Changes changes;
    changes.grants.push_back(publishing::GrantChange{caller.workspace, brand, grant, "active", ""});
    changes.due_now = true;
    services_.notifier.changed(std::move(changes));
    std::vector<Account> accounts;
    for (auto const& id : ids) {
        MP_TRY(account, co_await reload(caller.workspace, id));
        accounts.push_back(std::move(account));
    }
    co_return accounts;
}

asio::awaitable<Result<Account>> AccountService::connect(access::Caller caller, BrandId brand,
                                                         std::string network,
                                                         boost::json::object credentials) {
    MP_CHECK(allowed, caller.require(Permission::accounts_connect, brand, "Brand"));
    auto live = [&](db::Transaction& tx) {
        return brands::require_brand(tx, caller, brand, Permission::accounts_connect);
    };
    MP_CHECK(exists, co_await db::in_transaction<Result<Done>>(services_.database, live));
    auto const* adapter = services_.networks.find(network);
    if (!adapter) co_return invalid("/network", "invalid_value", "There is no such network.");
    if (adapter->info().auth != "credentials") {
        co_return invalid("/network", "invalid_value",
                          "This network is connected by its consent page, see authorize.");
    }
    MP_TRY(granted, co_await adapter->connect(services_.http, std::move(credentials), services_.clock.now()));
    MP_TRY(found, co_await adapter->destinations(services_.http, granted.instance, granted.tokens));
    if (found.empty())
        co_return Error(ErrorCode::network_error, "The network shows no account for these credentials.");
    PendingConsent consent;
    consent.workspace = caller.workspace;
    consent.brand = brand;
    consent.user = caller.user;
    consent.network = network;
    consent.instance = granted.instance;
    consent.purposes = {"publish"};
    AccountId id;
    GrantId grant;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        grant = co_await store_grant(tx, consent, granted);
        id = co_await store_account(tx, caller, brand, grant, network, granted.instance, found.front());
        db::Params wake{grant, services_.clock.now()};
        co_await tx.run(sql_wake_held, std::move(wake));
    };
    co_await services_.database.transaction(store, db::Priority::high);
    publishing::Changes changes;
    changes.grants.push_back(publishing::GrantChange{caller.workspace, brand, grant, "active", ""});
    changes.due_now = true;
    services_.notifier.changed(std::move(changes));
    co_return co_await reload(caller.workspace, id);
}

}  // namespace mypost::accounts
