// Mastodon and servers that speak its API: https://docs.joinmastodon.org (facts read 2026-11). What is
// implemented and what is unconfirmed: docs/networks/mastodon.md. docs/networks/x.md.
#pragma once

#include <memory>

#include "networks/adapter.hpp"
#include "networks/journal.hpp"

namespace mypost::networks::bluesky {

class BlueskyAdapter final : public NetworkAdapter {
  public:
    BlueskyAdapter();

    NetworkInfo const& info() const override { return info_; }
    NetworkInfo info_for(AccountRef const& account) const override;
    std::vector<Issue> validate(Publication const& publication) const override;

    Decision next(Publication const& publication, Journal const& journal, Instant now) const override;
    Verdict classify(Publication const& publication, Call const& call, net::Response const& response,
                     Instant now) const override;
    std::vector<PartResult> results(Publication const& publication, Journal const& journal) const override;
    void authorise(net::Request& request, Tokens const& tokens) const override;

    asio::awaitable<Result<AppCredentials>> register_app(net::HttpClient& http, std::string instance,
                                                         std::string redirect_uri) const override;
    asio::awaitable<Result<AuthStart>> begin_consent(net::HttpClient& http, AppCredentials app,
                                                     std::string instance, std::string redirect_uri,
                                                     std::string state,
                                                     std::vector<std::string> purposes) const override;
    asio::awaitable<Result<Granted>> exchange_code(net::HttpClient& http, AppCredentials app,
                                                   std::string instance, std::string redirect_uri,
                                                   std::string code, json::object secret,
                                                   Instant now) const override;
    asio::awaitable<Result<Granted>> connect(net::HttpClient& http, json::object credentials,
                                             Instant now) const override;
    asio::awaitable<RefreshResult> refresh(net::HttpClient& http, AppCredentials app, std::string instance,
                                           Tokens tokens, Instant now) const override;
    asio::awaitable<void> revoke(net::HttpClient& http, AppCredentials app, std::string instance,
                                 Tokens tokens) const override;
    asio::awaitable<Result<std::vector<Destination>>> destinations(net::HttpClient& http,
                                                                   std::string instance,
                                                                   Tokens tokens) const override;

    asio::awaitable<Presence> verify(net::HttpClient& http, AccountRef account, Tokens tokens,
                                     std::string remote_id) const override;
    asio::awaitable<Result<Done>> delete_post(net::HttpClient& http, AccountRef account, Tokens tokens,
                                              std::string remote_id) const override;

  private:
    NetworkInfo info_;
};

// ---- shared by the files of this folder ----

NetworkInfo stock_info();

inline constexpr std::string_view entryway = "https://bsky.social";
inline constexpr std::string_view directory = "https://plc.directory";
inline constexpr std::string_view collection = "app.bsky.feed.post";

std::string xrpc(std::string_view base, std::string_view method);
// Where the account lives; accounts of old installations without one go through the entryway.
std::string pds_of(AccountRef const& account);

// The handle's DID, asked at Bluesky, else at the handle's own host. Errors: validation_failed on
// "/credentials/handle", network_error.
asio::awaitable<Result<std::string>> resolve_handle(net::HttpClient& http, std::string handle);
// The base URL of the account's server, from its DID document.
asio::awaitable<Result<std::string>> find_pds(net::HttpClient& http, std::string did);
std::optional<std::string> pds_in(json::object const& did_document);

// Steps of part p: "blob/p/i", "record/p"; "resolve/<handle>" serves all parts.
std::string record_step(std::size_t part);
std::string blob_step(std::size_t part, std::size_t index);
std::string resolve_step(std::string_view handle);

// Handles mentioned in a text, without '@', lower case, each once.
std::vector<std::string> mentioned_handles(std::string_view text);
// Links, mentions and tags with their byte ranges. `dids`: handle → DID; a handle without one stays plain
// text.
json::array facets_of(std::string_view text, std::map<std::string, std::string> const& dids);

// The text of a part: the publication's link becomes a card where there are no pictures, else it goes behind
// the text.
std::string text_of(Publication const& publication, std::size_t part);

// A timestamp identifier: 13 characters that sort by time; 53 bits of microseconds, 10 bits of `clock_id`.
std::string make_tid(std::int64_t microseconds, std::uint32_t clock_id);

// "at://did/collection/rkey" → rkey; "" for anything else.
std::string record_key(std::string_view uri);
std::string post_url(std::string_view did, std::string_view rkey);

// English sentence for a code of this adapter.
std::string sentence(std::string_view code);
Failed failed(JournalEntry const& entry);

// "error" and "message" of an answer; both empty when it is no XRPC error.
struct XrpcError {
    std::string name;
    std::string message;
};
XrpcError error_of(net::Response const& response);

}  // namespace mypost::networks::bluesky
