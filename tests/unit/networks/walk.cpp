#include "unit/networks/walk.hpp"

#include <boost/json.hpp>
#include <stdexcept>

namespace mypost::networks::test {

namespace {

constexpr int most_decisions = 400;
using namespace std::chrono_literals;

void through_text(json::object& object) {
    object = json::parse(json::serialize(object)).as_object();
}

bool reaches_network(Fault fault) {
    return fault == Fault::died_after_sending || fault == Fault::answer_lost ||
           fault == Fault::server_error_after;
}

}  // namespace

std::string_view name_of(Fault fault) {
    switch (fault) {
        case Fault::died_before_sending:
            return "died_before_sending";
        case Fault::died_after_sending:
            return "died_after_sending";
        case Fault::answer_lost:
            return "answer_lost";
        case Fault::request_lost:
            return "request_lost";
        case Fault::server_error:
            return "server_error";
        case Fault::server_error_after:
            return "server_error_after";
        case Fault::not_sent:
            return "not_sent";
        case Fault::rate_limited:
            return "rate_limited";
        case Fault::unauthorized:
            return "unauthorized";
    }
    return "";
}

std::vector<Fault> all_faults() {
    return {Fault::died_before_sending, Fault::died_after_sending, Fault::answer_lost, Fault::request_lost,
            Fault::server_error,        Fault::server_error_after, Fault::not_sent,    Fault::rate_limited,
            Fault::unauthorized};
}

Ending Walk::run(FaultAt const& fault_at) {
    for (int decisions = 0; decisions < most_decisions; ++decisions) {
        auto decision = adapter_.next(publication_, journal_, now_);
        if (auto const* call = std::get_if<Call>(&decision)) {
            auto const fault = fault_at ? fault_at(calls_, *call) : std::nullopt;
            perform(*call, fault);
            ++calls_;
        } else if (auto const* wait = std::get_if<WaitUntil>(&decision)) {
            if (wait->at <= now_) throw std::logic_error("waits for a time that is past");
            now_ = wait->at;
        } else {
            return {std::move(decision), journal_, now_, calls_, steps_};
        }
    }
    throw std::logic_error("the machine does not end");
}

void Walk::mark(JournalEntry::Kind kind) {
    JournalEntry entry;
    entry.kind = kind;
    entry.seq = static_cast<std::int64_t>(journal_.size()) + 1;
    entry.started_at = entry.deadline = now_;
    journal_.push_back(std::move(entry));
}

// The rule of the whole product: a call whose outcome is unknown is never simply repeated, unless it may be.
void Walk::check_not_repeated(Call const& call) const {
    if (call.repeatable) return;
    for (auto const& entry : journal_) {
        bool const open = entry.kind == JournalEntry::Kind::call && entry.step == call.step &&
                          entry.outcome == Outcome::unknown;
        if (!open) continue;
        bool declared = false;
        for (auto const& later : journal_) {
            declared |= later.seq > entry.seq && later.kind == JournalEntry::Kind::declared_not_live;
        }
        if (!declared) throw std::logic_error("repeats " + call.step + " whose outcome is unknown");
    }
    for (auto const& entry : journal_) {
        if (entry.step == call.step && entry.outcome == Outcome::ok)
            throw std::logic_error("repeats " + call.step + " that worked");
    }
}

void Walk::perform(Call const& call, std::optional<Fault> fault) {
    check_not_repeated(call);
    steps_.push_back(call.step);
    JournalEntry entry;
    entry.seq = static_cast<std::int64_t>(journal_.size()) + 1;
    entry.step = call.step;
    entry.part = call.part;
    entry.started_at = now_;
    entry.deadline = now_ + call.timeout;
    entry.intent = call.intent;
    through_text(entry.intent);
    now_ += 300ms;

    std::optional<net::Response> answer;
    if (!fault || reaches_network(*fault)) answer = network_.handle(call, now_);
    if (fault) {
        switch (*fault) {
            case Fault::died_before_sending:
            case Fault::died_after_sending:
                journal_.push_back(std::move(entry));
                now_ += 45s;  // another worker takes over when the lease has run out
                return;
            case Fault::answer_lost:
            case Fault::request_lost:
            case Fault::not_sent:
                entry.finished_at = now_ += 1s;
                entry.outcome = *fault == Fault::not_sent ? Outcome::not_sent : Outcome::unknown;
                entry.code = "no_answer";
                journal_.push_back(std::move(entry));
                now_ += 5s;
                return;
            case Fault::server_error:
            case Fault::server_error_after:
                answer = text_answer(503, "<html>Service Unavailable</html>");
                break;
            case Fault::rate_limited:
                answer = json_answer(429, json::object{{"error", "RateLimitExceeded"}});
                break;
            case Fault::unauthorized:
                answer = json_answer(401, json::object{{"error", "ExpiredToken"}});
                break;
        }
    }
    auto verdict = adapter_.classify(publication_, call, *answer, now_);
    entry.finished_at = now_;
    entry.outcome = verdict.outcome;
    entry.code = verdict.code;
    entry.facts = verdict.facts;
    through_text(entry.facts);
    journal_.push_back(std::move(entry));
    if (verdict.outcome != Outcome::ok) now_ = std::max(now_ + 5s, verdict.retry_at.value_or(now_));
}

}  // namespace mypost::networks::test
