// What every simulated network offers to the dispatcher, the control API and the feeds.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "sandbox/framework/call.hpp"
#include "sandbox/framework/media_store.hpp"
#include "sandbox/framework/random.hpp"
#include "sandbox/framework/settings.hpp"
#include "sandbox/framework/virtual_clock.hpp"

namespace mypost::sandbox {

// One file of a post as the control API and the feeds show it.
struct MediaView {
    std::string kind;  // image | gif | video | audio
    std::size_t bytes = 0;
    std::string sha256;
    std::string alt;
    std::string content_type;
};

// One post as the network holds it now.
struct PostView {
    std::string id;
    std::string account;   // handle
    std::string instance;  // host, for networks with instances; else empty
    std::string name;      // of the account
    std::string kind;      // post | reply
    std::string text;      // as its author sent it
    std::vector<MediaView> media;
    std::string parent_id;  // empty: none
    Instant created_at{};
    std::string path;  // "/host/…": where it stands in the sandbox
    bool visible = true;
    std::string spoiler;               // content warning, else empty
    std::vector<std::string> poll;     // options, else empty
    std::string link_title, link_url;  // a link card, else empty
};

struct AccountView {
    std::string handle;
    std::string name;
    std::string kind;                         // person | business
    std::string instance;                     // empty: none or every instance
    std::optional<std::string> app_password;  // where the network has them
    boost::json::object extra;                // more members for the control API
};

class Network {
  public:
    // Shared services; all outlive the network.
    struct Services {
        VirtualClock const& clock;
        Random& random;
        MediaStore& media;
    };

    explicit Network(Services services) : services_(services) {}
    virtual ~Network() = default;

    virtual std::string_view name() const = 0;   // "x"
    virtual std::string_view title() const = 0;  // "X"
    virtual bool serves(std::string_view host) const = 0;

    // Answers one call. Sets call.account when it learns it.
    virtual http::Response handle(Call& call) = 0;
    // Sets call.account from the call's token, without any effect; leaves it empty for a call without one.
    virtual void identify(Call& call) const = 0;
    // The network's own refusal at its rate limit, which ends after `reset_in` (nothing: the usual window).
    virtual http::Response rate_limit_answer(Call const& call,
                                             std::optional<Milliseconds> reset_in) const = 0;
    // The network's own error body for a status that a fault asks for.
    virtual http::Response error_answer(int status) const = 0;
    // Ends every grant of that account ("" = all accounts).
    virtual void revoke(std::string_view handle) = 0;

    // In the order of creation, posts that were deleted or taken down last seen as visible = false.
    virtual std::vector<PostView> posts() const = 0;
    virtual std::vector<AccountView> accounts() const = 0;
    // Errors: validation_failed, conflict.
    virtual Result<AccountView> add_account(boost::json::value const& body) = 0;
    // The post that a permalink (host, decoded segments after it) names, or nothing.
    virtual std::optional<std::string> permalink(std::string_view host,
                                                 std::vector<std::string> const& segments) const = 0;
    // The profile that such a path names, as the handle in `/{network}/{account}`, or nothing.
    virtual std::optional<std::string> profile(std::string_view host,
                                               std::vector<std::string> const& segments) const = 0;

    // More members of /_sandbox/state.
    virtual boost::json::object extra_state() const { return {}; }

    virtual boost::json::value save() const = 0;
    // Throws when the JSON does not fit.
    virtual void load(boost::json::value const& state) = 0;
    // Back to the ready-made people, no posts, default settings.
    virtual void reset() = 0;

    Settings settings;

  protected:
    Instant now() const { return services_.clock.now(); }
    Services services_;
};

}  // namespace mypost::sandbox
