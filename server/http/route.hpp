// One declaration a route: address, types, access, promises. docs/http.md shows how to use it.
#pragma once

#include <boost/describe/class.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "http/access_rule.hpp"
#include "http/message.hpp"

namespace mypost::http {

// No path parameters, no query, no body, no answer (204).
struct None {};
BOOST_DESCRIBE_STRUCT(None, (), ())

// At most `count` calls in `per`, counted for each …
struct RateLimit {
    enum class Key {
        address,  // client address (IPv6: its /64)
        user,     // signed-in person; on public routes the address
        account,  // text of the body's member `member` (the e-mail at login), without regard to case
    };
    Key key;
    unsigned count;
    std::chrono::seconds per;
    std::string member = {};
};

struct Options {
    int ok = 200;  // status of success; an answer of None gives 204 where this says 200
    std::size_t body_limit = 256 * 1024;  // bytes
    bool streamed = false;                // raw routes only: the handler reads request.stream itself
    bool if_match = false;                // If-Match is required; RequestInfo::if_match holds the version
    std::optional<bool> idempotent = {};  // takes Idempotency-Key; default: every POST
    bool secret_answer = false;           // kept encrypted when it is remembered for an Idempotency-Key
    std::string audit = {};               // action name of the audit event that the service writes
    std::vector<RateLimit> rate_limits = {};
    std::vector<std::string> tags = {};  // default: the path's first literal after {workspace}
    std::string description = {};
    std::vector<ErrorCode> errors = {};  // beyond those that follow from access, body and the rest
};

// What the router knows about a request beside its typed parts.
struct RequestInfo {
    std::string request_id;
    std::string address;  // of the client
    std::string user_agent;
    std::string host;                      // as the browser knows it, with port
    bool secure = false;                   // the client speaks TLS
    std::string origin;                    // Origin header, may be empty
    std::string language;                  // Accept-Language header, may be empty
    std::optional<std::int64_t> if_match;  // always set on routes with Options::if_match
    Headers headers;

    std::optional<std::string> cookie(std::string_view name) const;
};

// What a handler may return instead of a bare Out: another status, and headers (ETag, Set-Cookie, Location).
// A GET whose answer has an ETag that If-None-Match names is answered 304.
template <class Out>
struct Reply {
    Out value;
    std::optional<int> status;
    Headers headers;

    explicit Reply(Out value_, std::optional<int> status_ = {}, Headers headers_ = {})
        : value(std::move(value_)), status(status_), headers(std::move(headers_)) {}
};

// Path, Query and Body are described structs or None; Body may be std::optional<…>: it may then be left out.
// Path's members are the names in braces. A Path member named `workspace` makes the router ask for membership
// there.
template <class Path, class Query, class Body, class Out>
struct Route {
    Method method;
    std::string path;  // below the router's base, e.g. "/workspaces/{workspace}/posts/{post}"
    std::string operation_id;
    std::string summary;
    Access access;
    Options options;

    Route(Method method_, std::string path_, std::string operation_id_, std::string summary_, Access access_,
          Options options_ = {})
        : method(method_),
          path(std::move(path_)),
          operation_id(std::move(operation_id_)),
          summary(std::move(summary_)),
          access(access_),
          options(std::move(options_)) {}
};

// A part of a multipart/form-data request, for the OpenAPI document.
struct FormPart {
    std::string name;
    bool file = false;
    bool required = true;
    std::string doc = {};
};

// What a raw route reads and answers, for the OpenAPI document; its handler does the work itself.
struct RawContent {
    std::string request_type = {};                 // "multipart/form-data"; empty: no body
    std::vector<FormPart> parts = {};              // of multipart/form-data
    std::vector<std::string> response_types = {};  // empty: the JSON of Out, or nothing for None
    std::vector<int> other_statuses = {};          // further answers without a JSON body: 206, 302, 101
};

// Downloads, redirects, uploads: the handler gets the Request and returns a Response; routing, access, rate
// limit, typed Path and Query are the same. Content type and body are the handler's business (the limit is
// not).
template <class Path, class Query = None, class Out = None>
struct RawRoute {
    Method method;
    std::string path;
    std::string operation_id;
    std::string summary;
    Access access;
    RawContent content;
    Options options;

    RawRoute(Method method_, std::string path_, std::string operation_id_, std::string summary_,
             Access access_, RawContent content_ = {}, Options options_ = {})
        : method(method_),
          path(std::move(path_)),
          operation_id(std::move(operation_id_)),
          summary(std::move(summary_)),
          access(access_),
          content(std::move(content_)),
          options(std::move(options_)) {}
};

}  // namespace mypost::http
