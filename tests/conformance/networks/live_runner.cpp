#include "conformance/networks/live_runner.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "core/encoding.hpp"
#include "networks/requests.hpp"

namespace mypost::networks::test {

namespace {

using namespace std::chrono_literals;

constexpr int most_decisions = 100;
constexpr auto redirect_uri = "http://127.0.0.1:8080/api/v1/oauth/callback";

void through_text(json::object& object) {
    object = json::parse(json::serialize(object)).as_object();
}

template <class T>
T taken(Result<T> result, char const* what) {
    if (!result) throw std::runtime_error(fmt::format("{}: {}", what, result.error().message));
    return *std::move(result);
}

std::string query_value(std::string_view url, std::string_view name) {
    for (auto at = url.find('?'); at != std::string_view::npos; at = url.find('&', at + 1)) {
        auto rest = url.substr(at + 1);
        if (!rest.starts_with(name) || rest.size() <= name.size() || rest[name.size()] != '=') continue;
        rest.remove_prefix(name.size() + 1);
        return percent_decode(rest.substr(0, rest.find('&')), true).value_or("");
    }
    return {};
}

// What the browser does: opens the page, presses "allow", follows to the redirect address.
std::string consent(Host& host, std::string const& url, std::string const& handle) {
    auto page = get_request(url);
    page.headers.clear();
    auto const shown = host.run(host.http().send(std::move(page)));
    if (!shown || shown->status != 200)
        throw std::runtime_error("no consent page: " + (shown ? shown->body : shown.error().reason));
    auto const answered =
        host.run(host.http().send(form_request(url, {{"decision", "allow"}, {"account", handle}})));
    if (!answered) throw std::runtime_error(answered.error().reason);
    std::string const location(answered->header("location"));
    if (!location.starts_with(redirect_uri))
        throw std::runtime_error(fmt::format("{} {}", answered->status, answered->body));
    if (query_value(location, "state") != "the-state") throw std::runtime_error("state lost: " + location);
    return query_value(location, "code");
}

}  // namespace

Connected connect(Host& host, NetworkAdapter const& adapter, json::object const& account) {
    Connected out;
    std::string const handle(account.at("handle").as_string());
    auto& http = host.http();
    if (adapter.info().auth == "credentials") {
        json::object credentials{{"handle", handle}, {"app_password", account.at("app_password")}};
        out.granted = taken(host.run(adapter.connect(http, std::move(credentials), host.now())), "connect");
    } else {
        auto const at = handle.rfind('@');
        std::string instance;
        if (adapter.info().needs_instance)
            instance = at == std::string::npos ? "mastodon.example" : handle.substr(at + 1);
        out.app = {"sandbox", "sandbox", {}};
        if (adapter.info().registers_apps) {
            out.app = taken(host.run(adapter.register_app(http, instance, redirect_uri)), "register_app");
        }
        auto start = taken(
            host.run(adapter.begin_consent(http, out.app, instance, redirect_uri, "the-state", {"publish"})),
            "begin_consent");
        auto code = consent(host, start.authorize_url, handle);
        out.granted =
            taken(host.run(adapter.exchange_code(http, out.app, instance, redirect_uri, std::move(code),
                                                 std::move(start.secret), host.now())),
                  "exchange_code");
    }
    auto const found =
        taken(host.run(adapter.destinations(http, out.granted.instance, out.granted.tokens)), "destinations");
    auto const& destination = found.at(0);
    out.account = {adapter.info().network, out.granted.instance, destination.kind,
                   destination.remote_id,  destination.handle,   destination.profile};
    return out;
}

Decision LiveRunner::run(Publication const& publication) {
    for (int decisions = 0; decisions < most_decisions; ++decisions) {
        if (auto end = step(publication)) return *std::move(end);
    }
    throw std::logic_error("the machine does not end");
}

void LiveRunner::run_until_an_answer_is_lost(Publication const& publication) {
    for (int decisions = 0; decisions < most_decisions; ++decisions) {
        if (step(publication)) throw std::logic_error("no answer was lost");
        if (!journal_.empty() && journal_.back().outcome == Outcome::unknown) return;
    }
    throw std::logic_error("the machine does not end");
}

// One decision, carried out; the decision itself when it is an end.
std::optional<Decision> LiveRunner::step(Publication const& publication) {
    auto decision = adapter_.next(publication, journal_, host_.now());
    if (auto const* call = std::get_if<Call>(&decision)) {
        perform(publication, *call);
        return std::nullopt;
    }
    if (auto const* wait = std::get_if<WaitUntil>(&decision)) {
        auto const left = std::chrono::ceil<std::chrono::seconds>(wait->at - host_.now());
        host_.advance(std::max(left, std::chrono::seconds(1)));
        return std::nullopt;
    }
    return decision;
}

void LiveRunner::perform(Publication const& publication, Call const& call) {
    JournalEntry entry;
    entry.seq = static_cast<std::int64_t>(journal_.size()) + 1;
    entry.step = call.step;
    entry.part = call.part;
    entry.started_at = host_.now();
    entry.deadline = entry.started_at + call.timeout;
    entry.intent = call.intent;
    through_text(entry.intent);
    auto request = request_of(publication, call);
    request.timeout =
        std::min<std::chrono::milliseconds>(call.timeout, 3s);  // lost answers need not take long here
    auto const answer = host_.run(host_.http().send(std::move(request)));
    entry.finished_at = host_.now();
    std::optional<Instant> retry_at;
    if (answer) {
        auto verdict = adapter_.classify(publication, call, *answer, host_.now());
        entry.outcome = verdict.outcome;
        entry.code = verdict.code;
        entry.facts = std::move(verdict.facts);
        through_text(entry.facts);
        retry_at = verdict.retry_at;
    } else {
        bool const unknown = answer.error().kind == net::Failure::Kind::unknown_outcome;
        entry.outcome = unknown ? Outcome::unknown : Outcome::not_sent;
    }
    auto const outcome = entry.outcome;
    journal_.push_back(std::move(entry));
    if (outcome == Outcome::auth) refresh();
    if (outcome == Outcome::rate_limited || outcome == Outcome::transient || outcome == Outcome::not_sent) {
        auto const at = retry_at.value_or(host_.now() + 5s);
        host_.advance(std::chrono::ceil<std::chrono::seconds>(at - host_.now()) + 1s);
    }
}

net::Request LiveRunner::request_of(Publication const& publication, Call const& call) const {
    net::Request request;
    request.method = call.request.method;
    request.url = call.request.url;
    request.headers = call.request.headers;
    if (auto const* text = std::get_if<std::string>(&call.request.body)) request.body = *text;
    if (auto const* ref = std::get_if<MediaRef>(&call.request.body))
        request.body = bytes_of(publication, *ref);
    if (auto const* fields = std::get_if<std::vector<FormField>>(&call.request.body)) {
        net::Multipart form;
        for (auto const& field : *fields) {
            auto const* ref = std::get_if<MediaRef>(&field.content);
            auto content =
                ref != nullptr ? bytes_of(publication, *ref) : std::get<std::string>(field.content);
            form.push_back({field.name, field.filename, field.content_type, std::move(content)});
        }
        request.body = std::move(form);
    }
    if (call.authorised) adapter_.authorise(request, connected_.granted.tokens);
    return request;
}

std::string LiveRunner::bytes_of(Publication const& publication, MediaRef const& ref) const {
    auto const& file = publication.parts.at(static_cast<std::size_t>(ref.part))
                           .media.at(static_cast<std::size_t>(ref.index));
    auto const& whole = media_.at(file.asset_id);
    return whole.substr(ref.offset, ref.length == 0 ? std::string::npos : ref.length);
}

void LiveRunner::refresh() {
    if (++refreshes_ > 3) throw std::runtime_error("refreshed too often");
    auto result = host_.run(adapter_.refresh(host_.http(), connected_.app, connected_.granted.instance,
                                             connected_.granted.tokens, host_.now()));
    auto* renewed = std::get_if<Tokens>(&result);
    if (renewed == nullptr) throw std::runtime_error("the refresh was refused");
    connected_.granted.tokens = std::move(*renewed);
}

}  // namespace mypost::networks::test
