#include "http/router.hpp"

#include <fmt/format.h>

#include <boost/system/system_error.hpp>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "core/log.hpp"
#include "http/body.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/rate_limit.hpp"
#include "http/security_headers.hpp"

namespace mypost::http {

struct Router::Progress {
    Endpoint const* endpoint = nullptr;
    json::TextPairs path;                        // decoded parameters by name
    std::optional<RateLimiter::Decision> limit;  // the tightest so far
};

namespace {

constexpr std::size_t longest_idempotency_key = 255;

std::string allowed(std::map<Method, Endpoint const*> const& methods) {
    std::string list;
    for (auto const& [method, endpoint] : methods) {
        list += fmt::format("{}{}", list.empty() ? "" : ", ", to_string(method));
        if (method == Method::get) list += ", HEAD";
    }
    return list + ", OPTIONS";
}

Response other_method(Request const& request, std::map<Method, Endpoint const*> const& methods) {
    std::string const allow = allowed(methods);
    Response response;
    if (request.method == Method::options) {
        response.status = 204;
    } else {
        Error const error(ErrorCode::method_not_allowed, fmt::format("This address takes {}.", allow));
        response = problem_response(error, request.request_id);
    }
    response.headers.set("Allow", allow);
    return response;
}

Error no_such_address() {
    return Error(ErrorCode::not_found, "There is nothing at this address.");
}

RequestInfo info_of(Request const& request) {
    auto header = [&](std::string_view name) { return std::string(request.headers.get(name).value_or("")); };
    RequestInfo info;
    info.request_id = request.request_id;
    info.address = request.remote_address;
    info.user_agent = header("User-Agent");
    info.host = request.host;
    info.secure = request.secure;
    info.origin = header("Origin");
    info.language = header("Accept-Language");
    info.headers = request.headers;
    return info;
}

std::optional<std::string> account_text(boost::json::value const& body, std::string const& member) {
    auto const* object = body.if_object();
    auto const* value = object ? object->if_contains(member) : nullptr;
    if (!value || !value->is_string()) return std::nullopt;
    std::string text(value->get_string().data(), value->get_string().size());
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return text;
}

std::string request_hash(Request const& request) {
    std::string const text =
        fmt::format("{} {}?{}\n{}", to_string(request.method), request.path, request.query,
                    request.stream ? std::string_view() : std::string_view(request.body));
    return hex_encode(crypto::sha256(text));
}

std::string describe(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (std::exception const& e) {
        return e.what();
    } catch (...) {
        return "unknown exception";
    }
}

bool is_cancellation(std::exception_ptr failure) {
    try {
        std::rethrow_exception(failure);
    } catch (boost::system::system_error const& e) {
        return e.code() == boost::asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

bool worth_keeping(int status) {
    return status < 500 && status != 401 && status != 429;
}

}  // namespace

Router::Router(std::string base_path, RouterServices services)
    : base_path_(std::move(base_path)), services_(std::move(services)) {}
Router::~Router() = default;

void Router::add(Endpoint endpoint) {
    auto fail = [&](std::string_view why) {
        throw std::logic_error(fmt::format("route {} ({}): {}", endpoint.operation_id, endpoint.path, why));
    };
    auto names = template_names(endpoint.path);
    auto members = endpoint.path_members;
    std::sort(names.begin(), names.end());
    std::sort(members.begin(), members.end());
    if (names != members) fail("the names in braces are not the members of Path");
    bool const in_workspace = std::find(names.begin(), names.end(), "workspace") != names.end();
    if (endpoint.access.kind() == Access::Kind::permission && !in_workspace) {
        fail("a permission needs {workspace} in the path");
    }
    if (endpoint.options.if_match && endpoint.access.is_public()) fail("If-Match on a public route");
    if (!operation_ids_.insert(endpoint.operation_id).second) fail("the operation id is taken");
    auto owned = std::make_unique<Endpoint>(std::move(endpoint));
    owned->path_names = template_names(owned->path);
    tree_.insert(*owned);
    endpoints_.push_back(std::move(owned));
}

std::vector<Endpoint const*> Router::endpoints() const {
    std::vector<Endpoint const*> list;
    for (auto const& endpoint : endpoints_) list.push_back(endpoint.get());
    return list;
}

PathTree::Match Router::find(Request const& request) const {
    std::string_view path = request.path;
    bool const ours = path.starts_with(base_path_) && path.substr(base_path_.size()).starts_with('/');
    if (!ours) return {};
    return tree_.find(path.substr(base_path_.size()));
}

BodyPolicy Router::body_policy(Request const& head) const {
    BodyPolicy policy{.max_bytes = Options().body_limit, .streamed = false, .deliver_oversized = true};
    auto const match = find(head);
    if (!match.methods) return policy;
    auto const found = match.methods->find(head.method);
    if (found == match.methods->end()) return policy;
    policy.max_bytes = found->second->options.body_limit;
    policy.streamed = found->second->options.streamed;
    return policy;
}

asio::awaitable<Response> Router::handle(Request request) {
    auto const start = std::chrono::steady_clock::now();
    if (request.request_id.empty()) request.request_id = Uuid::make().to_string();
    std::string const request_id = request.request_id;
    bool const secure = request.secure;
    auto const method = to_string(request.method);
    Progress progress;
    Response response;
    std::exception_ptr failure;
    try {
        response = co_await answer(request, progress);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) response = failed(failure, request, progress);
    response.headers.set("X-Request-Id", request_id);
    if (progress.limit) set_limit_headers(response, *progress.limit);
    set_security_headers(response, secure);
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "no-store");

    auto const took =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start);
    std::string_view const route =
        progress.endpoint ? std::string_view(progress.endpoint->path) : std::string_view();
    if (services_.observer) services_.observer->answered(method, route, response.status, took);
    log::debug("request answered", {{"method", method},
                                    {"route", route},
                                    {"status", response.status},
                                    {"took_us", took.count()},
                                    {"request_id", request_id}});
    co_return response;
}

Response Router::failed(std::exception_ptr failure, Request const& request, Progress const& progress) const {
    std::optional<Error> error;
    if (services_.translate) error = services_.translate(failure);
    if (!error && is_cancellation(failure))
        error = unavailable("The server is stopping.", std::chrono::seconds(1));
    if (!error)
        error = Error(ErrorCode::internal, "Something went wrong on the server; the request id names it.");
    log::error("request failed",
               {{"request_id", request.request_id},
                {"route", progress.endpoint ? progress.endpoint->operation_id : std::string()},
                {"code", to_string(error->code)},
                {"error", describe(failure)}});
    return problem_response(*error, request.request_id);
}

asio::awaitable<Response> Router::answer(Request& request, Progress& progress) {
    auto match = find(request);
    if (!match.methods) co_return problem_response(no_such_address(), request.request_id);
    Method const method = request.method == Method::head ? Method::get : request.method;
    auto const found = match.methods->find(method);
    if (found == match.methods->end()) co_return other_method(request, *match.methods);
    progress.endpoint = found->second;
    auto const& names = progress.endpoint->path_names;
    for (std::size_t i = 0; i < names.size(); ++i)
        progress.path.emplace_back(names[i], std::move(match.values[i]));

    std::string const request_id = request.request_id;
    std::string const if_none_match(request.headers.get("If-None-Match").value_or(""));
    auto result = co_await run(request, progress);
    if (!result) {
        auto const& error = result.error();
        if (!error.internal.empty() || status_of(error.code) >= 500) {
            log::warning("request refused",
                         {{"request_id", request_id},
                          {"route", progress.endpoint->operation_id},
                          {"code", to_string(error.code)},
                          {"error", error.internal.empty() ? error.message : error.internal}});
        }
        co_return problem_response(error, request_id);
    }
    auto const tag = result->headers.get("ETag");
    if (method == Method::get && result->status == 200 && tag && none_match_names(if_none_match, *tag)) {
        result->status = 304;
        result->headers.remove("Content-Type");
        result->body = std::string();
    }
    if (tag && !result->headers.has("Cache-Control"))
        result->headers.set("Cache-Control", "private, no-cache");
    co_return std::move(*result);
}

asio::awaitable<Result<Response>> Router::run(Request& request, Progress& progress) {
    Endpoint const& endpoint = *progress.endpoint;
    RequestInfo info = info_of(request);
    std::string const address = limit_subject(request.remote_address);
    MP_CHECK(by_address, co_await limit(RateLimit::Key::address, address, progress));
    MP_TRY(caller, co_await identify(request, progress));
    MP_CHECK(access, endpoint.access.check(caller));
    std::string const user = caller.user.is_nil() ? address : caller.user.to_string();
    MP_CHECK(by_user, co_await limit(RateLimit::Key::user, user, progress));

    Arrived arrived;
    bool const reads_json = !endpoint.raw && request.method != Method::get && request.method != Method::head;
    if (reads_json) {
        MP_TRY(body, read_json_body(request, endpoint));
        arrived.body = std::move(body);
    } else if (request.body_too_large) {
        co_return body_too_large(endpoint.options.body_limit);
    }
    for (auto const& rule : endpoint.options.rate_limits) {
        if (rule.key != RateLimit::Key::account || !arrived.body) continue;
        if (auto account = account_text(*arrived.body, rule.member)) {
            MP_CHECK(by_account, co_await limit(RateLimit::Key::account, std::move(*account), progress));
        }
        break;  // limit() counts every rule of that kind
    }
    arrived.path = progress.path;
    arrived.query = request.query_pairs();
    for (auto const& [name, value] : arrived.query) {
        if (!is_valid_utf8(name) || !is_valid_utf8(value)) {
            co_return Error(ErrorCode::malformed_request, "The query is not valid UTF-8.");
        }
    }
    if (endpoint.raw) arrived.request = std::make_shared<Request>(request);
    MP_TRY(invocation, endpoint.decode(std::move(arrived)));
    if (endpoint.options.if_match) {
        MP_TRY(version, read_if_match(request.headers.get("If-Match")));
        info.if_match = version;
    }
    auto work = invoke(request, invocation, caller, info, progress);
    auto result = co_await std::move(work);
    co_return result;
}

asio::awaitable<Result<access::Caller>> Router::identify(Request const& request, Progress const& progress) {
    access::Caller caller;
    if (!progress.endpoint->access.is_public()) {
        auto const named = std::find_if(progress.path.begin(), progress.path.end(),
                                        [](auto const& pair) { return pair.first == "workspace"; });
        std::optional<WorkspaceId> workspace;
        if (named != progress.path.end()) workspace = WorkspaceId::parse(named->second);
        MP_TRY(known, co_await services_.authenticator->authenticate(request, workspace));
        if (named != progress.path.end() && !workspace) co_return not_found("Workspace");
        caller = std::move(known);
    }
    caller.request_id = request.request_id;
    caller.address = request.remote_address;
    caller.user_agent = std::string(request.headers.get("User-Agent").value_or(""));
    co_return caller;
}

asio::awaitable<Result<void>> Router::limit(RateLimit::Key key, std::string subject, Progress& progress) {
    if (!services_.rate_limiter) co_return Result<void>();
    for (auto const& rule : progress.endpoint->options.rate_limits) {
        if (rule.key != key) continue;
        std::string name = limit_name(*progress.endpoint, rule, subject);
        auto const decision = co_await services_.rate_limiter->take(std::move(name), rule.count, rule.per);
        if (!progress.limit || !decision.allowed || decision.remaining < progress.limit->remaining) {
            progress.limit = decision;
        }
        if (!decision.allowed) co_return too_many(decision);
    }
    co_return Result<void>();
}

asio::awaitable<Result<Response>> Router::invoke(Request const& request, Invocation const& invocation,
                                                 access::Caller const& caller, RequestInfo const& info,
                                                 Progress const& progress) {
    auto const key = request.headers.get("Idempotency-Key");
    if (!key || !services_.idempotency || !progress.endpoint->idempotent()) {
        auto plain = co_await invocation(caller, info);
        co_return plain;
    }
    bool const readable = std::all_of(key->begin(), key->end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (key->empty() || key->size() > longest_idempotency_key || !readable) {
        co_return invalid("header:Idempotency-Key", "invalid_format",
                          "Must be 1 to 255 visible ASCII characters.");
    }
    IdempotencyStore::Key full;
    full.caller =
        caller.user.is_nil() ? "address:" + limit_subject(caller.address) : "user:" + caller.user.to_string();
    full.route = progress.endpoint->operation_id;
    if (!caller.workspace.is_nil()) full.workspace = caller.workspace;
    full.key_hash = hex_encode(crypto::sha256(*key));
    auto result = co_await once(std::move(full), request_hash(request), invocation, caller, info, progress);
    co_return result;
}

asio::awaitable<Result<Response>> Router::once(IdempotencyStore::Key key, std::string hash,
                                               Invocation const& invocation, access::Caller const& caller,
                                               RequestInfo const& info, Progress const& progress) {
    auto claim = co_await services_.idempotency->claim(key, std::move(hash));
    switch (claim.state) {
        case IdempotencyStore::State::claimed:
            break;
        case IdempotencyStore::State::in_flight:
            co_return Error(ErrorCode::idempotency_conflict,
                            "A request with this Idempotency-Key is still at work.");
        case IdempotencyStore::State::other_request:
            co_return Error(ErrorCode::idempotency_conflict,
                            "This Idempotency-Key was used for another request in the last 24 hours.");
        case IdempotencyStore::State::answered: {
            Response response = json_response(claim.answer.status, std::move(claim.answer.body));
            response.headers = Headers();
            for (auto& [name, value] : claim.answer.headers) response.headers.add(name, std::move(value));
            response.headers.set("Idempotency-Replayed", "true");
            co_return response;
        }
    }
    std::optional<Response> response;
    std::exception_ptr failure;
    try {
        auto result = co_await invocation(caller, info);
        response = result ? std::move(*result) : problem_response(result.error(), caller.request_id);
    } catch (...) {
        failure = std::current_exception();
    }
    // What fails here has been done or refused all the same: the claim then simply runs out.
    try {
        auto const* body = response ? std::get_if<std::string>(&response->body) : nullptr;
        if (body && worth_keeping(response->status)) {
            IdempotencyStore::Answer answer{response->status, response->headers.all(), *body};
            co_await services_.idempotency->finish(key, std::move(answer),
                                                   progress.endpoint->options.secret_answer);
        } else {
            co_await services_.idempotency->abandon(key);
        }
    } catch (std::exception const& e) {
        log::error("idempotency key not settled", {{"request_id", caller.request_id}, {"error", e.what()}});
    }
    if (failure) std::rethrow_exception(failure);
    co_return std::move(*response);
}

}  // namespace mypost::http
