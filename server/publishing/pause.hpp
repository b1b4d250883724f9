// Pausing and resuming: the installation, a workspace, a brand or an account. After pause() has returned
// nothing more starts: the claim takes the same rows' locks. What comes due meanwhile is held, visibly.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <variant>

#include "core/result.hpp"
#include "db/database.hpp"
#include "publishing/changes.hpp"

namespace mypost::publishing {

namespace asio = boost::asio;

struct Installation {};
struct PauseScope {
    std::variant<Installation, WorkspaceId, BrandId, AccountId> what;
    WorkspaceId workspace;  // unused for the installation
};

enum class ResumeThen {
    shift,        // what was held moves by the length of the pause: the rhythm is kept
    mark_missed,  // what was held and never begun is given up
    send,         // what was held goes out, spaced, however late
};
std::optional<ResumeThen> parse_resume_then(std::string_view name);

struct PauseState {
    std::optional<Instant> paused_at;
    std::optional<Instant> until;
    std::string reason;
};

// Inside a transaction. not_found when the workspace has no such thing; invalid("/until","in_past").
asio::awaitable<Result<PauseState>> pause(db::Transaction& tx, PauseScope scope, std::string reason,
                                          std::optional<Instant> until, Instant now);
// Lets go of what this pause held. Returns how many targets were touched. invalid_state when it is not
// paused.
asio::awaitable<Result<int>> resume(db::Transaction& tx, PauseScope scope, ResumeThen then, Instant now,
                                    Changes& changes);

}  // namespace mypost::publishing
