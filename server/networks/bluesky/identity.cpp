// From a handle to the server where its account lives.
#include <fmt/format.h>

#include "networks/answer.hpp"
#include "networks/bluesky/bluesky.hpp"
#include "networks/instances.hpp"
#include "networks/requests.hpp"

namespace mypost::networks::bluesky {

namespace {

Error no_such_handle(std::string const& handle) {
    return invalid("/credentials/handle", "not_found", fmt::format("No account was found under {}.", handle));
}

}  // namespace

std::optional<std::string> pds_in(json::object const& document) {
    for (auto const& value : answer::array_at(document, "service")) {
        auto const* service = value.if_object();
        if (service == nullptr) continue;
        bool const is_pds = answer::text_at(*service, "id").ends_with("#atproto_pds") ||
                            answer::text_at(*service, "type") == "AtprotoPersonalDataServer";
        if (is_pds) return normalise_base_url(answer::text_at(*service, "serviceEndpoint"));
    }
    return std::nullopt;
}

asio::awaitable<Result<std::string>> resolve_handle(net::HttpClient& http, std::string handle) {
    auto request = get_request(fmt::format("{}?{}", xrpc(entryway, "com.atproto.identity.resolveHandle"),
                                           form_encode({{"handle", handle}})));
    auto answered = co_await http.send(std::move(request));
    if (answered && answer::is_success(*answered)) {
        auto did = answer::text_at(answer::object_of(answered->body), "did");
        if (did.starts_with("did:")) co_return did;
    }
    auto own = get_request(fmt::format("{}/.well-known/atproto-did", base_url(handle)));
    own.max_redirects = 3;
    auto told = co_await http.send(std::move(own));
    if (told && answer::is_success(*told)) {
        auto did = told->body.substr(0, told->body.find_first_of("\r\n \t"));
        if (did.starts_with("did:") && did.size() < 2048) co_return did;
    }
    if (!answered) co_return unreachable("Bluesky", answered.error());
    co_return no_such_handle(handle);
}

asio::awaitable<Result<std::string>> find_pds(net::HttpClient& http, std::string did) {
    std::string url;
    if (did.starts_with("did:plc:")) {
        url = fmt::format("{}/{}", directory, did);
    } else if (auto const host = did.starts_with("did:web:") ? normalise_host(did.substr(8)) : std::nullopt) {
        url = base_url(*host) + "/.well-known/did.json";
    } else {
        co_return invalid("/credentials/handle", "invalid_format", "This kind of DID is not known.");
    }
    auto request = get_request(std::move(url));
    request.max_redirects = 3;
    auto answered = co_await http.send(std::move(request));
    if (!answered) co_return unreachable("the identity directory", answered.error());
    if (!answer::is_success(*answered))
        co_return refused("The account's identity was not found", *answered, "");
    auto pds = pds_in(answer::object_of(answered->body));
    if (!pds) co_return refused("The account's identity names no server", *answered, "");
    co_return *std::move(pds);
}

}  // namespace mypost::networks::bluesky
