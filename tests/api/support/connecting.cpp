#include "api/support/connecting.hpp"

#include <fmt/format.h>

#include "core/encoding.hpp"

namespace mypost::api_test {

namespace {

// "/path?query" of an absolute address, or of one that is none.
std::string target_of(std::string const& url) {
    auto const scheme = url.find("://");
    return scheme == std::string::npos ? url : url.substr(url.find('/', scheme + 3));
}

}  // namespace

SandboxPerson Connecting::person(std::string const& network, std::size_t which) const {
    auto const state = world_.installation().sandbox({"GET", "/_sandbox/state"}).json();
    auto const& item = state.at("networks").at(network).at("accounts").as_array().at(which).as_object();
    SandboxPerson person;
    person.handle = item.at("handle").as_string();
    if (auto const* secret = item.if_contains("app_password"); secret && secret->is_string())
        person.app_password = secret->as_string();
    return person;
}

void Connecting::register_app(std::string const& network) {
    world_.must("PUT", "/system/network-apps/" + network,
                R"({"client_id":"sandbox","client_secret":"sandbox"})");
}

Answer Connecting::authorize(std::string const& network, std::vector<Header> headers) {
    std::string const body = network == "mastodon" ? R"({"network":"mastodon","instance":"mastodon.example"})"
                                                   : fmt::format(R"({{"network":"{}"}})", network);
    return world_.as(world_.owner(), "POST", world_.in("/brands/" + place_.brand + "/accounts/authorize"),
                     body, std::move(headers));
}

std::string Connecting::consent(std::string const& url, std::string const& decision,
                                std::string const& handle) const {
    Call call{"POST", target_of(url), {{"Content-Type", "application/x-www-form-urlencoded"}}};
    call.body = fmt::format("decision={}&account={}", decision, percent_encode(handle));
    Answer const answer = world_.installation().sandbox(call);
    if (answer.status / 100 != 3) throw std::runtime_error("consent page: " + answer.body.substr(0, 500));
    return answer.header("Location");
}

std::string Connecting::finish(std::string const& url, std::string const& cookie) const {
    Call call{"GET", target_of(url)};
    if (!cookie.empty()) call.headers.emplace_back("Cookie", "mypost_oauth=" + cookie);
    Answer const answer = world_.installation().send(call);
    if (answer.status / 100 != 3) throw std::runtime_error("callback: " + answer.body);
    return answer.header("Location");
}

Answer Connecting::connect(std::string const& network, std::size_t which) {
    Answer const start = authorize(network);
    if (start.status != 200) throw std::runtime_error("authorize: " + start.body);
    std::string const back = consent(start.text("/authorize_url"), "allow", person(network, which).handle);
    std::string const done = finish(back, start.cookie("mypost_oauth"));
    auto const at = done.find("connection=");
    if (at == std::string::npos) throw std::runtime_error("consent: " + done);
    std::string const path = world_.in("/connections/" + done.substr(at + 11));
    std::string const id = world_.must("GET", path + "/destinations").text("/data/0/id");
    return world_.must("POST", path + "/accounts",
                       boost::json::serialize(boost::json::object{{"destination_ids", {id}}}));
}

Answer Connecting::bluesky(std::size_t which, std::string app_password) {
    SandboxPerson const who = person("bluesky", which);
    boost::json::object const credentials{
        {"handle", who.handle}, {"app_password", app_password.empty() ? who.app_password : app_password}};
    boost::json::object const body{{"network", "bluesky"}, {"credentials", credentials}};
    return world_.as(world_.owner(), "POST", world_.in("/brands/" + place_.brand + "/accounts/connect"),
                     boost::json::serialize(body));
}

}  // namespace mypost::api_test
