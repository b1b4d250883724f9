// What is to be published, and the journal of what has been tried: all that an adapter decides from.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"

namespace mypost::networks {

namespace json = boost::json;

// The account as the network knows it.
struct AccountRef {
    std::string network;   // "x", "mastodon", "bluesky"
    std::string instance;  // Mastodon: host. Bluesky: base URL of the account's PDS. Else empty
    std::string kind;      // "profile", "page", …
    std::string remote_id;
    std::string handle;    // without '@'
    json::object profile;  // what the adapter learnt at connect (limits of the instance, subscription…)
};

struct MediaFile {
    std::string asset_id;
    std::string content_type;
    std::uint64_t size_bytes = 0;
    int width = 0;
    int height = 0;
    std::string alt;
    std::string sha256;  // hex
};

enum class PartRole { post, thread, first_comment };

struct Part {
    PartRole role = PartRole::post;
    int index = 0;  // post and first_comment: 0; thread: 1…n
    std::string text;
    std::vector<MediaFile> media;
};

// The frozen content of one target.
struct Publication {
    std::string target_id;  // stable: seeds idempotency keys
    AccountRef account;
    std::string kind;         // "post" for the three first networks
    std::vector<Part> parts;  // in the order in which they go out; the first is the post
    std::string link;         // may be empty
    json::object options;     // as validated by the adapter's fields
    Instant frozen_at;        // when the claim froze this version
};

// How one call, or the whole target, ended. The runner alone decides what follows.
enum class Outcome {
    unknown,  // no answer known: the intent alone is on disk, or the answer was lost
    ok,
    not_sent,      // provably never left whole
    transient,     // the network's trouble; nothing was done: try again
    rate_limited,  // until `retry_at`
    auth,          // token expired or revoked: refresh once, then the grant needs reconnecting
    permission,    // the account or the app may not do this
    validation,    // the content is refused for good
    media,         // the media is refused or could not be processed
    duplicate,     // the network says it has this already: reconcile
    budget,        // a paid or daily budget is used up
};

struct JournalEntry {
    enum class Kind {
        call,               // a request to the network
        retry,              // a person (or backoff) asked to try again: failures before it no longer count
        recheck,            // a person asked to look again: looks before it no longer count
        declared_not_live,  // a person says that what is unknown before it never appeared: it may be sent
                            // again
    };
    Kind kind = Kind::call;
    std::int64_t seq = 0;  // ascending within the target
    std::string step;      // the adapter's own name, e.g. "create/0", "media/0/1", "look/0/2"
    int part = 0;          // position in Publication::parts
    Instant started_at;
    Instant deadline;  // the call cannot have any effect begun after this
    std::optional<Instant> finished_at;
    Outcome outcome = Outcome::unknown;
    std::string code;     // of the outcome, e.g. "x_duplicate_content"
    json::object intent;  // what Call::intent held: on disk before the call
    json::object facts;   // what the answer taught: ids, handles, what a look found
};
using Journal = std::vector<JournalEntry>;  // by seq

enum class PartState { pending, sending, published, failed, unconfirmed };

struct PartResult {
    PartRole role = PartRole::post;
    int index = 0;
    PartState state = PartState::pending;
    std::string remote_id;
    std::string remote_url;
};

}  // namespace mypost::networks
