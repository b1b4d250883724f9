#include "app/application.hpp"

#include <boost/asio/thread_pool.hpp>
#include <fstream>

#include "accounts/accounts.hpp"
#include "accounts/routes.hpp"
#include "app/demo.hpp"
#include "app/front.hpp"
#include "app/live_events.hpp"
#include "app/sandbox_server.hpp"
#include "app/temporary_installation.hpp"
#include "app/web_dir.hpp"
#include "auth/authenticator.hpp"
#include "brands/routes.hpp"
#include "core/cipher.hpp"
#include "core/crypto.hpp"
#include "core/log.hpp"
#include "events/database_bus.hpp"
#include "events/routes.hpp"
#include "events/socket.hpp"
#include "http/openapi.hpp"
#include "http/rate_limit.hpp"
#include "http/server.hpp"
#include "http/static_files.hpp"
#include "idempotency/database_store.hpp"
#include "media/media.hpp"
#include "media/routes.hpp"
#include "metrics/observers.hpp"
#include "net/curl_client.hpp"
#include "net/networks_gateway.hpp"
#include "posts/routes.hpp"
#include "publishing/dispatch.hpp"
#include "storage/file_storage.hpp"
#include "targets/routes.hpp"
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

media::HelperOptions helper_options(Settings const& settings, storage::Storage const& storage) {
    media::HelperOptions options;
    options.program = media::find_helper(settings.media_helper);
    options.work_root = storage.work_root();
    options.memory_mb = static_cast<unsigned>(settings.media_helper_memory_mb);
    options.timeout = std::chrono::seconds(settings.media_timeout_seconds);
    return options;
}

std::string sandbox_base(Settings const& settings) {
    return fmt::format("http://127.0.0.1:{}", settings.sandbox_port);
}

bool on_loopback(Settings const& settings) {
    auto const address = IpAddress::parse(settings.http_address);
    return address && is_loopback(*address);
}

http::ApiInfo api_info() {
    http::ApiInfo info;
    info.version = MYPOST_VERSION;
    info.description = "Compose once, adapt per network, publish on time, exactly once.";
    return info;
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
    std::string openapi();

  private:
    void add_routes();
    void listen();
    http::StaticOptions static_options(std::string root) const;
    asio::awaitable<void> announce();
    asio::awaitable<http::Response> internal_answer(http::Request request);
    asio::awaitable<std::vector<std::string>> degraded();
    std::vector<worker::PeriodicTask> tasks();
    publishing::Services publishing_services();
    media::MediaServices media_services();
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
    asio::thread_pool file_pool_{2};

    Cipher cipher_;
    JwtSigner signer_;
    std::unique_ptr<db::Database> database_;
    events::DatabaseEventBus bus_;
    LiveEvents live_events_{bus_};

    // The outside.
    std::unique_ptr<net::HttpClient> http_;
    net::NetworksGateway networks_http_;
    networks::Registry networks_ = networks::make_registry();
    std::unique_ptr<SandboxServer> sandbox_;

    // Features.
    access::AccessCache access_cache_;
    auth::AuthService auth_;
    auth::TokenAuthenticator authenticator_;
    workspaces::WorkspaceService workspaces_;
    brands::BrandService brands_;
    std::unique_ptr<storage::Storage> storage_;
    media::UrlSigner media_urls_;
    media::HelperPool media_helper_;
    media::MediaService media_;
    accounts::NetworkApps apps_;
    accounts::GrantTokens tokens_;
    accounts::AccountService accounts_;
    posts::PostService posts_;
    targets::TargetService targets_;

    // HTTP.
    idempotency::DatabaseStore idempotency_;
    http::LocalRateLimiter rate_limiter_{clock_};
    events::EventSockets sockets_;
    http::Router router_;
    std::string setup_token_ = crypto::random_token(16);
    std::optional<auth::DemoLogin> demo_login_;
    std::unique_ptr<http::StaticFiles> files_;
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
      storage_(storage::open_storage(file_pool_, settings_.storage_url)),
      media_urls_(settings_.jwt_secret, settings_.public_path() + "/api/v1"),
      media_helper_(io.get_executor(), file_pool_, helper_options(settings_, *storage_)),
      media_(media_services()),
      apps_(*database_, clock_, cipher_, networks_, settings_.public_url),
      tokens_({*database_, clock_, cipher_, networks_, networks_http_, live_events_, observers_,
               random_fraction}),
      accounts_(account_services()),
      posts_(*database_, clock_, networks_, live_events_, media_, media_),
      targets_(publishing_services(), posts_),
      idempotency_(*database_, clock_, cipher_),
      sockets_(io.get_executor(), bus_, authenticator_),
      router_("/api/v1", {&authenticator_, &idempotency_, &rate_limiter_, &observers_, error_of}) {
    metrics::declare_all(metrics_);
    access_cache_.on_change = [this] { sockets_.recheck_all(); };
}

accounts::AccountServices Application::Impl::account_services() {
    auto browser_address = [this](std::string_view url) { return networks_http_.address_of(url); };
    return {*database_, clock_,  cipher_,      networks_,       networks_http_,
            apps_,      tokens_, live_events_, browser_address, settings_.public_url};
}

media::MediaServices Application::Impl::media_services() {
    auto const max_bytes = static_cast<std::uint64_t>(settings_.media_max_image_mb) * 1024 * 1024;
    return {*database_, clock_, *storage_, media_helper_, file_pool_, media_urls_, max_bytes};
}

publishing::Services Application::Impl::publishing_services() {
    publishing::LinkOf const link = [this](std::string const&, std::string const& url) {
        return networks_http_.address_of(url);
    };
    return {*database_, clock_,       networks_,  networks_http_, tokens_,
            media_,     live_events_, observers_, link,           random_fraction};
}

std::vector<worker::PeriodicTask> Application::Impl::tasks() {
    auto list = worker::publishing_tasks(publishing_services());
    auto refresh = [this]() -> asio::awaitable<void> { co_await tokens_.refresh_due(50); };
    list.push_back({"token-refresh", std::chrono::seconds(15), refresh});
    auto trash = [this]() -> asio::awaitable<void> { co_await media_.empty_trash(); };
    list.push_back({"media-trash", std::chrono::hours(1), trash});
    auto purge = [this]() -> asio::awaitable<void> {
        co_await bus_.purge();
        co_await idempotency_.purge();
    };
    list.push_back({"purge", std::chrono::minutes(10), purge});
    return list;
}

void Application::Impl::add_routes() {
    auth::RouteSettings sign_in;
    sign_in.public_url = settings_.public_url;
    sign_in.loopback_only = on_loopback(settings_);
    sign_in.setup_token = setup_token_;
    if (parts_.demo) {
        sign_in.demo = demo_login();
        sign_in.sandbox_url = sandbox_base(settings_);
    }
    sign_in.version = MYPOST_VERSION;
    auth::add_routes(router_, auth_, authenticator_, sign_in);
    workspaces::add_routes(router_, workspaces_);
    brands::add_routes(router_, brands_);
    accounts::add_routes(router_, accounts_, apps_, networks_, {settings_.public_url});
    media::add_routes(router_, media_, authenticator_);
    posts::add_routes(router_, posts_);
    targets::add_routes(router_, targets_);
    events::add_routes(router_);
    http::add_documentation(router_, api_info());
}

std::string Application::Impl::openapi() {
    add_routes();
    return http::pretty(http::openapi(router_, api_info()));
}

http::StaticOptions Application::Impl::static_options(std::string root) const {
    http::StaticOptions options;
    options.root = std::move(root);
    options.base_path = settings_.public_path() + "/";
    // Pictures of accounts come from the networks' own hosts, which nobody can list.
    options.image_sources = {"https:"};
    std::string const via = parts_.demo ? sandbox_base(settings_) : settings_.networks_via;
    if (!via.empty()) options.image_sources.push_back(via);
    return options;
}

void Application::Impl::listen() {
    FrontParts parts{router_, {}, *database_, settings_.public_path(), {}};
    parts.degraded = [this] { return degraded(); };
    std::string const web_dir = find_web_dir(settings_.web_dir);
    if (!web_dir.empty()) {
        files_ = std::make_unique<http::StaticFiles>(static_options(web_dir));
        parts.files = [this](http::Request request) { return files_->handle(std::move(request)); };
    } else {
        log::warning("no web app found: only the API is served",
                     {{"hint", "run ./dev build, or set MYPOST_WEB_DIR"}});
    }
    front_ = std::make_unique<Front>(std::move(parts));

    http::ServerOptions options;
    options.address = settings_.http_address;
    options.port = static_cast<std::uint16_t>(settings_.http_port);
    options.max_connections = static_cast<std::size_t>(settings_.http_max_connections);
    options.trusted_proxies = settings_.trusted_proxies;
    http::Server::Callbacks callbacks;
    callbacks.handle = [this](http::Request request) { return front_->handle(std::move(request)); };
    callbacks.body_policy = [this](http::Request const& head) { return front_->body_policy(head); };
    callbacks.accepts_websocket = [this](http::Request const& head) { return front_->is_websocket(head); };
    callbacks.handle_websocket = [this](http::Request request, std::shared_ptr<http::WebSocket> socket) {
        return sockets_.serve(std::move(request), std::move(socket));
    };
    server_ = std::make_unique<http::Server>(io_, std::move(options), std::move(callbacks));
    server_->start();

    if (settings_.internal_port > 0) {
        http::ServerOptions internal;
        internal.address = settings_.internal_address;
        internal.port = static_cast<std::uint16_t>(settings_.internal_port);
        auto answer = [this](http::Request request) { return internal_answer(std::move(request)); };
        internal_server_ = std::make_unique<http::Server>(io_, std::move(internal),
                                                          http::Server::Callbacks{answer, {}, {}, {}});
        internal_server_->start();
    }
}

asio::awaitable<http::Response> Application::Impl::internal_answer(http::Request request) {
    if (request.path != "/metrics")
        co_return http::text_response(404, "Not here. Metrics are at /metrics.\n");
    metrics_.set("mypost_http_connections", {}, static_cast<double>(server_->stats().connections));
    metrics_.set("mypost_websockets", {}, static_cast<double>(sockets_.count()));
    auto const beats = co_await worker::read_heartbeats(*database_);
    for (auto const& beat : beats) {
        double const age = static_cast<double>((clock_.now() - beat.beat_at).count()) / 1000.0;
        metrics_.set("mypost_heartbeat_age_seconds", {{"name", beat.name}}, age);
    }
    http::Response response = http::text_response(200, metrics_.text());
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    co_return response;
}

asio::awaitable<std::vector<std::string>> Application::Impl::degraded() {
    auto const beats = co_await worker::read_heartbeats(*database_);
    auto const backlog = co_await publishing::due_backlog(*database_, clock_.now());
    std::vector<std::string> names;
    for (auto const& alarm : worker::alarms_of(beats, backlog.oldest_at, clock_.now()))
        names.push_back(alarm.key);
    co_return names;
}

asio::awaitable<void> Application::Impl::start() {
    if (settings_.uses_sqlite()) {
        co_await database_->migrate();
    } else {
        bool const current = co_await database_->schema_is_current();
        if (!current)
            throw std::runtime_error("The database's schema is not this version's. Run: mypost migrate");
    }
    if (parts_.demo) {
        SandboxOptions options;
        options.port = static_cast<std::uint16_t>(settings_.sandbox_port);
        options.state_file = settings_.data_dir + "/sandbox.json";
        sandbox_ = std::make_unique<SandboxServer>(io_, options);
        sandbox_->start();
        DemoServices demo{
            *database_, clock_, auth_,          authenticator_,         brands_, apps_, accounts_,
            media_,     posts_, networks_http_, sandbox_base(settings_)};
        co_await seed_demo(std::move(demo));
    }
    if (parts_.api) {
        add_routes();
        // Workers and other API processes share a PostgreSQL; SQLite has this process alone.
        if (!settings_.uses_sqlite()) bus_.follow_others();
        listen();
        co_await announce();
    }
    if (parts_.worker) {
        worker::WorkerSettings worker;
        worker.name = worker::default_worker_name();
        worker.concurrency = static_cast<int>(settings_.publish_concurrency);
        worker_ = std::make_unique<worker::Worker>(io_.get_executor(), publishing_services(),
                                                   publishing::PublishSettings(), tasks(), worker);
        live_events_.on_due = [this] { worker_->kick(); };
        worker_->start();
    }
}

asio::awaitable<void> Application::Impl::announce() {
    std::string const address = fmt::format("http://{}:{}", settings_.http_address, server_->port());
    log::info("listening", {{"address", address}, {"public_url", settings_.public_url}});
    std::fprintf(stderr, "\nMyPost is at %s\n", address.c_str());
    if (parts_.demo) {
        auth::DemoLogin const login = demo_login();
        std::fprintf(stderr, "Sign in as %s with the password %s\n", login.email.c_str(),
                     login.password.c_str());
        std::fprintf(stderr, "The simulated networks are at %s\n", sandbox_base(settings_).c_str());
    }
    bool const needed = co_await auth_.setup_needed();
    if (needed && !on_loopback(settings_)) {
        std::fprintf(stderr, "First start: set MyPost up in the browser with this token: %s\n",
                     setup_token_.c_str());
    }
    std::fputs("\n", stderr);
}

asio::awaitable<void> Application::Impl::stop() {
    std::chrono::milliseconds const drain = std::chrono::seconds(settings_.shutdown_seconds);
    if (server_) co_await server_->stop(drain);
    if (worker_) co_await worker_->stop(drain);
    live_events_.on_due = {};
    co_await bus_.stop(std::chrono::seconds(2));
    if (internal_server_) co_await internal_server_->stop(std::chrono::milliseconds(200));
    if (sandbox_) co_await sandbox_->stop();
    media_helper_.stop();
    co_await database_->close();
}

Application::Application(asio::io_context& io, Settings settings, Parts parts)
    : impl_(std::make_unique<Impl>(io, std::move(settings), parts)) {}
Application::~Application() = default;

asio::awaitable<void> Application::start() {
    return impl_->start();
}
asio::awaitable<void> Application::stop() {
    return impl_->stop();
}
std::uint16_t Application::port() const {
    return impl_->port();
}
std::string Application::openapi() {
    return impl_->openapi();
}

std::string openapi_document() {
    // The routes need services to be declared with; these open an empty database in a folder that goes away
    // again.
    TemporaryInstallation const installation;
    asio::io_context io(1);
    Application application(io, installation.settings(), Parts());
    return application.openapi();
}

}  // namespace mypost::app
