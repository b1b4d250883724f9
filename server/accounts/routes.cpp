#include "accounts/routes.hpp"

#include "accounts/network_views.hpp"
#include "core/encoding.hpp"
#include "http/page.hpp"

namespace mypost::accounts {

BOOST_DESCRIBE_STRUCT(DestinationView, (), (id, kind, name, handle, avatar_url, connected))

namespace {

using access::Caller;
using access::Permission;
using http::Method;
using http::None;
using http::RequestInfo;

constexpr char cookie_name[] = "mypost_oauth";

struct WorkspacePath {
    WorkspaceId workspace;
};
BOOST_DESCRIBE_STRUCT(WorkspacePath, (), (workspace))
struct BrandPath {
    WorkspaceId workspace;
    BrandId brand;
};
BOOST_DESCRIBE_STRUCT(BrandPath, (), (workspace, brand))
struct AccountPath {
    WorkspaceId workspace;
    AccountId account;
};
BOOST_DESCRIBE_STRUCT(AccountPath, (), (workspace, account))
struct ConnectionPath {
    WorkspaceId workspace;
    ConnectionId connection;
};
BOOST_DESCRIBE_STRUCT(ConnectionPath, (), (workspace, connection))
struct NetworkPath {
    std::string network;
};
BOOST_DESCRIBE_STRUCT(NetworkPath, (), (network))
struct AccountQuery {
    std::optional<BrandId> brand_id;
};
BOOST_DESCRIBE_STRUCT(AccountQuery, (), (brand_id))
struct StartQuery {
    std::string ticket;
};
BOOST_DESCRIBE_STRUCT(StartQuery, (), (ticket))
// Networks add parameters of their own (iss, scope, error_uri …).
struct CallbackQuery {
    std::optional<std::string> code;
    std::optional<std::string> state;
    std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(CallbackQuery, (), (code, state, error))

struct AccountPauseView {
    Instant since;
    std::optional<Instant> until;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(AccountPauseView, (), (since, until, reason))
struct HealthView {
    std::optional<Instant> expires_at;
    std::vector<std::string> missing_scopes;
    std::optional<Instant> last_published_at;
    std::optional<std::string> problem;
};
BOOST_DESCRIBE_STRUCT(HealthView, (), (expires_at, missing_scopes, last_published_at, problem))
struct AccountView {
    AccountId id;
    BrandId brand_id;
    std::string network;
    std::optional<std::string> instance;
    std::string kind;
    std::string remote_id;
    std::string name;
    std::string handle;
    std::optional<std::string> avatar_url;
    std::string state;
    HealthView health;
    std::optional<AccountPauseView> paused;
    std::int64_t version = 0;
    Instant created_at;
};
BOOST_DESCRIBE_STRUCT(AccountView, (),
                      (id, brand_id, network, instance, kind, remote_id, name, handle, avatar_url, state,
                       health, paused, version, created_at))
struct AuthorizeInput {
    std::string network;
    std::optional<std::string> instance;
    std::optional<std::vector<std::string>> purposes;
};
BOOST_DESCRIBE_STRUCT(AuthorizeInput, (), (network, instance, purposes))
struct AuthorizeView {
    std::string authorize_url;
};
BOOST_DESCRIBE_STRUCT(AuthorizeView, (), (authorize_url))
struct ChooseInput {
    std::vector<std::string> destination_ids;
};
BOOST_DESCRIBE_STRUCT(ChooseInput, (), (destination_ids))
struct ConnectInput {
    std::string network;
    boost::json::object credentials;
};
BOOST_DESCRIBE_STRUCT(ConnectInput, (), (network, credentials))
struct MoveInput {
    BrandId brand_id;
};
BOOST_DESCRIBE_STRUCT(MoveInput, (), (brand_id))
struct NetworkAppView {
    std::string network;
    std::string name;
    bool configured = false;
    bool registers_itself = false;
    std::optional<std::string> client_id;
    boost::json::object settings;
    std::string redirect_uri;
    std::vector<std::string> scopes;
    std::optional<Instant> updated_at;
};
BOOST_DESCRIBE_STRUCT(NetworkAppView, (),
                      (network, name, configured, registers_itself, client_id, settings, redirect_uri, scopes,
                       updated_at))
struct NetworkAppInput {
    std::string client_id;
    std::string client_secret;
    std::optional<boost::json::object> settings;
};
BOOST_DESCRIBE_STRUCT(NetworkAppInput, (), (client_id, client_secret, settings))

}  // namespace
}  // namespace mypost::accounts

namespace mypost::json {
template <>
struct rules<accounts::AccountView> {
    static constexpr std::string_view name = "Account";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::AccountPauseView> {
    static constexpr std::string_view name = "AccountPause";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::HealthView> {
    static constexpr std::string_view name = "AccountHealth";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::DestinationView> {
    static constexpr std::string_view name = "Destination";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::NetworkAppView> {
    static constexpr std::string_view name = "NetworkApp";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::CallbackQuery> {
    static constexpr bool open = true;
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<accounts::AuthorizeInput> {
    static constexpr auto value = std::tuple{
        field<&accounts::AuthorizeInput::network>{{.doc = "See GET /networks", .max_len = 40}},
        field<&accounts::AuthorizeInput::instance>{{.doc = "Host of the Mastodon instance", .max_len = 300}},
        field<&accounts::AuthorizeInput::purposes>{
            {.doc = "publish, metrics, engage; default publish", .max_len = 20, .max_items = 5}}};
};
template <>
struct rules<accounts::ConnectInput> {
    static constexpr auto value =
        std::tuple{field<&accounts::ConnectInput::network>{{.doc = "See GET /networks", .max_len = 40}}};
};
template <>
struct rules<accounts::ChooseInput> {
    static constexpr auto value = std::tuple{
        field<&accounts::ChooseInput::destination_ids>{{.max_len = 300, .min_items = 1, .max_items = 200}}};
};
template <>
struct rules<accounts::NetworkAppInput> {
    static constexpr auto value =
        std::tuple{field<&accounts::NetworkAppInput::client_id>{{.min_len = 1, .max_len = 300}},
                   field<&accounts::NetworkAppInput::client_secret>{
                       {.doc = "Never shown again", .min_len = 1, .max_len = 500}}};
};
}  // namespace mypost::json

namespace mypost::accounts {

namespace {

std::optional<std::string> text_or_null(std::string const& text) {
    if (text.empty()) return std::nullopt;
    return text;
}

AccountView view_of(Account const& a) {
    AccountView view{a.id,
                     a.brand,
                     a.network,
                     text_or_null(a.instance),
                     a.kind,
                     a.remote_id,
                     a.name,
                     a.handle,
                     text_or_null(a.avatar_url),
                     a.state,
                     {a.expires_at, a.missing_scopes, a.last_published_at, text_or_null(a.problem)},
                     {},
                     a.version,
                     a.created_at};
    if (a.paused_since) view.paused = AccountPauseView{*a.paused_since, a.paused_until, a.paused_reason};
    return view;
}

asio::awaitable<Result<AccountView>> view_of(asio::awaitable<Result<Account>> work) {
    MP_TRY(account, co_await std::move(work));
    co_return view_of(account);
}

http::List<AccountView> list_of(std::vector<Account> const& accounts) {
    http::List<AccountView> list;
    for (auto const& account : accounts) list.data.push_back(view_of(account));
    return list;
}

std::string host_of(std::string const& url) {
    auto const scheme = url.find("://");
    std::string const rest = url.substr(scheme == std::string::npos ? 0 : scheme + 3);
    return rest.substr(0, rest.find('/'));
}

std::string cookie_header(std::string const& value, std::string const& public_url) {
    std::string const path = public_url.substr(
        std::min(public_url.size(), public_url.find(host_of(public_url)) + host_of(public_url).size()));
    return fmt::format("{}={}; Path={}/api/v1; Max-Age=600; HttpOnly; SameSite=Lax{}", cookie_name, value,
                       path, public_url.starts_with("https://") ? "; Secure" : "");
}

Browser browser_of(RequestInfo const& info, std::string const& public_url) {
    Browser browser;
    browser.cookie = info.cookie(cookie_name).value_or("");
    browser.at_public_host = info.host == host_of(public_url);
    // Only an origin that is this request's own is gone back to: anything else would be an open redirect.
    if (host_of(info.origin) == info.host) browser.origin = info.origin;
    return browser;
}

void add_accounts(http::Router& router, AccountService& accounts) {
    router.add(http::Route<WorkspacePath, AccountQuery, None, http::List<AccountView>>(
                   Method::get, "/workspaces/{workspace}/accounts", "listAccounts", "Connected accounts",
                   Permission::accounts_view),
               [&accounts](Caller const& who, WorkspacePath,
                           AccountQuery query) -> asio::awaitable<Result<http::List<AccountView>>> {
                   MP_TRY(found, co_await accounts.list(who, query.brand_id));
                   co_return list_of(found);
               });
    router.add(http::Route<AccountPath, None, None, AccountView>(
                   Method::get, "/workspaces/{workspace}/accounts/{account}", "getAccount",
                   "One account and its health", Permission::accounts_view),
               [&accounts](Caller const& who, AccountPath path) {
                   return view_of(accounts.find(who, path.account));
               });
    router.add(http::Route<BrandPath, None, ConnectInput, AccountView>(
                   Method::post, "/workspaces/{workspace}/brands/{brand}/accounts/connect", "connectAccount",
                   "Connect with credentials (Bluesky: handle, app_password, service?)",
                   Permission::accounts_connect,
                   {.ok = 201,
                    .audit = "account.connect",
                    .rate_limits = {{http::RateLimit::Key::user, 30, std::chrono::seconds(300)}},
                    .errors = {ErrorCode::network_error}}),
               [&accounts](Caller const& who, BrandPath path, ConnectInput input) {
                   return view_of(accounts.connect(who, path.brand, std::move(input.network),
                                                   std::move(input.credentials)));
               });
    router.add(
        http::Route<AccountPath, None, None, AccountView>(
            Method::post, "/workspaces/{workspace}/accounts/{account}/refresh", "refreshAccount",
            "Read name, picture and limits again", Permission::accounts_connect,
            {.audit = "account.refresh", .errors = {ErrorCode::network_error, ErrorCode::invalid_state}}),
        [&accounts](Caller const& who, AccountPath path) {
            return view_of(accounts.refresh(who, path.account));
        });
    router.add(http::Route<AccountPath, None, MoveInput, AccountView>(
                   Method::post, "/workspaces/{workspace}/accounts/{account}/move", "moveAccount",
                   "To another brand", Permission::accounts_disconnect,
                   {.audit = "account.move", .errors = {ErrorCode::conflict}}),
               [&accounts](Caller const& who, AccountPath path, MoveInput input) {
                   return view_of(accounts.move(who, path.account, input.brand_id));
               });
    router.add(
        http::Route<AccountPath, None, None, None>(
            Method::delete_, "/workspaces/{workspace}/accounts/{account}", "disconnectAccount",
            "Disconnect; history stays", Permission::accounts_disconnect, {.audit = "account.disconnect"}),
        [&accounts](Caller const& who, AccountPath path) { return accounts.disconnect(who, path.account); });
}

void add_consent(http::Router& router, AccountService& accounts, std::string const& public_url) {
    router.add(
        http::Route<BrandPath, None, AuthorizeInput, AuthorizeView>(
            Method::post, "/workspaces/{workspace}/brands/{brand}/accounts/authorize", "authorizeAccount",
            "Where to send the browser for the network's consent", Permission::accounts_connect,
            {.idempotent = false,
             .audit = "network_app.set",
             .rate_limits = {{http::RateLimit::Key::user, 60, std::chrono::seconds(60)}},
             .errors = {ErrorCode::conflict, ErrorCode::network_error}}),
        [&accounts, public_url](Caller const& who, RequestInfo const& info, BrandPath path,
                                AuthorizeInput input) -> asio::awaitable<Result<http::Reply<AuthorizeView>>> {
            MP_TRY(start, co_await accounts.authorize(who, path.brand, std::move(input.network),
                                                      input.instance.value_or(""),
                                                      input.purposes.value_or(std::vector<std::string>()),
                                                      browser_of(info, public_url)));
            http::Headers headers;
            if (start.set_cookie) headers.add("Set-Cookie", cookie_header(*start.set_cookie, public_url));
            co_return http::Reply<AuthorizeView>(AuthorizeView{start.authorize_url}, {}, std::move(headers));
        });
    router.add_raw(http::RawRoute<None, StartQuery>(Method::get, "/oauth/start", "startConsent",
                                                    "Start ticket: on to the network's page",
                                                    http::public_route(), {.other_statuses = {302}}),
                   [&accounts, public_url](Caller const&, RequestInfo const& info, http::Request,
                                           StartQuery query) -> asio::awaitable<Result<http::Response>> {
                       MP_TRY(started, co_await accounts.start(std::move(query.ticket),
                                                               info.cookie(cookie_name).value_or("")));
                       http::Response response = http::redirect_response(302, started.authorize_url);
                       response.headers.add("Set-Cookie", cookie_header(started.set_cookie, public_url));
                       response.headers.set("Cache-Control", "no-store");
                       co_return response;
                   });
    router.add_raw(
        http::RawRoute<NetworkPath, CallbackQuery>(Method::get, "/oauth/{network}/callback", "finishConsent",
                                                   "The networks' redirect; leads back into the app",
                                                   http::public_route(), {.other_statuses = {302}}),
        [&accounts](Caller const&, RequestInfo const& info, http::Request request, NetworkPath path,
                    CallbackQuery) -> asio::awaitable<Result<http::Response>> {
            std::map<std::string, std::string> query;
            for (auto& [key, value] : request.query_pairs()) query.emplace(key, std::move(value));
            std::string const target = co_await accounts.callback(path.network, std::move(query),
                                                                  info.cookie(cookie_name).value_or(""));
            http::Response response = http::redirect_response(302, target);
            response.headers.set("Cache-Control", "no-store");
            co_return response;
        });
    router.add(http::Route<ConnectionPath, None, None, http::List<DestinationView>>(
                   Method::get, "/workspaces/{workspace}/connections/{connection}/destinations",
                   "listDestinations", "What the consent gives access to", Permission::accounts_connect),
               [&accounts](Caller const& who,
                           ConnectionPath path) -> asio::awaitable<Result<http::List<DestinationView>>> {
                   http::List<DestinationView> list;
                   MP_TRY(found, co_await accounts.destinations(who, path.connection));
                   list.data = std::move(found);
                   co_return list;
               });
    router.add(http::Route<ConnectionPath, None, ChooseInput, http::List<AccountView>>(
                   Method::post, "/workspaces/{workspace}/connections/{connection}/accounts",
                   "chooseDestinations", "Connect these destinations", Permission::accounts_connect,
                   {.ok = 201, .audit = "account.connect"}),
               [&accounts](Caller const& who, ConnectionPath path,
                           ChooseInput input) -> asio::awaitable<Result<http::List<AccountView>>> {
                   MP_TRY(connected,
                          co_await accounts.choose(who, path.connection, std::move(input.destination_ids)));
                   co_return list_of(connected);
               });
}

void add_apps(http::Router& router, NetworkApps& apps, networks::Registry const& networks) {
    router.add(http::Route<None, None, None, http::List<NetworkAppView>>(
                   Method::get, "/system/network-apps", "listNetworkApps",
                   "App credentials of the installation", http::system_admin()),
               [&apps](Caller const& who) -> asio::awaitable<Result<http::List<NetworkAppView>>> {
                   http::List<NetworkAppView> list;
                   TenantId const tenant = co_await apps.tenant_of(who.user);
                   auto const found = co_await apps.list(tenant);
                   for (auto const& a : found) {
                       list.data.push_back(NetworkAppView{a.network, a.name, a.configured, a.registers_itself,
                                                          text_or_null(a.client_id), a.settings,
                                                          a.redirect_uri, a.scopes, a.updated_at});
                   }
                   co_return list;
               });
    router.add(http::Route<NetworkPath, None, NetworkAppInput, None>(
                   Method::put, "/system/network-apps/{network}", "setNetworkApp", "Set client id and secret",
                   http::system_admin(), {.ok = 204, .audit = "network_app.set"}),
               [&apps, &networks](Caller const& who, NetworkPath path,
                                  NetworkAppInput input) -> asio::awaitable<Result<Done>> {
                   auto const* adapter = networks.find(path.network);
                   if (!adapter || adapter->info().auth != "oauth" || adapter->info().registers_apps)
                       co_return not_found("Network app");
                   TenantId const tenant = co_await apps.tenant_of(who.user);
                   networks::AppCredentials credentials{std::move(input.client_id),
                                                        std::move(input.client_secret),
                                                        input.settings.value_or(boost::json::object())};
                   co_return co_await apps.put(who, tenant, path.network, "", std::move(credentials),
                                               apps.redirect_uri(path.network));
               });
    router.add(
        http::Route<NetworkPath, None, None, None>(Method::delete_, "/system/network-apps/{network}",
                                                   "removeNetworkApp", "Remove it; connected accounts go on",
                                                   http::system_admin(), {.audit = "network_app.remove"}),
        [&apps](Caller const& who, NetworkPath path) -> asio::awaitable<Result<Done>> {
            TenantId const tenant = co_await apps.tenant_of(who.user);
            co_return co_await apps.remove(who, tenant, path.network);
        });
}

}  // namespace

void add_routes(http::Router& router, AccountService& accounts, NetworkApps& apps,
                networks::Registry const& networks, RouteSettings settings) {
    add_network_routes(router, networks);
    add_accounts(router, accounts);
    add_consent(router, accounts, settings.public_url);
    add_apps(router, apps, networks);
}

}  // namespace mypost::accounts
