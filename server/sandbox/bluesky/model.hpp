// What the simulated Bluesky holds: accounts on several servers, their records and blobs.
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

namespace mypost::sandbox::bluesky {

struct Account {
    std::string did;
    std::string handle;
    std::string name;
    std::string kind;  // person | business
    std::string pds;   // host
    std::string app_password;
    std::string status = "active";  // active | takendown | deactivated
    bool needs_factor = false;      // asks for an e-mail code even with the right password
    Instant sessions_from{};        // access tokens made before are void
};
BOOST_DESCRIBE_STRUCT(Account, (),
                      (did, handle, name, kind, pds, app_password, status, needs_factor, sessions_from))

struct RefreshToken {
    std::string did;
    Instant expires_at{};
    std::string next_id;  // empty: not used yet
};
BOOST_DESCRIBE_STRUCT(RefreshToken, (), (did, expires_at, next_id))

struct Blob {
    std::string did;
    std::string cid;
    std::string mime_type;
    std::int64_t size = 0;
    std::string sha256;
    Instant uploaded_at{};
    bool referenced = false;
};
BOOST_DESCRIBE_STRUCT(Blob, (), (did, cid, mime_type, size, sha256, uploaded_at, referenced))

struct Record {
    std::string did;
    std::string collection;
    std::string rkey;
    json::value value;
    std::string cid;
    // What the AppView took in: the first version; it ignores edits.
    json::value indexed_value;
    std::string indexed_cid;
    Instant created_at{};
    std::optional<Instant> removed_at;

    std::string uri() const { return "at://" + did + "/" + collection + "/" + rkey; }
};
BOOST_DESCRIBE_STRUCT(Record, (),
                      (did, collection, rkey, value, cid, indexed_value, indexed_cid, created_at, removed_at))

struct State {
    std::vector<Account> accounts;
    std::map<std::string, RefreshToken> refresh_tokens;  // by jti
    std::map<std::string, Blob> blobs;                   // by DID and CID, with a space
    std::vector<Record> records;                         // in the order of creation
    std::map<std::string, std::string> heads;            // DID → CID of its latest commit
    RateBuckets rates;
    std::string jwt_secret;
    std::int64_t last_tid = 0;
};
BOOST_DESCRIBE_STRUCT(State, (),
                      (accounts, refresh_tokens, blobs, records, heads, rates, jwt_secret, last_tid))

}  // namespace mypost::sandbox::bluesky
