// What the journal of one target says, read the same way by all adapters. Pure: looks at entries, decides
// nothing.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "networks/publication.hpp"

namespace mypost::networks {

// Outcomes that no repetition of the same call changes. The others (auth, rate_limited, transient, not_sent,
// budget) leave a step as if it had never been tried: the runner spaces repeats.
bool is_final(Outcome outcome);

// An entry is "after" a seq when its own is greater; `nothing_before` is before all.
inline constexpr std::int64_t nothing_before = -1;

// How a step stands. An attempt that worked outweighs everything, one that may have worked a later refusal.
enum class StepState { none, ok, unknown, failed };

class JournalView {
  public:
    explicit JournalView(Journal const& journal);

    // The last call of `step` that worked.
    JournalEntry const* last_ok(std::string_view step, std::int64_t after = nothing_before) const;
    // The first: what counts for a post, whose later twin (a late answer) must not move the parts that hang
    // on it.
    JournalEntry const* first_ok(std::string_view step) const;

    // The last final failure that still counts: after the last `retry` and the last `declared_not_live`.
    JournalEntry const* last_failure(std::string_view step, std::int64_t after = nothing_before) const;
    // Seq of the last call of `step` with this outcome, whether it still counts or not.
    std::int64_t last_seq(std::string_view step, Outcome outcome) const;
    // How many still count with this code.
    int failures(std::string_view step, std::string_view code) const;

    // Calls whose outcome nobody knows, oldest first: those that a person has not declared dead, or all.
    std::vector<JournalEntry const*> unknown(std::string_view step) const;
    std::vector<JournalEntry const*> ever_unknown(std::string_view step) const;

    // All calls of `step`, oldest first.
    std::vector<JournalEntry const*> calls(std::string_view step, std::int64_t after = nothing_before) const;
    // Looks that still count: those that worked, after `after` and after the last `recheck`.
    std::vector<JournalEntry const*> looks(std::string_view step, std::int64_t after) const;

    std::int64_t last_retry() const { return last_retry_; }
    std::int64_t last_recheck() const { return last_recheck_; }
    std::int64_t last_declared() const { return last_declared_; }

    StepState state(std::string_view step) const;

  private:
    bool counts_as_failure(JournalEntry const& entry) const;

    Journal const& journal_;  // outlives the view
    std::int64_t last_retry_ = nothing_before;
    std::int64_t last_recheck_ = nothing_before;
    std::int64_t last_declared_ = nothing_before;
};

// The latest time at which any of these calls could still begin to have an effect.
Instant last_deadline(std::vector<JournalEntry const*> const& entries);

}  // namespace mypost::networks
