// Signing in: first-run set-up, passwords, sessions with rotating refresh tokens.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/access_cache.hpp"
#include "access/caller.hpp"
#include "core/clock.hpp"
#include "core/jwt.hpp"
#include "core/result.hpp"
#include "db/database.hpp"

namespace mypost::auth {

namespace asio = boost::asio;

struct User {
    UserId id;
    std::string email;
    std::string name;
    std::string locale;
    std::optional<std::string> time_zone;
    bool is_system_admin = false;
};

struct Session {
    SessionId id;
    std::string user_agent;
    std::string address;
    Instant created_at;
    Instant last_used_at;
    Instant expires_at;
    bool current = false;
};

struct SignedIn {
    User user;
    std::string access_token;
    std::string refresh_token;  // goes into the cookie, nowhere else
};

struct SetupInput {
    std::string name;
    std::string email;
    std::string password;
    std::string workspace_name;
    std::optional<std::string> time_zone;  // IANA; default UTC
};

struct SetupDone {
    SignedIn signed_in;
    WorkspaceId workspace;
};

struct ProfileChange {
    std::optional<std::string> name;
    std::optional<std::string> locale;
    std::optional<std::optional<std::string>> time_zone;
};

// Where a request comes from: for sessions and the audit trail.
struct Origin {
    std::string address;
    std::string user_agent;
    std::string request_id;
};

struct Lifetimes {
    std::chrono::seconds access{15 * 60};
    std::chrono::seconds refresh{7 * 24 * 3600};
    std::chrono::seconds refresh_grace{
        10};  // a lost answer or a second tab may repeat the predecessor this long
};

class AuthService {
  public:
    // `hashing`: a small pool of its own, so that logins never hold up the event loop or other blocking work.
    AuthService(db::Database& database, Clock const& clock, JwtSigner const& signer,
                access::AccessCache& cache, asio::thread_pool& hashing, Lifetimes lifetimes = {});

    asio::awaitable<bool> setup_needed();
    // Creates tenant, system administrator, workspace and its built-in roles. `setup_done` from the second
    // time on.
    asio::awaitable<Result<SetupDone>> setup(SetupInput input, Origin origin);

    // `invalid_credentials` for an unknown address as for a wrong password, after the same time.
    asio::awaitable<Result<SignedIn>> login(std::string email, std::string password, Origin origin);

    // Rotates. `unauthenticated` for an unknown, expired or revoked token; `refresh_reused` when an old one
    // comes back after the grace time: then the whole family is revoked.
    asio::awaitable<Result<SignedIn>> refresh(std::string refresh_token, Origin origin);

    // Ends the session that the refresh token belongs to; no error when there is none.
    asio::awaitable<void> logout(std::string refresh_token, Origin origin);
    asio::awaitable<void> end_own_session(access::Caller caller);

    asio::awaitable<Result<User>> me(UserId user);
    asio::awaitable<Result<User>> change_profile(access::Caller caller, ProfileChange change);
    // Ends every other session of the user.
    asio::awaitable<Result<Done>> change_password(access::Caller caller, std::string current,
                                                  std::string next);

    asio::awaitable<std::vector<Session>> sessions(access::Caller caller);
    asio::awaitable<Result<Done>> end_session(access::Caller caller, SessionId session);

    // Creates a user without a workspace; `conflict` when the address is taken. For the command line and
    // invitations.
    asio::awaitable<Result<User>> create_user(std::string email, std::string name, std::string password,
                                              bool system_admin);
    asio::awaitable<Result<Done>> reset_password(std::string email, std::string password);

  private:
    SignedIn issue(User user, SessionId session, std::string refresh_token) const;
    asio::awaitable<std::string> hash(std::string password);

    db::Database& database_;
    Clock const& clock_;
    JwtSigner const& signer_;
    access::AccessCache& cache_;
    asio::thread_pool& hashing_;
    Lifetimes lifetimes_;
    std::string absent_user_hash_;  // verified when nobody has the address, so that the answer takes as long
};

// Rules shared by set-up, password change and the command line; field errors name `pointer`.
Result<void> check_password(std::string const& password, std::string const& pointer);
Result<void> check_email(std::string const& email, std::string const& pointer);
Result<void> check_time_zone(std::string const& zone, std::string const& pointer);
// What is unique of an address: NFC, lower case.
std::string email_key(std::string_view email);

}  // namespace mypost::auth
