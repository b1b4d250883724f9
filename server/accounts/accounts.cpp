#include "accounts/accounts.hpp"

#include <algorithm>

#include "accounts/account_rows.hpp"
#include "audit/audit.hpp"
#include "brands/brands.hpp"

namespace mypost::accounts {

namespace {

using access::Permission;

constexpr db::Query sql_list{"accounts.list", MP_ACCOUNT_COLUMNS
                             " WHERE a.workspace_id = $1 ORDER BY a.network, a.name, a.id LIMIT 2000"};
constexpr db::Query sql_find{"accounts.find", MP_ACCOUNT_COLUMNS " WHERE a.workspace_id = $1 AND a.id = $2"};
constexpr db::Query sql_grant_of{"accounts.grant_of",
                                 "SELECT grant_id FROM social_accounts WHERE workspace_id = $1 AND id = $2"};
constexpr db::Query sql_update_profile{
    "accounts.update_profile",
    "UPDATE social_accounts SET name = $3, handle = $4, avatar_url = $5, profile = $6, updated_at = $7"
    " WHERE workspace_id = $1 AND id = $2"};
constexpr db::Query sql_disconnect{
    "accounts.disconnect",
    "UPDATE social_accounts SET disconnected_at = $3, updated_at = $3, version = version + 1"
    " WHERE workspace_id = $1 AND id = $2 AND disconnected_at IS NULL RETURNING grant_id"};
constexpr db::Query sql_grant_in_use{
    "accounts.grant_in_use",
    "SELECT 1 FROM social_accounts WHERE grant_id = $1 AND disconnected_at IS NULL LIMIT 1"};
constexpr db::Query sql_grant_tokens{
    "accounts.grant_tokens", "SELECT tokens, network, instance, network_app_id FROM grants WHERE id = $1"};
// The tokens are gone for good: what remains is an empty text that opens to nothing.
constexpr db::Query sql_revoke_grant{
    "accounts.revoke_grant",
    "UPDATE grants SET state = 'revoked', tokens = $2, refresh_at = NULL, updated_at = $3 WHERE id = $1"};
constexpr db::Query sql_busy{
    "accounts.busy",
    "SELECT 1 FROM post_targets WHERE workspace_id = $1 AND account_id = $2"
    " AND state IN ('draft', 'pending_approval', 'scheduled', 'held', 'publishing', 'retrying') LIMIT 1"};
constexpr db::Query sql_move{"accounts.move",
                             "UPDATE social_accounts SET brand_id = $3, updated_at = $4, version = version + "
                             "1 WHERE workspace_id = $1 AND id = $2"};

audit::AuditEntry entry_of(std::string action, access::Caller const& caller, BrandId brand, AccountId id) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "account";
    entry.entity_id = id.to_string();
    entry.workspace = caller.workspace;
    entry.brand = brand;
    return entry;
}

}  // namespace

Account account_of(db::Row const& row, networks::Registry const& networks, Instant now) {
    Account account;
    account.id = row.id<AccountId>(0);
    account.brand = row.id<BrandId>(1);
    account.network = row.text(2);
    account.instance = row.text(3);
    account.kind = row.text(4);
    account.remote_id = row.text(5);
    account.name = row.text(6);
    account.handle = row.text(7);
    account.avatar_url = row.text(8);
    auto const paused_at = row.opt_instant(9);
    auto const paused_until = row.opt_instant(10);
    bool const paused = paused_at && (!paused_until || *paused_until > now);
    if (paused) {
        account.paused_since = paused_at;
        account.paused_until = paused_until;
        account.paused_reason = row.opt_text(11).value_or("");
    }
    account.last_published_at = row.opt_instant(13);
    account.version = row.int64(14);
    account.created_at = row.instant(15);
    bool const active = row.text(16) == "active";
    account.problem = row.opt_text(17).value_or("");
    // What can refresh itself does not end for people.
    if (row.is_null(20)) account.expires_at = row.opt_instant(19);
    auto const* adapter = networks.find(account.network);
    if (adapter) {
        auto const given = boost::json::parse(row.text(18)).as_array();
        for (auto const& wanted : adapter->info().scopes) {
            bool const has = std::any_of(given.begin(), given.end(),
                                         [&](auto const& s) { return s.as_string() == wanted; });
            if (!has && !given.empty()) account.missing_scopes.push_back(wanted);
        }
    }
    account.state = !row.is_null(12) ? "disconnected"
                    : !active        ? "needs_reconnect"
                    : paused         ? "paused"
                                     : "active";
    return account;
}

AccountService::AccountService(AccountServices services) : services_(std::move(services)) {}

asio::awaitable<Result<std::vector<Account>>> AccountService::list(access::Caller caller,
                                                                   std::optional<BrandId> brand) {
    if (brand) {
        MP_CHECK(allowed, caller.require(Permission::accounts_view, *brand, "Brand"));
    }
    db::Params params{caller.workspace};
    auto const rows = co_await services_.database.read(sql_list, std::move(params));
    std::vector<Account> list;
    for (auto const& row : rows) {
        Account account = account_of(row, services_.networks, services_.clock.now());
        account.avatar_url = services_.browser_address(account.avatar_url);
        bool const shown = (!brand || account.brand == *brand) && caller.sees(account.brand) &&
                           caller.may(Permission::accounts_view, account.brand) &&
                           caller.may_use_account(account.brand, account.id);
        if (shown) list.push_back(std::move(account));
    }
    co_return list;
}

asio::awaitable<Result<Account>> AccountService::reload(WorkspaceId workspace, AccountId id) {
    db::Params params{workspace, id};
    auto const rows = co_await services_.database.read(sql_find, std::move(params));
    if (rows.empty()) co_return not_found("Account");
    Account account = account_of(rows.front(), services_.networks, services_.clock.now());
    account.avatar_url = services_.browser_address(account.avatar_url);
    co_return account;
}

asio::awaitable<Result<Account>> AccountService::find(access::Caller caller, AccountId id) {
    MP_TRY(account, co_await reload(caller.workspace, id));
    MP_CHECK(allowed, caller.require(Permission::accounts_view, account.brand, "Account"));
    if (!caller.may_use_account(account.brand, id)) co_return not_found("Account");
    co_return std::move(account);
}

asio::awaitable<Result<Account>> AccountService::refresh(access::Caller caller, AccountId id) {
    MP_TRY(account, co_await find(caller, id));
    MP_CHECK(allowed, caller.require(Permission::accounts_connect, account.brand, "Account"));
    if (account.state == "disconnected")
        co_return invalid_state("This account is disconnected. Connect it again.");
    auto const* adapter = services_.networks.find(account.network);
    if (!adapter) co_return invalid_state("This network is no longer supported.");
    db::Params by_id{caller.workspace, id};
    auto const grants = co_await services_.database.read(sql_grant_of, std::move(by_id));
    GrantId const grant = grants.front().id<GrantId>(0);
    auto access = co_await services_.tokens.access(grant);
    if (!access) {
        if (!access.error().reconnect) co_return Error(ErrorCode::network_error, access.error().message);
        co_return co_await reload(caller.workspace, id);
    }
    auto found = co_await adapter->destinations(services_.http, account.instance, access->tokens);
    if (!found) {
        if (found.error().code == ErrorCode::unauthenticated) {
            co_await services_.tokens.refused(grant, access->version, "grant_revoked");
            co_return co_await reload(caller.workspace, id);
        }
        co_return found.error();
    }
    for (auto const& destination : *found) {
        if (destination.remote_id != account.remote_id || destination.kind != account.kind) continue;
        auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
            db::Params update{caller.workspace,       id,
                              destination.name,       destination.handle,
                              destination.avatar_url, boost::json::serialize(destination.profile),
                              services_.clock.now()};
            co_await tx.run(sql_update_profile, std::move(update));
            co_await audit::record(tx, services_.clock, caller,
                                   entry_of("account.refresh", caller, account.brand, id));
        };
        co_await services_.database.transaction(store);
    }
    co_return co_await reload(caller.workspace, id);
}

asio::awaitable<Result<Account>> AccountService::move(access::Caller caller, AccountId id, BrandId brand) {
    MP_TRY(account, co_await find(caller, id));
    MP_CHECK(allowed, caller.require(Permission::accounts_disconnect, account.brand, "Account"));
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        auto const target = co_await brands::require_brand(tx, caller, brand, Permission::accounts_connect);
        if (!target)
            co_return target.error().code == ErrorCode::not_found
                ? invalid("/brand_id", "not_found", "There is no such brand.")
                : target.error();
        db::Params use{caller.workspace, id};
        auto const busy = co_await tx.run(sql_busy, std::move(use));
        if (!busy.empty())
            co_return conflict("Posts of the present brand still use this account. Take it off them first.");
        db::Params update{caller.workspace, id, brand, services_.clock.now()};
        co_await tx.run(sql_move, std::move(update));
        co_await audit::record(tx, services_.clock, caller, entry_of("account.move", caller, brand, id));
        co_return Done{};
    };
    std::optional<Result<Done>> done;
    try {
        done.emplace(co_await db::in_transaction<Result<Done>>(services_.database, store));
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
    }
    if (!done) co_return conflict("That brand has this account already.");
    if (!*done) co_return done->error();
    co_return co_await reload(caller.workspace, id);
}

asio::awaitable<Result<Done>> AccountService::disconnect(access::Caller caller, AccountId id) {
    MP_TRY(account, co_await find(caller, id));
    MP_CHECK(allowed, caller.require(Permission::accounts_disconnect, account.brand, "Account"));
    std::optional<GrantId> unused;
    Instant const now = services_.clock.now();
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params update{caller.workspace, id, now};
        auto const gone = co_await tx.run(sql_disconnect, std::move(update));
        if (gone.empty()) co_return Done{};  // disconnected already
        GrantId const grant = gone.front().id<GrantId>(0);
        db::Params use{grant};
        auto const others = co_await tx.run(sql_grant_in_use, std::move(use));
        if (others.empty()) unused = grant;
        co_await audit::record(tx, services_.clock, caller,
                               entry_of("account.disconnect", caller, account.brand, id));
        co_return Done{};
    };
    auto done = co_await db::in_transaction<Result<Done>>(services_.database, store);
    if (!done) co_return done;
    if (unused) {
        db::Params by_id{*unused};
        auto const rows = co_await services_.database.read(sql_grant_tokens, std::move(by_id));
        auto tokens = open_tokens(services_.cipher, *unused, rows.front().text(0));
        auto const* adapter = services_.networks.find(account.network);
        db::Params forget{*unused, seal_tokens(services_.cipher, *unused, networks::Tokens()), now};
        co_await services_.database.write(sql_revoke_grant, std::move(forget), db::Priority::high);
        if (tokens && adapter) {
            networks::AppCredentials credentials;
            if (auto const app_id = rows.front().opt_id<NetworkAppId>(3)) {
                auto const app = co_await services_.apps.find(*app_id);
                if (app) credentials = app->credentials;
            }
            co_await adapter->revoke(services_.http, credentials, account.instance, *tokens);
        }
        publishing::Changes changes;
        changes.grants.push_back(
            publishing::GrantChange{caller.workspace, account.brand, *unused, "revoked", ""});
        services_.notifier.changed(std::move(changes));
    }
    co_return Done{};
}

}  // namespace mypost::accounts
