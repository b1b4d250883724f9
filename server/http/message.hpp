// HTTP requests and responses as the rest of the server sees them; no Beast here.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace mypost::http {

namespace asio = boost::asio;

enum class Method { get, head, post, put, patch, delete_, options, other };
std::string_view to_string(Method method);  // "GET", "DELETE", …; "OTHER" for anything unknown

// Header fields in their order; names compare without regard to case.
class Headers {
  public:
    Headers() = default;
    Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

    // The first field of that name, or nothing.
    std::optional<std::string_view> get(std::string_view name) const;
    bool has(std::string_view name) const { return get(name).has_value(); }
    void set(std::string_view name, std::string value);  // replaces all of that name
    void add(std::string_view name, std::string value);  // beside others of that name (Set-Cookie)
    void remove(std::string_view name);
    std::vector<std::pair<std::string, std::string>> const& all() const { return fields_; }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

// Set by the listener, never by clients: the part of the browser's path that was taken off before routing
// ("/mypost").
inline constexpr char mount_header[] = "X-Mypost-Mount";

// A request body that is read piece by piece (uploads). Yields an empty string at the end.
// Errors: payload_too_large past the route's limit, malformed_request when the client breaks off.
class BodyStream {
  public:
    virtual ~BodyStream() = default;
    virtual asio::awaitable<Result<std::string>> read() = 0;
};

struct Request {
    Method method = Method::get;
    std::string target;  // as sent: path and query
    std::string path;    // before '?', still percent-encoded
    std::string query;   // after '?', still percent-encoded, may be empty
    Headers headers;
    std::string body;                    // read whole, unless the handler's route asked for a stream
    std::shared_ptr<BodyStream> stream;  // set only for streaming routes
    bool body_too_large = false;  // past the BodyPolicy's limit and not kept (only with deliver_oversized)
    std::string remote_address;   // the peer, or the client that a trusted proxy names
    std::string host;             // Host (or the trusted proxy's X-Forwarded-Host), with port as sent
    bool secure = false;          // arrived over TLS (told by a trusted proxy)
    std::string request_id;

    // Decoded query parameter of that name (the first), or nothing.
    std::optional<std::string> query_value(std::string_view name) const;
    // All decoded query parameters in order. Undecodable ones come as sent.
    std::vector<std::pair<std::string, std::string>> query_pairs() const;
    // Value of a cookie, or nothing.
    std::optional<std::string> cookie(std::string_view name) const;
};

// application/x-www-form-urlencoded text → pairs in order.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view text);

// A range of a file, sent without loading it.
struct FileBody {
    std::string path;
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
};

// Pieces produced while sending; an empty piece ends the body. Sent chunked unless Content-Length is set.
using StreamBody = std::function<asio::awaitable<std::string>()>;

struct Response {
    int status = 200;
    Headers headers;
    std::variant<std::string, std::shared_ptr<std::string const>, FileBody, StreamBody> body;
    // Close the connection without answering (the sandbox's lost answers).
    bool drop_connection = false;
};

Response json_response(int status, std::string body);          // application/json
Response text_response(int status, std::string body);          // text/plain; charset=utf-8
Response html_response(int status, std::string body);          // text/html; charset=utf-8
Response redirect_response(int status, std::string location);  // 302, 303, 307…

using Handler = std::function<asio::awaitable<Response>(Request)>;

}  // namespace mypost::http
