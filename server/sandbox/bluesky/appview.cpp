// The read side, which lags behind the data servers. https://docs.bsky.app/docs/api/app-bsky-feed-get-posts
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sandbox/bluesky/bluesky.hpp"

namespace mypost::sandbox::bluesky {

namespace {

constexpr std::size_t most_at_once = 25;

std::vector<std::string> all_values(Call const& call, std::string_view name) {
    std::vector<std::string> values;
    for (auto const& [key, value] : call.request.query_pairs()) {
        if (key == name || key == std::string(name) + "[]") values.push_back(value);
    }
    return values;
}

}  // namespace

bool Bluesky::is_indexed(Record const& record, Account const* reader) const {
    if (!is_live(record)) return false;
    bool const patched_in = reader && reader->did == record.did;
    return patched_in || now() >= record.created_at + Milliseconds(settings.listing_lag_ms);
}

json::object Bluesky::profile_json(Account const& who, bool fresh) const {
    auto const count = std::count_if(state_.records.begin(), state_.records.end(), [&](Record const& record) {
        return record.did == who.did && record.collection == "app.bsky.feed.post" &&
               is_indexed(record, fresh ? &who : nullptr);
    });
    auto const popularity = static_cast<std::int64_t>(who.handle.size());
    return {{"did", who.did},
            {"handle", who.handle},
            {"displayName", who.name},
            {"avatar", fmt::format("https://cdn.bsky.app/avatar/{}.svg", who.did)},
            {"associated", json::object()},
            {"labels", json::array()},
            {"createdAt", "2024-01-01T00:00:00.000Z"},
            {"indexedAt", "2024-01-01T00:00:00.000Z"},
            {"description", ""},
            {"followersCount", popularity * 9},
            {"followsCount", popularity * 5},
            {"postsCount", count}};
}

json::object Bluesky::post_json(Record const& record) const {
    auto const* who = account(record.did);
    boost::system::error_code ignored;
    std::int64_t replies = 0;
    std::int64_t quotes = 0;
    for (auto const& other : state_.records) {
        if (other.collection != "app.bsky.feed.post" || !is_live(other)) continue;
        auto const points_here = [&](char const* pointer) {
            auto const* uri = other.indexed_value.find_pointer(pointer, ignored);
            return uri && *uri == json::value(record.uri());
        };
        if (points_here("/reply/parent/uri")) ++replies;
        if (points_here("/embed/record/uri") || points_here("/embed/record/record/uri")) ++quotes;
    }
    json::object const author{{"did", record.did},
                              {"handle", who ? who->handle : "handle.invalid"},
                              {"displayName", who ? who->name : ""},
                              {"labels", json::array()}};
    return {{"uri", record.uri()},
            {"cid", record.indexed_cid},
            {"author", author},
            {"record", record.indexed_value},
            {"likeCount", 0},
            {"repostCount", 0},
            {"replyCount", replies},
            {"quoteCount", quotes},
            {"bookmarkCount", 0},
            {"indexedAt", to_rfc3339(record.created_at + Milliseconds(settings.listing_lag_ms))},
            {"labels", json::array()}};
}

http::Response Bluesky::get_profile(Call& call) {
    auto const actor = call.query("actor").value_or("");
    if (actor.empty()) return invalid_request("Error: Params must have the property \"actor\"");
    auto const* who = account(actor);
    if (!who) return invalid_request("Profile not found");
    if (who->status == "takendown") return failure(400, "AccountTakedown", "Account has been suspended");
    if (who->status == "deactivated") return failure(400, "AccountDeactivated", "Account is deactivated");
    auto const reader = authenticate(call);
    return json_answer(200, profile_json(*who, reader && *reader == who));
}

http::Response Bluesky::get_profiles(Call& call) {
    auto const actors = all_values(call, "actors");
    if (actors.empty() || actors.size() > most_at_once)
        return invalid_request("Error: Params/actors must have 1 to 25 elements");
    json::array profiles;
    for (auto const& actor : actors) {
        if (auto const* who = account(actor); who && who->status == "active")
            profiles.push_back(profile_json(*who, false));
    }
    return json_answer(200, json::object{{"profiles", std::move(profiles)}});
}

http::Response Bluesky::get_posts(Call& call) {
    auto const uris = all_values(call, "uris");
    if (uris.empty() || uris.size() > most_at_once)
        return invalid_request("Error: Params/uris must have 1 to 25 elements");
    json::array posts;
    for (auto const& uri : uris) {
        for (auto const& record : state_.records) {
            if (record.collection == "app.bsky.feed.post" && record.uri() == uri &&
                is_indexed(record, nullptr))
                posts.push_back(post_json(record));
        }
    }
    return json_answer(200, json::object{{"posts", std::move(posts)}});
}

http::Response Bluesky::get_author_feed(Call& call) {
    auto const* who = account(call.query("actor").value_or(""));
    if (!who) return invalid_request("Profile not found");
    std::size_t limit = 50;
    if (auto const text = call.query("limit")) {
        auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
        if (error != std::errc() || end != text->data() + text->size() || limit < 1 || limit > 100)
            return invalid_request("Error: Params/limit must be between 1 and 100");
    }
    auto const reader = authenticate(call);
    auto const cursor = call.query("cursor").value_or("");
    auto const filter = call.query("filter").value_or("");
    json::array feed;
    std::string last;
    for (auto record = state_.records.rbegin(); record != state_.records.rend() && feed.size() < limit;
         ++record) {
        if (record->did != who->did || record->collection != "app.bsky.feed.post" ||
            !is_indexed(*record, reader ? *reader : nullptr))
            continue;
        if (!cursor.empty() && to_rfc3339(record->created_at) >= cursor) continue;
        if (filter == "posts_no_replies" && record->indexed_value.is_object() &&
            record->indexed_value.as_object().contains("reply"))
            continue;
        json::object entry;
        entry["post"] = post_json(*record);
        feed.push_back(std::move(entry));
        last = to_rfc3339(record->created_at);
    }
    json::object answer{{"feed", std::move(feed)}};
    if (!last.empty()) answer["cursor"] = last;
    return json_answer(200, answer);
}

}  // namespace mypost::sandbox::bluesky
