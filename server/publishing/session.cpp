#include "publishing/session.hpp"

#include <boost/json.hpp>

#include "core/log.hpp"
#include "publishing/byte_range.hpp"
#include "publishing/content.hpp"

namespace mypost::publishing {

using networks::Outcome;

namespace {

constexpr std::chrono::seconds shortest_wait{1};
constexpr std::chrono::seconds unknown_limit_wait{60};  // a rate limit without a reset time
constexpr std::chrono::hours budget_look{1};            // a used-up budget without one

Problem problem_of(networks::Verdict const& verdict) {
    auto const code = verdict.code.empty() ? std::string(to_string(verdict.outcome)) : verdict.code;
    return {code, verdict.params, verdict.message, true};
}

networks::Verdict verdict_of(net::Failure const& failure) {
    networks::Verdict verdict;
    verdict.summary = failure.reason;
    switch (failure.kind) {
        case net::Failure::Kind::refused_by_guard:
            verdict.outcome = Outcome::not_sent;
            verdict.code = "address_refused";
            verdict.message = "The address points into a private network, which this server does not call.";
            break;
        case net::Failure::Kind::not_sent:
            verdict.outcome = Outcome::not_sent;
            verdict.code = "not_reached";
            verdict.message = "The network could not be reached.";
            break;
        case net::Failure::Kind::unknown_outcome:
        case net::Failure::Kind::too_large:
            verdict.outcome = Outcome::unknown;
            verdict.code = "no_answer";
            verdict.message = "The network's answer was lost.";
            break;
    }
    return verdict;
}

// What follows from an outcome, for the evidence.
std::string_view consequence_of(networks::Call const& call, Outcome outcome) {
    switch (outcome) {
        case Outcome::ok:
            return "Done.";
        case Outcome::unknown:
            return call.repeatable
                       ? "The outcome is unknown; the call is safe to repeat, and is repeated later."
                       : "The outcome is unknown; the call is not repeated before MyPost has looked for its "
                         "effect.";
        case Outcome::not_sent:
            return "Nothing left this server; tried again later.";
        case Outcome::transient:
            return "Nothing was done; tried again later.";
        case Outcome::rate_limited:
            return "Goes on when the limit resets; no attempt is spent.";
        case Outcome::auth:
            return "The access is renewed once; refused again, the account needs reconnecting.";
        case Outcome::budget:
            return "Held until the budget allows it.";
        case Outcome::duplicate:
            return "The network has this already; MyPost looks for it.";
        default:
            return "The network refused it.";
    }
}

}  // namespace

Session::Session(Services const& services, PublishSettings const& settings, async::TaskGroup& background,
                 networks::NetworkAdapter const& adapter, TargetLook look, Claimed claimed,
                 std::chrono::steady_clock::time_point claimed_at, std::function<bool()> stopping)
    : services_(services),
      settings_(settings),
      background_(background),
      adapter_(adapter),
      look_(std::move(look)),
      claimed_(std::move(claimed)),
      stopping_(std::move(stopping)),
      attempts_(claimed_.attempt_count),
      lease_ends_(claimed_at + settings.lease),
      renewed_lease_at_(claimed_at) {}

asio::awaitable<void> Session::work() {
    journal_ = co_await load_journal(services_.database, look_.target, claimed_.claim.version);
    if (claimed_.fresh) {
        auto const next = co_await preflight();
        if (next == Next::done) co_return;
    }
    for (int steps = 0; steps < settings_.steps_per_claim; ++steps) {
        auto const next = co_await step();
        if (next == Next::done) co_return;
        // Shutting down: given back unspent after the call that ran.
        if (stopping_()) {
            co_await wait(services_.clock.now());
            co_return;
        }
    }
    co_await internal_error("the adapter does not come to an end");
}

asio::awaitable<Session::Next> Session::preflight() {
    std::string failure;
    std::vector<networks::Issue> issues;
    try {
        issues = adapter_.validate(claimed_.publication);
    } catch (std::exception const& error) {
        failure = error.what();
    }
    if (!failure.empty()) co_return co_await internal_error(failure);
    for (auto const& issue : issues) {
        if (!issue.error) continue;
        auto problem = Problem{issue.code, issue.params, issue.message, true};
        problem.params["part"] = std::to_string(issue.part);
        problem.params["field"] = issue.field;
        co_return co_await fail(std::move(problem));
    }
    co_return Next::go_on;
}

asio::awaitable<Session::Next> Session::step() {
    std::string failure;
    networks::Decision decision = networks::AllDone{};
    try {
        decision = adapter_.next(claimed_.publication, journal_, services_.clock.now());
    } catch (std::exception const& error) {
        failure = error.what();
    }
    if (!failure.empty()) co_return co_await internal_error(failure);

    if (auto* const next_call = std::get_if<networks::Call>(&decision))
        co_return co_await call(std::move(*next_call));
    if (auto const* const until = std::get_if<networks::WaitUntil>(&decision))
        co_return co_await wait(until->at);
    if (std::holds_alternative<networks::AllDone>(decision)) co_return co_await publish();
    if (auto const* const unknown = std::get_if<networks::Unconfirmed>(&decision)) {
        auto problem = Problem{unknown->code, {}, unknown->message, true};
        co_return co_await lose_track(std::move(problem));
    }
    auto const& failed = std::get<networks::Failed>(decision);
    auto problem = Problem{failed.code, failed.params, failed.message, failed.outcome != Outcome::validation};
    switch (failed.outcome) {
        case Outcome::budget:
            co_return co_await hold(HeldReason::budget, std::move(problem), std::nullopt);
        case Outcome::auth:
            // Without this the target would be let go again at the next look: the grant itself is in order.
            co_await distrust(problem.code);
            co_return co_await hold(HeldReason::needs_reconnect, std::move(problem), std::nullopt);
        case Outcome::transient:
        case Outcome::rate_limited:
        case Outcome::not_sent:
            co_return co_await back_off(std::move(problem), std::nullopt, true);
        default:
            co_return co_await fail(std::move(problem));
    }
}

// ---- one call
// ----------------------------------------------------------------------------------------------------

asio::awaitable<Session::Next> Session::call(networks::Call call) {
    auto const limited_until =
        co_await budget_wait(services_.database, look_.budget_scope, call.step, services_.clock.now());
    if (limited_until) {
        auto problem = Problem{
            "rate_limited", {}, "The network's limit is reached; MyPost goes on when it resets.", true};
        co_return co_await back_off(std::move(problem), limited_until, false);
    }
    auto built = co_await request_of(call);
    if (!built) {
        auto problem = Problem{"media_unavailable", built.error().params, built.error().message, true};
        bool const passing =
            built.error().code == ErrorCode::unavailable || built.error().code == ErrorCode::internal;
        if (passing) co_return co_await back_off(std::move(problem), std::nullopt, true);
        co_return co_await fail(std::move(problem));
    }
    if (call.authorised) {
        if (!access_) {
            auto access = co_await services_.tokens.access(look_.grant);
            if (!access) co_return co_await no_access(access.error());
            access_ = std::move(*access);
        }
        adapter_.authorise(*built, access_->tokens);
    }
    bool const held = co_await hold_lease_for(call.timeout);
    if (!held) co_return Next::done;

    auto const begun = std::chrono::steady_clock::now();
    std::optional<Intent> intent;
    db::Database::Body body = [&](db::Transaction& tx) -> asio::awaitable<void> {
        intent = co_await write_intent(tx, claimed_.claim, call, fingerprint_of(call.request),
                                       settings_.lease_margin, services_.clock.now());
    };
    co_await services_.database.transaction(body, db::Priority::high);
    if (!intent) co_return Next::done;
    if (journal_.empty() && look_.scheduled_at && !claimed_.started_at) {
        services_.metrics.lag(look_.account.network, services_.clock.now() - *look_.scheduled_at);
    }

    // The deadline counts from the intent: a slow commit shortens the call, never moves its end.
    auto const spent = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun);
    auto const left = call.timeout - spent;
    networks::Verdict verdict;
    net::Response response;
    if (left <= Milliseconds(0)) {
        verdict.outcome = Outcome::not_sent;
        verdict.code = "too_slow";
        verdict.message = "The database took too long; the call was not made.";
    } else {
        built->timeout = left;
        response = co_await exchange(call, std::move(*built), verdict);
    }
    bool const still_ours = co_await conclude(call, std::move(*intent), verdict, response.status);
    if (!still_ours) co_return Next::done;
    co_return co_await follow(call, verdict);
}

asio::awaitable<net::Response> Session::exchange(networks::Call const& call, net::Request request,
                                                 networks::Verdict& verdict) {
    auto const begun = std::chrono::steady_clock::now();
    auto answer = co_await services_.http.send(std::move(request));
    net::Response response;
    if (answer) {
        response = std::move(*answer);
        try {
            verdict = adapter_.classify(claimed_.publication, call, response, services_.clock.now());
        } catch (std::exception const& error) {
            // The call was made: what it did is unknown, and the adapter may say what to do about that.
            log::error("adapter failed to classify",
                       {{"target_id", look_.target.to_string()}, {"error", error.what()}});
            verdict = networks::Verdict{};
            verdict.code = "internal_error";
            verdict.message = "MyPost could not understand the network's answer.";
        }
    } else {
        verdict = verdict_of(answer.error());
    }
    auto const took = std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun);
    services_.metrics.call(look_.account.network, to_string(verdict.outcome), took);
    co_return response;
}

// Journals the outcome, whoever holds the target now. False: the claim was lost meanwhile.
asio::awaitable<bool> Session::conclude(networks::Call const& call, Intent intent,
                                        networks::Verdict const& verdict, int status) {
    auto entry = std::move(intent.entry);
    auto const now = services_.clock.now();
    entry.finished_at = now;
    entry.outcome = verdict.outcome;
    entry.code = verdict.code;
    entry.facts = verdict.facts;
    journal_.push_back(std::move(entry));
    auto explained = verdict;
    if (!explained.message.empty()) explained.message += " ";
    explained.message += consequence_of(call, verdict.outcome);
    auto proven = parts();
    bool ours = false;
    db::Database::Body body = [&](db::Transaction& tx) -> asio::awaitable<void> {
        co_await write_outcome(tx, intent.id, explained, status, now);
        co_await learn_budgets(tx, look_.budget_scope, call.step, verdict.budgets, now);
        ours = co_await still_claimed(tx, claimed_.claim);
        if (ours && !proven.empty()) co_await write_parts(tx, look_.target, proven);
    };
    co_await services_.database.transaction(body, db::Priority::high);
    if (!ours) {
        Changes changes;
        co_await lift(services_.database, adapter_, claimed_.claim, services_.link, now, changes);
        if (!changes.empty()) services_.notifier.changed(std::move(changes));
    }
    co_return ours;
}

asio::awaitable<Session::Next> Session::follow(networks::Call const& call, networks::Verdict const& verdict) {
    switch (verdict.outcome) {
        case Outcome::ok:
            if (!call.repeatable) attempts_ = 0;
            renewed_ = false;
            co_return Next::go_on;
        case Outcome::unknown:
            // What may simply be repeated is, but not at once; what may not is for the adapter to reconcile.
            if (call.repeatable) co_return co_await back_off(problem_of(verdict), verdict.retry_at, true);
            co_return Next::go_on;
        case Outcome::not_sent:
        case Outcome::transient:
            co_return co_await back_off(problem_of(verdict), verdict.retry_at, true);
        case Outcome::rate_limited: {
            auto const at = verdict.retry_at.value_or(services_.clock.now() + unknown_limit_wait);
            co_return co_await back_off(problem_of(verdict), at, false);
        }
        case Outcome::auth:
            co_return co_await refused_access(verdict);
        case Outcome::budget:
            co_return co_await hold(HeldReason::budget, problem_of(verdict), verdict.retry_at);
        case Outcome::permission:
        case Outcome::validation:
        case Outcome::media:
        case Outcome::duplicate:
            co_return Next::go_on;
    }
    co_return Next::go_on;
}

asio::awaitable<void> Session::distrust(std::string code) {
    if (!access_) {
        auto access = co_await services_.tokens.access(look_.grant);
        if (!access) co_return;
        access_ = std::move(*access);
    }
    co_await services_.tokens.refused(look_.grant, access_->version, std::move(code));
}

asio::awaitable<Session::Next> Session::refused_access(networks::Verdict const& verdict) {
    if (!access_ || renewed_) {
        co_await distrust(verdict.code);
        co_return co_await hold(HeldReason::needs_reconnect, problem_of(verdict), std::nullopt);
    }
    renewed_ = true;
    auto access = co_await services_.tokens.renewed(look_.grant, access_->version);
    if (!access) co_return co_await no_access(access.error());
    access_ = std::move(*access);
    co_return Next::go_on;
}

asio::awaitable<Session::Next> Session::no_access(NoAccess problem) {
    auto shown = Problem{problem.code, {}, problem.message, true};
    if (problem.reconnect)
        co_return co_await hold(HeldReason::needs_reconnect, std::move(shown), std::nullopt);
    co_return co_await back_off(std::move(shown), problem.retry_at, true);
}

// ---- the request and its lease
// -----------------------------------------------------------------------------------

asio::awaitable<Result<net::Request>> Session::request_of(networks::Call const& call) {
    net::Request request;
    request.method = call.request.method;
    request.url = call.request.url;
    request.headers = call.request.headers;
    request.on_progress = [this] { renew_on_progress(); };
    auto const rules =
        kind_info(adapter_.info_for(claimed_.publication.account), claimed_.publication.kind).media;
    auto const open = [&](networks::MediaRef ref) -> asio::awaitable<Result<OpenedMedia>> {
        auto const& file = claimed_.publication.parts.at(static_cast<std::size_t>(ref.part))
                               .media.at(static_cast<std::size_t>(ref.index));
        auto const asset = AssetId::parse(file.asset_id);
        auto opened = co_await services_.media.open(look_.workspace, asset.value_or(AssetId{}), rules);
        if (opened && opened->file.sha256 != file.sha256) {
            co_return Error(ErrorCode::validation_failed,
                            "The picture is no longer the one that was scheduled.");
        }
        co_return opened;
    };
    if (auto const* text = std::get_if<std::string>(&call.request.body)) {
        request.body = *text;
    } else if (auto const* ref = std::get_if<networks::MediaRef>(&call.request.body)) {
        auto opened = co_await open(*ref);
        if (!opened) co_return opened.error();
        request.body = byte_range(opened->bytes, *ref);
    } else if (auto const* fields = std::get_if<std::vector<networks::FormField>>(&call.request.body)) {
        net::Multipart form;
        for (auto const& field : *fields) {
            net::MultipartField out{field.name, field.filename, field.content_type, {}};
            if (auto const* plain = std::get_if<std::string>(&field.content)) {
                out.content = *plain;
            } else {
                auto const& part = std::get<networks::MediaRef>(field.content);
                auto opened = co_await open(part);
                if (!opened) co_return opened.error();
                out.content = byte_range(opened->bytes, part);
            }
            form.push_back(std::move(out));
        }
        request.body = std::move(form);
    }
    co_return request;
}

// The lease must outlast the call's hard time-out. Steady time here, so that a clock that jumps changes
// nothing.
asio::awaitable<bool> Session::hold_lease_for(Milliseconds timeout) {
    auto const needed = timeout + 2 * Milliseconds(settings_.lease_margin);
    if (lease_ends_ - std::chrono::steady_clock::now() > needed) co_return true;
    auto const lease = std::max(Milliseconds(settings_.lease), needed + Milliseconds(settings_.lease) / 2);
    auto const asked = std::chrono::steady_clock::now();
    bool const extended =
        co_await extend_lease(services_.database, claimed_.claim, lease, services_.clock.now());
    if (extended) lease_ends_ = renewed_lease_at_ = asked;
    if (extended) lease_ends_ += lease;
    co_return extended;
}

void Session::renew_on_progress() {
    auto const now = std::chrono::steady_clock::now();
    if (now - renewed_lease_at_ < settings_.lease / 3) return;
    renewed_lease_at_ = now;
    // Nothing of this session is referred to: it may end before the renewal does.
    background_.spawn(
        "renew lease",
        [&database = services_.database, claim = claimed_.claim, lease = Milliseconds(settings_.lease),
         at = services_.clock.now()]() -> asio::awaitable<void> {
            co_await extend_lease(database, claim, lease, at);
        });
}

// ---- endings
// -----------------------------------------------------------------------------------------------------

std::vector<networks::PartResult> Session::parts() const {
    try {
        return proven_parts(adapter_, claimed_.publication, journal_, services_.link);
    } catch (std::exception const& error) {
        log::error("adapter failed to read its journal",
                   {{"target_id", look_.target.to_string()}, {"error", error.what()}});
        return {};
    }
}

asio::awaitable<Session::Next> Session::end(Settlement settlement) {
    settlement.attempt_count = attempts_;
    if (settlement.parts.empty()) settlement.parts = parts();
    auto const event = settlement.event;
    auto const code = settlement.problem ? settlement.problem->code : std::string();
    Changes changes;
    auto const now = services_.clock.now();
    bool const written =
        co_await settle(services_.database, claimed_.claim, std::move(settlement), now, changes);
    if (written) {
        services_.metrics.settled(look_.account.network,
                                  to_string(next_state(TargetState::publishing, event).value()), code);
    }
    if (!changes.empty()) services_.notifier.changed(std::move(changes));
    co_return Next::done;
}

asio::awaitable<Session::Next> Session::wait(Instant at) {
    auto const now = services_.clock.now();
    if (claimed_.started_at && now - *claimed_.started_at > settings_.give_up_after) {
        auto problem = Problem{
            "timed_out", {}, "The network did not finish within a day. Retry, or look at the account.", true};
        co_return co_await give_up(std::move(problem));
    }
    Settlement settlement;
    settlement.event = TargetEvent::wait;
    settlement.look_at = stopping_() ? now : std::max(at, now + shortest_wait);
    co_return co_await end(std::move(settlement));
}

asio::awaitable<Session::Next> Session::back_off(Problem problem, std::optional<Instant> at, bool spend) {
    auto const now = services_.clock.now();
    if (spend) ++attempts_;
    bool const too_long = claimed_.started_at && now - *claimed_.started_at > settings_.give_up_after;
    if (attempts_ >= settings_.max_attempts || too_long) co_return co_await give_up(std::move(problem));
    auto next = now + shortest_wait;
    if (spend) next = now + backoff_delay(settings_, attempts_, services_.random());
    if (at) next = std::max(next, *at);
    Settlement settlement;
    settlement.event = TargetEvent::back_off;
    settlement.look_at = next;
    settlement.problem = std::move(problem);
    co_return co_await end(std::move(settlement));
}

asio::awaitable<Session::Next> Session::hold(HeldReason reason, Problem problem,
                                             std::optional<Instant> look_at) {
    auto const now = services_.clock.now();
    Settlement settlement;
    settlement.event = TargetEvent::hold;
    settlement.held_reason = reason;
    settlement.look_at = look_at.value_or(now + settings_.held_look);
    if (reason == HeldReason::budget && !look_at) settlement.look_at = now + budget_look;
    settlement.problem = std::move(problem);
    co_return co_await end(std::move(settlement));
}

asio::awaitable<Session::Next> Session::fail(Problem problem) {
    Settlement settlement;
    settlement.event = TargetEvent::fail;
    settlement.parts = parts();
    settlement.problem = partial(std::move(problem), settlement.parts);
    co_return co_await end(std::move(settlement));
}

asio::awaitable<Session::Next> Session::lose_track(Problem problem) {
    Settlement settlement;
    settlement.event = TargetEvent::lose_track;
    settlement.problem = std::move(problem);
    co_return co_await end(std::move(settlement));
}

// Tried often or long enough. Whatever may be live without our knowing is for a person to settle.
asio::awaitable<Session::Next> Session::give_up(Problem problem) {
    if (any_unknown(parts())) co_return co_await lose_track(std::move(problem));
    co_return co_await fail(std::move(problem));
}

asio::awaitable<Session::Next> Session::publish() {
    Settlement settlement;
    settlement.parts = parts();
    if (!all_live(settlement.parts) || settlement.parts.front().remote_id.empty()) {
        co_return co_await internal_error("the adapter calls it done, but its journal does not prove it");
    }
    settlement.event = TargetEvent::publish;
    auto const& features = adapter_.info().features;
    settlement.verify = std::find(features.begin(), features.end(), "verify") != features.end();
    attempts_ = 0;
    co_return co_await end(std::move(settlement));
}

asio::awaitable<Session::Next> Session::internal_error(std::string what) {
    log::error(
        "adapter failed",
        {{"target_id", look_.target.to_string()}, {"network", look_.account.network}, {"error", what}});
    auto problem = Problem{"internal_error",
                           {},
                           "MyPost has a fault here; it was logged. Retry later or publish by hand.",
                           true};
    if (attempts_ + 1 >= settings_.max_internal_errors) co_return co_await give_up(std::move(problem));
    co_return co_await back_off(std::move(problem), std::nullopt, true);
}

}  // namespace mypost::publishing
