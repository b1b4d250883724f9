#include "app/front.hpp"

#include <boost/json.hpp>

#include "http/security_headers.hpp"

namespace mypost::app {

namespace {

bool begins_with_segment(std::string const& path, std::string const& segment) {
    return path.starts_with(segment) && (path.size() == segment.size() || path[segment.size()] == '/');
}

http::Response status_response(int status, boost::json::object body) {
    http::Response response = http::json_response(status, boost::json::serialize(body));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

}  // namespace

http::Request Front::stripped(http::Request request) const {
    request.headers.remove(http::mount_header);
    if (parts_.sub_path.empty() || !begins_with_segment(request.path, parts_.sub_path)) return request;
    request.path.erase(0, parts_.sub_path.size());
    request.headers.set(http::mount_header, parts_.sub_path);
    if (request.path.empty()) request.path = "/";
    request.target = request.query.empty() ? request.path : request.path + "?" + request.query;
    return request;
}

asio::awaitable<http::Response> Front::ready() {
    bool reachable = false;
    bool current = false;
    try {
        co_await parts_.database.ping();
        reachable = true;
        current = co_await parts_.database.schema_is_current();
    } catch (std::exception const&) {
        // Told below; the driver has logged why.
    }
    boost::json::object body;
    body["database"] = reachable ? "ok" : "unreachable";
    body["migrations"] = current ? "ok" : "missing";
    boost::json::array degraded;
    if (reachable && current && parts_.degraded) {
        auto const names = co_await parts_.degraded();
        for (auto const& name : names) degraded.emplace_back(name);
    }
    body["status"] = !reachable || !current ? "unavailable" : degraded.empty() ? "ok" : "degraded";
    body["degraded"] = std::move(degraded);
    http::Response response = status_response(reachable && current ? 200 : 503, std::move(body));
    if (!reachable || !current) response.headers.set("Retry-After", "5");
    co_return response;
}

asio::awaitable<http::Response> Front::handle(http::Request original) {
    bool const secure = original.secure;
    bool const reading = original.method == http::Method::get || original.method == http::Method::head;
    http::Request request = stripped(std::move(original));
    http::Response response;
    if (begins_with_segment(request.path, "/api") || !parts_.files) {
        bool const health = reading && request.path == "/health";
        bool const readiness = reading && request.path == "/ready";
        if (!health && !readiness) co_return co_await parts_.router.handle(std::move(request));
    }
    if (reading && request.path == "/health") {
        response = status_response(200, {{"status", "ok"}});
    } else if (reading && request.path == "/ready") {
        response = co_await ready();
    } else {
        response = co_await parts_.files(std::move(request));
    }
    http::set_security_headers(response, secure);
    co_return response;
}

http::BodyPolicy Front::body_policy(http::Request const& head) const {
    return parts_.router.body_policy(stripped(head));
}

bool Front::is_websocket(http::Request const& head) const {
    return stripped(head).path == parts_.router.base_path() + "/ws";
}

}  // namespace mypost::app
