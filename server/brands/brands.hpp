// Brands: the social presences of a workspace (an agency's clients).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "access/caller.hpp"
#include "core/clock.hpp"
#include "core/result.hpp"
#include "db/database.hpp"

namespace mypost::brands {

namespace asio = boost::asio;

enum class ApprovalPolicy {
    none,                   // nothing needs approval
    required,               // every version; nobody approves their own
    required_self_allowed,  // every version; people with posts.approve may approve their own
};

struct BrandPause {
    Instant since;
    std::optional<Instant> until;
    std::string reason;
};

struct Brand {
    BrandId id;
    WorkspaceId workspace;
    std::string name;
    std::optional<std::string> color;             // "#rrggbb"
    std::optional<std::string> time_zone;         // nothing: the workspace's
    std::optional<std::string> content_language;  // BCP 47
    ApprovalPolicy approval_policy = ApprovalPolicy::none;
    std::optional<BrandPause> pause;
    std::int64_t version = 0;
    Instant created_at;
    Instant updated_at;
};

struct NewBrand {
    std::string name;
    std::optional<std::string> color;
    std::optional<std::string> time_zone;
    std::optional<std::string> content_language;
    ApprovalPolicy approval_policy = ApprovalPolicy::none;
};

struct BrandChange {
    std::optional<std::string> name;
    std::optional<std::optional<std::string>> color;
    std::optional<std::optional<std::string>> time_zone;
    std::optional<std::optional<std::string>> content_language;
    std::optional<ApprovalPolicy> approval_policy;
};

class BrandService {
  public:
    BrandService(db::Database& database, Clock const& clock);

    // Those the caller may see, by name.
    asio::awaitable<std::vector<Brand>> list(access::Caller caller);
    asio::awaitable<Result<Brand>> create(access::Caller caller, NewBrand input);
    // not_found when it is another workspace's, gone, or not the caller's to see.
    asio::awaitable<Result<Brand>> find(access::Caller caller, BrandId id);
    asio::awaitable<Result<Brand>> change(access::Caller caller, BrandId id, std::int64_t version,
                                          BrandChange change);
    // conflict while posts are scheduled or accounts connected. History stays.
    asio::awaitable<Result<Done>> remove(access::Caller caller, BrandId id);

  private:
    db::Database& database_;
    Clock const& clock_;
};

// For other features, inside their transactions: the caller sees the live brand and has the permission there.
asio::awaitable<Result<Done>> require_brand(db::Transaction& tx, access::Caller const& caller, BrandId brand,
                                            access::Permission permission);

std::string_view to_string(ApprovalPolicy policy);

}  // namespace mypost::brands
