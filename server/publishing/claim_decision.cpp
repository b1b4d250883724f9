#include "publishing/claim.hpp"

namespace mypost::publishing {

namespace {

std::optional<HoldIt> pause_of(ClaimView const& view, PublishSettings const& settings, Instant now) {
    auto const check = [&](Pause const& pause, HeldReason reason) -> std::optional<HoldIt> {
        if (!pause.holds(now)) return std::nullopt;
        // Looked at again now and then: a pause that ends by itself needs nobody to resume it.
        auto const next = now + settings.held_look;
        return HoldIt{reason, pause.until && *pause.until < next ? *pause.until : next};
    };
    if (auto held = check(view.installation, HeldReason::installation_paused)) return held;
    if (auto held = check(view.workspace, HeldReason::workspace_paused)) return held;
    if (auto held = check(view.brand, HeldReason::brand_paused)) return held;
    return check(view.account, HeldReason::account_paused);
}

std::optional<HoldIt> hold_of(ClaimView const& view, PublishSettings const& settings, Instant now) {
    if (auto held = pause_of(view, settings, now)) return held;
    auto const next = now + settings.held_look;
    if (view.account_disconnected) return HoldIt{HeldReason::account_disconnected, next};
    if (!view.grant_active) return HoldIt{HeldReason::needs_reconnect, next};
    // What is partly sent was approved when it was frozen, and is finished.
    if (!view.approved && !view.sent_any) return HoldIt{HeldReason::approval, next};
    return std::nullopt;
}

// Catch-up after downtime or a pause: at most one late target per gap and account, and so many in an hour.
std::optional<LookLater> spacing_of(ClaimView const& view, Instant now) {
    if (!view.catch_up || view.started) return std::nullopt;
    if (view.account_free_at > now) return LookLater{view.account_free_at};
    auto const hour_ends = view.catch_up_since + std::chrono::hours(1);
    if (now < hour_ends && view.catch_up_count >= view.catch_up_per_hour) return LookLater{hour_ends};
    return std::nullopt;
}

}  // namespace

ClaimDecision decide_claim(ClaimView const& view, PublishSettings const& settings, Instant now) {
    bool const under_way = view.state == TargetState::publishing || view.state == TargetState::retrying;
    if (!under_way && view.state != TargetState::scheduled && view.state != TargetState::held)
        return LeaveIt{};
    if (view.leased) return LeaveIt{};
    if (!under_way && view.scheduled_at && *view.scheduled_at > now && !view.started) {
        // A held target that was given a later time waits for it like any other.
        if (view.state == TargetState::held) return ReleaseIt{};
        return LookLater{*view.scheduled_at};
    }
    if (view.state == TargetState::retrying && view.next_attempt_at && *view.next_attempt_at > now) {
        return LookLater{*view.next_attempt_at};
    }
    if (auto held = hold_of(view, settings, now)) return *held;
    bool const late = view.scheduled_at && now - *view.scheduled_at > view.grace;
    if (!under_way && !view.started && !view.sent_any && !view.send_late && late) return MissIt{};
    if (view.state == TargetState::held) return ReleaseIt{};
    if (view.manual_kind) return HandItOver{};
    if (view.state != TargetState::publishing) {
        if (view.account_busy) return LookLater{now + settings.look_again, true};
        if (auto later = spacing_of(view, now)) return *later;
    }
    return TakeIt{!view.frozen || (!view.version_frozen && !view.sent_any)};
}

}  // namespace mypost::publishing
