#include "app/application.hpp"

#include <boost/asio/thread_pool.hpp>
#include <fstream>

#include "accounts/accounts.hpp"
#include "accounts/routes.hpp"
#include "app/demo.hpp"
#include "app/live_events.hpp"
#include "app/sites.hpp"
#include "auth/authenticator.hpp"
#include "brands/routes.hpp"
#include "core/cipher.hpp"
#include "core/crypto.hpp"
#include "core/log.hpp"
#include "events/database_bus.hpp"
#include "events/socket.hpp"
#include "http/openapi.hpp"
#include "http/rate_limit.hpp"
#include "http/server.hpp"
#include "idempotency/database_store.hpp"
#include "media/media.hpp"
#include "media/routes.hpp"
#include "metrics/observers.hpp"
#include "net/curl_client.hpp"
#include "net/networks_gateway.hpp"
#include "posts/routes.hpp"
#include "publishing/routes.hpp"
#include "sandbox/sandbox.hpp"
#include "storage/file_storage.hpp"
#include "worker/worker.hpp"
#include "workspaces/routes.hpp"

namespace mypost::app {

namespace asio = boost::asio;

namespace {

std::optional<Error> error_of(std::exception_ptr exception) {
    try {
        std::rethrow_exception(exception);
    } catch (db::Unavailable const&) {
        return unavailable("The database cannot be reached just now. Try again in a moment.",
                           std::chrono::seconds(5));
    } catch (...) {
        return std::nullopt;
    }
}

double random_fraction() {
    std::string const bytes = crypto::random_bytes(4);
    std::uint32_t number = 0;
    for (char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
    return static_cast<double>(number) / 4294967296.0;
}

std::vector<IpRange> ranges_of(std::vector<std::string> const& texts) {
    std::vector<IpRange> ranges;
    for (auto const& text : texts) {
        if (auto const range = IpRange::parse(text)) ranges.push_back(*range);
    }
    return ranges;
}

net::CurlClientOptions curl_options(Settings const& settings) {
    net::CurlClientOptions options;
    options.user_agent = "MyPost/" MYPOST_VERSION;
    options.allowed_private_ranges = ranges_of(settings.allowed_private_ranges);
    return options;
}

db::DatabaseOptions database_options(Settings const& settings, db::QueryObserver* observer) {
    db::DatabaseOptions options;
    options.url = settings.database_url;
    options.replica_url = settings.database_replica_url;
    options.connections = static_cast<std::size_t>(settings.database_connections);
    options.transaction_pooler = settings.database_pooler == "transaction";
    options.observer = observer;
    return options;
}

Cipher cipher_of(Settings const& settings) {
    auto keys = settings.cipher_keys();
    std::string current = keys.front();
    keys.erase(keys.begin());
    return Cipher(std::move(current), std::move(keys));
}

std::string sandbox_base(Settings const& settings) {
    return fmt::format("http://127.0.0.1:{}", settings.sandbox_port);
}

bool on_loopback(Settings const& settings) {
    auto const address = IpAddress::parse(settings.http_address);
    return address && is_loopback(*address);
}

// One process that owns its database may remember longer than one that shares it.
std::chrono::milliseconds cache_life(Settings const& settings) {
    return settings.uses_sqlite() ? std::chrono::milliseconds(std::chrono::minutes(15))
                                  : std::chrono::milliseconds(2000);
}

}  // namespace

// Members are built in this order and destroyed in the reverse one: what is used stands above what uses it.
class Application::Impl {
  public:
    Impl(asio::io_context& io, Settings settings, Parts parts);
    asio::awaitable<void> start();
    asio::awaitable<void> stop();

    std::uint16_t port() const { return server_ ? server_->port() : 0; }
    http::Router& router() { return router_; }

  private:
    void add_routes();
    void listen();
    Sites sites();
    std::vector<worker::PeriodicTask> tasks();
    publishing::Services publishing_services();
    accounts::AccountServices account_services();

    asio::io_context& io_;
    Settings settings_;
    Parts parts_;
    SystemClock clock_;
    metrics::Registry metrics_;
    metrics::Observers observers_{metrics_};

    // Blocking work, each kind with threads of its own so that none starves another. Threads start with the
    // first job.
    asio::thread_pool hashing_{2};
    asio::thread_pool files_{2};

    Cipher cipher_;
    JwtSigner signer_;
    std::unique_ptr<db::Database> database_;
    events::DatabaseEventBus bus_;
    LiveEvents live_events_{bus_};

    // The outside.
    std::unique_ptr<net::HttpClient> http_;
    net::NetworksGateway networks_http_;
    networks::Registry networks_ = networks::make_registry();
    std::unique_ptr<sandbox::Sandbox> sandbox_;
    std::unique_ptr<http::Server> sandbox_server_;

    // Features.
    access::AccessCache access_cache_;
    auth::AuthService auth_;
    auth::TokenAuthenticator authenticator_;
    workspaces::WorkspaceService workspaces_;
    brands::BrandService brands_;
    std::unique_ptr<storage::Storage> storage_;
    media::MediaService media_;
    accounts::NetworkApps apps_;
    accounts::GrantTokens tokens_;
    accounts::AccountService accounts_;
    posts::PostService posts_;

    // HTTP.
    idempotency::DatabaseStore idempotency_;
    http::LocalRateLimiter rate_limiter_{clock_};
    events::EventSockets sockets_;
    http::Router router_;
    std::string setup_token_ = crypto::random_token(16);
    std::optional<auth::DemoLogin> demo_login_;
    std::unique_ptr<Front> front_;
    std::unique_ptr<http::Server> server_;
    std::unique_ptr<http::Server> internal_server_;

    std::unique_ptr<worker::Worker> worker_;
};

Application::Impl::Impl(asio::io_context& io, Settings settings, Parts parts)
    : io_(io),
      settings_(std::move(settings)),
      parts_(parts),
      cipher_(cipher_of(settings_)),
      signer_(settings_.jwt_secret, "mypost"),
      database_(db::open_database(io.get_executor(), database_options(settings_, &observers_))),
      bus_(io.get_executor(), *database_, clock_),
      http_(net::make_curl_client(io.get_executor(), curl_options(settings_))),
      networks_http_(*http_, parts.demo ? sandbox_base(settings_) : settings_.networks_via),
      access_cache_(clock_, cache_life(settings_)),
      auth_(*database_, clock_, signer_, access_cache_, hashing_),
      authenticator_(*database_, clock_, signer_, access_cache_),
      workspaces_(*database_, clock_, access_cache_),
      brands_(*database_, clock_),
      storage_(storage::open_storage(settings_.storage_url, files_)),
      media_(media_services()),
      apps_(*database_, clock_, cipher_, networks_, settings_.public_url),
      tokens_({*database_, clock_, cipher_, networks_, networks_http_, live_events_, observers_,
               random_fraction}),
      accounts_(account_services()),
      posts_(*database_, clock_, networks_, live_events_, media_, media_),
      idempotency_(*database_, clock_, cipher_),
      sockets_(io.get_executor(), bus_, authenticator_),
      router_("/api/v1", {&authenticator_, &idempotency_, &rate_limiter_, &observers_, error_of}) {
    metrics::declare_all(metrics_);
    access_cache_.on_change = [this] { sockets_.recheck_all(); };
}

}  // namespace mypost::app
