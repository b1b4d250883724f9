#include "publishing/states.hpp"

#include <algorithm>
#include <array>

namespace mypost::publishing {

namespace {

using S = TargetState;
using E = TargetEvent;

constexpr std::array table = {
    // A draft is planned, or waits for somebody's approval.
    Transition{S::draft, E::schedule, S::scheduled},
    Transition{S::draft, E::ask_approval, S::pending_approval},
    Transition{S::draft, E::cancel, S::cancelled},
    Transition{S::pending_approval, E::approve, S::scheduled},
    Transition{S::pending_approval, E::schedule, S::scheduled},
    Transition{S::pending_approval, E::ask_approval, S::pending_approval},
    Transition{S::pending_approval, E::reject, S::draft},
    Transition{S::pending_approval, E::unschedule, S::draft},
    Transition{S::pending_approval, E::cancel, S::cancelled},

    Transition{S::scheduled, E::schedule, S::scheduled},
    Transition{S::scheduled, E::reschedule, S::scheduled},
    Transition{S::scheduled, E::ask_approval, S::pending_approval},
    Transition{S::scheduled, E::void_approval, S::pending_approval},
    Transition{S::scheduled, E::reject, S::draft},
    Transition{S::scheduled, E::unschedule, S::draft},
    Transition{S::scheduled, E::cancel, S::cancelled},
    Transition{S::scheduled, E::claim, S::publishing},
    Transition{S::scheduled, E::fail, S::failed},  // its content cannot be sent: found before any call
    Transition{S::scheduled, E::hold, S::held},
    Transition{S::scheduled, E::miss, S::missed},
    Transition{S::scheduled, E::hand_over, S::manual},
    Transition{S::scheduled, E::late_proof, S::published},

    Transition{S::held, E::release, S::scheduled},
    Transition{S::held, E::miss, S::missed},
    Transition{S::held, E::hold, S::held},  // for another reason
    Transition{S::held, E::schedule, S::scheduled},
    Transition{S::held, E::reschedule, S::scheduled},
    Transition{S::held, E::ask_approval, S::pending_approval},
    Transition{S::held, E::void_approval, S::pending_approval},
    Transition{S::held, E::approve, S::scheduled},
    Transition{S::held, E::reject, S::draft},
    Transition{S::held, E::unschedule, S::draft},
    Transition{S::held, E::cancel, S::cancelled},
    Transition{S::held, E::retry, S::scheduled},
    Transition{S::held, E::retry_rest, S::retrying},
    Transition{S::held, E::give_up, S::failed},
    Transition{S::held, E::late_proof, S::published},

    Transition{S::publishing, E::claim, S::publishing},  // after a wait, or after its worker died
    Transition{S::publishing, E::wait, S::publishing},
    Transition{S::publishing, E::back_off, S::retrying},
    Transition{S::publishing, E::hold, S::held},
    Transition{S::publishing, E::publish, S::published},
    Transition{S::publishing, E::fail, S::failed},
    Transition{S::publishing, E::lose_track, S::unconfirmed},
    Transition{S::publishing, E::late_proof, S::published},

    Transition{S::retrying, E::claim, S::publishing},
    Transition{S::retrying, E::retry_rest, S::retrying},  // now, instead of at its time
    Transition{S::retrying, E::hold, S::held},
    Transition{S::retrying, E::cancel, S::cancelled},  // nothing is live
    Transition{S::retrying, E::give_up, S::failed},    // some parts are live
    Transition{S::retrying, E::lose_track, S::unconfirmed},
    Transition{S::retrying, E::late_proof, S::published},

    Transition{S::manual, E::complete, S::published},
    Transition{S::manual, E::reschedule, S::scheduled},
    Transition{S::manual, E::cancel, S::cancelled},

    Transition{S::published, E::vanish, S::removed},
    Transition{S::published, E::delete_remote, S::removed},

    Transition{S::failed, E::retry, S::scheduled},
    Transition{S::failed, E::retry_rest, S::retrying},
    Transition{S::failed, E::reschedule, S::scheduled},
    Transition{S::failed, E::schedule, S::scheduled},
    Transition{S::failed, E::ask_approval, S::pending_approval},
    Transition{S::failed, E::unschedule, S::draft},
    Transition{S::failed, E::cancel, S::cancelled},
    Transition{S::failed, E::delete_remote, S::removed},
    Transition{S::failed, E::late_proof, S::published},

    Transition{S::unconfirmed, E::check, S::retrying},
    Transition{S::unconfirmed, E::declare_live, S::published},
    Transition{S::unconfirmed, E::send_again, S::retrying},
    Transition{S::unconfirmed, E::give_up, S::failed},
    Transition{S::unconfirmed, E::late_proof, S::published},

    Transition{S::missed, E::reschedule, S::scheduled},
    Transition{S::missed, E::schedule, S::scheduled},
    Transition{S::missed, E::ask_approval, S::pending_approval},
    Transition{S::missed, E::retry, S::scheduled},
    Transition{S::missed, E::unschedule, S::draft},
    Transition{S::missed, E::cancel, S::cancelled},

    Transition{S::cancelled, E::reschedule, S::scheduled},
    Transition{S::cancelled, E::late_proof, S::published},
};

constexpr std::array<std::string_view, target_state_count> state_names = {
    "draft",     "pending_approval", "scheduled",   "held",   "publishing", "retrying",  "manual",
    "published", "failed",           "unconfirmed", "missed", "removed",    "cancelled",
};
constexpr std::array<std::string_view, target_event_count> event_names = {
    "schedule",     "ask_approval", "approve", "reject",     "void_approval", "unschedule", "reschedule",
    "cancel",       "claim",        "hold",    "release",    "miss",          "hand_over",  "wait",
    "back_off",     "publish",      "fail",    "lose_track", "retry",         "retry_rest", "check",
    "declare_live", "send_again",   "give_up", "complete",   "delete_remote", "late_proof", "vanish",
};
constexpr std::array<std::string_view, 8> reason_names = {
    "installation_paused", "workspace_paused",     "brand_paused", "account_paused",
    "needs_reconnect",     "account_disconnected", "approval",     "budget",
};
constexpr std::array<std::string_view, 9> status_names = {
    "draft",     "pending_approval",    "scheduled", "publishing", "needs_attention",
    "published", "partially_published", "failed",    "cancelled",
};

template <class Enum, std::size_t n>
std::optional<Enum> parse(std::array<std::string_view, n> const& names, std::string_view name) {
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

bool contains(std::span<TargetState const> targets, std::initializer_list<TargetState> any) {
    return std::find_first_of(targets.begin(), targets.end(), any.begin(), any.end()) != targets.end();
}

}  // namespace

std::span<Transition const> transitions() {
    return table;
}

std::optional<TargetState> next_state(TargetState from, TargetEvent event) {
    for (auto const& row : table) {
        if (row.from == from && row.event == event) return row.to;
    }
    return std::nullopt;
}

PostStatus derive_status(std::span<TargetState const> targets) {
    if (targets.empty()) return PostStatus::draft;
    if (contains(targets, {S::publishing, S::retrying})) return PostStatus::publishing;
    if (contains(targets, {S::unconfirmed, S::missed, S::held, S::manual}))
        return PostStatus::needs_attention;
    auto const counted = std::count_if(targets.begin(), targets.end(), [](S s) { return s != S::cancelled; });
    auto const published = std::count(targets.begin(), targets.end(), S::published);
    if (published > 0) return published == counted ? PostStatus::published : PostStatus::partially_published;
    if (contains(targets, {S::failed})) return PostStatus::failed;
    if (contains(targets, {S::scheduled})) return PostStatus::scheduled;
    if (contains(targets, {S::pending_approval})) return PostStatus::pending_approval;
    if (contains(targets, {S::draft})) return PostStatus::draft;
    return PostStatus::cancelled;
}

std::string_view to_string(TargetState state) {
    return state_names[static_cast<std::size_t>(state)];
}
std::string_view to_string(TargetEvent event) {
    return event_names[static_cast<std::size_t>(event)];
}
std::string_view to_string(HeldReason reason) {
    return reason_names[static_cast<std::size_t>(reason)];
}
std::string_view to_string(PostStatus status) {
    return status_names[static_cast<std::size_t>(status)];
}
std::optional<TargetState> parse_target_state(std::string_view name) {
    return parse<TargetState>(state_names, name);
}
std::optional<HeldReason> parse_held_reason(std::string_view name) {
    return parse<HeldReason>(reason_names, name);
}
std::optional<PostStatus> parse_post_status(std::string_view name) {
    return parse<PostStatus>(status_names, name);
}

}  // namespace mypost::publishing
