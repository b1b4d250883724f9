// X: https://docs.x.com/x-api (facts read 2026-11). What is implemented and what is unconfirmed:
// docs/networks/x.md.
#pragma once

#include <memory>

#include "networks/adapter.hpp"
#include "networks/journal.hpp"

namespace mypost::networks::x {

inline constexpr std::string_view api = "https://api.x.com/2";
inline constexpr std::string_view authorize_page = "https://x.com/i/oauth2/authorize";

class XAdapter final : public NetworkAdapter {
  public:
    XAdapter();

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

    // Reading costs money on X, so "verify" is no feature of it and nobody calls this by itself.
    asio::awaitable<Presence> verify(net::HttpClient& http, AccountRef account, Tokens tokens,
                                     std::string remote_id) const override;
    asio::awaitable<Result<Done>> delete_post(net::HttpClient& http, AccountRef account, Tokens tokens,
                                              std::string remote_id) const override;

  private:
    NetworkInfo info_;
};

// ---- shared by the files of this folder ----

NetworkInfo stock_info();
std::string post_url(AccountRef const& account, std::string_view id);

// Steps of part p: "media/p/i" (+ "/init", "/append/k", "/finalize", "/status", "/alt"), "create/p",
// "look/p".
std::string create_step(std::size_t part);
std::string look_step(std::size_t part);

// Where one picture stands: its id and key when a post may name it, or what to do first.
struct UploadedMedia {
    std::string id;
    std::string key;
};
using MediaState = std::variant<UploadedMedia, Decision>;
// Uploads at or before `after` no longer count (X refused their ids).
MediaState next_for_media(Publication const& publication, JournalView const& journal, std::size_t part,
                          std::size_t index, std::int64_t after, Instant now);

// English sentence for a code of this adapter.
std::string sentence(std::string_view code);
Failed failed(JournalEntry const& entry);

// What a refusal means (any status outside 2xx). `creates`: the call makes a post, so a 5xx leaves its
// outcome unknown.
Verdict refusal(net::Response const& response, bool creates, Instant now);
std::vector<LearntBudget> budgets_of(net::Response const& response, std::string_view route);

// Is `post` (an element of the user's timeline) what `wanted` (a look's intent) describes?
bool matches(json::object const& post, json::object const& wanted);
// Links in one spelling, white space collapsed: what X shows and what was sent compare equal.
std::string canonical(std::string_view text);

}  // namespace mypost::networks::x
