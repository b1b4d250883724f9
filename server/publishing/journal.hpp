// The journal of attempts (publish_attempts): append-only. An intent is committed before a call, its outcome
// after it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "db/database.hpp"
#include "networks/adapter.hpp"
#include "networks/publication.hpp"

namespace mypost::publishing {

namespace asio = boost::asio;

// Who may act on a target: the holder of its newest fence. Lost when another worker claims it.
struct Claim {
    TargetId target;
    WorkspaceId workspace;
    PostId post;
    PostVersionId version;  // what is sent
    std::int64_t fence = 0;
    std::string worker;
};

std::string_view to_string(networks::Outcome outcome);
std::string_view to_string(networks::JournalEntry::Kind kind);
std::string_view to_string(networks::PartState state);

// What was tried with this version of the content, by seq.
asio::awaitable<networks::Journal> load_journal(db::Database& database, TargetId target,
                                                PostVersionId version);
asio::awaitable<networks::Journal> load_journal(db::Transaction& tx, TargetId target, PostVersionId version);

struct Intent {
    AttemptId id;
    networks::JournalEntry entry;
};

// Writes that `call` is about to be made. Nothing when the claim is no longer ours, or its lease (database
// clock) ends before the call's hard time-out plus `margin`: then nothing may be sent. Marks the part as
// sending when the call cannot simply be repeated.
asio::awaitable<std::optional<Intent>> write_intent(db::Transaction& tx, Claim const& claim,
                                                    networks::Call const& call, std::string fingerprint,
                                                    Milliseconds margin, Instant now);

// Writes how it ended. Accepted whoever holds the claim now; an outcome that is there already stays (returns
// false).
asio::awaitable<bool> write_outcome(db::Transaction& tx, AttemptId attempt, networks::Verdict const& verdict,
                                    int status, Instant now);

// A person's word, as the adapters read it (JournalEntry::Kind).
asio::awaitable<void> write_marker(db::Transaction& tx, Claim const& claim, networks::JournalEntry::Kind kind,
                                   UserId actor, std::string conclusion, Instant now);

// SHA-256 (hex) of method, address and body description: tells two requests apart on the evidence page.
std::string fingerprint_of(networks::CallRequest const& request);

}  // namespace mypost::publishing
