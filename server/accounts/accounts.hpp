// Social accounts and the consents behind them.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "accounts/network_apps.hpp"
#include "accounts/tokens.hpp"
#include "core/cipher.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "db/database.hpp"
#include "net/http_client.hpp"
#include "networks/adapter.hpp"
#include "publishing/changes.hpp"

namespace mypost::accounts {

struct Account {
    AccountId id;
    BrandId brand;
    std::string network;
    std::string instance;
    std::string kind;
    std::string remote_id;
    std::string name;
    std::string handle;
    std::string avatar_url;
    std::string state;                  // active | needs_reconnect | paused | disconnected
    std::optional<Instant> expires_at;  // of access that cannot be renewed by itself
    std::vector<std::string> missing_scopes;
    std::optional<Instant> last_published_at;
    std::string problem;  // code, may be empty
    std::optional<Instant> paused_since;
    std::optional<Instant> paused_until;
    std::string paused_reason;
    std::int64_t version = 0;
    Instant created_at;
};

// Where the app was opened, to come back there; and the browser's cookie, to bind the consent to it.
struct Browser {
    std::string origin;  // "https://app.example", already checked to be the request's own host; or empty
    std::string cookie;  // value of the consent cookie, may be empty
    bool at_public_host = true;  // the request came in under the public URL's host
};

struct ConsentStart {
    std::string authorize_url;              // for the browser: the network's page, or our start ticket
    std::optional<std::string> set_cookie;  // value to set now (only under the public host)
};

struct StartedTicket {
    std::string authorize_url;
    std::string set_cookie;
};

struct DestinationView {
    std::string id;
    std::string kind;
    std::string name;
    std::string handle;
    std::string avatar_url;
    bool connected = false;
};

struct AccountServices {
    db::Database& database;
    Clock const& clock;
    Cipher const& cipher;
    networks::Registry const& networks;
    net::HttpClient& http;  // the gateway to the networks
    NetworkApps& apps;
    GrantTokens& tokens;
    publishing::Notifier& notifier;
    std::function<std::string(std::string_view)>
        browser_address;     // of a network's page; the sandbox's when calls go there
    std::string public_url;  // without a trailing slash
};

class AccountService {
  public:
    explicit AccountService(AccountServices services);

    asio::awaitable<Result<std::vector<Account>>> list(access::Caller caller, std::optional<BrandId> brand);
    asio::awaitable<Result<Account>> find(access::Caller caller, AccountId id);

    // ---- consent (OAuth) ----
    asio::awaitable<Result<ConsentStart>> authorize(access::Caller caller, BrandId brand, std::string network,
                                                    std::string instance, std::vector<std::string> purposes,
                                                    Browser browser);
    // The start ticket, under the public host: once, within 60 s.
    asio::awaitable<Result<StartedTicket>> start(std::string ticket, std::string cookie);
    // Where to send the browser: {origin}{base}/accounts/connect?connection=… or ?error=…
    asio::awaitable<std::string> callback(std::string network, std::map<std::string, std::string> query,
                                          std::string cookie);

    asio::awaitable<Result<std::vector<DestinationView>>> destinations(access::Caller caller,
                                                                       ConnectionId connection);
    asio::awaitable<Result<std::vector<Account>>> choose(access::Caller caller, ConnectionId connection,
                                                         std::vector<std::string> destination_ids);

    // ---- credentials ----
    asio::awaitable<Result<Account>> connect(access::Caller caller, BrandId brand, std::string network,
                                             boost::json::object credentials);

    // Reads name, picture and limits again; finds out whether the access still works.
    asio::awaitable<Result<Account>> refresh(access::Caller caller, AccountId id);
    asio::awaitable<Result<Account>> move(access::Caller caller, AccountId id, BrandId brand);
    // History, numbers and evidence stay; connecting the same account again revives it.
    asio::awaitable<Result<Done>> disconnect(access::Caller caller, AccountId id);

  private:
    struct PendingConsent;
    asio::awaitable<Result<NetworkApp>> app_for(access::Caller const& caller, TenantId tenant, BrandId brand,
                                                networks::NetworkAdapter const& adapter,
                                                std::string instance);
    asio::awaitable<Result<ConnectionId>> finish_consent(PendingConsent const& consent,
                                                         networks::NetworkAdapter const& adapter,
                                                         networks::Granted granted);
    asio::awaitable<GrantId> store_grant(db::Transaction& tx, PendingConsent const& consent,
                                         networks::Granted const& granted);
    asio::awaitable<AccountId> store_account(db::Transaction& tx, access::Caller const& caller, BrandId brand,
                                             GrantId grant, std::string network, std::string instance,
                                             networks::Destination const& destination);
    asio::awaitable<Result<Account>> reload(WorkspaceId workspace, AccountId id);

    AccountServices services_;
};

}  // namespace mypost::accounts
