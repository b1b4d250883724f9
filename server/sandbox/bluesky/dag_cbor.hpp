// DAG-CBOR and CIDs, as the AT Protocol data model uses them. https://atproto.com/specs/data-model
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace mypost::sandbox::bluesky {

// The canonical bytes of a JSON value; {"$link": cid} and {"$bytes": base64} become links and byte strings.
// Nothing when the value has a fraction, a broken $link or $bytes, or is nested deeper than 64.
std::optional<std::string> dag_cbor(boost::json::value const& value);

// CIDv1, SHA-256, base32: "bafyrei…" for DAG-CBOR, "bafkrei…" for raw bytes.
std::string cid_of_cbor(std::string_view bytes);
std::string cid_of_raw(std::string_view bytes);
bool is_cid(std::string_view text);  // a CIDv1 in base32 with a SHA-256

std::string base32(std::string_view bytes);  // RFC 4648, lower case, no padding

}  // namespace mypost::sandbox::bluesky
