// Access tokens of grants, as publishing needs them; implemented by server/accounts/tokens.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "core/clock.hpp"
#include "core/ids.hpp"
#include "networks/adapter.hpp"

namespace mypost::publishing {

struct Access {
    networks::Tokens tokens;
    std::int64_t version = 0;  // counts refreshes of the grant
};

struct NoAccess {
    bool reconnect = false;  // final: a person has to reconnect the account
    std::string code;        // refresh_lost, refresh_refused, grant_revoked; or of a passing trouble
    std::string message;
    std::optional<Instant> retry_at;  // of a passing trouble, when known
};

class TokenSource {
  public:
    virtual ~TokenSource() = default;
    using Result = tl::expected<Access, NoAccess>;

    // Tokens that are valid now; refreshes those about to expire. One refresh at a time per grant, over all
    // processes.
    virtual boost::asio::awaitable<Result> access(GrantId grant) = 0;
    // After the network refused the tokens of `version`: newer ones, refreshed unless somebody else did
    // already.
    virtual boost::asio::awaitable<Result> renewed(GrantId grant, std::int64_t version) = 0;
    // The network refused fresh tokens too: the grant needs reconnecting, unless it has newer ones than
    // `version`.
    virtual boost::asio::awaitable<void> refused(GrantId grant, std::int64_t version, std::string code) = 0;
};

}  // namespace mypost::publishing
