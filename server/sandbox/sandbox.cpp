#include "sandbox/sandbox.hpp"

#include <fmt/format.h>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <filesystem>
#include <random>

#include "core/encoding.hpp"
#include "core/log.hpp"
#include "sandbox/bluesky/bluesky.hpp"
#include "sandbox/framework/feeds.hpp"
#include "sandbox/framework/html.hpp"
#include "sandbox/framework/state_file.hpp"
#include "sandbox/mastodon/mastodon.hpp"
#include "sandbox/x/x.hpp"

namespace mypost::sandbox {

namespace asio = boost::asio;

namespace {

constexpr Milliseconds save_delay{250};
constexpr Milliseconds default_slowness{5'000};
constexpr Milliseconds default_timeout{60'000};

std::uint64_t random_seed() {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
}

std::optional<std::filesystem::path> media_folder(std::optional<std::string> const& state_file) {
    if (!state_file) return std::nullopt;
    return std::filesystem::path(*state_file + ".media");
}

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        path.remove_prefix(1);  // "/"
        auto const slash = path.find('/');
        auto const raw = path.substr(0, slash);
        segments.push_back(percent_decode(raw).value_or(std::string(raw)));
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    }
    return segments;
}

bool reads(http::Request const& request) {
    return request.method == http::Method::get || request.method == http::Method::head;
}

http::Response fault_answer(Network const& network, Call const& call, Fault const& fault) {
    if (fault.mode == "rate_limit") {
        auto const reset_in =
            fault.delay_ms >= 0 ? std::optional(Milliseconds(fault.delay_ms)) : std::nullopt;
        auto response = network.rate_limit_answer(call, reset_in);
        if (fault.status != 0) response.status = static_cast<int>(fault.status);
        return response;
    }
    auto const status = static_cast<int>(fault.status);
    if (fault.body.is_null()) return network.error_answer(status);
    if (auto const* text = fault.body.if_string()) {
        return text->starts_with("<") ? http::html_response(status, std::string(*text))
                                      : http::text_response(status, std::string(*text));
    }
    return json_answer(status, fault.body);
}

}  // namespace

class Sandbox::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::any_io_executor executor, Options options)
        : executor_(executor),
          options_(std::move(options)),
          world_(options_.seed.value_or(random_seed()), media_folder(options_.state_file)),
          save_timer_(executor) {
        Network::Services services{world_.clock, world_.random, world_.media};
        world_.networks.push_back(std::make_unique<x::X>(services));
        world_.networks.push_back(std::make_unique<bluesky::Bluesky>(services));
        // Last: it takes any host that nobody else serves.
        world_.networks.push_back(std::make_unique<mastodon::Mastodon>(services));
        world_.public_base = options_.public_base;
        while (world_.public_base.ends_with('/')) world_.public_base.pop_back();
        if (options_.state_file) load_state(world_, *options_.state_file);
        log::info("sandbox ready", {{"seed", world_.random.seed()}});
    }

    std::uint64_t seed() const { return world_.random.seed(); }

    void save() {
        dirty_ = false;
        if (!options_.state_file) return;
        auto const begin = std::chrono::steady_clock::now();
        save_state(world_, *options_.state_file);
        last_save_took_ = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begin);
    }

    void save_if_changed() noexcept {
        if (!dirty_) return;
        try {
            save();
        } catch (std::exception const& error) {
            log::error("sandbox state not saved", {{"error", error.what()}});
        }
    }

    static asio::awaitable<http::Response> handle(std::shared_ptr<Impl> self, http::Request request) {
        try {
            http::Response response = co_await self->dispatch(std::move(request));
            co_return response;
        } catch (boost::system::system_error const&) {
            http::Response gone;  // cancelled while it waited
            gone.drop_connection = true;
            co_return gone;
        } catch (std::exception const& error) {
            log::error("sandbox failed", {{"error", error.what()}});
            auto response =
                json_answer(500, json::object{{"error", "sandbox_failed"}, {"detail", error.what()}});
            co_return response;
        }
    }

  private:
    asio::awaitable<http::Response> dispatch(http::Request request) {
        auto segments = split_path(request.path);
        auto const first = segments.empty() ? std::string() : segments[0];
        if (first == "_sandbox") {
            segments.erase(segments.begin());
            auto response = control(world_, request, segments);
            if (!reads(request)) mark_changed();
            co_return response;
        }
        if (first.find('.') == std::string::npos) {
            auto response = feeds(request, segments);
            co_return response;
        }
        Call call = make_call(std::move(request), std::move(segments));
        Network* network = network_of(call);
        if (!network) {
            auto response = json_answer(404, json::object{{"error", "no simulated host " + call.host}});
            co_return response;
        }
        http::Response response = co_await serve(*network, call);
        co_return response;
    }

    http::Response feeds(http::Request const& request, std::vector<std::string> const& segments) const {
        if (!reads(request)) return html::problem(405, "Only for reading", "This page cannot be written to.");
        if (segments.empty() || segments[0].empty()) return overview_page(world_);
        auto const* network = world_.find(segments[0]);
        if (network && segments.size() == 1) return network_page(world_, *network);
        if (network && segments.size() == 2) return account_page(world_, *network, segments[1]);
        return html::problem(404, "No such page",
                             fmt::format("The sandbox has nothing at {}.", request.path));
    }

    Call make_call(http::Request request, std::vector<std::string> segments) const {
        Call call;
        call.host = segments[0];
        for (auto& c : call.host) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        }
        auto const slash = request.path.find('/', 1);
        call.path = slash == std::string::npos ? "/" : request.path.substr(slash);
        segments.erase(segments.begin());
        call.segments = std::move(segments);
        call.request = std::move(request);
        call.now = world_.clock.now();
        return call;
    }

    Network* network_of(Call& call) {
        for (auto& network : world_.networks) {
            if (!network->serves(call.host)) continue;
            call.network = network->name();
            call.faults = &world_.faults;
            return network.get();
        }
        return nullptr;
    }

    // The call lives in dispatch's frame, which awaits this one.
    asio::awaitable<http::Response> serve(Network& network, Call& call) {
        if (reads(call.request)) {
            if (auto const id = network.permalink(call.host, call.segments))
                co_return post_page(world_, network, *id);
            if (auto const who = network.profile(call.host, call.segments))
                co_return account_page(world_, network, *who);
        }
        network.identify(call);
        auto const fault = call.take_fault(
            {"status", "drop_before", "drop_after", "timeout_after", "slow", "rate_limit", "revoke"});
        auto const mode = fault ? fault->mode : std::string();
        Milliseconds delay = latency(network);
        if (mode == "slow") delay += fault->delay_ms >= 0 ? Milliseconds(fault->delay_ms) : default_slowness;
        if ((mode == "status" || mode.starts_with("drop_") || mode == "revoke") && fault->delay_ms > 0)
            delay += Milliseconds(fault->delay_ms);
        if (delay.count() > 0) co_await wait(delay);
        call.now = world_.clock.now();
        if (mode == "drop_before") co_return drop(call, http::Response(), "dropped_before", mode);
        if (mode == "status" || mode == "rate_limit") {
            auto response = fault_answer(network, call, *fault);
            world_.log.add(call, response, "answered", mode);
            mark_changed();
            co_return response;
        }
        if (mode == "revoke") network.revoke(fault->account.empty() ? call.account : fault->account);
        auto response = network.handle(call);
        mark_changed();
        if (mode == "timeout_after") {
            co_await wait(fault->delay_ms >= 0 ? Milliseconds(fault->delay_ms) : default_timeout);
        }
        if (mode == "drop_after" && fault->status != 0) {
            // The work is done, yet a proxy in front answers for it.
            auto instead = fault_answer(network, call, *fault);
            world_.log.add(call, instead, "dropped_after", mode);
            co_return instead;
        }
        if (mode == "timeout_after" || mode == "drop_after")
            co_return drop(call, std::move(response), "dropped_after", mode);
        world_.log.add(call, response, "answered", mode);
        co_return response;
    }

    http::Response drop(Call const& call, http::Response response, std::string_view fate,
                        std::string const& mode) {
        world_.log.add(call, response, fate, mode);
        mark_changed();
        http::Response nothing;
        nothing.drop_connection = true;
        return nothing;
    }

    Milliseconds latency(Network const& network) {
        auto const jitter = network.settings.jitter_ms;
        auto const extra =
            jitter > 0
                ? static_cast<std::int64_t>(world_.random.below(static_cast<std::uint64_t>(jitter) + 1))
                : 0;
        return Milliseconds(network.settings.latency_ms + extra);
    }

    asio::awaitable<void> wait(Milliseconds delay) {
        asio::steady_timer timer(executor_, delay);
        co_await timer.async_wait(asio::use_awaitable);
    }

    void mark_changed() {
        if (!options_.state_file || dirty_) return;
        dirty_ = true;
        // A large state is written less often, so that saving never takes more than a tenth of the time.
        save_timer_.expires_after(std::max(save_delay, last_save_took_ * 10));
        save_timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            if (auto self = weak.lock(); self && !error) self->save_if_changed();
        });
    }

    asio::any_io_executor executor_;
    Options options_;
    World world_;
    asio::steady_timer save_timer_;
    bool dirty_ = false;
    Milliseconds last_save_took_{0};
};

Sandbox::Sandbox(asio::any_io_executor executor, Options options)
    : impl_(std::make_shared<Impl>(std::move(executor), std::move(options))) {}

Sandbox::~Sandbox() {
    impl_->save_if_changed();
}

http::Handler Sandbox::handler() {
    return [impl = impl_](http::Request request) { return Impl::handle(impl, std::move(request)); };
}

void Sandbox::save() {
    impl_->save();
}

std::uint64_t Sandbox::seed() const {
    return impl_->seed();
}

}  // namespace mypost::sandbox
