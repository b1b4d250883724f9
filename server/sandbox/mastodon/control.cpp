// What the control API and the feeds see of Mastodon; its people, limits and switches.
#include <fmt/format.h>

#include <algorithm>

#include "sandbox/framework/fields.hpp"
#include "sandbox/framework/people.hpp"
#include "sandbox/mastodon/mastodon.hpp"

namespace mypost::sandbox::mastodon {

namespace {

json::object default_limits() {
    return {{"per_token_5min", 300}, {"per_user_5min", 1500}, {"per_address_5min", 300}, {"media_30min", 30},
            {"deletes_30min", 30},   {"paging_15min", 300},   {"statuses_3h", 300}};
}

json::object default_switches() {
    return {
        {"processing_ms", 3000},     // video, gifv and audio
        {"idempotency_lock", true},  // a twin inside the race window: 503; without the lock it posts again
        {"idempotency_race_ms", 0},  // how long a twin counts as concurrent
        {"instances", json::object()}};  // host → members of Instance that differ from the stock server
}

}  // namespace

void Mastodon::revoke(std::string_view handle) {
    auto const at = handle.find('@');
    auto const username = handle.substr(0, at);
    auto const host = at == std::string_view::npos ? std::string_view() : handle.substr(at + 1);
    for (auto& [text, token] : state_.tokens) {
        if (!host.empty() && token.instance != host) continue;
        auto const* person = person_by_id(instance_of(token.instance), token.account_id);
        if (handle.empty() || (person && person->username == username)) token.revoked = true;
    }
}

std::vector<PostView> Mastodon::posts() const {
    std::vector<PostView> result;
    for (auto const& status : state_.statuses) {
        auto const instance = instance_of(status.instance);
        auto const* person = person_by_id(instance, status.account_id);
        PostView view;
        view.id = status.id;
        view.account = person ? person->username : "";
        view.name = person ? person->name : "";
        view.instance = status.instance;
        view.kind = status.in_reply_to_id.empty() ? "post" : "reply";
        view.text = status.text;
        view.spoiler = status.spoiler_text;
        view.parent_id = status.in_reply_to_id;
        view.created_at = status.created_at;
        view.path = fmt::format("/{}/@{}/{}", status.instance, view.account, status.id);
        view.visible = is_live(status);
        if (status.poll) view.poll = status.poll->options;
        for (auto const& id : status.media_ids) {
            auto const found = state_.media.find(id);
            if (found == state_.media.end()) continue;
            auto const& media = found->second;
            view.media.push_back({media.kind == "gifv" ? "gif" : media.kind,
                                  static_cast<std::size_t>(media.bytes), media.sha256, media.description,
                                  media.content_type});
        }
        result.push_back(std::move(view));
    }
    return result;
}

std::vector<AccountView> Mastodon::accounts() const {
    std::vector<AccountView> result;
    for (auto const& person : state_.people) {
        AccountView view{person.username, person.name, person.kind, person.instance, std::nullopt, {}};
        if (person.disabled) view.extra["disabled"] = true;
        result.push_back(std::move(view));
    }
    return result;
}

Result<AccountView> Mastodon::add_account(json::value const& body) {
    Fields fields(body);
    Person person;
    person.username = fields.required_text("handle");
    person.name = fields.text("name").value_or(person.username);
    person.kind = fields.text("kind").value_or("person");
    person.instance = fields.text("instance").value_or("");
    person.disabled = fields.flag("disabled").value_or(false);
    if (auto const at = person.username.find('@'); at != std::string::npos) {
        person.instance = person.username.substr(at + 1);
        person.username.resize(at);
    }
    if (person.username.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != std::string::npos) {
        fields.wrong("/handle", "invalid_format", "A Mastodon user name is made of letters, digits and _.");
    }
    fields.refuse_unknown();
    if (auto error = fields.error()) return *std::move(error);
    for (auto const& known : state_.people) {
        bool const same_place =
            known.instance.empty() || person.instance.empty() || known.instance == person.instance;
        if (known.username == person.username && same_place)
            return conflict(fmt::format("{} is there already.", person.username));
    }
    person.number = static_cast<std::int64_t>(state_.people.size()) + 1;
    state_.people.push_back(person);
    return accounts().back();
}

std::optional<std::string> Mastodon::permalink(std::string_view host,
                                               std::vector<std::string> const& segments) const {
    if (segments.size() == 2 && segments[0].starts_with('@'))
        return find_status(host, segments[1]) ? segments[1] : "gone";
    if (segments.size() == 4 && segments[0] == "users" && segments[2] == "statuses") return segments[3];
    return std::nullopt;
}

std::optional<std::string> Mastodon::profile(std::string_view host,
                                             std::vector<std::string> const& segments) const {
    if (segments.size() != 1 || !segments[0].starts_with('@')) return std::nullopt;
    return fmt::format("{}@{}", segments[0].substr(1), host);
}

json::object Mastodon::extra_state() const {
    json::array instances;
    std::vector<std::string> hosts = {"mastodon.example", "old.example", "big.example", "tiny.example",
                                      "gotosocial.example"};
    for (auto const& host : state_.instances) {
        if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
    }
    for (auto const& host : hosts) instances.push_back(encode(instance_of(host)));
    return {{"instances", std::move(instances)}};
}

json::value Mastodon::save() const {
    return encode(state_);
}

void Mastodon::load(json::value const& state) {
    State loaded;
    decode(state, loaded);
    state_ = std::move(loaded);
}

void Mastodon::reset() {
    state_ = State();
    settings = Settings();
    settings.limits = default_limits();
    settings.switches = default_switches();
    for (auto const& person : people()) {
        auto const number = static_cast<std::int64_t>(state_.people.size()) + 1;
        state_.people.push_back(
            {number, std::string(person.given) + (person.is_business ? std::string(person.family) : ""),
             std::string(person.name), person.is_business ? "business" : "person", "", false});
    }
    // Everybody may use these credentials without registering an app, on every instance.
    state_.apps.push_back({"",
                           "1",
                           "Sandbox app",
                           "",
                           {},
                           {"read", "write", "follow", "push", "profile"},
                           "sandbox",
                           "sandbox"});
}

}  // namespace mypost::sandbox::mastodon
