#include "accounts/tokens.hpp"

#include <boost/json.hpp>

#include "async/sleep.hpp"
#include "core/crypto.hpp"
#include "core/log.hpp"

namespace mypost::accounts {

using publishing::Access;
using publishing::NoAccess;

namespace {

constexpr db::Query sql_read{
    .name = "grants.read_tokens",
    .sql = "SELECT tokens, token_version, state, COALESCE(problem, ''), expires_at FROM grants WHERE id = $1",
};

// The lease and the intent in one statement. What stood there before says whether an earlier answer was lost:
// an intent that nobody took back belongs to a process that died between sending and storing.
constexpr db::Query sql_take{
    .name = "grants.take_refresh_lease",
    .sql =
        "UPDATE grants SET refresh_lease_until = db_now() + $3, refresh_lease_token = $4,"
        " refresh_lost_count = refresh_lost_count + CASE WHEN refresh_intent_at IS NULL THEN 0 ELSE 1 END,"
        " refresh_intent_at = $5, updated_at = $5"
        " WHERE id = $1 AND token_version = $2 AND state = 'active'"
        " AND (refresh_lease_until IS NULL OR refresh_lease_until < db_now())"
        " RETURNING network, instance, network_app_id, tokens, refresh_lost_count, workspace_id, brand_id",
};

// Whoever holds the lease by now: a rotated token that is not stored would be lost. Only a newer one is
// stronger.
constexpr db::Query sql_store{
    .name = "grants.store_tokens",
    .sql =
        "UPDATE grants SET tokens = $3, expires_at = $4, refresh_at = $5, token_version = token_version + 1,"
        " refresh_intent_at = NULL, refresh_lost_count = 0, refresh_lease_until = NULL, refresh_lease_token "
        "= NULL,"
        " problem = NULL, updated_at = $6 WHERE id = $1 AND token_version = $2",
};

constexpr db::Query sql_give_back{
    .name = "grants.give_back_refresh",
    .sql =
        "UPDATE grants SET refresh_intent_at = NULL, refresh_lease_until = NULL, refresh_lease_token = NULL,"
        " refresh_at = CASE WHEN refresh_at IS NULL THEN NULL ELSE greatest(refresh_at, $3) END, updated_at "
        "= $4"
        " WHERE id = $1 AND refresh_lease_token = $2",
};

constexpr db::Query sql_lost{
    .name = "grants.refresh_lost",
    .sql =
        "UPDATE grants SET refresh_lost_count = refresh_lost_count + 1, updated_at = $3"
        " WHERE id = $1 AND refresh_lease_token = $2 RETURNING refresh_lost_count",
};

// $3: the lease that must still be held; empty: none is needed.
constexpr db::Query sql_disconnect{
    .name = "grants.needs_reconnect",
    .sql =
        "UPDATE grants SET state = 'needs_reconnect', problem = $4, refresh_intent_at = NULL, "
        "refresh_lease_until = NULL,"
        " refresh_lease_token = NULL, updated_at = $5"
        " WHERE id = $1 AND token_version = $2 AND state = 'active' AND ($3 = '' OR refresh_lease_token = $3)"
        " RETURNING workspace_id, brand_id",
};

constexpr db::Query sql_app{
    .name = "grants.app_credentials",
    .sql = "SELECT client_id, client_secret, settings FROM network_apps WHERE id = $1",
};

constexpr db::Query sql_due{
    .name = "grants.due_for_refresh",
    .sql =
        "SELECT id, token_version FROM grants WHERE state = 'active' AND refresh_at IS NOT NULL AND "
        "refresh_at <= $1"
        " ORDER BY refresh_at LIMIT $2",
};

tl::unexpected<NoAccess> no_access(bool reconnect, std::string code, std::string message,
                                   std::optional<Instant> retry_at = std::nullopt) {
    return tl::make_unexpected(NoAccess{reconnect, std::move(code), std::move(message), retry_at});
}

tl::unexpected<NoAccess> reconnect_needed(std::string code) {
    return no_access(true, code.empty() ? "needs_reconnect" : std::move(code),
                     "The network no longer accepts the access it was given. Reconnect the account.");
}

}  // namespace

// A refresh that this process alone may make.
struct GrantTokens::Held {
    GrantId grant;
    std::int64_t version = 0;
    std::string lease;
    std::string network;
    std::string instance;
    std::optional<NetworkAppId> app;
    std::string tokens;  // encrypted
    std::int64_t lost = 0;
};

GrantTokens::GrantTokens(TokenServices services, TokenSettings settings)
    : services_(std::move(services)), settings_(settings) {}

asio::awaitable<GrantTokens::Result> GrantTokens::access(GrantId grant) {
    auto const rows = co_await services_.database.read(sql_read, {grant});
    if (rows.empty())
        co_return no_access(true, "grant_gone", "The account's access was removed. Connect it again.");
    auto const& row = rows.front();
    if (row.text(2) != "active") co_return reconnect_needed(row.text(3));
    auto tokens = open_tokens(services_.cipher, grant, row.text(0));
    if (!tokens) {
        log::error("tokens cannot be decrypted",
                   {{"grant_id", grant.to_string()}, {"error", tokens.error().internal}});
        co_return no_access(false, "tokens_unreadable",
                            "The stored access cannot be decrypted with the present keys.");
    }
    auto const version = row.int64(1);
    bool const expired =
        tokens->expires_at && *tokens->expires_at - settings_.expiry_margin <= services_.clock.now();
    if (expired && !tokens->refresh_token.empty()) co_return co_await refresh(grant, version);
    co_return Access{std::move(*tokens), version};
}

asio::awaitable<GrantTokens::Result> GrantTokens::renewed(GrantId grant, std::int64_t version) {
    co_return co_await refresh(grant, version);
}

asio::awaitable<void> GrantTokens::refused(GrantId grant, std::int64_t version, std::string code) {
    auto const outcome = co_await disconnect(grant, version, "", code.empty() ? "access_refused" : code, "");
    (void)outcome;  // always "no access"
}

asio::awaitable<int> GrantTokens::refresh_due(int limit) {
    auto const due = co_await services_.database.read(sql_due, {services_.clock.now(), limit});
    for (auto const& row : due) {
        auto const grant = row.id<GrantId>(0);
        auto const outcome = co_await refresh(grant, row.int64(1));
        if (!outcome) {
            log::warning("refresh ahead of time failed",
                         {{"grant_id", grant.to_string()}, {"code", outcome.error().code}});
        }
    }
    co_return static_cast<int>(due.size());
}

// Gets the lease and refreshes, or waits for the one who has it.
asio::awaitable<GrantTokens::Result> GrantTokens::refresh(GrantId grant, std::int64_t version) {
    auto const patience_ends = std::chrono::steady_clock::now() + settings_.patience;
    while (true) {
        auto held = co_await take_lease(grant, version);
        if (held) co_return co_await refresh_under_lease(std::move(*held));
        auto const rows = co_await services_.database.read(sql_read, {grant});
        if (rows.empty())
            co_return no_access(true, "grant_gone", "The account's access was removed. Connect it again.");
        auto const& row = rows.front();
        if (row.text(2) != "active") co_return reconnect_needed(row.text(3));
        if (row.int64(1) != version) {
            auto tokens = open_tokens(services_.cipher, grant, row.text(0));
            if (tokens) co_return Access{std::move(*tokens), row.int64(1)};
        }
        if (std::chrono::steady_clock::now() >= patience_ends) {
            co_return no_access(false, "refresh_busy", "Another process is renewing the access.");
        }
        co_await async::sleep_for(settings_.poll);
    }
}

asio::awaitable<std::optional<GrantTokens::Held>> GrantTokens::take_lease(GrantId grant,
                                                                          std::int64_t version) {
    Held held;
    held.grant = grant;
    held.version = version;
    held.lease = crypto::random_token(16);
    auto const rows = co_await services_.database.write(
        sql_take, {grant, version, Milliseconds(settings_.lease).count(), held.lease, services_.clock.now()},
        db::Priority::high);
    if (rows.empty()) co_return std::nullopt;
    auto const& row = rows.front();
    held.network = row.text(0);
    held.instance = row.text(1);
    held.app = row.opt_id<NetworkAppId>(2);
    held.tokens = row.text(3);
    held.lost = row.int64(4);
    co_return held;
}

asio::awaitable<GrantTokens::Result> GrantTokens::refresh_under_lease(Held held) {
    auto const* const adapter = services_.networks.find(held.network);
    auto tokens = open_tokens(services_.cipher, held.grant, held.tokens);
    if (!adapter || !tokens)
        co_return co_await give_back(held, std::nullopt,
                                     "The access cannot be renewed by this version or key.");
    if (tokens->refresh_token.empty()) {
        co_return co_await disconnect(held.grant, held.version, held.lease, "token_expired",
                                      "The access has ended and cannot be renewed.");
    }
    auto const app = co_await app_of(held.app);
    // Twice: a lost answer is tried once more with the old token, at once.
    for (int tries = 0; tries < 2; ++tries) {
        networks::RefreshResult result = networks::RefreshLater{};
        std::string failure;
        try {
            result =
                co_await adapter->refresh(services_.http, app, held.instance, *tokens, services_.clock.now());
        } catch (boost::system::system_error const&) {
            throw;  // cancelled: the intent stays and tells that the answer was lost
        } catch (std::exception const& error) {
            failure = error.what();
        }
        if (!failure.empty()) {
            log::error("adapter failed to refresh",
                       {{"grant_id", held.grant.to_string()}, {"error", failure}});
            co_return co_await give_back(held, std::nullopt, "MyPost has a fault here; it was logged.");
        }
        services_.metrics.refresh(held.network,
                                  std::holds_alternative<networks::Tokens>(result) ? "ok" : "failed");
        if (auto* const fresh = std::get_if<networks::Tokens>(&result)) {
            if (fresh->refresh_token.empty()) fresh->refresh_token = tokens->refresh_token;
            if (fresh->scopes.empty()) fresh->scopes = tokens->scopes;
            co_return co_await store(held, std::move(*fresh));
        }
        if (auto const* const refusal = std::get_if<networks::RefreshRefused>(&result)) {
            // After a lost answer the network has most likely rotated the token that we still hold.
            auto const problem = held.lost > 0 ? std::string("refresh_lost") : refusal->code;
            co_return co_await disconnect(held.grant, held.version, held.lease, problem, refusal->message);
        }
        if (auto const* const later = std::get_if<networks::RefreshLater>(&result)) {
            co_return co_await give_back(held, later->retry_at, later->message);
        }
        bool const still_ours = co_await note_lost(held);
        if (!still_ours)
            co_return no_access(false, "refresh_busy", "Another process is renewing the access.");
    }
    // Lost twice: a network that does not answer disconnects nobody. The count stays, so that a later refusal
    // of the old token is called what it is.
    co_return co_await give_back(held, std::nullopt,
                                 "The network does not answer when the access is renewed.");
}

asio::awaitable<GrantTokens::Result> GrantTokens::store(Held const& held, networks::Tokens fresh) {
    auto const now = services_.clock.now();
    auto const stored = co_await services_.database.write(
        sql_store,
        {held.grant, held.version, seal_tokens(services_.cipher, held.grant, fresh), fresh.expires_at,
         refresh_time(fresh, now, services_.random()), now},
        db::Priority::high);
    if (stored.affected > 0) co_return Access{std::move(fresh), held.version + 1};
    co_return no_access(false, "refresh_busy", "Another process renewed the access.");
}

asio::awaitable<GrantTokens::Result> GrantTokens::give_back(Held const& held, std::optional<Instant> retry_at,
                                                            std::string message) {
    auto const now = services_.clock.now();
    auto const at = retry_at.value_or(now + settings_.later);
    co_await services_.database.write(sql_give_back, {held.grant, held.lease, at, now}, db::Priority::high);
    co_return no_access(false, "refresh_failed", std::move(message), retry_at);
}

asio::awaitable<bool> GrantTokens::note_lost(Held& held) {
    auto const rows = co_await services_.database.write(
        sql_lost, {held.grant, held.lease, services_.clock.now()}, db::Priority::high);
    if (rows.empty()) co_return false;
    held.lost = rows.front().int64(0);
    co_return true;
}

asio::awaitable<GrantTokens::Result> GrantTokens::disconnect(GrantId grant, std::int64_t version,
                                                             std::string lease, std::string problem,
                                                             std::string message) {
    auto const rows = co_await services_.database.write(
        sql_disconnect, {grant, version, lease, problem, services_.clock.now()}, db::Priority::high);
    if (!rows.empty()) {
        publishing::Changes changes;
        changes.grants.push_back({rows.front().id<WorkspaceId>(0), rows.front().id<BrandId>(1), grant,
                                  "needs_reconnect", problem});
        services_.notifier.changed(std::move(changes));
    }
    if (rows.empty() && !lease.empty())
        co_return no_access(false, "refresh_busy", "Another process renewed the access.");
    if (message.empty()) co_return reconnect_needed(std::move(problem));
    co_return no_access(true, std::move(problem), std::move(message));
}

asio::awaitable<networks::AppCredentials> GrantTokens::app_of(std::optional<NetworkAppId> app) {
    networks::AppCredentials credentials;
    if (!app) co_return credentials;
    auto const rows = co_await services_.database.read(sql_app, {*app});
    if (rows.empty()) co_return credentials;
    auto const& row = rows.front();
    credentials.client_id = row.text(0);
    auto secret = services_.cipher.decrypt(row.text(1),
                                           Cipher::place("network_apps", "client_secret", app->to_string()));
    if (secret) {
        credentials.client_secret = std::move(*secret);
    } else {
        log::error("network app secret cannot be decrypted", {{"network_app_id", app->to_string()}});
    }
    credentials.settings = boost::json::parse(row.text(2)).as_object();
    co_return credentials;
}

}  // namespace mypost::accounts
