// Access tokens of grants: kept encrypted, refreshed by one process at a time, never lost on the way.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/cipher.hpp"
#include "core/clock.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "db/database.hpp"
#include "net/http_client.hpp"
#include "networks/adapter.hpp"
#include "publishing/changes.hpp"
#include "publishing/metrics.hpp"
#include "publishing/token_source.hpp"

namespace mypost::accounts {

namespace asio = boost::asio;

// The column grants.tokens: JSON of all of Tokens, encrypted for this row.
std::string seal_tokens(Cipher const& cipher, GrantId grant, networks::Tokens const& tokens);
Result<networks::Tokens> open_tokens(Cipher const& cipher, GrantId grant, std::string_view text);

// When the worker should refresh: at 70 to 80 % of the life of a token that can be refreshed (`random` in [0,
// 1)). Nothing for tokens that do not expire or cannot be refreshed.
std::optional<Instant> refresh_time(networks::Tokens const& tokens, Instant now, double random);

struct TokenServices {
    db::Database& database;
    Clock const& clock;
    Cipher const& cipher;
    networks::Registry const& networks;
    net::HttpClient& http;  // the gateway to the networks
    publishing::Notifier& notifier;
    publishing::Metrics& metrics;
    std::function<double()> random;  // [0, 1)
};

struct TokenSettings {
    std::chrono::seconds lease{90};          // longer than any refresh call with its retry
    std::chrono::seconds expiry_margin{60};  // a token this close to its end counts as expired
    std::chrono::seconds patience{45};       // how long to wait for another process' refresh
    std::chrono::milliseconds poll{100};
    std::chrono::seconds later{300};  // after a passing trouble of a refresh ahead of time
};

class GrantTokens final : public publishing::TokenSource {
  public:
    GrantTokens(TokenServices services, TokenSettings settings = {});

    asio::awaitable<Result> access(GrantId grant) override;
    asio::awaitable<Result> renewed(GrantId grant, std::int64_t version) override;
    asio::awaitable<void> refused(GrantId grant, std::int64_t version, std::string code) override;

    // Refreshes what is due (grants.refresh_at), at most `limit`. Returns how many were looked at.
    asio::awaitable<int> refresh_due(int limit);

  private:
    struct Held;
    asio::awaitable<Result> refresh(GrantId grant, std::int64_t version);
    asio::awaitable<std::optional<Held>> take_lease(GrantId grant, std::int64_t version);
    asio::awaitable<Result> refresh_under_lease(Held held);
    asio::awaitable<Result> store(Held const& held, networks::Tokens fresh);
    asio::awaitable<Result> give_back(Held const& held, std::optional<Instant> retry_at, std::string message);
    asio::awaitable<bool> note_lost(Held& held);
    asio::awaitable<Result> disconnect(GrantId grant, std::int64_t version, std::string lease,
                                       std::string problem, std::string message);
    asio::awaitable<networks::AppCredentials> app_of(std::optional<NetworkAppId> app);

    TokenServices services_;
    TokenSettings settings_;
};

}  // namespace mypost::accounts
