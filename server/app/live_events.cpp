#include "app/live_events.hpp"

#include "core/log.hpp"

namespace mypost::app {

namespace {

namespace json = boost::json;

json::value time_or_null(std::optional<Instant> const& instant) {
    if (!instant) return nullptr;
    return json::value(to_rfc3339(*instant));
}

events::Event event_of(publishing::PostChange const& change) {
    events::Event event;
    event.workspace = change.workspace;
    event.brand = change.brand;
    event.data["post_id"] = change.post.to_string();
    event.data["brand_id"] = change.brand.to_string();
    if (change.deleted) {
        event.type = "post.deleted";
        return event;
    }
    // The first state of a post's first version is its creation.
    event.type =
        change.version == 1 && change.state_version <= 2 && change.status == publishing::PostStatus::draft
            ? "post.created"
            : "post.updated";
    event.data["status"] = publishing::to_string(change.status);
    event.data["version"] = change.version;
    event.data["scheduled_at"] = time_or_null(change.scheduled_at);
    event.data["readiness"] = change.readiness;
    return event;
}

events::Event event_of(publishing::TargetChange const& change) {
    events::Event event;
    event.workspace = change.workspace;
    event.brand = change.brand;
    event.type = "target.updated";
    event.data["post_id"] = change.post.to_string();
    event.data["target_id"] = change.target.to_string();
    event.data["account_id"] = change.account.to_string();
    event.data["state"] = publishing::to_string(change.state);
    if (!change.error_code.empty()) event.data["error_code"] = change.error_code;
    return event;
}

events::Event event_of(publishing::GrantChange const& change) {
    events::Event event;
    event.workspace = change.workspace;
    event.brand = change.brand;
    event.type = "account.updated";
    event.data["grant_id"] = change.grant.to_string();
    event.data["state"] = change.state;
    event.data["problem"] = change.problem;
    return event;
}

events::Event event_of(publishing::Alarm const& alarm) {
    events::Event event;
    if (alarm.workspace) event.workspace = *alarm.workspace;
    event.brand = alarm.brand;
    event.type = "alarm";
    event.data["key"] = alarm.key;
    event.data["code"] = alarm.code;
    event.data["raised"] = alarm.raised;
    if (alarm.post) event.data["post_id"] = alarm.post->to_string();
    json::object params;
    for (auto const& [key, value] : alarm.params) params[key] = value;
    event.data["params"] = std::move(params);
    return event;
}

}  // namespace

void LiveEvents::changed(publishing::Changes changes) {
    for (auto const& change : changes.posts) bus_.publish(event_of(change));
    for (auto const& change : changes.targets) bus_.publish(event_of(change));
    for (auto const& change : changes.grants) bus_.publish(event_of(change));
    for (auto const& alarm : changes.alarms) {
        if (alarm.raised) log::warning("alarm", {{"key", alarm.key}, {"code", alarm.code}});
        bus_.publish(event_of(alarm));
    }
    if (changes.due_now && on_due) on_due();
}

}  // namespace mypost::app
