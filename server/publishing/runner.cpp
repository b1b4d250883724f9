#include "publishing/runner.hpp"

#include <boost/json.hpp>

#include "core/log.hpp"
#include "publishing/claim.hpp"
#include "publishing/content.hpp"
#include "publishing/session.hpp"

namespace mypost::publishing {

namespace {

// Content that changes between being prepared and being claimed is prepared again this often.
constexpr int claim_tries = 3;

bool may_be_claimed(TargetState state) {
    return state == TargetState::scheduled || state == TargetState::publishing ||
           state == TargetState::retrying;
}

asio::awaitable<ClaimRequest> prepare(Services const& services, networks::NetworkAdapter const* adapter,
                                      TargetLook look, std::string worker) {
    ClaimRequest request;
    request.target = look.target;
    request.post = look.post;
    request.account = look.account_id;
    request.worker = std::move(worker);
    request.version = look.version;
    if (!adapter) {
        request.refusal =
            Error(ErrorCode::validation_failed, "This version of MyPost does not know the network.");
        co_return request;
    }
    request.manual_kind = kind_info(adapter->info_for(look.account), look.kind).manual;
    if (!look.needs_content || !may_be_claimed(look.state) || request.manual_kind) co_return request;
    auto content = effective_content(look.content, look.overrides);
    auto options = boost::json::parse(look.options).as_object();
    auto built = co_await build_publication(services.media, *adapter, look.workspace, look.target,
                                            look.account, look.kind, std::move(content), std::move(options));
    if (built) {
        request.prepared = std::move(*built);
    } else {
        request.refusal = built.error();
    }
    co_return request;
}

}  // namespace

Runner::Runner(Services services, PublishSettings settings, std::string worker, async::TaskGroup& background)
    : services_(std::move(services)),
      settings_(settings),
      worker_(std::move(worker)),
      background_(background) {}

asio::awaitable<std::optional<TargetId>> Runner::run(TargetId target) {
    for (int tries = 0; tries < claim_tries; ++tries) {
        if (stopping_) co_return std::nullopt;
        auto look = co_await look_at(services_.database, target);
        if (!look) co_return std::nullopt;
        auto const* const adapter = services_.networks.find(look->account.network);
        auto request = co_await prepare(services_, adapter, *look, worker_);
        if (stopping_) co_return std::nullopt;
        Changes changes;
        auto const claimed_at = std::chrono::steady_clock::now();
        auto result =
            co_await claim(services_.database, settings_, std::move(request), services_.clock.now(), changes);
        if (!changes.empty()) services_.notifier.changed(std::move(changes));
        if (std::holds_alternative<NeedsContent>(result)) continue;
        auto const account = look->account_id;
        if (auto* const claimed = std::get_if<Claimed>(&result)) {
            Session session(services_, settings_, background_, *adapter, std::move(*look),
                            std::move(*claimed), claimed_at, [this] { return stopping_; });
            co_await session.work();
        }
        auto const now = services_.clock.now();
        auto const next = co_await next_in_line(services_.database, account, now, now + settings_.look_again);
        if (next == target) co_return std::nullopt;
        co_return next;
    }
    log::warning("content changed during every try to claim", {{"target_id", target.to_string()}});
    co_return std::nullopt;
}

}  // namespace mypost::publishing
