#include "networks/journal.hpp"

#include <algorithm>

namespace mypost::networks {

bool is_final(Outcome outcome) {
    switch (outcome) {
        case Outcome::permission:
        case Outcome::validation:
        case Outcome::media:
        case Outcome::duplicate:
            return true;
        case Outcome::unknown:
        case Outcome::ok:
        case Outcome::not_sent:
        case Outcome::transient:
        case Outcome::rate_limited:
        case Outcome::auth:
        case Outcome::budget:
            return false;
    }
    return false;
}

JournalView::JournalView(Journal const& journal) : journal_(journal) {
    for (auto const& entry : journal) {
        switch (entry.kind) {
            case JournalEntry::Kind::call:
                break;
            case JournalEntry::Kind::retry:
                last_retry_ = std::max(last_retry_, entry.seq);
                break;
            case JournalEntry::Kind::recheck:
                last_recheck_ = std::max(last_recheck_, entry.seq);
                break;
            case JournalEntry::Kind::declared_not_live:
                last_declared_ = std::max(last_declared_, entry.seq);
                break;
        }
    }
}

std::vector<JournalEntry const*> JournalView::calls(std::string_view step, std::int64_t after) const {
    std::vector<JournalEntry const*> found;
    for (auto const& entry : journal_) {
        if (entry.kind == JournalEntry::Kind::call && entry.step == step && entry.seq > after)
            found.push_back(&entry);
    }
    return found;
}

JournalEntry const* JournalView::last_ok(std::string_view step, std::int64_t after) const {
    JournalEntry const* found = nullptr;
    for (auto const* entry : calls(step, after)) {
        if (entry->outcome == Outcome::ok) found = entry;
    }
    return found;
}

JournalEntry const* JournalView::first_ok(std::string_view step) const {
    for (auto const* entry : calls(step)) {
        if (entry->outcome == Outcome::ok) return entry;
    }
    return nullptr;
}

bool JournalView::counts_as_failure(JournalEntry const& entry) const {
    return is_final(entry.outcome) && entry.seq > last_retry_ && entry.seq > last_declared_;
}

JournalEntry const* JournalView::last_failure(std::string_view step, std::int64_t after) const {
    JournalEntry const* found = nullptr;
    for (auto const* entry : calls(step, after)) {
        if (counts_as_failure(*entry)) found = entry;
    }
    return found;
}

std::int64_t JournalView::last_seq(std::string_view step, Outcome outcome) const {
    std::int64_t seq = nothing_before;
    for (auto const* entry : calls(step)) {
        if (entry->outcome == outcome) seq = entry->seq;
    }
    return seq;
}

int JournalView::failures(std::string_view step, std::string_view code) const {
    auto const all = calls(step);
    return static_cast<int>(std::ranges::count_if(
        all, [&](auto const* entry) { return counts_as_failure(*entry) && entry->code == code; }));
}

std::vector<JournalEntry const*> JournalView::ever_unknown(std::string_view step) const {
    auto found = calls(step);
    std::erase_if(found, [](auto const* entry) { return entry->outcome != Outcome::unknown; });
    return found;
}

std::vector<JournalEntry const*> JournalView::unknown(std::string_view step) const {
    auto found = ever_unknown(step);
    std::erase_if(found, [&](auto const* entry) { return entry->seq < last_declared_; });
    return found;
}

std::vector<JournalEntry const*> JournalView::looks(std::string_view step, std::int64_t after) const {
    auto found = calls(step, std::max(after, last_recheck_));
    std::erase_if(found, [](auto const* entry) { return entry->outcome != Outcome::ok; });
    return found;
}

StepState JournalView::state(std::string_view step) const {
    if (first_ok(step) != nullptr) return StepState::ok;
    if (!unknown(step).empty()) return StepState::unknown;
    if (last_failure(step) != nullptr) return StepState::failed;
    return StepState::none;
}

Instant last_deadline(std::vector<JournalEntry const*> const& entries) {
    Instant latest{};
    for (auto const* entry : entries) latest = std::max(latest, entry->deadline);
    return latest;
}

}  // namespace mypost::networks
