// One social network. Publishing is a step machine: pure decisions over the journal, so that every network
// and every crash point can be tested without sockets. Adapters know neither the database nor HTTP routes.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "net/http_client.hpp"
#include "networks/info.hpp"
#include "networks/publication.hpp"

namespace mypost::networks {

namespace asio = boost::asio;

// ---- Publishing
// --------------------------------------------------------------------------------------------------

// Bytes of Publication::parts[part].media[index], streamed by the runner: `length` of them from `offset`; 0
// means to the end of the file (chunked uploads name both).
struct MediaRef {
    int part = 0;
    int index = 0;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

struct FormField {
    std::string name;
    std::string filename;
    std::string content_type;
    std::variant<std::string, MediaRef> content;
};

struct CallRequest {
    std::string method = "POST";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;  // without Authorization
    std::variant<std::monostate, std::string, std::vector<FormField>, MediaRef> body;
};

// Send this. The runner journals `step` and `intent` first, adds authorisation, sends, asks classify(),
// journals the rest.
struct Call {
    std::string step;
    int part = 0;
    CallRequest request;
    bool authorised = true;   // with the grant's access token
    bool repeatable = false;  // an unknown outcome may simply be repeated (reads, uploads, idempotent writes)
    std::chrono::milliseconds timeout{30'000};  // hard: the call is cut off then; journalled as the deadline
    json::object intent;  // what must be on disk before the call (record key, idempotency key, frozen record)
    std::string summary;  // for the evidence page, without secrets: "Create post 2 of 5"
};
// Nothing to do before `at` (the network processes, or a look makes sense only then). Releases the claim.
struct WaitUntil {
    Instant at;
    std::string reason;  // code: "media_processing", "reconcile_lag"
};
// Every part is live.
struct AllDone {};
// Final, with a reason. `outcome` is its class; parts that are live stay so.
struct Failed {
    Outcome outcome = Outcome::validation;
    std::string code;
    std::map<std::string, std::string> params;
    std::string message;  // English sentence of ours: what happened and what to do
};
// A call's outcome is unknown and cannot be found out; a person must settle it.
struct Unconfirmed {
    std::string code;
    std::string message;
};
using Decision = std::variant<Call, WaitUntil, AllDone, Failed, Unconfirmed>;

// What a network's headers say of a limit.
struct LearntBudget {
    std::string key;  // "x:POST /2/tweets:user", "x:app:24h"; the runner prefixes account or app
    bool per_app = false;
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    Instant reset_at;
};

// The meaning of an answer (or of its absence).
struct Verdict {
    Outcome outcome = Outcome::unknown;
    std::string code;                           // "" when ok
    std::map<std::string, std::string> params;  // e.g. {"max","280"}
    std::string message;                        // English sentence of ours, never the network's alone
    json::object facts;                         // to remember: {"id":…, "url":…}
    std::optional<Instant> retry_at;            // rate_limited, transient with Retry-After
    std::vector<LearntBudget> budgets;
    std::string summary;  // for the evidence: the answer in short, secrets removed
};

// ---- Grants
// ------------------------------------------------------------------------------------------------------

struct AppCredentials {
    std::string client_id;
    std::string client_secret;
    json::object settings;
};

struct Tokens {
    std::string access_token;
    std::string refresh_token;          // empty: none
    std::optional<Instant> expires_at;  // nothing: lives until revoked
    std::vector<std::string> scopes;    // as given, may be fewer than asked
    json::object extra;  // adapter's own, e.g. {"refresh_expires_at":…}; stored encrypted with the rest
};

// Who gave the consent.
struct Granted {
    Tokens tokens;
    std::string instance;  // normalised; see AccountRef
    std::string subject;   // the network's id of the person
};

// What can be posted to with a grant.
struct Destination {
    std::string remote_id;
    std::string kind;
    std::string name;
    std::string handle;
    std::string avatar_url;
    json::object profile;
};

struct AuthStart {
    std::string authorize_url;
    json::object secret;  // e.g. code verifier; kept encrypted with the state until the callback
};

struct RefreshRefused {  // final: reconnect
    std::string code;
    std::string message;
};
struct RefreshLater {  // 5xx, rate limit, not sent: the old token stands
    std::optional<Instant> retry_at;
    std::string message;
};
struct RefreshLost {};  // sent, no answer: a rotated token may be lost; tried once more with the old one
using RefreshResult = std::variant<Tokens, RefreshRefused, RefreshLater, RefreshLost>;

enum class Presence { live, removed, unknown };

class NetworkAdapter {
  public:
    virtual ~NetworkAdapter() = default;

    // Capabilities, limits and fields: what GET /networks shows and validate() enforces. Stock limits; an
    // account's own (instance, subscription) come from its profile through info_for().
    virtual NetworkInfo const& info() const = 0;
    virtual NetworkInfo info_for(AccountRef const& account) const = 0;

    // Preflight. `publication.parts` as they would be sent; frozen_at and target_id may be empty.
    virtual std::vector<Issue> validate(Publication const& publication) const = 0;

    // The next step. Pure: same arguments, same answer. Never repeats a call whose outcome is unknown unless
    // it is repeatable. Failures (transient, rate_limited, auth, not_sent) do not count here: the runner
    // spaces repeats.
    virtual Decision next(Publication const& publication, Journal const& journal, Instant now) const = 0;
    virtual Verdict classify(Publication const& publication, Call const& call, net::Response const& response,
                             Instant now) const = 0;
    // What is live by the journal; as many results as parts.
    virtual std::vector<PartResult> results(Publication const& publication, Journal const& journal) const = 0;

    // Adds authorisation to a call (a header, for most networks).
    virtual void authorise(net::Request& request, Tokens const& tokens) const = 0;

    // ---- OAuth networks (info().auth == "oauth") ----
    // Registers an app at `instance` where the network wants one per instance (Mastodon); else not called.
    virtual asio::awaitable<Result<AppCredentials>> register_app(net::HttpClient& http, std::string instance,
                                                                 std::string redirect_uri) const = 0;
    virtual asio::awaitable<Result<AuthStart>> begin_consent(net::HttpClient& http, AppCredentials app,
                                                             std::string instance, std::string redirect_uri,
                                                             std::string state,
                                                             std::vector<std::string> purposes) const = 0;
    virtual asio::awaitable<Result<Granted>> exchange_code(net::HttpClient& http, AppCredentials app,
                                                           std::string instance, std::string redirect_uri,
                                                           std::string code, json::object secret,
                                                           Instant now) const = 0;
    // ---- networks with credentials (info().auth == "credentials") ----
    // `credentials` as api.md names them; field errors point into "/credentials/…".
    virtual asio::awaitable<Result<Granted>> connect(net::HttpClient& http, json::object credentials,
                                                     Instant now) const = 0;

    virtual asio::awaitable<RefreshResult> refresh(net::HttpClient& http, AppCredentials app,
                                                   std::string instance, Tokens tokens,
                                                   Instant now) const = 0;
    // Best effort.
    virtual asio::awaitable<void> revoke(net::HttpClient& http, AppCredentials app, std::string instance,
                                         Tokens tokens) const = 0;
    virtual asio::awaitable<Result<std::vector<Destination>>> destinations(net::HttpClient& http,
                                                                           std::string instance,
                                                                           Tokens tokens) const = 0;

    // ---- after publishing ----
    // Read-back of one live part. `unknown` on any doubt.
    virtual asio::awaitable<Presence> verify(net::HttpClient& http, AccountRef account, Tokens tokens,
                                             std::string remote_id) const = 0;
    // Deletes one live part; absent already is success.
    virtual asio::awaitable<Result<Done>> delete_post(net::HttpClient& http, AccountRef account,
                                                      Tokens tokens, std::string remote_id) const = 0;
};

// All networks this program knows; built once by networks/registry.cpp. Looked up by name ("x").
class Registry {
  public:
    explicit Registry(std::vector<std::unique_ptr<NetworkAdapter>> adapters)
        : adapters_(std::move(adapters)) {}
    NetworkAdapter const* find(std::string_view network) const {
        for (auto const& adapter : adapters_) {
            if (adapter->info().network == network) return adapter.get();
        }
        return nullptr;
    }
    std::vector<std::unique_ptr<NetworkAdapter>> const& all() const { return adapters_; }

  private:
    std::vector<std::unique_ptr<NetworkAdapter>> adapters_;
};
Registry make_registry();

}  // namespace mypost::networks
