// Versions of objects as entity tags.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "http/route.hpp"

namespace mypost::http {

// W/"<version>.<state>": changes when a person edits (version) and when the system moves on (state: any short
// text that changes with what the answer shows).
std::string etag(std::int64_t version, std::string_view state);

// The value with that ETag header: co_return http::with_etag(std::move(post), version, state);
template <class Out>
Reply<Out> with_etag(Out value, std::int64_t version, std::string_view state) {
    return Reply<Out>(std::move(value), {}, Headers{{"ETag", etag(version, state)}});
}

// Whether an If-None-Match header names this tag (weak comparison, lists, "*").
bool none_match_names(std::string_view if_none_match, std::string_view tag);

// The version that If-Match names: "5", or the tag as it was read, W/"5.draft". Errors: version_required when
// the header is absent, validation_failed (header:If-Match) for anything else.
Result<std::int64_t> read_if_match(std::optional<std::string_view> header);

}  // namespace mypost::http
