// Outgoing HTTP as the features and adapters see it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace mypost::net {

// Bytes read piece by piece while sending, so that a large file is never held in memory.
class ByteSource {
  public:
    virtual ~ByteSource() = default;
    virtual std::uint64_t size() const = 0;
    // Up to `max` bytes from the current position; empty at the end. Called on the event loop; must not block
    // for long.
    virtual std::string read(std::size_t max) = 0;
    virtual void rewind() = 0;
};

struct MultipartField {
    std::string name;
    std::string filename;      // empty: a plain field
    std::string content_type;  // empty: none sent
    std::variant<std::string, std::shared_ptr<ByteSource>> content;
};
using Multipart = std::vector<MultipartField>;

struct Request {
    std::string method = "GET";
    std::string url;  // http or https
    std::vector<std::pair<std::string, std::string>> headers;
    std::variant<std::monostate, std::string, Multipart, std::shared_ptr<ByteSource>> body;
    std::chrono::milliseconds connect_timeout{10'000};
    std::chrono::milliseconds timeout{30'000};        // the whole exchange
    std::chrono::milliseconds stall_timeout{30'000};  // without any progress
    std::size_t max_response_bytes = std::size_t{4} * 1024 * 1024;
    int max_redirects = 0;  // followed only for GET and HEAD, each hop checked again
    // The host comes from a user or a remote answer: private and loopback addresses are refused after
    // resolution and the connection is pinned to the checked address. False only for hosts that the
    // operator's settings name.
    bool guarded = true;
    std::function<void()>
        on_progress;  // called while bytes flow, at most once a second (leases are renewed by it)
};

struct Response {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string url;  // after redirects

    // First header of that name without regard to case; empty when there is none.
    std::string_view header(std::string_view name) const;
};

struct Failure {
    enum class Kind {
        refused_by_guard,  // a private address, a forbidden scheme or port
        not_sent,  // provably never left whole: no connection, TLS failed, request body not fully written
        unknown_outcome,  // sent whole, or perhaps; no answer (time-out, connection lost)
        too_large,        // the answer passed max_response_bytes: it did arrive
    };
    Kind kind;
    std::string reason;  // for people, without secrets
};

class HttpClient {
  public:
    virtual ~HttpClient() = default;
    // Never throws for what the network does; cancellation throws operation_aborted after the transfer was
    // stopped.
    virtual boost::asio::awaitable<tl::expected<Response, Failure>> send(Request request) = 0;
};

}  // namespace mypost::net
