// App credentials of networks, encrypted; nearest of brand, workspace and tenant wins.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "core/cipher.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "db/database.hpp"
#include "networks/adapter.hpp"

namespace mypost::accounts {

namespace asio = boost::asio;

struct NetworkApp {
    NetworkAppId id;
    networks::AppCredentials credentials;
    std::string redirect_uri;
};

// As administrators see it: never the secret.
struct NetworkAppInfo {
    std::string network;
    std::string name;
    bool configured = false;
    bool registers_itself = false;  // nothing to configure: the server registers at each instance
    std::string client_id;
    boost::json::object settings;
    std::string redirect_uri;  // to be registered at the network, exactly so
    std::vector<std::string> scopes;
    std::optional<Instant> updated_at;
};

class NetworkApps {
  public:
    NetworkApps(db::Database& database, Clock const& clock, Cipher const& cipher,
                networks::Registry const& networks, std::string public_url);

    std::string redirect_uri(std::string const& network) const;

    // The nearest app for that brand; nothing when none is configured.
    asio::awaitable<std::optional<NetworkApp>> nearest(TenantId tenant, WorkspaceId workspace, BrandId brand,
                                                       std::string network, std::string instance);
    asio::awaitable<std::optional<NetworkApp>> find(NetworkAppId id);

    // Of the installation (first tenant), for system administrators.
    asio::awaitable<std::vector<NetworkAppInfo>> list(TenantId tenant);
    // A changed client id makes a new app and retires the old one, which its grants go on refreshing with.
    asio::awaitable<Result<Done>> put(access::Caller caller, TenantId tenant, std::string network,
                                      std::string instance, networks::AppCredentials credentials,
                                      std::string redirect_uri);
    asio::awaitable<Result<Done>> remove(access::Caller caller, TenantId tenant, std::string network);

    asio::awaitable<TenantId> tenant_of(UserId user);

  private:
    NetworkApp app_of(db::Row const& row) const;

    db::Database& database_;
    Clock const& clock_;
    Cipher const& cipher_;
    networks::Registry const& networks_;
    std::string public_url_;
};

}  // namespace mypost::accounts
