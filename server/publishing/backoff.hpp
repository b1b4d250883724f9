// How repeats of failed calls are spaced.
#pragma once

#include <chrono>

#include "core/clock.hpp"

namespace mypost::publishing {

struct PublishSettings {
    std::chrono::seconds lease{60};        // of a claim; longer while a longer call runs
    std::chrono::seconds lease_margin{5};  // a lease outlasts a call's hard time-out by this
    int max_attempts = 10;                 // failed attempts in a row without progress
    int max_internal_errors = 3;           // exceptions in an adapter
    std::chrono::seconds backoff_base{10};
    std::chrono::seconds backoff_max{15 * 60};
    std::chrono::hours give_up_after{24};  // of a run, whatever it waits for
    int steps_per_claim = 1000;  // calls of one claim; a thread of 25 posts with media takes about 150
    std::chrono::seconds late_after{
        60};  // found this late by the first look: catch-up, which is spaced and capped
    std::chrono::seconds look_again{30};  // a look that was lost is repeated after this
    std::chrono::seconds held_look{60};   // how often a held target is looked at again
};

// Before repeat `attempt` (1 = the first repeat): doubles from base to max, then scaled by 0.5 … 1.0 with
// `random` in [0, 1), so that many targets that failed together do not come back together.
Milliseconds backoff_delay(PublishSettings const& settings, int attempt, double random);

}  // namespace mypost::publishing
