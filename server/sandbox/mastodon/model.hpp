// What the simulated Mastodon servers hold. Facts: Mastodon's documentation and source, server 4.2–4.5.
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

namespace mypost::sandbox::mastodon {

struct App {
    std::string instance;
    std::string id;
    std::string name;
    std::string website;  // empty: none
    std::vector<std::string> redirect_uris;
    std::vector<std::string> scopes;
    std::string client_id;
    std::string client_secret;
};
BOOST_DESCRIBE_STRUCT(App, (), (instance, id, name, website, redirect_uris, scopes, client_id, client_secret))

// One person: on every instance, or on one.
struct Person {
    std::int64_t number = 0;  // ids are made of it
    std::string username;
    std::string name;
    std::string kind;      // person | business
    std::string instance;  // empty: every instance
    bool disabled = false;
};
BOOST_DESCRIBE_STRUCT(Person, (), (number, username, name, kind, instance, disabled))

struct Code {
    std::string instance;
    std::string client_id;
    std::string account_id;
    std::string redirect_uri;
    std::vector<std::string> scopes;
    std::string challenge;  // S256; empty: none
    Instant expires_at{};
    bool used = false;
};
BOOST_DESCRIBE_STRUCT(Code, (),
                      (instance, client_id, account_id, redirect_uri, scopes, challenge, expires_at, used))

struct Token {
    std::string instance;
    std::string client_id;
    std::string account_id;  // empty: the app's own (client_credentials)
    std::vector<std::string> scopes;
    Instant created_at{};
    bool revoked = false;
};
BOOST_DESCRIBE_STRUCT(Token, (), (instance, client_id, account_id, scopes, created_at, revoked))

struct Media {
    std::string instance;
    std::string id;
    std::string account_id;
    std::string kind;  // image | gifv | video | audio
    std::string content_type;
    std::string sha256;
    std::int64_t bytes = 0;
    std::int64_t width = 0;
    std::int64_t height = 0;
    std::string description;
    std::string focus;  // "x,y"; empty: none
    Instant created_at{};
    Instant ready_at{};  // the end of processing
    bool stuck = false;
    bool failed = false;  // processing ends in failure
    bool deleted = false;
    std::string status_id;  // empty: attached to none
};
BOOST_DESCRIBE_STRUCT(Media, (),
                      (instance, id, account_id, kind, content_type, sha256, bytes, width, height,
                       description, focus, created_at, ready_at, stuck, failed, deleted, status_id))

struct Poll {
    std::string id;
    std::vector<std::string> options;
    bool multiple = false;
    bool hide_totals = false;
    Instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(Poll, (), (id, options, multiple, hide_totals, expires_at))

struct Status {
    std::string instance;
    std::string id;
    std::string account_id;
    std::string client_id;
    std::string text;
    std::string spoiler_text;
    std::string visibility;
    std::string language;  // empty: none
    bool sensitive = false;
    std::string in_reply_to_id;  // empty: none
    std::string quoted_status_id;
    std::vector<std::string> media_ids;
    std::optional<Poll> poll;
    Instant created_at{};
    std::optional<Instant> edited_at;
    std::optional<Instant> removed_at;  // from then on it is gone: deleted, or taken down
};
BOOST_DESCRIBE_STRUCT(Status, (),
                      (instance, id, account_id, client_id, text, spoiler_text, visibility, language,
                       sensitive, in_reply_to_id, quoted_status_id, media_ids, poll, created_at, edited_at,
                       removed_at))

struct IdempotencyEntry {
    std::string status_id;
    Instant at{};
};
BOOST_DESCRIBE_STRUCT(IdempotencyEntry, (), (status_id, at))

struct State {
    std::vector<Person> people;
    std::vector<App> apps;
    std::map<std::string, Code> codes;
    std::map<std::string, Token> tokens;
    std::map<std::string, Media> media;                   // by id
    std::vector<Status> statuses;                         // in the order of creation
    std::map<std::string, IdempotencyEntry> idempotency;  // instance, account id and key, by spaces
    RateBuckets rates;
    std::int64_t last_id_ms = 0;  // ids rise: the millisecond and serial of the last one
    std::int64_t last_id_serial = 0;
    std::vector<std::string> instances;  // that were called, in order
};
BOOST_DESCRIBE_STRUCT(State, (),
                      (people, apps, codes, tokens, media, statuses, idempotency, rates, last_id_ms,
                       last_id_serial, instances))

// What one server is like.
struct Instance {
    std::string host;
    std::string version = "4.5.2";
    std::int64_t minor = 5;  // of 4.x: decides the features
    std::int64_t api_version = 7;
    bool opaque_ids = false;  // ULIDs, as GoToSocial's
    std::int64_t max_characters = 500;
    std::int64_t max_media_attachments = 4;
    std::int64_t characters_reserved_per_url = 23;
    std::int64_t description_limit = 1500;
    std::int64_t image_size_limit = 16'777'216;
    std::int64_t image_matrix_limit = 33'177'600;
    std::int64_t video_size_limit = 103'809'024;
    std::int64_t video_matrix_limit = 8'294'400;
    std::int64_t video_frame_rate_limit = 120;
    std::int64_t poll_max_options = 4;
    std::int64_t poll_max_characters = 50;
    std::int64_t poll_min_expiration = 300;
    std::int64_t poll_max_expiration = 2'629'746;
};
BOOST_DESCRIBE_STRUCT(Instance, (),
                      (host, version, minor, api_version, opaque_ids, max_characters, max_media_attachments,
                       characters_reserved_per_url, description_limit, image_size_limit, image_matrix_limit,
                       video_size_limit, video_matrix_limit, video_frame_rate_limit, poll_max_options,
                       poll_max_characters, poll_min_expiration, poll_max_expiration))

}  // namespace mypost::sandbox::mastodon
