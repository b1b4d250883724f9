#include "auth/routes.hpp"

#include "core/crypto.hpp"
#include "http/page.hpp"

namespace mypost::auth {

namespace {

using access::Caller;
using http::Method;
using http::None;
using http::RequestInfo;

constexpr char cookie_name[] = "mypost_refresh";

struct Demo {
    std::string email;
    std::string password;
};
BOOST_DESCRIBE_STRUCT(Demo, (), (email, password))
struct SetupState {
    bool needed = false;
    bool token_required = false;
    std::optional<Demo> demo;
    std::optional<std::string> sandbox_url;
    std::string version;
};
BOOST_DESCRIBE_STRUCT(SetupState, (), (needed, token_required, demo, sandbox_url, version))

struct SetupBody {
    std::string name;
    std::string email;
    std::string password;
    std::string workspace_name;
    std::optional<std::string> time_zone;
    std::optional<std::string> setup_token;
};
BOOST_DESCRIBE_STRUCT(SetupBody, (), (name, email, password, workspace_name, time_zone, setup_token))

struct UserView {
    UserId id;
    std::string email;
    std::string name;
    std::string locale;
    std::optional<std::string> time_zone;
    bool is_system_admin = false;
};
BOOST_DESCRIBE_STRUCT(UserView, (), (id, email, name, locale, time_zone, is_system_admin))
struct SignedInView {
    std::string access_token;
    std::string token_type = "Bearer";
    int expires_in = 900;
    UserView user;
};
BOOST_DESCRIBE_STRUCT(SignedInView, (), (access_token, token_type, expires_in, user))
struct SetupView : SignedInView {
    WorkspaceId workspace_id;
};
BOOST_DESCRIBE_STRUCT(SetupView, (SignedInView), (workspace_id))
struct LoginBody {
    std::string email;
    std::string password;
    std::optional<std::string> totp_code;
};
BOOST_DESCRIBE_STRUCT(LoginBody, (), (email, password, totp_code))
struct ProfilePatch {
    std::optional<std::string> name;
    std::optional<std::string> locale;
    std::optional<std::optional<std::string>> time_zone;
};
BOOST_DESCRIBE_STRUCT(ProfilePatch, (), (name, locale, time_zone))
struct PasswordBody {
    std::string current_password;
    std::string new_password;
};
BOOST_DESCRIBE_STRUCT(PasswordBody, (), (current_password, new_password))
struct SessionView {
    SessionId id;
    std::string user_agent;
    std::string address;
    Instant created_at;
    Instant last_used_at;
    Instant expires_at;
    bool current = false;
};
BOOST_DESCRIBE_STRUCT(SessionView, (),
                      (id, user_agent, address, created_at, last_used_at, expires_at, current))
struct SessionPath {
    SessionId session;
};
BOOST_DESCRIBE_STRUCT(SessionPath, (), (session))

}  // namespace
}  // namespace mypost::auth

namespace mypost::json {
template <>
struct rules<auth::UserView> {
    static constexpr std::string_view name = "User";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<auth::SignedInView> {
    static constexpr std::string_view name = "SignedIn";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<auth::SessionView> {
    static constexpr std::string_view name = "Session";
    static constexpr auto value = std::tuple<>{};
};
template <>
struct rules<auth::SetupBody> {
    static constexpr auto value = std::tuple{
        field<&auth::SetupBody::name>{{.doc = "Your name", .min_len = 1, .max_len = 100}},
        field<&auth::SetupBody::email>{{.max_len = 254}},
        field<&auth::SetupBody::password>{{.doc = "10 to 200 characters", .max_len = 200}},
        field<&auth::SetupBody::workspace_name>{{.min_len = 1, .max_len = 100}},
        field<&auth::SetupBody::time_zone>{{.doc = "IANA zone of the workspace; default UTC", .max_len = 64}},
        field<&auth::SetupBody::setup_token>{
            {.doc = "Printed on the console; needed off loopback", .max_len = 100}}};
};
template <>
struct rules<auth::LoginBody> {
    static constexpr auto value =
        std::tuple{field<&auth::LoginBody::email>{{.min_len = 1, .max_len = 254}},
                   field<&auth::LoginBody::password>{{.min_len = 1, .max_len = 200}},
                   field<&auth::LoginBody::totp_code>{{.max_len = 20}}};
};
template <>
struct rules<auth::ProfilePatch> {
    static constexpr auto value =
        std::tuple{field<&auth::ProfilePatch::name>{{.min_len = 1, .max_len = 100}},
                   field<&auth::ProfilePatch::locale>{{.doc = "en or de", .max_len = 10}},
                   field<&auth::ProfilePatch::time_zone>{{.max_len = 64}}};
};
template <>
struct rules<auth::PasswordBody> {
    static constexpr auto value = std::tuple{field<&auth::PasswordBody::current_password>{{.max_len = 200}},
                                             field<&auth::PasswordBody::new_password>{{.max_len = 200}}};
};
}  // namespace mypost::json

namespace mypost::auth {

namespace {

UserView view_of(User const& user) {
    return UserView{user.id, user.email, user.name, user.locale, user.time_zone, user.is_system_admin};
}

void fill(SignedInView& view, SignedIn const& done) {
    view.access_token = done.access_token;
    view.user = view_of(done.user);
}

Origin origin_of(RequestInfo const& info) {
    return Origin{info.address, info.user_agent, info.request_id};
}

// What stands before /api/v1 in the browser's address: the sub-path that the request came with, or, where a
// proxy took it off, the public URL's.
std::string cookie_base(RequestInfo const& info, std::string const& public_url) {
    if (auto const mount = info.headers.get(http::mount_header)) return std::string(*mount);
    auto const scheme_end = public_url.find("://");
    if (scheme_end == std::string::npos) return {};
    std::string const rest = public_url.substr(scheme_end + 3);
    auto const slash = rest.find('/');
    if (slash == std::string::npos || rest.substr(0, slash) != info.host) return {};
    return rest.substr(slash);
}

std::string cookie(RequestInfo const& info, std::string const& public_url, std::string const& value,
                   long max_age) {
    bool const secure = info.secure || (public_url.starts_with("https://") &&
                                        public_url.find(info.host) != std::string::npos);
    return fmt::format("{}={}; Path={}/api/v1/auth; Max-Age={}; HttpOnly; SameSite=Lax{}", cookie_name, value,
                       cookie_base(info, public_url), max_age, secure ? "; Secure" : "");
}

constexpr long week_seconds = 7L * 24 * 3600;

template <class View>
http::Reply<View> signed_in_reply(View view, SignedIn const& done, RequestInfo const& info,
                                  std::string const& public_url, int status) {
    http::Headers headers;
    headers.add("Set-Cookie", cookie(info, public_url, done.refresh_token, week_seconds));
    headers.set("Cache-Control", "no-store");
    return http::Reply<View>(std::move(view), status, std::move(headers));
}

void add_setup(http::Router& router, AuthService& auth, RouteSettings const& settings) {
    router.add(http::Route<None, None, None, SetupState>(Method::get, "/setup", "getSetup",
                                                         "Whether the first start is still to be done",
                                                         http::public_route()),
               [&auth, settings](Caller const&) -> asio::awaitable<Result<SetupState>> {
                   SetupState state;
                   state.needed = co_await auth.setup_needed();
                   state.token_required = !settings.loopback_only;
                   if (settings.demo) state.demo = Demo{settings.demo->email, settings.demo->password};
                   if (!settings.sandbox_url.empty()) state.sandbox_url = settings.sandbox_url;
                   state.version = settings.version;
                   co_return state;
               });
    router.add(http::Route<None, None, SetupBody, SetupView>(
                   Method::post, "/setup", "setUp", "First system administrator, tenant and workspace",
                   http::public_route(),
                   {.ok = 201,
                    .idempotent = false,
                    .audit = "system.setup",
                    .rate_limits = {{http::RateLimit::Key::address, 20, std::chrono::seconds(60)}},
                    .errors = {ErrorCode::setup_done, ErrorCode::setup_token_required}}),
               [&auth, settings](Caller const&, RequestInfo const& info,
                                 SetupBody body) -> asio::awaitable<Result<http::Reply<SetupView>>> {
                   bool const right =
                       settings.loopback_only ||
                       crypto::constant_time_equal(body.setup_token.value_or(""), settings.setup_token);
                   bool const needed = co_await auth.setup_needed();
                   if (needed && !right) {
                       co_return Error(
                           ErrorCode::setup_token_required,
                           "Give the set-up token that the server printed on its console (setup_token).");
                   }
                   SetupInput input{body.name, body.email, body.password, body.workspace_name,
                                    body.time_zone};
                   MP_TRY(done, co_await auth.setup(std::move(input), origin_of(info)));
                   SetupView view;
                   fill(view, done.signed_in);
                   view.workspace_id = done.workspace;
                   co_return signed_in_reply(std::move(view), done.signed_in, info, settings.public_url, 201);
               });
}

void add_signing_in(http::Router& router, AuthService& auth, TokenAuthenticator& authenticator,
                    RouteSettings const& settings) {
    using Key = http::RateLimit::Key;
    router.add(http::Route<None, None, LoginBody, SignedInView>(
                   Method::post, "/auth/login", "login", "Sign in", http::public_route(),
                   {.idempotent = false,
                    .audit = "session.start",
                    .rate_limits = {{Key::address, 30, std::chrono::seconds(60)},
                                    {Key::account, 10, std::chrono::seconds(60), "email"}},
                    .errors = {ErrorCode::invalid_credentials, ErrorCode::account_suspended}}),
               [&auth, settings](Caller const&, RequestInfo const& info,
                                 LoginBody body) -> asio::awaitable<Result<http::Reply<SignedInView>>> {
                   MP_TRY(done, co_await auth.login(std::move(body.email), std::move(body.password),
                                                    origin_of(info)));
                   SignedInView view;
                   fill(view, done);
                   co_return signed_in_reply(std::move(view), done, info, settings.public_url, 200);
               });
    router.add(
        http::Route<None, None, None, SignedInView>(
            Method::post, "/auth/refresh", "refresh", "A new access token by the refresh cookie",
            http::public_route(),
            {.idempotent = false,
             .rate_limits = {{Key::address, 120, std::chrono::seconds(60)}},
             .errors = {ErrorCode::unauthenticated, ErrorCode::refresh_reused, ErrorCode::origin_mismatch}}),
        [&auth, settings](Caller const&,
                          RequestInfo const& info) -> asio::awaitable<Result<http::Reply<SignedInView>>> {
            MP_CHECK(origin, check_origin(info, settings.public_url));
            auto const token = info.cookie(cookie_name);
            if (!token) co_return Error(ErrorCode::unauthenticated, "You are signed out. Sign in.");
            MP_TRY(done, co_await auth.refresh(*token, origin_of(info)));
            SignedInView view;
            fill(view, done);
            co_return signed_in_reply(std::move(view), done, info, settings.public_url, 200);
        });
    router.add(http::Route<None, None, None, None>(Method::post, "/auth/logout", "logout", "End this session",
                                                   http::public_route(),
                                                   {.idempotent = false, .audit = "session.end"}),
               [&auth, &authenticator, settings](
                   Caller const&, RequestInfo const& info) -> asio::awaitable<Result<http::Reply<None>>> {
                   MP_CHECK(origin, check_origin(info, settings.public_url));
                   if (auto const token = info.cookie(cookie_name))
                       co_await auth.logout(*token, origin_of(info));
                   // Clients that keep no cookies end the session of their bearer token.
                   http::Request bearer;
                   bearer.headers = info.headers;
                   auto const caller = co_await authenticator.authenticate(bearer, std::nullopt);
                   if (caller) co_await auth.end_own_session(*caller);
                   http::Headers headers;
                   headers.add("Set-Cookie", cookie(info, settings.public_url, "", 0));
                   co_return http::Reply<None>(None(), 204, std::move(headers));
               });
}

void add_profile(http::Router& router, AuthService& auth) {
    router.add(http::Route<None, None, None, UserView>(Method::get, "/auth/me", "getMe", "Who is signed in",
                                                       http::authenticated()),
               [&auth](Caller const& who) -> asio::awaitable<Result<UserView>> {
                   MP_TRY(user, co_await auth.me(who.user));
                   co_return view_of(user);
               });
    router.add(http::Route<None, None, ProfilePatch, UserView>(Method::patch, "/auth/me", "updateMe",
                                                               "Change your profile", http::authenticated(),
                                                               {.audit = "user.edit"}),
               [&auth](Caller const& who, ProfilePatch patch) -> asio::awaitable<Result<UserView>> {
                   ProfileChange change{patch.name, patch.locale, patch.time_zone};
                   MP_TRY(user, co_await auth.change_profile(who, std::move(change)));
                   co_return view_of(user);
               });
    router.add(http::Route<None, None, PasswordBody, None>(
                   Method::post, "/auth/password/change", "changePassword",
                   "Change your password; ends your other sessions", http::authenticated(),
                   {.idempotent = false,
                    .audit = "user.password_change",
                    .rate_limits = {{http::RateLimit::Key::user, 10, std::chrono::seconds(60)}}}),
               [&auth](Caller const& who, PasswordBody body) {
                   return auth.change_password(who, std::move(body.current_password),
                                               std::move(body.new_password));
               });
    router.add(
        http::Route<None, None, None, http::List<SessionView>>(
            Method::get, "/auth/sessions", "listSessions", "Your signed-in devices", http::authenticated()),
        [&auth](Caller const& who) -> asio::awaitable<Result<http::List<SessionView>>> {
            http::List<SessionView> list;
            auto const sessions = co_await auth.sessions(who);
            for (auto const& s : sessions) {
                list.data.push_back(SessionView{s.id, s.user_agent, s.address, s.created_at, s.last_used_at,
                                                s.expires_at, s.current});
            }
            co_return list;
        });
    router.add(http::Route<SessionPath, None, None, None>(Method::delete_, "/auth/sessions/{session}",
                                                          "endSession", "Sign a device out",
                                                          http::authenticated(), {.audit = "session.end"}),
               [&auth](Caller const& who, SessionPath path) { return auth.end_session(who, path.session); });
}

}  // namespace

void add_routes(http::Router& router, AuthService& auth, TokenAuthenticator& authenticator,
                RouteSettings settings) {
    add_setup(router, auth, settings);
    add_signing_in(router, auth, authenticator, settings);
    add_profile(router, auth);
}

}  // namespace mypost::auth
