#include "networks/requests.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "networks/answer.hpp"

namespace mypost::networks {

std::string form_encode(Fields const& fields) {
    std::string out;
    for (auto const& [name, value] : fields) {
        if (!out.empty()) out += '&';
        out += percent_encode(name) + "=" + percent_encode(value);
    }
    return out;
}

net::Request get_request(std::string url, std::string_view bearer) {
    net::Request request;
    request.method = "GET";
    request.url = std::move(url);
    request.headers.emplace_back("Accept", "application/json");
    if (!bearer.empty()) set_bearer(request, bearer);
    return request;
}

net::Request form_request(std::string url, Fields const& fields) {
    net::Request request;
    request.method = "POST";
    request.url = std::move(url);
    request.headers.emplace_back("Accept", "application/json");
    request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    request.body = form_encode(fields);
    return request;
}

net::Request json_request(std::string url, json::object const& body, std::string_view bearer) {
    net::Request request;
    request.method = "POST";
    request.url = std::move(url);
    request.headers.emplace_back("Accept", "application/json");
    request.headers.emplace_back("Content-Type", "application/json");
    if (!bearer.empty()) set_bearer(request, bearer);
    request.body = json::serialize(body);
    return request;
}

void set_bearer(net::Request& request, std::string_view token) {
    request.headers.emplace_back("Authorization", "Bearer " + std::string(token));
}

Error unreachable(std::string_view network, net::Failure const& failure) {
    return Error(ErrorCode::network_error, fmt::format("Could not reach {}: {}.", network, failure.reason));
}

Error refused(std::string_view what, net::Response const& response, std::string_view said) {
    auto const words = answer::excerpt(said, 160);
    auto message = words.empty() ? fmt::format("{} (status {}).", what, response.status)
                                 : fmt::format("{} (status {}: {}).", what, response.status, words);
    return Error(ErrorCode::network_error, std::move(message));
}

Pkce make_pkce() {
    Pkce pkce;
    pkce.verifier = crypto::random_token(32);
    pkce.challenge = base64url_encode(crypto::sha256(pkce.verifier));
    return pkce;
}

}  // namespace mypost::networks
