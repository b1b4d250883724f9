// Bearer token → Caller. Session, status and memberships are looked up through the cache at each request.
#pragma once

#include "access/access_cache.hpp"
#include "core/clock.hpp"
#include "core/jwt.hpp"
#include "db/database.hpp"
#include "http/services.hpp"

namespace mypost::auth {

class TokenAuthenticator final : public http::Authenticator {
  public:
    TokenAuthenticator(db::Database& database, Clock const& clock, JwtSigner const& signer,
                       access::AccessCache& cache);

    boost::asio::awaitable<Result<access::Caller>> authenticate(
        http::Request const& request, std::optional<WorkspaceId> workspace) override;

    // The same for a token that did not come in a header (the WebSocket's first message).
    boost::asio::awaitable<Result<access::Caller>> authenticate_token(std::string token,
                                                                      std::optional<WorkspaceId> workspace);

    boost::asio::awaitable<Result<access::Caller>> recheck(access::Caller caller) override;

  private:
    boost::asio::awaitable<std::shared_ptr<access::SessionAccess const>> load(SessionId session);
    boost::asio::awaitable<Result<access::Caller>> caller_of(SessionId session, UserId user,
                                                             std::optional<WorkspaceId> workspace);

    db::Database& database_;
    Clock const& clock_;
    JwtSigner const& signer_;
    access::AccessCache& cache_;
};

}  // namespace mypost::auth
