// What the control API and the feeds see of X; its people, limits and switches.
#include <fmt/format.h>

#include "sandbox/framework/fields.hpp"
#include "sandbox/framework/people.hpp"
#include "sandbox/x/x.hpp"

namespace mypost::sandbox::x {

namespace {

json::object default_limits() {
    return {{"create_15min", 100},   {"create_app_24h", 10'000},   {"delete_15min", 50},
            {"lookup_15min", 5'000}, {"timeline_15min", 900},      {"me_15min", 75},
            {"media_15min", 1'875},  {"media_app_24h", 180'000},   {"media_status_15min", 1'000},
            {"metadata_15min", 500}, {"unverified_posts_24h", 50}, {"unverified_replies_24h", 200},
            {"posts_24h", 2'400},    {"posts_30min", 50}};
}

json::object default_switches() {
    return {{"field_names", "old"},          // old | new: the generation of the answers' field names
            {"rate_limit_body", "problem"},  // problem | code88 | alternate
            {"self_replies", true},          // false: even replies to one's own posts are refused
            {"reply_restriction", true},     // replies only where the author mentioned the replying account
            {"refuse_mentions", false},      // @mentions in ordinary posts are refused
            {"quotes", false},               // quote posts are open to this app
            {"max_cashtags", 1},
            {"too_long_status", 403},  // or 400
            {"duplicate_window_s", 86'400},
            {"processing_ms", 3'000},
            {"media_lifetime_s", 86'400},
            {"max_chunk_bytes", 5 * 1024 * 1024},
            {"video_max_bytes", 8'589'934'592},
            {"media_link_in_text", true},       // a read post ends with a t.co link for its media
            {"credits_usd", -1},                // the app's balance; below 0: no end
            {"redirect_uris", json::array()}};  // registered ones; empty: any https or http://127.0.0.1
}

}  // namespace

void X::revoke(std::string_view handle) {
    auto const* user = user_by_name(handle);
    for (auto* tokens : {&state_.access_tokens, &state_.refresh_tokens}) {
        for (auto& [text, token] : *tokens) {
            if (handle.empty() || (user && token.user_id == user->id)) token.dead = true;
        }
    }
}

std::vector<PostView> X::posts() const {
    std::vector<PostView> result;
    for (auto const& post : state_.posts) {
        auto const* user = user_by_id(post.user_id);
        PostView view;
        view.id = post.id;
        view.account = user ? user->username : "";
        view.name = user ? user->name : "";
        view.kind = post.reply_to.empty() ? "post" : "reply";
        view.text = post.text;
        view.parent_id = post.reply_to;
        view.created_at = post.created_at;
        view.path = fmt::format("/x.com/{}/status/{}", view.account, post.id);
        view.visible = is_live(post);
        view.poll = post.poll_options;
        for (auto const& id : post.media_ids) {
            auto const& media = state_.media.at(id);
            std::size_t bytes = static_cast<std::size_t>(media.total_bytes);
            view.media.push_back({media.kind, bytes, media.sha256, media.alt_text, media.media_type});
        }
        result.push_back(std::move(view));
    }
    return result;
}

std::vector<AccountView> X::accounts() const {
    std::vector<AccountView> result;
    for (auto const& user : state_.users) {
        AccountView view{user.username, user.name, user.kind, "", std::nullopt, {}};
        view.extra = {{"id", user.id},
                      {"verified_type", user.verified_type},
                      {"subscription_type", user.subscription_type}};
        if (user.suspended) view.extra["suspended"] = true;
        result.push_back(std::move(view));
    }
    return result;
}

Result<AccountView> X::add_account(json::value const& body) {
    Fields fields(body);
    User user;
    user.username = fields.required_text("handle");
    user.name = fields.text("name").value_or(user.username);
    user.kind = fields.text("kind").value_or("person");
    user.verified_type = fields.text("verified_type").value_or("none");
    user.subscription_type = fields.text("subscription_type").value_or("None");
    user.suspended = fields.flag("suspended").value_or(false);
    if (user.username.size() > 15 ||
        user.username.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") !=
            std::string::npos) {
        fields.wrong("/handle", "invalid_format", "An X user name has up to 15 letters, digits and _.");
    }
    static std::set<std::string> const verified = {"blue", "business", "government", "none"};
    static std::set<std::string> const subscriptions = {"Basic", "Premium", "PremiumPlus", "None"};
    if (!verified.contains(user.verified_type))
        fields.wrong("/verified_type", "invalid_choice",
                     "verified_type is blue, business, government or none.");
    if (!subscriptions.contains(user.subscription_type))
        fields.wrong("/subscription_type", "invalid_choice",
                     "subscription_type is Basic, Premium, PremiumPlus or None.");
    fields.refuse_unknown();
    if (auto error = fields.error()) return *std::move(error);
    if (user_by_name(user.username)) return conflict(fmt::format("{} is there already.", user.username));
    user.id = std::to_string(2'244'994'001 + static_cast<std::int64_t>(state_.users.size()));
    state_.users.push_back(user);
    return accounts().back();
}

std::optional<std::string> X::permalink(std::string_view host,
                                        std::vector<std::string> const& segments) const {
    if (host.starts_with("api.")) return std::nullopt;
    if (segments.size() == 3 && segments[1] == "status") return segments[2];
    if (segments.size() == 4 && segments[0] == "i" && segments[1] == "web" && segments[2] == "status")
        return segments[3];
    return std::nullopt;
}

std::optional<std::string> X::profile(std::string_view host, std::vector<std::string> const& segments) const {
    if (host.starts_with("api.") || segments.size() != 1 || segments[0].empty()) return std::nullopt;
    return segments[0];
}

json::object X::extra_state() const {
    json::object lines;
    std::int64_t total = 0;
    for (auto const& [what, entry] : state_.ledger) {
        total += entry.milli_usd;
        lines[what] =
            json::object{{"calls", entry.calls}, {"usd", static_cast<double>(entry.milli_usd) / 1000}};
    }
    return {{"ledger", {{"total_usd", static_cast<double>(total) / 1000}, {"lines", lines}}}};
}

json::value X::save() const {
    return encode(state_);
}

void X::load(json::value const& state) {
    State loaded;
    decode(state, loaded);
    state_ = std::move(loaded);
}

void X::reset() {
    state_ = State();
    settings = Settings();
    settings.limits = default_limits();
    settings.switches = default_switches();
    settings.listing_lag_ms = 2'000;
    for (auto const& person : people()) {
        auto const number = static_cast<std::int64_t>(state_.users.size());
        bool const premium = number % 4 == 3;
        User user;
        user.id = std::to_string(2'244'994'001 + number);
        user.username = fmt::format("{}{}", person.given, person.family).substr(0, 15);
        user.name = std::string(person.name);
        user.kind = person.is_business ? "business" : "person";
        user.verified_type = person.is_business ? "business" : premium ? "blue" : "none";
        user.subscription_type = person.is_business ? "PremiumPlus" : premium ? "Premium" : "None";
        state_.users.push_back(std::move(user));
    }
}

}  // namespace mypost::sandbox::x
