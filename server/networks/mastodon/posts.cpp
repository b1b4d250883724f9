// After publishing: reading one status back, deleting it.
#include <fmt/format.h>

#include "networks/answer.hpp"
#include "networks/instances.hpp"
#include "networks/mastodon/mastodon.hpp"
#include "networks/requests.hpp"

namespace mypost::networks::mastodon {

namespace {

std::string status_url(AccountRef const& account, std::string_view id) {
    return fmt::format("{}/api/v1/statuses/{}", base_url(account.instance), id);
}

}  // namespace

asio::awaitable<Presence> MastodonAdapter::verify(net::HttpClient& http, AccountRef account, Tokens tokens,
                                                  std::string remote_id) const {
    auto request = get_request(status_url(account, remote_id), tokens.access_token);
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return Presence::unknown;
    auto const body = answer::object_of(answered->body);
    if (answered->status == 200 && answer::text_at(body, "id") == remote_id) co_return Presence::live;
    // An instance that is gone or moved answers 404 in HTML: only its API's own word counts.
    if (answered->status == 404 && body.contains("error")) co_return Presence::removed;
    co_return Presence::unknown;
}

asio::awaitable<Result<Done>> MastodonAdapter::delete_post(net::HttpClient& http, AccountRef account,
                                                           Tokens tokens, std::string remote_id) const {
    auto request = get_request(status_url(account, remote_id), tokens.access_token);
    request.method = "DELETE";
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable(account.instance, answered.error());
    auto const body = answer::object_of(answered->body);
    bool const gone = answered->status == 404 && body.contains("error");
    if (answer::is_success(*answered) || gone) co_return Done{};
    co_return refused("The instance did not delete the post", *answered, answer::text_at(body, "error"));
}

}  // namespace mypost::networks::mastodon
