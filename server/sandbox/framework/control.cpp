#include "sandbox/framework/control.hpp"

#include <fmt/format.h>

#include "sandbox/framework/fields.hpp"
#include "sandbox/framework/html.hpp"
#include "sandbox/framework/sniff.hpp"

namespace mypost::sandbox {

namespace {

http::Response refuse(int status, std::string_view code, std::string_view detail,
                      std::vector<FieldError> const& errors = {}) {
    json::array list;
    for (auto const& error : errors) {
        list.push_back(
            json::object{{"field", error.field}, {"code", error.code}, {"message", error.message}});
    }
    auto response = json_answer(status, json::object{{"type", "about:blank"},
                                                     {"title", code},
                                                     {"status", status},
                                                     {"detail", detail},
                                                     {"code", code},
                                                     {"errors", list}});
    response.headers.set("Content-Type", "application/problem+json");
    return response;
}

http::Response refuse(Error const& error) {
    int const status = error.code == ErrorCode::conflict            ? 409
                       : error.code == ErrorCode::malformed_request ? 400
                       : error.code == ErrorCode::not_found         ? 404
                                                                    : 422;
    return refuse(status, to_string(error.code), error.message, error.fields);
}

Result<json::value> body_of(http::Request const& request) {
    boost::system::error_code error;
    auto value = json::parse(request.body, error);
    if (error) return Error(ErrorCode::malformed_request, "The body is not JSON: " + error.message());
    return value;
}

json::object clock_json(World const& world) {
    return {{"now", to_rfc3339(world.clock.now())}, {"offset_seconds", world.clock.offset().count() / 1000}};
}

json::array faults_json(World const& world, std::string_view network) {
    json::array result;
    for (auto const& fault : world.faults.list) {
        if (fault.network == network) result.push_back(to_json(fault));
    }
    return result;
}

json::object state(World const& world) {
    json::object networks;
    for (auto const& network : world.networks) {
        json::array accounts;
        for (auto const& account : network->accounts()) accounts.push_back(to_json(account));
        json::object entry{{"accounts", std::move(accounts)},
                           {"faults", faults_json(world, network->name())},
                           {"settings", network->settings.to_json()}};
        for (auto& member : network->extra_state()) entry[member.key()] = member.value();
        networks[network->name()] = std::move(entry);
    }
    return {{"networks", std::move(networks)}, {"clock", clock_json(world)}, {"seed", world.random.seed()}};
}

json::object post_json(World const& world, PostView const& post) {
    json::array media;
    for (auto const& item : post.media) {
        media.push_back(json::object{
            {"kind", item.kind}, {"bytes", item.bytes}, {"sha256", item.sha256}, {"alt", item.alt}});
    }
    json::object result{{"id", post.id},
                        {"account", post.account},
                        {"kind", post.kind},
                        {"text", post.text},
                        {"media", std::move(media)},
                        {"parent_id", nullptr},
                        {"created_at", to_rfc3339(post.created_at)},
                        {"url", world.public_base + post.path},
                        {"visible", post.visible}};
    if (!post.parent_id.empty()) result["parent_id"] = post.parent_id;
    if (!post.instance.empty()) result["instance"] = post.instance;
    if (!post.spoiler.empty()) result["spoiler_text"] = post.spoiler;
    return result;
}

bool is_of(PostView const& post, std::string_view account) {
    if (post.account == account) return true;
    return !post.instance.empty() && fmt::format("{}@{}", post.account, post.instance) == account;
}

http::Response posts(World const& world, Network const& network, std::optional<std::string> const& account) {
    json::array data;
    for (auto const& post : network.posts()) {
        if (!account || is_of(post, *account)) data.push_back(post_json(world, post));
    }
    return json_answer(200, json::object{{"data", std::move(data)}});
}

http::Response set_latency(Network& network, json::value const& body) {
    Fields fields(body);
    auto const ms = fields.number("ms", 0, 600'000);
    auto const jitter = fields.number("jitter_ms", 0, 600'000);
    fields.refuse_unknown();
    if (auto error = fields.error()) return refuse(*error);
    network.settings.latency_ms = ms.value_or(0);
    network.settings.jitter_ms = jitter.value_or(0);
    return json_answer(200, network.settings.to_json());
}

http::Response advance_clock(World& world, json::value const& body) {
    Fields fields(body);
    auto const seconds = fields.real("advance_seconds");
    fields.refuse_unknown();
    constexpr double limit = 100.0 * 366 * 86'400;
    if (!seconds && !fields.error())
        fields.wrong("/advance_seconds", "required", "advance_seconds is required.");
    if (seconds && (*seconds < -limit || *seconds > limit)) {
        fields.wrong("/advance_seconds", "out_of_range", "advance_seconds must be within 100 years.");
    }
    if (auto error = fields.error()) return refuse(*error);
    world.clock.advance(Milliseconds(static_cast<std::int64_t>(*seconds * 1000)));
    return json_answer(200, clock_json(world));
}

void reset(World& world) {
    for (auto& network : world.networks) network->reset();
    world.faults = Faults();
    world.log.clear();
    world.media.clear();
    world.clock.set_offset(Milliseconds(0));
}

http::Response media(World const& world, std::string const& sha256) {
    auto const bytes = world.media.get(sha256);
    if (!bytes) return refuse(404, "not_found", "There are no bytes with this SHA-256.");
    auto facts = sniff(*bytes);
    http::Response response;
    response.headers.set("Content-Type",
                         facts.content_type.empty() ? "application/octet-stream" : facts.content_type);
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Cache-Control", "private, max-age=31536000, immutable");
    response.body = bytes;
    return response;
}

http::Response asset(std::string_view content, std::string type) {
    http::Response response;
    response.headers.set("Content-Type", std::move(type));
    response.headers.set("Cache-Control", "no-cache");
    response.body = std::string(content);
    return response;
}

// /_sandbox/{network}/…
http::Response network_control(World& world, Network& network, http::Request const& request,
                               std::string const& what) {
    bool const reads = request.method == http::Method::get || request.method == http::Method::head;
    if (reads && what == "posts") return posts(world, network, request.query_value("account"));
    if (reads && what == "requests") {
        return json_answer(
            200, json::object{{"data", world.log.list(network.name(), request.query_value("since"))}});
    }
    if (reads && what == "accounts") {
        json::array accounts;
        for (auto const& account : network.accounts()) accounts.push_back(to_json(account));
        return json_answer(200, json::object{{"data", std::move(accounts)}});
    }
    if (reads && what == "faults")
        return json_answer(200, json::object{{"data", faults_json(world, network.name())}});
    if (reads && what == "settings") return json_answer(200, network.settings.to_json());
    if (request.method == http::Method::delete_ && what == "faults") {
        world.faults.clear(network.name());
        return empty_answer(204);
    }
    bool const writes = (request.method == http::Method::post &&
                         (what == "accounts" || what == "faults" || what == "latency")) ||
                        (request.method == http::Method::put && what == "settings");
    if (!writes)
        return refuse(404, "not_found",
                      fmt::format("The sandbox has no {} /_sandbox/{}/{}.", http::to_string(request.method),
                                  network.name(), what));
    auto body = body_of(request);
    if (!body) return refuse(body.error());
    if (what == "latency") return set_latency(network, *body);
    if (what == "settings") {
        auto changed = network.settings.change(*body);
        return changed ? json_answer(200, network.settings.to_json()) : refuse(changed.error());
    }
    if (what == "faults") {
        auto fault = world.faults.add(network.name(), *body);
        return fault ? json_answer(201, to_json(*fault)) : refuse(fault.error());
    }
    auto account = network.add_account(*body);
    return account ? json_answer(201, to_json(*account)) : refuse(account.error());
}

}  // namespace

Network* World::find(std::string_view name) const {
    for (auto const& network : networks) {
        if (network->name() == name) return network.get();
    }
    return nullptr;
}

json::object to_json(AccountView const& account) {
    json::object result{{"handle", account.handle}, {"name", account.name}, {"kind", account.kind}};
    if (!account.instance.empty()) result["instance"] = account.instance;
    if (account.app_password) result["app_password"] = *account.app_password;
    for (auto const& member : account.extra) result[member.key()] = member.value();
    return result;
}

http::Response control(World& world, http::Request const& request, std::vector<std::string> const& segments) {
    bool const reads = request.method == http::Method::get || request.method == http::Method::head;
    auto const first = segments.empty() ? std::string() : segments[0];
    if (segments.size() == 1 && reads) {
        if (first == "state") return json_answer(200, state(world));
        if (first == "clock") return json_answer(200, clock_json(world));
        if (first == "sandbox.css") return asset(html::stylesheet, "text/css; charset=utf-8");
        if (first == "feeds.js") return asset(html::refresh_script, "text/javascript; charset=utf-8");
    }
    if (segments.size() == 2 && reads && first == "media") return media(world, segments[1]);
    if (segments.size() == 1 && request.method == http::Method::post) {
        if (first == "reset") {
            reset(world);
            return json_answer(200, state(world));
        }
        if (first == "clock") {
            auto body = body_of(request);
            return body ? advance_clock(world, *body) : refuse(body.error());
        }
    }
    if (segments.size() == 2) {
        if (auto* network = world.find(first)) return network_control(world, *network, request, segments[1]);
    }
    return refuse(404, "not_found",
                  fmt::format("The sandbox has no {} {}. See docs/sandbox.md.",
                              http::to_string(request.method), request.path));
}

}  // namespace mypost::sandbox
