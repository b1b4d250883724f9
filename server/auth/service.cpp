#include <boost/json.hpp>

#include "async/run_on.hpp"
#include "audit/audit.hpp"
#include "auth/auth.hpp"
#include "auth/store.hpp"
#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "core/log.hpp"
#include "core/password_hash.hpp"
#include "workspaces/creation.hpp"

namespace mypost::auth {

namespace {

using namespace store;

std::string token_hash(std::string_view token) {
    return hex_encode(crypto::sha256(token));
}

User user_of(db::Row const& row) {
    User user;
    user.id = row.id<UserId>(0);
    user.email = row.text(1);
    user.name = row.text(2);
    user.locale = row.text(3);
    user.time_zone = row.opt_text(4);
    user.is_system_admin = row.boolean(5);
    return user;
}
constexpr std::size_t column_status = 6;
constexpr std::size_t column_password = 7;

Error invalid_credentials() {
    return Error(ErrorCode::invalid_credentials, "The e-mail address or the password is wrong.");
}

Error signed_out() {
    return Error(ErrorCode::unauthenticated, "You are signed out. Sign in again.");
}

Error suspended() {
    return Error(ErrorCode::account_suspended, "This user account is suspended. Ask your administrator.");
}

access::Caller caller_of(User const& user, Origin const& origin) {
    access::Caller caller;
    caller.user = user.id;
    caller.name = user.name;
    caller.email = user.email;
    caller.address = origin.address;
    caller.user_agent = origin.user_agent;
    caller.request_id = origin.request_id;
    return caller;
}

audit::AuditEntry session_entry(std::string action, SessionId session) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "session";
    entry.entity_id = session.to_string();
    return entry;
}

audit::AuditEntry user_entry(std::string action, UserId user) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "user";
    entry.entity_id = user.to_string();
    return entry;
}

Result<void> check_name(std::string const& name, std::string const& pointer) {
    if (name.empty() || name.find_first_not_of(" \t") == std::string::npos) {
        return invalid(pointer, "required", "A name is needed.");
    }
    if (name.size() > 200) return invalid(pointer, "too_long", "A name may have at most 200 bytes.");
    return {};
}

// All wrong fields of one input in one error.
void collect(std::vector<FieldError>& fields, Result<void> const& check) {
    if (!check) fields.insert(fields.end(), check.error().fields.begin(), check.error().fields.end());
}

Result<void> check_setup(SetupInput const& input) {
    std::vector<FieldError> fields;
    collect(fields, check_name(input.name, "/name"));
    collect(fields, check_email(input.email, "/email"));
    collect(fields, check_password(input.password, "/password"));
    collect(fields, check_name(input.workspace_name, "/workspace_name"));
    if (input.time_zone) collect(fields, check_time_zone(*input.time_zone, "/time_zone"));
    if (fields.empty()) return {};
    return Error(ErrorCode::validation_failed, "Some fields are not right.", std::move(fields));
}

// A new session with its first refresh token, in the caller's transaction.
asio::awaitable<SessionId> open_session(db::Transaction& tx, UserId user, std::string refresh, Origin origin,
                                        Instant now, std::chrono::seconds lifetime) {
    SessionId const session = SessionId::make();
    Instant const expires = now + lifetime;
    db::Params row{session, user, origin.user_agent.substr(0, 300), origin.address, now, expires};
    co_await tx.run(sql_insert_session, std::move(row));
    db::Params token{token_hash(refresh), session, nullptr, now, expires};
    co_await tx.run(sql_insert_refresh, std::move(token));
    co_return session;
}

}  // namespace

AuthService::AuthService(db::Database& database, Clock const& clock, JwtSigner const& signer,
                         access::AccessCache& cache, asio::thread_pool& hashing, Lifetimes lifetimes)
    : database_(database),
      clock_(clock),
      signer_(signer),
      cache_(cache),
      hashing_(hashing),
      lifetimes_(lifetimes) {}

SignedIn AuthService::issue(User user, SessionId session, std::string refresh_token) const {
    Instant const now = clock_.now();
    SignedIn done;
    done.access_token = signer_.sign(user.id, session, now, now + lifetimes_.access);
    done.refresh_token = std::move(refresh_token);
    done.user = std::move(user);
    return done;
}

asio::awaitable<std::string> AuthService::hash(std::string password) {
    auto work = [&] { return hash_password(password); };
    co_return co_await async::run_on(hashing_, work);
}

asio::awaitable<bool> AuthService::setup_needed() {
    auto const rows = co_await database_.read(sql_any_user);
    co_return rows.empty();
}

asio::awaitable<Result<SetupDone>> AuthService::setup(SetupInput input, Origin origin) {
    bool const needed = co_await setup_needed();
    if (!needed) co_return Error(ErrorCode::setup_done, "MyPost is set up already. Sign in.");
    MP_CHECK(checked, check_setup(input));
    std::string const password_hash = co_await hash(input.password);
    std::string const refresh = crypto::random_token();
    std::string const zone = input.time_zone.value_or("UTC");
    Instant const now = clock_.now();

    User user;
    user.id = UserId::make();
    user.email = input.email;
    user.name = input.name;
    user.locale = "en";
    user.time_zone = input.time_zone;
    user.is_system_admin = true;
    SessionId session;
    WorkspaceId workspace;
    auto create = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params claim{now};
        auto const claimed = co_await tx.run(sql_claim_setup, std::move(claim));
        if (claimed.empty()) co_return Error(ErrorCode::setup_done, "MyPost is set up already. Sign in.");
        TenantId const tenant = TenantId::make();
        db::Params tenant_row{tenant, input.workspace_name, now};
        co_await tx.run(sql_insert_tenant, std::move(tenant_row));
        db::Params user_row{user.id,   tenant,        user.email,     email_key(user.email),
                            user.name, password_hash, user.time_zone, true,
                            now};
        co_await tx.run(sql_insert_user, std::move(user_row));
        workspace =
            co_await workspaces::create_workspace(tx, clock_, tenant, user.id, input.workspace_name, zone);
        session = co_await open_session(tx, user.id, refresh, origin, now, lifetimes_.refresh);
        auto entry = user_entry("system.setup", user.id);
        entry.workspace = workspace;
        co_await audit::record(tx, clock_, caller_of(user, origin), std::move(entry));
        co_return Done{};
    };
    auto done = co_await db::in_transaction<Result<Done>>(database_, create);
    if (!done) co_return done.error();
    SetupDone result{issue(std::move(user), session, refresh), workspace};
    co_return result;
}

asio::awaitable<Result<SignedIn>> AuthService::login(std::string email, std::string password, Origin origin) {
    db::Params by_email{email_key(email)};
    auto const rows = co_await database_.read(sql_user_by_email, std::move(by_email));
    if (absent_user_hash_.empty()) absent_user_hash_ = co_await hash(crypto::random_token());
    std::string stored =
        rows.empty() ? absent_user_hash_ : rows.front().opt_text(column_password).value_or(absent_user_hash_);
    auto verify = [&] { return verify_password(password, stored); };
    bool const right = co_await async::run_on(hashing_, verify);
    if (rows.empty() || !right) {
        log::info("login refused", {{"address", origin.address}, {"request_id", origin.request_id}});
        co_return invalid_credentials();
    }
    if (rows.front().text(column_status) == "suspended") co_return suspended();

    User user = user_of(rows.front());
    std::optional<std::string> better_hash;
    if (password_needs_rehash(stored)) better_hash = co_await hash(password);
    std::string const refresh = crypto::random_token();
    Instant const now = clock_.now();
    SessionId session;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        session = co_await open_session(tx, user.id, refresh, origin, now, lifetimes_.refresh);
        if (better_hash) {
            db::Params params{user.id, *better_hash, now};
            co_await tx.run(sql_set_password, std::move(params));
        }
        co_await audit::record(tx, clock_, caller_of(user, origin), session_entry("session.start", session));
    };
    co_await database_.transaction(store);
    co_return issue(std::move(user), session, refresh);
}

asio::awaitable<Result<SignedIn>> AuthService::refresh(std::string refresh_token, Origin origin) {
    std::string const hashed = token_hash(refresh_token);
    std::string const successor = crypto::random_token();
    Instant const now = clock_.now();
    SessionId session;
    std::optional<User> user;
    bool reused = false;

    auto rotate = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params by_hash{hashed};
        auto const found = co_await tx.run(sql_refresh_token, std::move(by_hash));
        if (found.empty()) co_return signed_out();
        db::Row const& row = found.front();
        session = row.id<SessionId>(0);
        auto const predecessor = row.opt_text(1);
        auto const used_at = row.opt_instant(2);
        bool const over = !row.is_null(5) || row.instant(3) <= now || row.instant(6) <= now;
        if (over) co_return signed_out();

        // The successors of a used token, or the twins of an unused one (two were answered within the grace
        // time).
        std::string const parent = used_at ? hashed : predecessor.value_or("");
        db::Params family{session, parent, hashed};
        auto const successors = co_await tx.run(sql_used_successor, std::move(family));
        auto const successor_used_at = successors.front().opt_instant(0);
        if (used_at) {
            bool const in_grace = now - *used_at <= lifetimes_.refresh_grace && !successor_used_at;
            reused = !in_grace;
        } else {
            reused = successor_used_at && now - *successor_used_at > lifetimes_.refresh_grace;
        }
        if (reused) {
            db::Params revoke{session, now, "refresh_reused"};
            co_await tx.run(sql_revoke_session, std::move(revoke));
            co_return Done{};
        }
        UserId const owner = row.id<UserId>(4);
        db::Params by_id{owner};
        auto const users = co_await tx.run(sql_user, std::move(by_id));
        if (users.front().text(column_status) == "suspended") co_return suspended();
        user = user_of(users.front());
        if (!used_at) {
            db::Params mark{hashed, now};
            co_await tx.run(sql_mark_used, std::move(mark));
        }
        Instant const expires = now + lifetimes_.refresh;
        db::Params next{token_hash(successor), session, hashed, now, expires};
        co_await tx.run(sql_insert_refresh, std::move(next));
        db::Params touch{session, now, expires, origin.address, origin.user_agent.substr(0, 300)};
        co_await tx.run(sql_touch_session, std::move(touch));
        co_return Done{};
    };
    auto done = co_await db::in_transaction<Result<Done>>(database_, rotate, db::Priority::high);
    if (!done) co_return done.error();
    if (reused) {
        cache_.forget_session(session);
        log::warning("refresh token reused, session revoked",
                     {{"session_id", session.to_string()}, {"address", origin.address}});
        co_return Error(
            ErrorCode::refresh_reused,
            "An old sign-in token was used again, so this session was ended for safety. Sign in again.");
    }
    cache_.forget_session(session);
    co_return issue(std::move(*user), session, successor);
}

asio::awaitable<void> AuthService::logout(std::string refresh_token, Origin origin) {
    Instant const now = clock_.now();
    SessionId session;
    auto end = [&](db::Transaction& tx) -> asio::awaitable<void> {
        db::Params by_hash{token_hash(refresh_token)};
        auto const found = co_await tx.run(sql_refresh_token, std::move(by_hash));
        if (found.empty()) co_return;
        session = found.front().id<SessionId>(0);
        db::Params revoke{session, now, "logout"};
        auto const revoked = co_await tx.run(sql_revoke_session, std::move(revoke));
        if (revoked.affected == 0) co_return;
        db::Params by_id{found.front().id<UserId>(4)};
        auto const users = co_await tx.run(sql_user, std::move(by_id));
        co_await audit::record(tx, clock_, caller_of(user_of(users.front()), origin),
                               session_entry("session.end", session));
    };
    co_await database_.transaction(end);
    cache_.forget_session(session);
}

asio::awaitable<void> AuthService::end_own_session(access::Caller caller) {
    auto ended = co_await end_session(caller, caller.session);
    static_cast<void>(ended);  // gone already is what the caller wants
}

asio::awaitable<Result<User>> AuthService::me(UserId id) {
    db::Params params{id};
    auto const rows = co_await database_.read(sql_user, std::move(params));
    if (rows.empty()) co_return signed_out();
    co_return user_of(rows.front());
}

asio::awaitable<Result<User>> AuthService::change_profile(access::Caller caller, ProfileChange change) {
    std::vector<FieldError> fields;
    if (change.name) collect(fields, check_name(*change.name, "/name"));
    if (change.time_zone && *change.time_zone)
        collect(fields, check_time_zone(**change.time_zone, "/time_zone"));
    if (change.locale && *change.locale != "en" && *change.locale != "de") {
        collect(fields, invalid("/locale", "invalid_value", "Known languages are en and de."));
    }
    if (!fields.empty())
        co_return Error(ErrorCode::validation_failed, "Some fields are not right.", std::move(fields));

    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<User>> {
        db::Params by_id{caller.user};
        auto const rows = co_await tx.run(sql_user, std::move(by_id));
        if (rows.empty()) co_return signed_out();
        User user = user_of(rows.front());
        if (change.name) user.name = *change.name;
        if (change.locale) user.locale = *change.locale;
        if (change.time_zone) user.time_zone = *change.time_zone;
        db::Params update{user.id, user.name, user.locale, user.time_zone, clock_.now()};
        co_await tx.run(sql_update_user, std::move(update));
        co_await audit::record(tx, clock_, caller, user_entry("user.edit", user.id));
        co_return user;
    };
    auto user = co_await db::in_transaction<Result<User>>(database_, store);
    cache_.forget_user(caller.user);
    co_return user;
}

asio::awaitable<Result<Done>> AuthService::change_password(access::Caller caller, std::string current,
                                                           std::string next) {
    MP_CHECK(checked, check_password(next, "/new_password"));
    db::Params by_id{caller.user};
    auto const rows = co_await database_.read(sql_user, std::move(by_id));
    if (rows.empty()) co_return signed_out();
    std::string const stored = rows.front().opt_text(column_password).value_or("");
    auto verify = [&] { return verify_password(current, stored); };
    bool const right = co_await async::run_on(hashing_, verify);
    if (!right) co_return invalid("/current_password", "invalid_value", "This is not your present password.");
    std::string const hashed = co_await hash(next);
    Instant const now = clock_.now();
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        db::Params set{caller.user, hashed, now};
        co_await tx.run(sql_set_password, std::move(set));
        db::Params others{caller.user, caller.session, now};
        co_await tx.run(sql_revoke_other_sessions, std::move(others));
        co_await audit::record(tx, clock_, caller, user_entry("user.password_change", caller.user));
    };
    co_await database_.transaction(store);
    cache_.forget_user(caller.user);
    co_return Done{};
}

asio::awaitable<std::vector<Session>> AuthService::sessions(access::Caller caller) {
    db::Params params{caller.user, clock_.now()};
    auto const rows = co_await database_.read(sql_sessions, std::move(params));
    std::vector<Session> list;
    for (auto const& row : rows) {
        Session session;
        session.id = row.id<SessionId>(0);
        session.user_agent = row.text(1);
        session.address = row.text(2);
        session.created_at = row.instant(3);
        session.last_used_at = row.instant(4);
        session.expires_at = row.instant(5);
        session.current = session.id == caller.session;
        list.push_back(std::move(session));
    }
    co_return list;
}

asio::awaitable<Result<Done>> AuthService::end_session(access::Caller caller, SessionId session) {
    auto end = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        db::Params params{session, caller.user, clock_.now()};
        auto const ended = co_await tx.run(sql_revoke_own_session, std::move(params));
        if (ended.empty()) co_return not_found("Session");
        co_await audit::record(tx, clock_, caller, session_entry("session.end", session));
        co_return Done{};
    };
    auto done = co_await db::in_transaction<Result<Done>>(database_, end);
    cache_.forget_session(session);
    co_return done;
}

asio::awaitable<Result<User>> AuthService::create_user(std::string email, std::string name,
                                                       std::string password, bool system_admin) {
    std::vector<FieldError> fields;
    collect(fields, check_name(name, "/name"));
    collect(fields, check_email(email, "/email"));
    collect(fields, check_password(password, "/password"));
    if (!fields.empty())
        co_return Error(ErrorCode::validation_failed, "Some fields are not right.", std::move(fields));
    std::string const hashed = co_await hash(password);
    User user;
    user.id = UserId::make();
    user.email = email;
    user.name = name;
    user.locale = "en";
    user.is_system_admin = system_admin;
    Instant const now = clock_.now();
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        auto const tenants = co_await tx.run(sql_first_tenant);
        if (tenants.empty()) co_return invalid_state("MyPost is not set up yet.");
        db::Params row{user.id, tenants.front().id<TenantId>(0),
                       email,   email_key(email),
                       name,    hashed,
                       nullptr, system_admin,
                       now};
        co_await tx.run(sql_insert_user, std::move(row));
        access::Caller console;
        console.name = "console";
        co_await audit::record(tx, clock_, console, user_entry("user.create", user.id));
        co_return Done{};
    };
    std::optional<Error> taken;
    try {
        auto done = co_await db::in_transaction<Result<Done>>(database_, store);
        if (!done) co_return done.error();
    } catch (db::ConstraintViolation const& violation) {
        if (violation.kind != db::ConstraintViolation::Kind::unique) throw;
        taken = conflict("A user with this e-mail address exists already.");
    }
    if (taken) co_return *taken;
    co_return user;
}

asio::awaitable<Result<Done>> AuthService::reset_password(std::string email, std::string password) {
    MP_CHECK(checked, check_password(password, "/password"));
    db::Params by_email{email_key(email)};
    auto const rows = co_await database_.read(sql_user_by_email, std::move(by_email));
    if (rows.empty()) co_return not_found("User");
    User const user = user_of(rows.front());
    std::string const hashed = co_await hash(password);
    Instant const now = clock_.now();
    auto store = [&](db::Transaction& tx) -> asio::awaitable<void> {
        db::Params set{user.id, hashed, now};
        co_await tx.run(sql_set_password, std::move(set));
        db::Params all{user.id, SessionId(), now};
        co_await tx.run(sql_revoke_other_sessions, std::move(all));
        access::Caller console;
        console.name = "console";
        co_await audit::record(tx, clock_, console, user_entry("user.password_reset", user.id));
    };
    co_await database_.transaction(store);
    cache_.forget_user(user.id);
    co_return Done{};
}

}  // namespace mypost::auth
