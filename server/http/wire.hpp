// Requests and responses as bytes: what can be decided without a socket.
#pragma once

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/ip_range.hpp"
#include "http/message.hpp"

namespace mypost::http {

using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

// A parser set up for one request: the head alone, at most `max_header_bytes` of it, a body of any length.
void prepare(Parser& parser, std::size_t max_header_bytes);

// Why a parsed head must be refused although Beast took it: more than one Host or none under HTTP/1.1,
// framing that two servers could read differently (both lengths, codings other than one "chunked", chunked
// under HTTP/1.0), control characters or spaces in the target. Nothing when it is fine.
std::optional<std::string> framing_error(Parser const& parser);

// Head → Request. X-Forwarded-*, X-Request-Id and X-Workspace-ID are believed when `peer` is in `trusted`,
// and removed otherwise. The request id is the proxy's, if it is sane, or a new one.
Request to_request(Parser const& parser, IpAddress const& peer, std::vector<IpRange> const& trusted);

struct Framing {
    bool http_1_0 = false;  // what the client speaks
    bool head = false;      // HEAD: the body is announced but not sent
    bool close = false;     // the connection ends after this response
};

enum class BodyKind { none, sized, chunked, until_close };

struct ResponseHead {
    std::string text;  // status line, fields, empty line
    BodyKind body = BodyKind::none;
    std::uint64_t length = 0;  // for BodyKind::sized
    bool close = false;
};

// Content-Length, Transfer-Encoding, Connection and Date are set here whatever the handler said; fields that
// would break the framing (CR, LF, NUL) are left out and logged.
ResponseHead response_head(Response const& response, Framing framing, std::string_view date);

// "Sun, 22 Nov 2026 09:00:00 GMT"
std::string http_date(std::int64_t unix_seconds);

}  // namespace mypost::http
