#include "media/helper_pool.hpp"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <filesystem>
#include <list>
#include <system_error>

#include "core/log.hpp"
#include "media/helper_process.hpp"

namespace mypost::media {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::string_view accepted_types =
    "image/jpeg, image/png, image/webp, image/gif, image/heic, image/avif";

Error refused(ErrorCode code, std::string rule, std::map<std::string, std::string> params,
              std::string message) {
    Error error(code, message);
    error.fields.push_back(FieldError{"/file", std::move(rule), std::move(params), std::move(message)});
    return error;
}

Error refusal_of(json::object const& error) {
    std::string const code(error.at("code").as_string());
    std::string detail(error.at("detail").as_string());
    std::map<std::string, std::string> params;
    for (auto const& [name, value] : error.at("params").as_object()) {
        params.emplace(std::string(name), std::string(value.as_string()));
    }
    if (code == "unsupported_type") {
        auto message =
            fmt::format("The file is {} by its content; accepted are {}.", params["actual"], accepted_types);
        params["accepted"] = accepted_types;
        return refused(ErrorCode::unsupported_media_type, "media_type", std::move(params),
                       std::move(message));
    }
    if (code == "too_many_pixels") {
        auto message = fmt::format("The picture has {} × {} pixels, {} in all; {} are allowed.",
                                   params["width"], params["height"], params["actual"], params["max"]);
        return refused(ErrorCode::validation_failed, code, std::move(params), std::move(message));
    }
    if (code == "too_many_frames") {
        auto message =
            fmt::format("The animation has {} frames; {} are allowed.", params["actual"], params["max"]);
        return refused(ErrorCode::validation_failed, code, std::move(params), std::move(message));
    }
    if (code == "cannot_fit") {
        return refused(ErrorCode::validation_failed, code, {},
                       "The picture cannot be made small enough for this network.");
    }
    if (code != "damaged") {
        return Error(ErrorCode::internal, "The picture could not be processed.", {},
                     "media helper: " + detail);
    }
    auto error_of_file = refused(ErrorCode::validation_failed, "damaged_file", {},
                                 "The file is damaged or incomplete; it could not be read to its end.");
    error_of_file.internal = std::move(detail);
    return error_of_file;
}

}  // namespace

std::string find_helper(std::string const& configured) {
    if (!configured.empty()) return configured;
    std::error_code ignored;
    auto const beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / "mypost-media-helper";
    for (auto const& candidate : {beside, fs::path("/usr/lib/mypost/mypost-media-helper")}) {
        if (fs::exists(candidate, ignored)) return candidate.string();
    }
    return beside.string();
}

struct HelperPool::State {
    struct Idle {
        std::uint64_t number;
        std::unique_ptr<HelperProcess> process;
        asio::steady_timer end;
    };
    State(asio::any_io_executor ex, asio::thread_pool& r, HelperOptions o)
        : executor(std::move(ex)), reaper(r), options(std::move(o)), freed(executor) {
        freed.expires_at(asio::steady_timer::time_point::max());
    }
    asio::any_io_executor executor;
    asio::thread_pool& reaper;
    HelperOptions options;
    std::list<Idle> idle;
    std::uint64_t last_number = 0;
    std::size_t busy = 0;
    asio::steady_timer freed;  // cancelled whenever a place becomes free
};

namespace {

// Gives the place back, however the call ends.
template <class State>
struct Place {
    explicit Place(State& s) : state(s) { ++state.busy; }
    ~Place() {
        --state.busy;
        state.freed.cancel_one();
    }
    Place(Place const&) = delete;
    Place& operator=(Place const&) = delete;
    State& state;
};

}  // namespace

HelperPool::HelperPool(asio::any_io_executor executor, asio::thread_pool& reaper, HelperOptions options)
    : state_(std::make_shared<State>(std::move(executor), reaper, std::move(options))) {}

HelperPool::~HelperPool() {
    stop();
}

void HelperPool::stop() {
    state_->idle.clear();
}

std::size_t HelperPool::running() const {
    return state_->idle.size() + state_->busy;
}

asio::awaitable<Result<json::object>> HelperPool::call(json::object request) {
    auto state = state_;
    while (state->busy >= state->options.processes) {
        boost::system::error_code woken;
        co_await state->freed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    Place const place(*state);
    std::unique_ptr<HelperProcess> process;
    if (!state->idle.empty()) {
        process = std::move(state->idle.back().process);
        state->idle.pop_back();
    } else {
        try {
            std::vector<std::string> const arguments{
                state->options.work_root, std::to_string(state->options.memory_mb),
                std::to_string(state->options.timeout.count() / 1000 + 1)};
            process = std::make_unique<HelperProcess>(state->executor, state->reaper, state->options.program,
                                                      arguments);
        } catch (std::system_error const& error) {
            Error failed =
                unavailable("Pictures cannot be processed at the moment.", std::chrono::seconds(60));
            failed.internal = error.what();
            co_return failed;
        }
    }
    auto const answer = co_await process->call(std::move(request), state->options.timeout);
    if (!answer) {
        log::warning("the media helper died or took too long over a file", {{"pid", process->pid()}});
        co_return refused(ErrorCode::validation_failed, "too_complex", {},
                          "The file could not be processed within the limits of time and memory.");
    }
    if (process->calls() < state->options.calls_each) {
        auto const number = ++state->last_number;
        auto& entry = state->idle.emplace_back(
            State::Idle{number, std::move(process), asio::steady_timer(state->executor)});
        entry.end.expires_after(state->options.idle);
        entry.end.async_wait([weak = std::weak_ptr(state), number](boost::system::error_code error) {
            auto alive = weak.lock();
            if (!error && alive)
                alive->idle.remove_if([&](auto const& each) { return each.number == number; });
        });
    }
    if (auto const* error = answer->if_contains("error")) co_return refusal_of(error->as_object());
    co_return answer->at("ok").as_object();
}

}  // namespace mypost::media
