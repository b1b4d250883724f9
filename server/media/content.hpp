// Serving stored files: ranges (RFC 9110, section 14), validators, caching.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "http/message.hpp"
#include "media/media.hpp"

namespace mypost::media {

struct ByteRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;  // included
};
enum class RangeKind { whole, part, unsatisfiable };
struct RangeChoice {
    RangeKind kind = RangeKind::whole;
    ByteRange range;  // of a part
};

// What a Range header asks of a file of that size. Several ranges, other units and nonsense ask for the whole
// file.
RangeChoice choose_range(std::string_view header, std::uint64_t size);

// 200, 206 or 416. `max_age_seconds`: how long a browser may keep it.
asio::awaitable<Result<http::Response>> file_response(storage::Storage& storage, StoredFile file,
                                                      http::Headers const& request,
                                                      std::int64_t max_age_seconds);

}  // namespace mypost::media
