// A network for tests: it remembers what was posted, and misbehaves as told.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "networks/adapter.hpp"
#include "publishing/media_opener.hpp"
#include "publishing/token_source.hpp"

namespace mypost::test {

namespace net = mypost::net;
namespace networks = mypost::networks;
namespace asio = boost::asio;

enum class Mishap {
    none,
    drop_before,   // never reached it
    drop_after,    // it did the work, the answer is lost
    server_error,  // 503, nothing done
    rate_limit,    // 429 until 120 s later
    unauthorised,  // 401
    refuse,        // 422
    late,          // the work is done only when release_late() is called; the answer is lost
};

// "https://fake.example/create" with the JSON body {"target","part","text"}, "…/look?target=&part=".
class FakeNetwork final : public net::HttpClient {
  public:
    struct Post {
        std::string id;
        std::string target;
        int part = 0;
        std::string text;
        Instant at;
    };

    explicit FakeNetwork(Clock const& clock) : clock_(clock) {}

    boost::asio::awaitable<tl::expected<net::Response, net::Failure>> send(net::Request request) override;

    // For the next calls whose path begins with `path`, in order.
    void plan(std::string path, std::vector<Mishap> mishaps);
    // What a call waits for before it is answered; to hold one open.
    std::function<asio::awaitable<void>(std::string path)> before_answer;
    void release_late();

    std::vector<Post> const& posts() const { return posts_; }
    int count(std::string const& target, int part = 0) const;
    std::vector<std::string> calls;  // paths, in order
    std::string valid_token = "token-1";

  private:
    Mishap next_mishap(std::string const& path);
    net::Response create(std::string const& body);
    net::Response look(std::string const& url) const;

    Clock const& clock_;
    std::vector<Post> posts_;
    std::map<std::string, std::deque<Mishap>> plans_;
    std::vector<std::string> late_;
};

networks::NetworkInfo fake_info();

// Talks to FakeNetwork. A create is not idempotent; an unknown outcome is looked up 30 s after the call's
// deadline, and the listing is authoritative unless `blind`.
class FakeAdapter final : public networks::NetworkAdapter {
  public:
    bool blind = false;   // no listing: an unknown outcome stays one
    bool broken = false;  // next() throws
    bool broken_classify = false;
    std::chrono::milliseconds timeout{20'000};

    networks::NetworkInfo const& info() const override { return info_; }
    networks::NetworkInfo info_for(networks::AccountRef const&) const override { return info_; }
    std::vector<networks::Issue> validate(networks::Publication const& publication) const override;
    networks::Decision next(networks::Publication const& publication, networks::Journal const& journal,
                            Instant now) const override;
    networks::Verdict classify(networks::Publication const& publication, networks::Call const& call,
                               net::Response const& response, Instant now) const override;
    std::vector<networks::PartResult> results(networks::Publication const& publication,
                                              networks::Journal const& journal) const override;
    void authorise(net::Request& request, networks::Tokens const& tokens) const override;

    asio::awaitable<Result<networks::AppCredentials>> register_app(net::HttpClient&, std::string,
                                                                   std::string) const override;
    asio::awaitable<Result<networks::AuthStart>> begin_consent(net::HttpClient&, networks::AppCredentials,
                                                               std::string, std::string, std::string,
                                                               std::vector<std::string>) const override;
    asio::awaitable<Result<networks::Granted>> exchange_code(net::HttpClient&, networks::AppCredentials,
                                                             std::string, std::string, std::string,
                                                             boost::json::object, Instant) const override;
    asio::awaitable<Result<networks::Granted>> connect(net::HttpClient&, boost::json::object,
                                                       Instant) const override;
    asio::awaitable<networks::RefreshResult> refresh(net::HttpClient&, networks::AppCredentials, std::string,
                                                     networks::Tokens tokens, Instant now) const override;
    asio::awaitable<void> revoke(net::HttpClient&, networks::AppCredentials, std::string,
                                 networks::Tokens) const override;
    asio::awaitable<Result<std::vector<networks::Destination>>> destinations(net::HttpClient&, std::string,
                                                                             networks::Tokens) const override;
    asio::awaitable<networks::Presence> verify(net::HttpClient&, networks::AccountRef, networks::Tokens,
                                               std::string remote_id) const override;
    asio::awaitable<Result<Done>> delete_post(net::HttpClient&, networks::AccountRef, networks::Tokens,
                                              std::string remote_id) const override;

    // What refresh() answers, in order; then Tokens "token-<n>".
    mutable std::deque<networks::RefreshResult> refreshes;
    mutable int refresh_calls = 0;
    mutable int refreshes_under_way = 0;
    mutable int most_refreshes_at_once = 0;
    std::chrono::milliseconds refresh_takes{0};
    std::map<std::string, networks::Presence> presence;
    mutable std::vector<std::string> deleted;

  private:
    networks::NetworkInfo info_ = fake_info();
};

class NoMedia final : public publishing::MediaOpener {
  public:
    asio::awaitable<Result<publishing::OpenedMedia>> open(WorkspaceId, AssetId,
                                                          networks::MediaRules) override {
        co_return not_found("Picture");
    }
};

}  // namespace mypost::test
