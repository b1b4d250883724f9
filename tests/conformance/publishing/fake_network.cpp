#include "fake_network.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "async/sleep.hpp"

namespace mypost::test {

namespace json = boost::json;
using networks::JournalEntry;
using networks::Outcome;

namespace {

std::string path_of(std::string const& url) {
    return url.substr(std::string("https://fake.example/").size());
}

net::Response answer(int status, json::object body) {
    net::Response response;
    response.status = status;
    response.body = json::serialize(body);
    return response;
}

}  // namespace

// ---- the network
// -------------------------------------------------------------------------------------------------

Mishap FakeNetwork::next_mishap(std::string const& path) {
    for (auto& [prefix, mishaps] : plans_) {
        if (!path.starts_with(prefix) || mishaps.empty()) continue;
        auto const mishap = mishaps.front();
        mishaps.pop_front();
        return mishap;
    }
    return Mishap::none;
}

void FakeNetwork::plan(std::string path, std::vector<Mishap> mishaps) {
    auto& queue = plans_[path];
    queue.insert(queue.end(), mishaps.begin(), mishaps.end());
}

net::Response FakeNetwork::create(std::string const& body) {
    auto const request = json::parse(body).as_object();
    Post post;
    post.id = "p" + std::to_string(posts_.size() + 1);
    post.target = std::string(request.at("target").as_string());
    post.part = static_cast<int>(request.at("part").as_int64());
    post.text = std::string(request.at("text").as_string());
    post.at = clock_.now();
    posts_.push_back(post);
    return answer(201, {{"id", post.id}});
}

net::Response FakeNetwork::look(std::string const& url) const {
    auto const query = url.substr(url.find('?') + 1);
    for (auto const& post : posts_) {
        if (query == "target=" + post.target + "&part=" + std::to_string(post.part))
            return answer(200, {{"id", post.id}});
    }
    return answer(200, {{"id", nullptr}});
}

void FakeNetwork::release_late() {
    for (auto const& body : late_) create(body);
    late_.clear();
}

int FakeNetwork::count(std::string const& target, int part) const {
    return static_cast<int>(std::count_if(posts_.begin(), posts_.end(), [&](auto const& post) {
        return post.target == target && post.part == part;
    }));
}

boost::asio::awaitable<tl::expected<net::Response, net::Failure>> FakeNetwork::send(net::Request request) {
    auto const path = path_of(request.url);
    calls.push_back(path);
    auto const mishap = next_mishap(path);
    if (mishap == Mishap::drop_before) {
        co_return tl::make_unexpected(net::Failure{net::Failure::Kind::not_sent, "connection refused"});
    }
    if (mishap == Mishap::server_error) co_return answer(503, {});
    if (mishap == Mishap::rate_limit)
        co_return answer(429, {{"reset_at", to_ms(clock_.now() + std::chrono::seconds(120))}});
    if (mishap == Mishap::refuse) co_return answer(422, {});
    bool authorised = false;
    for (auto const& [name, value] : request.headers)
        authorised = authorised || value == "Bearer " + valid_token;
    if (mishap == Mishap::unauthorised || !authorised) co_return answer(401, {});
    auto const body = std::holds_alternative<std::string>(request.body) ? std::get<std::string>(request.body)
                                                                        : std::string();
    if (mishap == Mishap::late) {
        late_.push_back(body);
        co_return tl::make_unexpected(net::Failure{net::Failure::Kind::unknown_outcome, "timed out"});
    }
    auto response = path.starts_with("create") ? create(body) : look(request.url);
    if (before_answer) co_await before_answer(path);
    if (mishap == Mishap::drop_after) {
        co_return tl::make_unexpected(net::Failure{net::Failure::Kind::unknown_outcome, "connection lost"});
    }
    co_return response;
}

// ---- the adapter
// -------------------------------------------------------------------------------------------------

namespace {

struct PartView {
    std::string id;                        // live
    std::optional<Instant> unknown_until;  // an unknown create, not declared dead
    std::int64_t unknown_seq = 0;
    bool looked = false;  // after it, without a find
    JournalEntry const* failure = nullptr;
};

PartView view_of(networks::Journal const& journal, int part) {
    PartView view;
    auto const create = "create/" + std::to_string(part);
    auto const look = "look/" + std::to_string(part);
    for (auto const& entry : journal) {
        if (entry.kind == JournalEntry::Kind::retry) view.failure = nullptr;
        if (entry.kind == JournalEntry::Kind::recheck) view.looked = false;
        if (entry.kind == JournalEntry::Kind::declared_not_live) view.unknown_until.reset();
        if (entry.kind != JournalEntry::Kind::call) continue;
        auto const* const id = entry.facts.if_contains("id");
        if ((entry.step == create || entry.step == look) && entry.outcome == Outcome::ok && id &&
            id->is_string() && view.id.empty()) {
            view.id = std::string(id->get_string());
        }
        if (entry.step == create && entry.outcome == Outcome::unknown) {
            view.unknown_until = entry.deadline;
            view.looked = false;
        }
        if (entry.step == look && entry.outcome == Outcome::ok && view.unknown_until &&
            entry.started_at > *view.unknown_until) {
            view.looked = true;
        }
        if (entry.step == create &&
            (entry.outcome == Outcome::validation || entry.outcome == Outcome::permission)) {
            view.failure = &entry;
        }
    }
    return view;
}

}  // namespace

networks::NetworkInfo fake_info() {
    networks::NetworkInfo info;
    info.network = "fake";
    info.name = "Fake";
    info.auth = "oauth";
    info.features = {"verify"};
    info.kinds.resize(2);
    info.kinds[0].kind = "post";
    info.kinds[0].text.max = 280;
    info.kinds[0].max_parts = 25;
    info.kinds[1].kind = "story";
    info.kinds[1].manual = true;
    return info;
}

std::vector<networks::Issue> FakeAdapter::validate(networks::Publication const& publication) const {
    std::vector<networks::Issue> issues;
    for (std::size_t i = 0; i < publication.parts.size(); ++i) {
        if (publication.parts[i].text.size() <= 280) continue;
        networks::Issue issue;
        issue.part = static_cast<int>(i);
        issue.field = "body";
        issue.code = "text_too_long";
        issue.message = "Too long.";
        issues.push_back(std::move(issue));
    }
    return issues;
}

networks::Decision FakeAdapter::next(networks::Publication const& publication,
                                     networks::Journal const& journal, Instant now) const {
    if (broken) throw std::runtime_error("broken adapter");
    for (std::size_t i = 0; i < publication.parts.size(); ++i) {
        auto const part = static_cast<int>(i);
        auto const view = view_of(journal, part);
        if (!view.id.empty()) continue;
        networks::Call call;
        call.part = part;
        call.timeout = timeout;
        if (view.unknown_until && !view.looked) {
            if (blind) return networks::Unconfirmed{"no_listing", "It may be live."};
            auto const at = *view.unknown_until + std::chrono::seconds(30);
            if (now < at) return networks::WaitUntil{at, "reconcile_lag"};
            call.step = "look/" + std::to_string(part);
            call.repeatable = true;
            call.request.method = "GET";
            call.request.url =
                "https://fake.example/look?target=" + publication.target_id + "&part=" + std::to_string(part);
            return call;
        }
        if (view.failure)
            return networks::Failed{view.failure->outcome, view.failure->code, {}, "The network refused it."};
        call.step = "create/" + std::to_string(part);
        call.request.url = "https://fake.example/create/" + std::to_string(part);
        call.request.body = json::serialize(json::object{
            {"target", publication.target_id}, {"part", part}, {"text", publication.parts[i].text}});
        return call;
    }
    return networks::AllDone{};
}

networks::Verdict FakeAdapter::classify(networks::Publication const&, networks::Call const&,
                                        net::Response const& response, Instant) const {
    if (broken_classify) throw std::runtime_error("broken classify");
    networks::Verdict verdict;
    verdict.summary = std::to_string(response.status);
    auto const body = json::parse(response.body).as_object();
    switch (response.status) {
        case 200:
        case 201:
            verdict.outcome = Outcome::ok;
            verdict.facts = body;
            break;
        case 401:
            verdict.outcome = Outcome::auth;
            break;
        case 422:
            verdict.outcome = Outcome::validation;
            verdict.code = "fake_refused";
            break;
        case 429:
            verdict.outcome = Outcome::rate_limited;
            verdict.retry_at = from_ms(body.at("reset_at").as_int64());
            verdict.budgets.push_back({"fake:create", false, 10, 0, *verdict.retry_at});
            break;
        default:
            verdict.outcome = Outcome::transient;
            verdict.code = "fake_down";
            verdict.message = "The network has trouble.";
    }
    return verdict;
}

std::vector<networks::PartResult> FakeAdapter::results(networks::Publication const& publication,
                                                       networks::Journal const& journal) const {
    std::vector<networks::PartResult> results;
    for (std::size_t i = 0; i < publication.parts.size(); ++i) {
        auto const view = view_of(journal, static_cast<int>(i));
        networks::PartResult result;
        result.role = publication.parts[i].role;
        result.index = publication.parts[i].index;
        if (!view.id.empty()) {
            result.state = networks::PartState::published;
            result.remote_id = view.id;
            result.remote_url = "https://fake.example/" + view.id;
        } else if (view.unknown_until && !view.looked) {
            result.state = networks::PartState::sending;
        } else if (view.failure) {
            result.state = networks::PartState::failed;
        }
        results.push_back(std::move(result));
    }
    return results;
}

void FakeAdapter::authorise(net::Request& request, networks::Tokens const& tokens) const {
    request.headers.emplace_back("Authorization", "Bearer " + tokens.access_token);
}

asio::awaitable<Result<networks::AppCredentials>> FakeAdapter::register_app(net::HttpClient&, std::string,
                                                                            std::string) const {
    co_return invalid_state("not here");
}
asio::awaitable<Result<networks::AuthStart>> FakeAdapter::begin_consent(net::HttpClient&,
                                                                        networks::AppCredentials, std::string,
                                                                        std::string, std::string,
                                                                        std::vector<std::string>) const {
    co_return invalid_state("not here");
}
asio::awaitable<Result<networks::Granted>> FakeAdapter::exchange_code(net::HttpClient&,
                                                                      networks::AppCredentials, std::string,
                                                                      std::string, std::string, json::object,
                                                                      Instant) const {
    co_return invalid_state("not here");
}
asio::awaitable<Result<networks::Granted>> FakeAdapter::connect(net::HttpClient&, json::object,
                                                                Instant) const {
    co_return invalid_state("not here");
}

asio::awaitable<networks::RefreshResult> FakeAdapter::refresh(net::HttpClient&, networks::AppCredentials,
                                                              std::string, networks::Tokens tokens,
                                                              Instant now) const {
    ++refresh_calls;
    ++refreshes_under_way;
    most_refreshes_at_once = std::max(most_refreshes_at_once, refreshes_under_way);
    co_await async::sleep_for(refresh_takes);
    --refreshes_under_way;
    if (!refreshes.empty()) {
        auto result = refreshes.front();
        refreshes.pop_front();
        co_return result;
    }
    tokens.access_token = "token-" + std::to_string(refresh_calls + 1);
    tokens.refresh_token = "refresh-" + std::to_string(refresh_calls + 1);
    tokens.expires_at = now + std::chrono::hours(2);
    co_return tokens;
}

asio::awaitable<void> FakeAdapter::revoke(net::HttpClient&, networks::AppCredentials, std::string,
                                          networks::Tokens) const {
    co_return;
}
asio::awaitable<Result<std::vector<networks::Destination>>> FakeAdapter::destinations(
    net::HttpClient&, std::string, networks::Tokens) const {
    co_return std::vector<networks::Destination>{};
}
asio::awaitable<networks::Presence> FakeAdapter::verify(net::HttpClient&, networks::AccountRef,
                                                        networks::Tokens, std::string remote_id) const {
    auto const found = presence.find(remote_id);
    co_return found == presence.end() ? networks::Presence::live : found->second;
}
asio::awaitable<Result<Done>> FakeAdapter::delete_post(net::HttpClient&, networks::AccountRef,
                                                       networks::Tokens, std::string remote_id) const {
    deleted.push_back(remote_id);
    co_return Done{};
}

}  // namespace mypost::test
