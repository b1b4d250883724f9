// What the simulated X holds. Facts: X API v2 documentation and OpenAPI document, 2026-08.
#pragma once

#include <boost/describe.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "sandbox/framework/described_json.hpp"
#include "sandbox/framework/rate_buckets.hpp"

namespace mypost::sandbox::x {

struct User {
    std::string id;
    std::string username;
    std::string name;
    std::string kind;               // person | business
    std::string verified_type;      // blue | business | government | none
    std::string subscription_type;  // Basic | Premium | PremiumPlus | None
    bool suspended = false;

    bool is_premium() const { return subscription_type == "Premium" || subscription_type == "PremiumPlus"; }
    bool is_verified() const { return verified_type != "none" || is_premium(); }
};
BOOST_DESCRIBE_STRUCT(User, (), (id, username, name, kind, verified_type, subscription_type, suspended))

struct Code {
    std::string client_id;
    std::string user_id;
    std::string redirect_uri;
    std::string scope;
    std::string challenge;
    std::string challenge_method;
    Instant expires_at{};
    bool used = false;
};
BOOST_DESCRIBE_STRUCT(Code, (),
                      (client_id, user_id, redirect_uri, scope, challenge, challenge_method, expires_at,
                       used))

// An access or a refresh token.
struct Token {
    std::string client_id;
    std::string user_id;
    std::string scope;
    Instant expires_at{};
    bool dead = false;  // revoked, or a refresh token that was used
};
BOOST_DESCRIBE_STRUCT(Token, (), (client_id, user_id, scope, expires_at, dead))

struct Segment {
    std::string sha256;
    std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(Segment, (), (sha256, bytes))

struct Media {
    std::string id;
    std::string media_key;
    std::string user_id;
    std::string category;
    std::string media_type;
    std::string kind;  // image | gif | video | text
    std::int64_t total_bytes = 0;
    std::map<std::string, Segment> segments;  // by index, as text
    bool finalized = false;
    bool stuck = false;
    bool failed = false;
    Instant created_at{};
    Instant processed_at{};
    Instant expires_at{};
    std::string sha256;
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::string alt_text;
    bool processes = false;  // has a processing_info
};
BOOST_DESCRIBE_STRUCT(Media, (),
                      (id, media_key, user_id, category, media_type, kind, total_bytes, segments, finalized,
                       stuck, failed, created_at, processed_at, expires_at, sha256, width, height, alt_text,
                       processes))

struct Post {
    std::string id;
    std::string user_id;
    std::string text;      // as sent
    std::string reply_to;  // empty: none
    std::string conversation_id;
    std::string quote_of;
    std::vector<std::string> media_ids;
    std::vector<std::string> poll_options;
    std::string reply_settings;
    std::vector<std::string> short_links;   // t.co codes, one a link of the text, in order
    std::vector<std::string> edit_history;  // earlier ids and its own, oldest first
    Instant created_at{};
    std::optional<Instant> removed_at;  // from then on it is gone: deleted, edited, or taken down
};
BOOST_DESCRIBE_STRUCT(Post, (),
                      (id, user_id, text, reply_to, conversation_id, quote_of, media_ids, poll_options,
                       reply_settings, short_links, edit_history, created_at, removed_at))

// What was charged: thousandths of a dollar.
struct Charge {
    std::int64_t calls = 0;
    std::int64_t milli_usd = 0;
};
BOOST_DESCRIBE_STRUCT(Charge, (), (calls, milli_usd))

struct State {
    std::vector<User> users;
    std::map<std::string, Code> codes;
    std::map<std::string, Token> access_tokens;
    std::map<std::string, Token> refresh_tokens;
    std::map<std::string, Media> media;
    std::vector<Post> posts;  // in the order of creation
    std::map<std::string, Charge> ledger;
    RateBuckets rates;
    std::int64_t last_id = 0;
    std::int64_t refused_rates = 0;  // counts 429s, to alternate their bodies
};
BOOST_DESCRIBE_STRUCT(State, (),
                      (users, codes, access_tokens, refresh_tokens, media, posts, ledger, rates, last_id,
                       refused_rates))

}  // namespace mypost::sandbox::x
