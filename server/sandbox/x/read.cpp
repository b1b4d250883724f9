// Looking up posts and users. https://docs.x.com/x-api/fundamentals/fields
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sandbox/text/unicode.hpp"
#include "sandbox/x/x.hpp"

namespace mypost::sandbox::x {

namespace {

constexpr std::size_t folded_length = 280;
constexpr std::chrono::hours metrics_lifetime{24 * 30};

std::set<std::string> const known_post_fields = {"article",
                                                 "attachments",
                                                 "author_id",
                                                 "card_uri",
                                                 "community_id",
                                                 "context_annotations",
                                                 "conversation_id",
                                                 "created_at",
                                                 "display_text_range",
                                                 "edit_controls",
                                                 "edit_history_tweet_ids",
                                                 "entities",
                                                 "geo",
                                                 "id",
                                                 "in_reply_to_user_id",
                                                 "lang",
                                                 "media_metadata",
                                                 "non_public_metrics",
                                                 "note_tweet",
                                                 "organic_metrics",
                                                 "possibly_sensitive",
                                                 "promoted_metrics",
                                                 "public_metrics",
                                                 "referenced_tweets",
                                                 "reply_settings",
                                                 "scopes",
                                                 "source",
                                                 "suggested_source_links",
                                                 "text",
                                                 "withheld"};
std::set<std::string> const known_user_fields = {"affiliation",
                                                 "connection_status",
                                                 "created_at",
                                                 "description",
                                                 "entities",
                                                 "id",
                                                 "is_identity_verified",
                                                 "location",
                                                 "most_recent_tweet_id",
                                                 "name",
                                                 "parody",
                                                 "pinned_tweet_id",
                                                 "profile_banner_url",
                                                 "profile_image_url",
                                                 "protected",
                                                 "public_metrics",
                                                 "receives_your_dm",
                                                 "subscription",
                                                 "subscription_type",
                                                 "url",
                                                 "username",
                                                 "verified",
                                                 "verified_followers_count",
                                                 "verified_type",
                                                 "withheld"};
std::set<std::string> const known_media_fields = {"alt_text",
                                                  "duration_ms",
                                                  "height",
                                                  "media_key",
                                                  "non_public_metrics",
                                                  "organic_metrics",
                                                  "preview_image_url",
                                                  "promoted_metrics",
                                                  "public_metrics",
                                                  "type",
                                                  "url",
                                                  "variants",
                                                  "width"};
std::set<std::string> const known_expansions = {"article.cover_media",
                                                "article.media_entities",
                                                "attachments.media_keys",
                                                "attachments.media_source_tweet",
                                                "attachments.poll_ids",
                                                "author_id",
                                                "edit_history_tweet_ids",
                                                "entities.mentions.username",
                                                "geo.place_id",
                                                "in_reply_to_user_id",
                                                "entities.note.mentions.username",
                                                "referenced_tweets.id",
                                                "referenced_tweets.id.author_id",
                                                "pinned_tweet_id",
                                                "most_recent_tweet_id",
                                                "affiliation.user_id"};

// The older name of a field, whichever generation it was asked by.
std::string old_name(std::string name) {
    static std::pair<std::string_view, std::string_view> const renamed[] = {
        {"edit_history_post_ids", "edit_history_tweet_ids"},
        {"referenced_posts", "referenced_tweets"},
        {"note_post", "note_tweet"}};
    for (auto const& [after, before] : renamed) {
        if (auto const at = name.find(after); at != std::string::npos) name.replace(at, after.size(), before);
    }
    return name;
}

std::set<std::string> split(std::string_view text) {
    std::set<std::string> result;
    while (!text.empty()) {
        auto const comma = text.find(',');
        if (comma != 0) result.insert(old_name(std::string(text.substr(0, comma))));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    }
    return result;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

json::object not_found(std::string_view parameter, std::string_view id) {
    return {{"value", id},
            {"detail", fmt::format("Could not find tweet with {}: [{}].", parameter, id)},
            {"title", "Not Found Error"},
            {"resource_type", "tweet"},
            {"parameter", parameter},
            {"resource_id", id},
            {"type", "https://api.twitter.com/2/problems/resource-not-found"}};
}

bool id_less(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

json::object answer_of(json::value data, json::object includes, json::array errors) {
    json::object answer;
    if (!data.is_null() && !(data.is_array() && data.as_array().empty())) answer["data"] = std::move(data);
    if (!includes.empty()) answer["includes"] = std::move(includes);
    if (!errors.empty()) answer["errors"] = std::move(errors);
    return answer;
}

}  // namespace

std::string X::named(std::string_view old) const {
    if (settings.text("field_names") != "new") return std::string(old);
    if (old == "edit_history_tweet_ids") return "edit_history_post_ids";
    if (old == "referenced_tweets") return "referenced_posts";
    if (old == "note_tweet") return "note_post";
    if (old == "retweet_count") return "repost_count";
    if (old == "tweet_count") return "post_count";
    return std::string(old);
}

tl::expected<X::Wanted, http::Response> X::wanted(Call const& call,
                                                  std::set<std::string> const& other_parameters) const {
    Wanted result;
    for (auto const& [name, value] : call.request.query_pairs()) {
        auto* fields = name == "tweet.fields" || name == "post.fields" ? &result.post_fields
                       : name == "user.fields"                         ? &result.user_fields
                       : name == "media.fields"                        ? &result.media_fields
                       : name == "expansions"                          ? &result.expansions
                                                                       : nullptr;
        if (!fields) {
            if (other_parameters.contains(name) || name == "poll.fields" || name == "place.fields") continue;
            return tl::unexpected(invalid_request(
                name, value,
                fmt::format("The query parameter [{}] is not one of the known parameters.", name)));
        }
        auto const& known = fields == &result.post_fields    ? known_post_fields
                            : fields == &result.user_fields  ? known_user_fields
                            : fields == &result.media_fields ? known_media_fields
                                                             : known_expansions;
        for (auto const& field : split(value)) {
            if (!known.contains(field)) {
                return tl::unexpected(invalid_request(
                    name, field,
                    fmt::format("The `{}` query parameter value [{}] is not one of the known values.", name,
                                field)));
            }
            fields->insert(field);
        }
    }
    return result;
}

json::object X::user_json(User const& user, std::set<std::string> const& fields) const {
    json::object result{{"id", user.id}, {"name", user.name}, {"username", user.username}};
    auto const add = [&](std::string_view name_, auto const& value) {
        if (fields.contains(std::string(name_))) result[name_] = value;
    };
    add("created_at", "2024-01-01T00:00:00.000Z");
    add("description", "");
    add("profile_image_url", fmt::format("https://pbs.twimg.com/profile_images/{}.svg", user.username));
    add("protected", false);
    add("verified", user.is_verified());
    add("verified_type", user.verified_type);
    add("subscription_type", user.subscription_type);
    if (fields.contains("public_metrics")) {
        auto const count = std::count_if(state_.posts.begin(), state_.posts.end(), [&](Post const& post) {
            return post.user_id == user.id && is_live(post);
        });
        auto const number = whole_number(user.id).value_or(0) % 1000;
        result["public_metrics"] = json::object{{"followers_count", 100 + number * 11},
                                                {"following_count", 50 + number},
                                                {named("tweet_count"), count},
                                                {"listed_count", 0},
                                                {"like_count", 0},
                                                {"media_count", 0}};
    }
    return result;
}

json::object X::post_json(Post const& post, Wanted const& wanted, User const& reader,
                          json::array& errors) const {
    auto const& fields = wanted.post_fields;
    auto const wants = [&](std::string_view name_) { return fields.contains(std::string(name_)); };
    auto rendered = render(post.text, post.short_links);
    if (post.short_links.size() > rendered.links && !post.media_ids.empty()) {
        auto const url = "https://t.co/" + post.short_links.back();
        if (!rendered.text.empty()) rendered.text += ' ';
        auto const start = text::to_code_points(rendered.text).size();
        rendered.text += url;
        auto const* author = user_by_id(post.user_id);
        for (auto const& id : post.media_ids) {
            rendered.urls.push_back(json::object{
                {"start", start},
                {"end", start + url.size()},
                {"url", url},
                {"expanded_url",
                 fmt::format("https://x.com/{}/status/{}/photo/1", author ? author->username : "", post.id)},
                {"display_url", "pic.x.com/" + post.short_links.back()},
                {"media_key", state_.media.at(id).media_key}});
        }
    }
    bool const is_long = weighted_length(post.text) > folded_length;
    auto const points = text::to_code_points(rendered.text);
    auto const shown = is_long ? text::to_utf8(std::u32string_view(points).substr(0, folded_length - 1)) + "…"
                               : rendered.text;
    json::object result{{"id", post.id},
                        {"text", shown},
                        {named("edit_history_tweet_ids"), json::value_from(post.edit_history)}};
    if (wants("created_at")) result["created_at"] = to_rfc3339(post.created_at);
    if (wants("author_id") || wanted.expansions.contains("author_id")) result["author_id"] = post.user_id;
    if (wants("conversation_id")) result["conversation_id"] = post.conversation_id;
    if (wants("lang")) result["lang"] = "und";
    if (wants("reply_settings"))
        result["reply_settings"] = post.reply_settings.empty() ? "everyone" : post.reply_settings;
    if (wants("entities") && !rendered.urls.empty())
        result["entities"] = json::object{{"urls", rendered.urls}};
    if (wants("note_tweet") && is_long) {
        result[named("note_tweet")] =
            json::object{{"text", rendered.text}, {"entities", {{"urls", rendered.urls}}}};
    }
    json::array referenced;
    if (!post.reply_to.empty())
        referenced.push_back(json::object{{"type", "replied_to"}, {"id", post.reply_to}});
    if (!post.quote_of.empty()) referenced.push_back(json::object{{"type", "quoted"}, {"id", post.quote_of}});
    if (wants("referenced_tweets") && !referenced.empty()) result[named("referenced_tweets")] = referenced;
    if (wants("in_reply_to_user_id") && !post.reply_to.empty()) {
        auto const parent = std::find_if(state_.posts.begin(), state_.posts.end(),
                                         [&](Post const& other) { return other.id == post.reply_to; });
        if (parent != state_.posts.end()) result["in_reply_to_user_id"] = parent->user_id;
    }
    if ((wants("attachments") || wanted.expansions.contains("attachments.media_keys")) &&
        !post.media_ids.empty()) {
        json::array keys;
        for (auto const& id : post.media_ids) keys.push_back(json::value(state_.media.at(id).media_key));
        result["attachments"] = json::object{{"media_keys", keys}};
    }
    auto const replies = std::count_if(state_.posts.begin(), state_.posts.end(), [&](Post const& other) {
        return other.reply_to == post.id && is_live(other);
    });
    auto const minutes = std::max<std::int64_t>((now() - post.created_at).count() / 60'000, 0);
    if (wants("public_metrics")) {
        result["public_metrics"] = json::object{{named("retweet_count"), 0}, {"reply_count", replies},
                                                {"like_count", 0},           {"quote_count", 0},
                                                {"bookmark_count", 0},       {"impression_count", minutes}};
    }
    for (auto const* name_ : {"non_public_metrics", "organic_metrics"}) {
        if (!wants(name_)) continue;
        bool const own = post.user_id == reader.id;
        if (own && now() < post.created_at + metrics_lifetime) {
            result[name_] = json::object{{"impression_count", minutes},
                                         {"url_link_clicks", 0},
                                         {"user_profile_clicks", 0},
                                         {"engagements", replies}};
            continue;
        }
        errors.push_back(json::object{
            {"resource_id", post.id},
            {"parameter", "ids"},
            {"resource_type", "tweet"},
            {"section", "data"},
            {"title", "Field Authorization Error"},
            {"value", post.id},
            {"detail",
             fmt::format("Sorry, you are not authorized to access '{}' on the Tweet with ids : [{}].", name_,
                         post.id)},
            {"field", name_},
            {"type", "https://api.twitter.com/2/problems/not-authorized-for-field"}});
    }
    return result;
}

json::object X::includes(std::vector<Post const*> const& posts, Wanted const& wanted) const {
    json::object result;
    json::array media;
    json::array users;
    std::set<std::string> seen;
    for (auto const* post : posts) {
        if (wanted.expansions.contains("author_id") && seen.insert(post->user_id).second) {
            if (auto const* user = user_by_id(post->user_id))
                users.push_back(user_json(*user, wanted.user_fields));
        }
        if (!wanted.expansions.contains("attachments.media_keys")) continue;
        for (auto const& id : post->media_ids) {
            auto const& file = state_.media.at(id);
            if (!seen.insert(file.media_key).second) continue;
            json::object entry{{"media_key", file.media_key},
                               {"type", file.kind == "image" ? "photo"
                                        : file.kind == "gif" ? "animated_gif"
                                                             : "video"}};
            if (wanted.media_fields.contains("alt_text") && !file.alt_text.empty())
                entry["alt_text"] = file.alt_text;
            if (wanted.media_fields.contains("width") && file.width > 0) entry["width"] = file.width;
            if (wanted.media_fields.contains("height") && file.height > 0) entry["height"] = file.height;
            if (wanted.media_fields.contains("public_metrics") && file.kind == "video")
                entry["public_metrics"] = json::object{{"view_count", 0}};
            media.push_back(std::move(entry));
        }
    }
    if (!media.empty()) result["media"] = std::move(media);
    if (!users.empty()) result["users"] = std::move(users);
    return result;
}

http::Response X::me(Call& call, User const& user) {
    auto asked = wanted(call, {});
    if (!asked) return asked.error();
    return json_answer(200, json::object{{"data", user_json(user, asked->user_fields)}});
}

http::Response X::lookup(Call& call, User const& user) {
    auto asked = wanted(call, {"ids"});
    if (!asked) return asked.error();
    auto const ids = split(call.query("ids").value_or(""));
    if (ids.empty() || ids.size() > 100)
        return invalid_request(
            "ids", "", "The number of values in the `ids` query parameter list must be between 1 and 100.");
    json::array data;
    json::array errors;
    std::vector<Post const*> found;
    for (auto const& id : ids) {
        auto const* post = live_post(id);
        if (!post) {
            errors.push_back(not_found("ids", id));
            continue;
        }
        found.push_back(post);
        data.push_back(post_json(*post, *asked, user, errors));
    }
    charge("post read", 5 * static_cast<std::int64_t>(found.size()), static_cast<std::int64_t>(found.size()));
    return json_answer(200, answer_of(data, includes(found, *asked), errors));
}

http::Response X::lookup_one(Call& call, User const& user) {
    auto asked = wanted(call, {});
    if (!asked) return asked.error();
    auto const* post = live_post(call.segments[2]);
    json::array errors;
    if (!post) return json_answer(200, answer_of(nullptr, {}, {not_found("id", call.segments[2])}));
    auto data = post_json(*post, *asked, user, errors);
    charge("post read", 5);
    return json_answer(200, answer_of(data, includes({post}, *asked), errors));
}

http::Response X::timeline(Call& call, User const& user) {
    auto asked = wanted(call, {"max_results", "start_time", "end_time", "since_id", "until_id", "exclude",
                               "pagination_token"});
    if (!asked) return asked.error();
    auto const query = [&](std::string_view name_) { return call.query(name_).value_or(""); };
    auto const* author = user_by_id(call.segments[2]);
    if (!author) return invalid_request("id", call.segments[2], "The user id is not known.");
    auto const count =
        call.query("max_results") ? whole_number(query("max_results")) : std::optional<std::int64_t>(10);
    if (!count || *count < 5 || *count > 100)
        return invalid_request("max_results", query("max_results"),
                               "The `max_results` query parameter value is not between 5 and 100.");
    std::optional<Instant> start, end;
    if (call.query("start_time") && !(start = parse_rfc3339(query("start_time"))))
        return invalid_request("start_time", query("start_time"), "start_time must be an RFC 3339 time.");
    if (call.query("end_time") && !(end = parse_rfc3339(query("end_time"))))
        return invalid_request("end_time", query("end_time"), "end_time must be an RFC 3339 time.");
    auto const exclude = split(query("exclude"));
    auto const since = query("since_id");
    auto const until = query("until_id");
    auto const page = query("pagination_token");
    std::vector<Post const*> found;
    for (auto post = state_.posts.rbegin(); post != state_.posts.rend(); ++post) {
        bool const listed = post->user_id == author->id && is_live(*post) &&
                            now() >= post->created_at + Milliseconds(settings.listing_lag_ms);
        if (!listed || (start && post->created_at < *start) || (end && post->created_at >= *end)) continue;
        if ((!since.empty() && !id_less(since, post->id)) || (!until.empty() && !id_less(post->id, until)) ||
            (!page.empty() && !id_less(post->id, page)))
            continue;
        if (exclude.contains("replies") && !post->reply_to.empty()) continue;
        found.push_back(&*post);
    }
    auto const wanted_count = static_cast<std::size_t>(*count);
    bool const has_more = found.size() > wanted_count;
    if (has_more) found.resize(wanted_count);
    json::array data;
    json::array errors;
    for (auto const* post : found) data.push_back(post_json(*post, *asked, user, errors));
    charge("post read", 5 * static_cast<std::int64_t>(found.size()), static_cast<std::int64_t>(found.size()));
    auto answer = answer_of(data, includes(found, *asked), errors);
    json::object meta{{"result_count", found.size()}};
    if (!found.empty()) {
        meta["newest_id"] = found.front()->id;
        meta["oldest_id"] = found.back()->id;
    }
    if (has_more) meta["next_token"] = found.back()->id;
    answer["meta"] = std::move(meta);
    return json_answer(200, answer);
}

}  // namespace mypost::sandbox::x
