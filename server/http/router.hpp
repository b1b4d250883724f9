// Requests → endpoints: routing, authentication, permission, limits, decoding, If-Match, idempotency, errors.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "http/endpoint.hpp"
#include "http/path_tree.hpp"
#include "http/server.hpp"
#include "http/services.hpp"

namespace mypost::http {

// Services that outlive the router. Only the authenticator is required.
struct RouterServices {
    Authenticator* authenticator = nullptr;
    IdempotencyStore* idempotency = nullptr;
    RateLimiter* rate_limiter = nullptr;
    RequestObserver* observer = nullptr;
    ExceptionTranslator translate = {};
};

class Router {
  public:
    Router(std::string base_path, RouterServices services);  // e.g. "/api/v1"
    ~Router();

    // Throws std::logic_error, at start, for a route that contradicts itself: two routes of one method and
    // path, one operation id twice, braces that are no members of Path, {workspace} missing where a
    // permission is asked.
    template <class Path, class Query, class Body, class Out, class Handler>
    void add(Route<Path, Query, Body, Out> route, Handler handler) {
        add(make_endpoint(std::move(route), std::move(handler)));
    }
    template <class Path, class Query, class Out, class Handler>
    void add_raw(RawRoute<Path, Query, Out> route, Handler handler) {
        add(make_endpoint(std::move(route), std::move(handler)));
    }
    void add(Endpoint endpoint);

    // Answers any request; never throws. `request` is as the server gives it.
    asio::awaitable<Response> handle(Request request);

    // For Server::Callbacks.
    BodyPolicy body_policy(Request const& head) const;

    std::string const& base_path() const { return base_path_; }
    std::vector<Endpoint const*> endpoints() const;  // in the order of addition

  private:
    struct Progress;  // one request on its way
    PathTree::Match find(Request const& request) const;
    asio::awaitable<Response> answer(Request& request, Progress& progress);
    asio::awaitable<Result<Response>> run(Request& request, Progress& progress);
    asio::awaitable<Result<access::Caller>> identify(Request const& request, Progress const& progress);
    asio::awaitable<Result<void>> limit(RateLimit::Key key, std::string subject, Progress& progress);
    asio::awaitable<Result<Response>> invoke(Request const& request, Invocation const& invocation,
                                             access::Caller const& caller, RequestInfo const& info,
                                             Progress const& progress);
    asio::awaitable<Result<Response>> once(IdempotencyStore::Key key, std::string request_hash,
                                           Invocation const& invocation, access::Caller const& caller,
                                           RequestInfo const& info, Progress const& progress);
    Response failed(std::exception_ptr failure, Request const& request, Progress const& progress) const;

    std::string base_path_;
    RouterServices services_;
    std::vector<std::unique_ptr<Endpoint>> endpoints_;
    std::set<std::string> operation_ids_;
    PathTree tree_;
};

}  // namespace mypost::http
