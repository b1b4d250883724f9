// Stand-ins for the services behind the router, and a loop that runs one coroutine to its end.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <stdexcept>

#include "http/router.hpp"
#include "json/parse.hpp"

namespace mypost::http_tests {

namespace asio = boost::asio;

template <class T>
T run(asio::awaitable<T> work) {
    asio::io_context io;
    std::optional<T> value;
    std::exception_ptr failure;
    auto wrapped = [](asio::awaitable<T> inner, std::optional<T>& out) -> asio::awaitable<void> {
        out.emplace(co_await std::move(inner));
    };
    asio::co_spawn(io, wrapped(std::move(work), value), [&failure](std::exception_ptr e) { failure = e; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    if (!value) throw std::logic_error("the coroutine never ended");
    return std::move(*value);
}

inline WorkspaceId const home = *WorkspaceId::parse("01900000-0000-7000-8000-000000000001");
inline UserId const ann = *UserId::parse("01900000-0000-7000-8000-000000000002");

// "Bearer ann" is a member of `home` with `permissions`; "Bearer old" has expired.
class FakeAuthenticator final : public http::Authenticator {
  public:
    access::PermissionSet permissions{access::Permission::posts_view};
    bool system_admin = false;
    bool signed_out = false;

    asio::awaitable<Result<access::Caller>> authenticate(http::Request const& request,
                                                         std::optional<WorkspaceId> workspace) override {
        auto const token = request.headers.get("Authorization");
        if (!token) co_return Error(ErrorCode::unauthenticated, "Sign in.");
        if (*token == "Bearer old") co_return Error(ErrorCode::token_expired, "Refresh.");
        if (*token != "Bearer ann") co_return Error(ErrorCode::unauthenticated, "Sign in.");
        if (workspace && *workspace != home) co_return not_found("Workspace");
        access::Caller caller;
        caller.user = ann;
        caller.system_admin = system_admin;
        if (workspace) {
            caller.workspace = *workspace;
            caller.workspace_permissions = permissions;
        }
        co_return caller;
    }

    asio::awaitable<Result<access::Caller>> recheck(access::Caller caller) override {
        if (signed_out) co_return Error(ErrorCode::unauthenticated, "Signed out.");
        caller.workspace_permissions = permissions;
        co_return caller;
    }
};

class MemoryIdempotency final : public http::IdempotencyStore {
  public:
    struct Entry {
        std::string request_hash;
        std::optional<Answer> answer;
        bool secret = false;
    };
    std::map<std::string, Entry> entries;

    asio::awaitable<Claim> claim(Key key, std::string request_hash) override {
        auto const [found, fresh] = entries.try_emplace(name(key), Entry{request_hash, {}, false});
        if (fresh) co_return Claim{State::claimed};
        if (found->second.request_hash != request_hash) co_return Claim{State::other_request};
        if (!found->second.answer) co_return Claim{State::in_flight};
        co_return Claim{State::answered, *found->second.answer};
    }
    asio::awaitable<void> finish(Key key, Answer answer, bool secret) override {
        entries[name(key)].answer = std::move(answer);
        entries[name(key)].secret = secret;
        co_return;
    }
    asio::awaitable<void> abandon(Key key) override {
        entries.erase(name(key));
        co_return;
    }

  private:
    static std::string name(Key const& key) {
        return key.caller + " " + key.route + " " + (key.workspace ? key.workspace->to_string() : "") + " " +
               key.key_hash;
    }
};

inline std::string body_of(http::Response const& response) {
    if (auto const* text = std::get_if<std::string>(&response.body)) return *text;
    return "(not a string)";
}

inline boost::json::value json_of(http::Response const& response) {
    auto value = json::parse(body_of(response));
    if (!value) throw std::logic_error("not JSON: " + body_of(response));
    return *value;
}

}  // namespace mypost::http_tests
