// A route with its handler, its types erased: what the router and the OpenAPI document work with.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include "http/route.hpp"
#include "json/encode.hpp"
#include "json/params.hpp"
#include "json/schema.hpp"

namespace mypost::http {

// Runs the handler on what was decoded.
using Invocation =
    std::function<asio::awaitable<Result<Response>>(access::Caller const&, RequestInfo const&)>;

// What arrived, before it is decoded.
struct Arrived {
    json::TextPairs path;   // decoded parameters of the template
    json::TextPairs query;  // decoded
    std::optional<boost::json::value> body;
    std::shared_ptr<Request> request;  // raw routes
};

// The types' side of an operation, for OpenAPI.
struct OperationTypes {
    boost::json::object path;   // object schema
    boost::json::object query;  // object schema
    std::optional<boost::json::object> body;
    bool body_required = false;
    std::optional<boost::json::object> answer;
};

struct Endpoint {
    Method method;
    std::string path;
    std::string operation_id;
    std::string summary;
    Access access;
    Options options;
    bool raw = false;
    RawContent content = {};
    bool takes_body = false;  // JSON
    std::vector<std::string> path_members = {};
    std::vector<std::string> path_names = {};  // in the order of the path; set by the router

    // Errors: not_found for a malformed path, else validation_failed or malformed_request (no body where one
    // is due).
    std::function<Result<Invocation>(Arrived)> decode = {};
    std::function<OperationTypes(json::Components&)> types = {};

    bool idempotent() const { return options.idempotent.value_or(method == Method::post); }
    int ok_status() const;
    bool answers_nothing = false;
};

namespace detail {

template <class T>
struct is_reply : std::false_type {};
template <class T>
struct is_reply<Reply<T>> : std::true_type {};

template <class T>
auto unless_none(T value) {
    if constexpr (std::is_same_v<T, None>) {
        return std::tuple<>();
    } else {
        return std::tuple<T>(std::move(value));
    }
}

// Calls a handler (who, [info], parts…), where parts that are None may be left out of its parameters.
template <class Handler, class... Part>
auto call(Handler const& handler, access::Caller const& who, RequestInfo const& info, Part... parts) {
    if constexpr (std::is_invocable_v<Handler const&, access::Caller const&, RequestInfo const&, Part...>) {
        return handler(who, info, std::move(parts)...);
    } else if constexpr (std::is_invocable_v<Handler const&, access::Caller const&, Part...>) {
        return handler(who, std::move(parts)...);
    } else {
        auto apply = [&]<class... Kept>(Kept... kept) {
            if constexpr (std::is_invocable_v<Handler const&, access::Caller const&, RequestInfo const&,
                                              Kept...>) {
                return handler(who, info, std::move(kept)...);
            } else {
                static_assert(
                    std::is_invocable_v<Handler const&, access::Caller const&, Kept...>,
                    "the handler takes (access::Caller const&, [http::RequestInfo const&], Path, Query, "
                    "Body), without those that the route declares as None");
                return handler(who, std::move(kept)...);
            }
        };
        return std::apply(apply, std::tuple_cat(unless_none(std::move(parts))...));
    }
}

template <class Out>
Response to_response(Out const& value, int ok) {
    if constexpr (std::is_same_v<Out, None> || std::is_same_v<Out, Done>) {
        Response response;
        response.status = ok;
        return response;
    } else {
        return json_response(ok, json::serialize(value));
    }
}

// A handler's result, whichever of the allowed forms it has.
template <class Out, class T>
Result<Response> to_response(Result<T> result, int ok) {
    if (!result) return std::move(result).error();
    if constexpr (std::is_void_v<T>) {
        static_assert(std::is_same_v<Out, None>,
                      "the route declares an answer that the handler does not give");
        return to_response(None(), ok);
    } else if constexpr (is_reply<T>::value) {
        static_assert(std::is_same_v<T, Reply<Out>>, "the handler's answer is not the route's");
        Response response = to_response(result->value, result->status.value_or(ok));
        for (auto& [name, value] : result->headers.all()) response.headers.add(name, value);
        return response;
    } else {
        static_assert(std::is_same_v<T, Out> || (std::is_same_v<T, Done> && std::is_same_v<Out, None>),
                      "the handler's answer is not the route's");
        return to_response(*result, ok);
    }
}

// Query and body errors together, so that a client sees all of them at once.
Error both(Error first, Error second);

template <class Body>
Result<Body> decode_body(std::optional<boost::json::value> const& body) {
    if constexpr (json::Optional<Body>) {
        return json::decode<Body>(body ? *body : boost::json::value());
    } else {
        if (body) return json::decode<Body>(*body);
        auto empty = json::decode<Body>(boost::json::object());
        if (empty) return empty;
        return Error(ErrorCode::malformed_request, "The request has no body; this route takes JSON.");
    }
}

template <class T>
std::vector<std::string> member_names() {
    std::vector<std::string> names;
    json::for_each_member<T>([&names](auto d) { names.emplace_back(d.name); });
    return names;
}

template <class Path, class Query>
struct Parameters {
    Path path;
    Query query;
};

template <class Path>
Result<Path> decode_path(json::TextPairs const& pairs) {
    auto path = json::decode_params<Path>(pairs, "path:");
    if (!path) return not_found("This address");  // a malformed id names nothing
    return path;
}

template <class Path, class Query, class Body, class Out>
OperationTypes describe_types(json::Components& components) {
    OperationTypes types;
    types.path = json::struct_schema<Path>(components, json::Direction::input);
    types.query = json::struct_schema<Query>(components, json::Direction::input);
    if constexpr (!std::is_same_v<Body, None>) {
        if constexpr (json::Optional<Body>) {
            types.body = json::schema<typename Body::value_type>(components, json::Direction::input);
        } else {
            types.body = json::schema<Body>(components, json::Direction::input);
            types.body_required = !decode_body<Body>(std::nullopt).has_value();
        }
    }
    if constexpr (!std::is_same_v<Out, None>)
        types.answer = json::schema<Out>(components, json::Direction::output);
    return types;
}

template <class AnyRoute>
Endpoint endpoint_of(AnyRoute route) {
    return Endpoint{.method = route.method,
                    .path = std::move(route.path),
                    .operation_id = std::move(route.operation_id),
                    .summary = std::move(route.summary),
                    .access = route.access,
                    .options = std::move(route.options)};
}

}  // namespace detail

template <class Path, class Query, class Body, class Out, class Handler>
Endpoint make_endpoint(Route<Path, Query, Body, Out> route, Handler handler) {
    Endpoint endpoint = detail::endpoint_of(std::move(route));
    endpoint.takes_body = !std::is_same_v<Body, None>;
    endpoint.answers_nothing = std::is_same_v<Out, None>;
    endpoint.path_members = detail::member_names<Path>();
    endpoint.types = detail::describe_types<Path, Query, Body, Out>;
    int const ok = endpoint.ok_status();
    auto shared = std::make_shared<Handler const>(std::move(handler));
    endpoint.decode = [shared, ok](Arrived arrived) -> Result<Invocation> {
        MP_TRY_RETURN(path, detail::decode_path<Path>(arrived.path));
        auto query = json::decode_params<Query>(arrived.query, "query:");
        auto body = detail::decode_body<Body>(arrived.body);
        if (!query && !body) return detail::both(query.error(), body.error());
        if (!query) return query.error();
        if (!body) return body.error();
        auto parts = std::make_shared<std::tuple<Path, Query, Body>>(std::move(path), std::move(*query),
                                                                     std::move(*body));
        return Invocation([shared, ok, parts](access::Caller const& who,
                                              RequestInfo const& info) -> asio::awaitable<Result<Response>> {
            auto& [p, q, b] = *parts;
            auto work = detail::call(*shared, who, info, std::move(p), std::move(q), std::move(b));
            auto result = co_await std::move(work);
            co_return detail::to_response<Out>(std::move(result), ok);
        });
    };
    return endpoint;
}

template <class Path, class Query, class Out, class Handler>
Endpoint make_endpoint(RawRoute<Path, Query, Out> route, Handler handler) {
    RawContent content = std::move(route.content);
    Endpoint endpoint = detail::endpoint_of(std::move(route));
    endpoint.raw = true;
    endpoint.content = std::move(content);
    endpoint.answers_nothing = std::is_same_v<Out, None> && endpoint.content.response_types.empty();
    endpoint.path_members = detail::member_names<Path>();
    endpoint.types = detail::describe_types<Path, Query, None, Out>;
    auto shared = std::make_shared<Handler const>(std::move(handler));
    endpoint.decode = [shared](Arrived arrived) -> Result<Invocation> {
        MP_TRY_RETURN(path, detail::decode_path<Path>(arrived.path));
        MP_TRY_RETURN(query, json::decode_params<Query>(arrived.query, "query:"));
        auto parts = std::make_shared<std::tuple<Path, Query>>(std::move(path), std::move(query));
        auto request = arrived.request;
        return Invocation(
            [shared, parts, request](access::Caller const& who,
                                     RequestInfo const& info) -> asio::awaitable<Result<Response>> {
                auto& [p, q] = *parts;
                auto work = detail::call(*shared, who, info, std::move(*request), std::move(p), std::move(q));
                Result<Response> result = co_await std::move(work);
                co_return result;
            });
    };
    return endpoint;
}

}  // namespace mypost::http
