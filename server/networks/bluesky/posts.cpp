// After publishing: reading one record back, deleting it.
#include <fmt/format.h>

#include "networks/answer.hpp"
#include "networks/bluesky/bluesky.hpp"
#include "networks/requests.hpp"

namespace mypost::networks::bluesky {

// Read from the account's own server: the network's public view lags.
asio::awaitable<Presence> BlueskyAdapter::verify(net::HttpClient& http, AccountRef account, Tokens,
                                                 std::string remote_id) const {
    auto const rkey = record_key(remote_id);
    if (rkey.empty()) co_return Presence::unknown;
    auto request = get_request(fmt::format(
        "{}?{}", xrpc(pds_of(account), "com.atproto.repo.getRecord"),
        form_encode({{"repo", account.remote_id}, {"collection", std::string(collection)}, {"rkey", rkey}})));
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return Presence::unknown;
    if (answer::is_success(*answered)) {
        auto const uri = answer::text_at(answer::object_of(answered->body), "uri");
        co_return uri == remote_id ? Presence::live : Presence::unknown;
    }
    co_return error_of(*answered).name == "RecordNotFound" ? Presence::removed : Presence::unknown;
}

asio::awaitable<Result<Done>> BlueskyAdapter::delete_post(net::HttpClient& http, AccountRef account,
                                                          Tokens tokens, std::string remote_id) const {
    auto const rkey = record_key(remote_id);
    if (rkey.empty()) co_return Error(ErrorCode::internal, "This is no address of a Bluesky post.");
    auto request = json_request(xrpc(pds_of(account), "com.atproto.repo.deleteRecord"),
                                {{"repo", account.remote_id}, {"collection", collection}, {"rkey", rkey}},
                                tokens.access_token);
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable("Bluesky", answered.error());
    if (answer::is_success(*answered)) co_return Done{};
    auto const error = error_of(*answered);
    co_return refused("Bluesky did not delete the post", *answered,
                      error.message.empty() ? error.name : error.message);
}

}  // namespace mypost::networks::bluesky
