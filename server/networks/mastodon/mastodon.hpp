// Mastodon and servers that speak its API: https://docs.joinmastodon.org (facts read 2026-11). What is
// implemented and what is unconfirmed: docs/networks/mastodon.md. docs/networks/x.md.
#pragma once

#include <memory>

#include "networks/adapter.hpp"
#include "networks/journal.hpp"

namespace mypost::networks::mastodon {

class MastodonAdapter final : public NetworkAdapter {
  public:
    MastodonAdapter();

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

// Steps of part p: "media/p/i" (+ "/poll"), "status/p", "look/p".
std::string status_step(std::size_t part);
std::string look_step(std::size_t part);

// The id of a picture that a status may name, or what to do first. `ready_after`: the instance refused the
// media as not ready at that seq, so an answer before it proves nothing.
using MediaState = std::variant<std::string, Decision>;
MediaState next_for_media(Publication const& publication, JournalView const& journal, std::size_t part,
                          std::size_t index, std::int64_t ready_after, Instant now);

// What goes out in one status, spoiler text (content warning) and all other options included.
struct Status {
    std::string text;
    std::string spoiler_text;
    std::string visibility;  // empty: the account's own default
    std::string language;    // empty: the account's own default
    bool sensitive = false;
};
Status status_of(Publication const& publication, std::size_t part);

// English sentence for a code of this adapter.
std::string sentence(std::string_view code);
Failed failed(JournalEntry const& entry);

// Is `status` (of the account's list) what `wanted` (a look's intent) describes?
bool matches(json::object const& status, json::object const& wanted);
// The text of the HTML that an instance makes of a status.
std::string plain_text(std::string_view html);

// The limits of an instance as a profile keeps them, from /api/v2/instance or /api/v1/instance.
json::object limits_of(json::object const& instance);

}  // namespace mypost::networks::mastodon
