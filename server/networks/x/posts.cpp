// After publishing: reading one post back, deleting it.
#include <fmt/format.h>

#include "networks/answer.hpp"
#include "networks/requests.hpp"
#include "networks/x/x.hpp"

namespace mypost::networks::x {

asio::awaitable<Presence> XAdapter::verify(net::HttpClient& http, AccountRef, Tokens tokens,
                                           std::string remote_id) const {
    auto request = get_request(fmt::format("{}/tweets?ids={}", api, remote_id), tokens.access_token);
    auto answered = co_await http.send(std::move(request));
    if (!answered || !answer::is_success(*answered)) co_return Presence::unknown;
    auto const body = answer::object_of(answered->body);
    for (auto const& value : answer::array_at(body, "data")) {
        auto const* post = value.if_object();
        if (post != nullptr && answer::text_at(*post, "id") == remote_id) co_return Presence::live;
    }
    // A post that is gone comes back as an error that names it.
    for (auto const& value : answer::array_at(body, "errors")) {
        auto const* error = value.if_object();
        if (error == nullptr) continue;
        bool const names_it = answer::text_at(*error, "resource_id") == remote_id ||
                              answer::text_at(*error, "value") == remote_id;
        auto const type = answer::text_at(*error, "type");
        if (names_it && type.find("resource-not-found") != std::string::npos) co_return Presence::removed;
    }
    co_return Presence::unknown;
}

asio::awaitable<Result<Done>> XAdapter::delete_post(net::HttpClient& http, AccountRef, Tokens tokens,
                                                    std::string remote_id) const {
    auto request = get_request(fmt::format("{}/tweets/{}", api, remote_id), tokens.access_token);
    request.method = "DELETE";
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable("X", answered.error());
    if (answer::is_success(*answered) || answered->status == 404) co_return Done{};
    auto const body = answer::object_of(answered->body);
    co_return refused("X did not delete the post", *answered, answer::text_at(body, "detail"));
}

}  // namespace mypost::networks::x
