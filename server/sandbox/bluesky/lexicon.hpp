// Checks of records against their lexicons. https://github.com/bluesky-social/atproto/tree/main/lexicons
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mypost::sandbox::bluesky {

// A blob that a record wants, and what its lexicon allows.
struct BlobUse {
    std::string cid;
    std::string mime_type;
    std::int64_t size = 0;
    std::string accept;  // "image/*" or a full type
    std::int64_t max_size = 0;
};

struct LexiconCheck {
    std::string error;  // "Record/text must not be longer than 300 graphemes"; empty: valid
    bool known = true;  // false: no lexicon for that collection here
    std::vector<BlobUse> blobs;
};

LexiconCheck check_record(std::string_view collection, boost::json::object const& record);

bool is_tid(std::string_view text);
bool is_record_key(std::string_view text);
bool is_nsid(std::string_view text);
bool is_at_uri(std::string_view text);
bool is_did(std::string_view text);

}  // namespace mypost::sandbox::bluesky
