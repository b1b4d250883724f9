// One claim's run through its adapter's steps.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "publishing/claim.hpp"
#include "publishing/look.hpp"
#include "publishing/runner.hpp"

namespace mypost::publishing {

class Session {
  public:
    Session(Services const& services, PublishSettings const& settings, async::TaskGroup& background,
            networks::NetworkAdapter const& adapter, TargetLook look, Claimed claimed,
            std::chrono::steady_clock::time_point claimed_at, std::function<bool()> stopping);

    // Returns when the target was settled, or the claim was lost.
    asio::awaitable<void> work();

  private:
    enum class Next { go_on, done };

    asio::awaitable<Next> step();
    asio::awaitable<Next> preflight();
    asio::awaitable<Next> call(networks::Call call);
    asio::awaitable<Result<net::Request>> request_of(networks::Call const& call);
    asio::awaitable<bool> hold_lease_for(Milliseconds timeout);
    asio::awaitable<net::Response> exchange(networks::Call const& call, net::Request request,
                                            networks::Verdict& verdict);
    asio::awaitable<bool> conclude(networks::Call const& call, Intent intent,
                                   networks::Verdict const& verdict, int status);
    asio::awaitable<Next> follow(networks::Call const& call, networks::Verdict const& verdict);
    asio::awaitable<void> distrust(std::string code);
    asio::awaitable<Next> refused_access(networks::Verdict const& verdict);
    asio::awaitable<Next> no_access(NoAccess problem);

    // Endings.
    asio::awaitable<Next> wait(Instant at);
    asio::awaitable<Next> back_off(Problem problem, std::optional<Instant> at, bool spend);
    asio::awaitable<Next> hold(HeldReason reason, Problem problem, std::optional<Instant> look_at);
    asio::awaitable<Next> fail(Problem problem);
    asio::awaitable<Next> lose_track(Problem problem);
    asio::awaitable<Next> publish();
    asio::awaitable<Next> give_up(Problem problem);
    asio::awaitable<Next> internal_error(std::string what);
    asio::awaitable<Next> end(Settlement settlement);

    std::vector<networks::PartResult> parts() const;
    void renew_on_progress();

    Services const& services_;
    PublishSettings const& settings_;
    async::TaskGroup& background_;
    networks::NetworkAdapter const& adapter_;
    TargetLook look_;
    Claimed claimed_;
    std::function<bool()> stopping_;
    networks::Journal journal_;
    std::optional<Access> access_;
    int attempts_;
    bool renewed_ = false;                              // the token, after a refusal in this run
    std::chrono::steady_clock::time_point lease_ends_;  // not after the database's
    std::chrono::steady_clock::time_point renewed_lease_at_;
};

}  // namespace mypost::publishing
