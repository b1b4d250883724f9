// Creating and deleting posts. https://docs.x.com/x-api/posts/create-post
#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.hpp"
#include "sandbox/text/unicode.hpp"
#include "sandbox/x/x.hpp"

namespace mypost::sandbox::x {

namespace {

constexpr std::size_t longest_text = 280;
constexpr std::size_t longest_premium_text = 25'000;
constexpr std::chrono::hours day{24};
constexpr std::chrono::minutes half_hour{30};
constexpr std::chrono::hours edit_window{1};

std::set<std::string_view> const known_members = {"text",
                                                  "media",
                                                  "reply",
                                                  "quote_tweet_id",
                                                  "poll",
                                                  "reply_settings",
                                                  "community_id",
                                                  "share_with_followers",
                                                  "geo",
                                                  "made_with_ai",
                                                  "paid_partnership",
                                                  "edit_options",
                                                  "for_super_followers_only",
                                                  "nullcast",
                                                  "card_uri",
                                                  "direct_message_deep_link"};

// What is wrong with the body's shape: unknown members, wrong types, combinations that exclude each other.
std::optional<http::Response> check_shape(json::object const& body) {
    for (auto const& member : body) {
        std::string_view const name = member.key();
        if (!known_members.contains(name)) {
            return invalid_request(name, json::serialize(member.value()),
                                   fmt::format("The JSON field [{}] is not one of the known fields.", name));
        }
        static std::set<std::string_view> const texts = {"text",           "quote_tweet_id",
                                                         "reply_settings", "community_id",
                                                         "card_uri",       "direct_message_deep_link"};
        static std::set<std::string_view> const objects = {"media", "reply", "poll", "geo", "edit_options"};
        auto const& value = member.value();
        bool const fits = texts.contains(name)     ? value.is_string()
                          : objects.contains(name) ? value.is_object()
                                                   : value.is_bool();
        if (!fits)
            return invalid_request(name, json::serialize(value),
                                   fmt::format("$.{}: has a wrong type.", name));
    }
    int exclusive = 0;
    for (auto const* name : {"quote_tweet_id", "poll", "media", "card_uri", "direct_message_deep_link"})
        exclusive += body.contains(name) ? 1 : 0;
    if (exclusive > 1)
        return invalid_request(
            "", "", "quote_tweet_id, poll, media, card_uri and direct_message_deep_link exclude each other.");
    if (auto const* settings = body.if_contains("reply_settings")) {
        static std::set<std::string_view> const choices = {"following", "mentionedUsers", "subscribers",
                                                           "verified"};
        std::string_view const choice = settings->as_string();
        if (!choices.contains(choice))
            return invalid_request(
                "reply_settings", choice,
                "reply_settings must be one of [following, mentionedUsers, subscribers, verified].");
    }
    return std::nullopt;
}

// Unknown members inside one of the body's objects.
std::optional<http::Response> check_members(std::string_view object_name, json::object const& object,
                                            std::set<std::string_view> const& known) {
    for (auto const& member : object) {
        if (known.contains(std::string_view(member.key()))) continue;
        auto const name = fmt::format("{}.{}", object_name, std::string_view(member.key()));
        return invalid_request(name, json::serialize(member.value()),
                               fmt::format("The JSON field [{}] is not one of the known fields.", name));
    }
    return std::nullopt;
}

std::optional<http::Response> read_poll(Post& post, json::object const& poll) {
    if (auto wrong = check_members("poll", poll, {"options", "duration_minutes", "reply_settings"}))
        return wrong;
    auto const* options = poll.if_contains("options");
    auto const* minutes = poll.if_contains("duration_minutes");
    if (!options || !options->is_array() || options->as_array().size() < 2 ||
        options->as_array().size() > 4) {
        return invalid_request("poll.options", "", "A poll must have 2 to 4 options.");
    }
    if (!minutes || !minutes->is_int64() || minutes->as_int64() < 5 || minutes->as_int64() > 10'080) {
        return invalid_request("poll.duration_minutes", "", "duration_minutes must be between 5 and 10080.");
    }
    for (auto const& option : options->as_array()) {
        auto const label = option.is_string() ? std::string(option.as_string()) : std::string();
        auto const length = text::to_code_points(label).size();
        if (length < 1 || length > 25)
            return invalid_request("poll.options", label, "An option must have 1 to 25 characters.");
        post.poll_options.push_back(label);
    }
    return std::nullopt;
}

void add_day_headers(http::Response& response, Rate const& rate) {
    response.headers.set("x-user-limit-24hour-limit", std::to_string(rate.limit));
    response.headers.set("x-user-limit-24hour-remaining", std::to_string(rate.remaining));
    response.headers.set("x-user-limit-24hour-reset", std::to_string(to_ms(rate.reset_at) / 1000));
}

}  // namespace

Post const* X::live_post(std::string_view id) const {
    auto const found = std::find_if(state_.posts.rbegin(), state_.posts.rend(),
                                    [&](Post const& post) { return post.id == id; });
    return found == state_.posts.rend() || !is_live(*found) ? nullptr : &*found;
}

// Limits of the account, whatever app it posts with: a day's posts by class, and half-hourly slices.
std::optional<http::Response> X::check_account_limits(User const& user, bool is_reply) {
    if (settings.limits_off) return std::nullopt;
    auto const name = user.is_verified() ? "posts_24h"
                      : is_reply         ? "unverified_replies_24h"
                                         : "unverified_posts_24h";
    auto const daily =
        state_.rates.look(fmt::format("{} {}", name, user.id), settings.limit(name), day, now());
    auto const slice =
        state_.rates.look("posts_30min " + user.id, settings.limit("posts_30min"), half_hour, now());
    if (daily.allowed && slice.allowed) return std::nullopt;
    ++state_.refused_rates;
    auto response = too_many_requests();
    // A used-up slice is told as a used-up day that ends with the slice.
    add_day_headers(response, daily.allowed ? Rate{daily.limit, 0, slice.reset_at, false} : daily);
    return response;
}

void X::count_account_limits(User const& user, bool is_reply, http::Response& response) {
    if (settings.limits_off) return;
    auto const name = user.is_verified() ? "posts_24h"
                      : is_reply         ? "unverified_replies_24h"
                                         : "unverified_posts_24h";
    add_day_headers(response,
                    state_.rates.take(fmt::format("{} {}", name, user.id), settings.limit(name), day, now()));
    (void)state_.rates.take("posts_30min " + user.id, settings.limit("posts_30min"), half_hour, now());
}

std::optional<http::Response> X::check_media(Post& post, json::object const& media, User const& user) {
    if (auto wrong = check_members("media", media, {"media_ids", "tagged_user_ids"})) return wrong;
    auto const* ids = media.if_contains("media_ids");
    if (!ids || !ids->is_array() || ids->as_array().empty() || ids->as_array().size() > 4) {
        return invalid_request("media.media_ids", ids ? json::serialize(*ids) : "",
                               "media.media_ids must have 1 to 4 ids.");
    }
    auto const* tagged = media.if_contains("tagged_user_ids");
    if (tagged && (!tagged->is_array() || tagged->as_array().size() > 10))
        return invalid_request("media.tagged_user_ids", "", "At most 10 users can be tagged.");
    std::size_t images = 0;
    for (auto const& given : ids->as_array()) {
        auto const id = given.is_string() ? std::string(given.as_string()) : std::string();
        auto const* file = own_media(user, id);
        bool const usable =
            file && file->finalized && processing_state(*file) == "succeeded" && file->kind != "text";
        if (!usable) return invalid_request("media.media_ids", id, "Your media IDs are invalid.");
        if (file->kind == "image") ++images;
        post.media_ids.push_back(id);
    }
    // Up to four images, or one GIF, or one video.
    if (images != post.media_ids.size() && post.media_ids.size() > 1)
        return invalid_request("media.media_ids", post.media_ids[0], "Your media IDs are invalid.");
    return std::nullopt;
}

std::optional<http::Response> X::check_reply(Post& post, User const& user) const {
    auto const* parent = live_post(post.reply_to);
    if (!parent)
        return problem(403, "Forbidden",
                       "You attempted to reply to a Tweet that is deleted or not visible to you.");
    post.conversation_id = parent->conversation_id;
    if (parent->user_id == user.id) {
        if (settings.is_on("self_replies")) return std::nullopt;
    } else {
        auto const names = mentioned(parent->text);
        auto lowered = user.username;
        for (auto& c : lowered) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        }
        if (!settings.is_on("reply_restriction") ||
            std::find(names.begin(), names.end(), lowered) != names.end())
            return std::nullopt;
    }
    return problem(403, "Forbidden",
                   "Reply to this conversation is not allowed because you have not been mentioned or "
                   "otherwise engaged by the author of "
                   "the post you are replying to.");
}

std::optional<http::Response> X::check_text(Post const& post, User const& user) const {
    auto const limit = user.is_premium() ? longest_premium_text : longest_text;
    if (weighted_length(post.text) > limit) {
        if (settings.number("too_long_status") == 400)
            return invalid_request("text", "", "The text is too long.");
        return problem(403, "Forbidden", "You are not permitted to perform this action.");
    }
    if (static_cast<std::int64_t>(cashtag_count(post.text)) > settings.number("max_cashtags")) {
        return problem(403, "Forbidden", "You are not permitted to use more than one cashtag in a Post.");
    }
    if (settings.is_on("refuse_mentions") && post.reply_to.empty() && !mentioned(post.text).empty()) {
        return problem(403, "Forbidden",
                       "You are not permitted to mention accounts that have not engaged with you.");
    }
    auto const window = std::chrono::seconds(settings.number("duplicate_window_s"));
    // A deleted twin still counts: deleting does not lift the block.
    bool const duplicate =
        !post.text.empty() && std::any_of(state_.posts.begin(), state_.posts.end(), [&](Post const& other) {
            return other.user_id == user.id && other.text == post.text && now() < other.created_at + window;
        });
    if (duplicate)
        return problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.");
    return std::nullopt;
}

// Everything a body says about the post, checked in X's order; `edited` becomes the post it replaces.
std::optional<http::Response> X::read_post(Post& post, json::object const& body, User const& user,
                                           Post const*& edited) {
    if (auto wrong = check_shape(body)) return wrong;
    if (auto const* given = body.if_contains("text")) post.text = std::string(given->as_string());
    if (auto const* choice = body.if_contains("reply_settings")) {
        post.reply_settings = std::string(choice->as_string());
    }
    if (post.text.empty() && !body.contains("media")) {
        return invalid_request("text", "", "Either text or media is required.");
    }
    if (auto const* poll = body.if_contains("poll")) {
        if (auto wrong = read_poll(post, poll->as_object())) return wrong;
    }
    if (auto const* media = body.if_contains("media")) {
        if (auto wrong = check_media(post, media->as_object(), user)) return wrong;
    }
    if (body.contains("quote_tweet_id")) {
        post.quote_of = std::string(body.at("quote_tweet_id").as_string());
        if (!settings.is_on("quotes")) {
            return problem(
                403, "Forbidden",
                "You are not permitted to perform this action: quote posts are not part of your plan.");
        }
        if (!live_post(post.quote_of)) {
            return invalid_request("quote_tweet_id", post.quote_of, "The quoted post does not exist.");
        }
    }
    if (auto const* options = body.if_contains("edit_options")) {
        auto const* previous = options->as_object().if_contains("previous_post_id");
        if (!previous || !previous->is_string()) {
            return invalid_request("edit_options.previous_post_id", "", "previous_post_id is required.");
        }
        edited = live_post(previous->as_string());
        bool const may = edited && edited->user_id == user.id && user.is_premium() &&
                         now() < edited->created_at + edit_window;
        if (!may) return problem(403, "Forbidden", "You are not permitted to edit this post.");
        post.edit_history = edited->edit_history;
    }
    if (auto const* reply = body.if_contains("reply")) {
        auto const& object = reply->as_object();
        if (auto wrong = check_members(
                "reply", object,
                {"in_reply_to_tweet_id", "exclude_reply_user_ids", "auto_populate_reply_metadata"}))
            return wrong;
        auto const* target = object.if_contains("in_reply_to_tweet_id");
        if (!target || !target->is_string() || target->as_string().empty()) {
            return invalid_request("reply.in_reply_to_tweet_id", "", "in_reply_to_tweet_id is required.");
        }
        post.reply_to = std::string(target->as_string());
        if (auto wrong = check_reply(post, user)) return wrong;
    }
    return check_text(post, user);
}

http::Response X::create_post(Call& call, User const& user) {
    boost::system::error_code error;
    auto const body = json::parse(call.request.body, error);
    if (error || !body.is_object()) return invalid_request("", "", "The request body is not a JSON object.");
    Post post;
    post.user_id = user.id;
    Post const* edited = nullptr;
    if (auto wrong = read_post(post, body.as_object(), user, edited)) return *std::move(wrong);
    bool const is_reply = !post.reply_to.empty();
    if (auto refused = check_account_limits(user, is_reply)) return *std::move(refused);
    post.id = new_id();
    if (post.conversation_id.empty()) post.conversation_id = post.id;
    post.edit_history.push_back(post.id);
    post.created_at = now();
    auto const links = link_count(post.text);
    bool const links_media = settings.is_on("media_link_in_text") && !post.media_ids.empty();
    for (std::size_t i = 0; i < links + (links_media ? 1 : 0); ++i) {
        post.short_links.push_back(services_.random.text(10));
    }
    if (auto const fault = call.take_fault({"reject_later"})) {
        post.removed_at = now() + Milliseconds(std::max<std::int64_t>(fault->delay_ms, 1));
    }
    auto const* parent = is_reply ? live_post(post.reply_to) : nullptr;
    bool const summoned = parent && parent->user_id != user.id;
    charge(summoned    ? "summoned reply"
           : links > 0 ? "post with a link"
                       : "post",
           summoned    ? 10
           : links > 0 ? 200
                       : 15);
    if (edited) const_cast<Post*>(edited)->removed_at = now();
    json::object data{{"id", post.id},
                      {"text", render(post.text, post.short_links).text},
                      {named("edit_history_tweet_ids"), json::value_from(post.edit_history)}};
    auto response = json_answer(201, json::object{{"data", std::move(data)}});
    count_account_limits(user, is_reply, response);
    state_.posts.push_back(std::move(post));
    return response;
}

http::Response X::delete_post(Call& call, User const& user) {
    auto const& id = call.segments[2];
    auto const found = std::find_if(state_.posts.begin(), state_.posts.end(),
                                    [&](Post const& post) { return post.id == id; });
    if (found == state_.posts.end() || !is_live(*found)) {
        return problem(404, "Not Found Error", fmt::format("Could not find tweet with id: [{}].", id),
                       "https://api.twitter.com/2/problems/resource-not-found");
    }
    if (found->user_id != user.id)
        return problem(403, "Forbidden", "You are not authorized to delete this Tweet.");
    found->removed_at = now();
    charge("delete", 10);
    return json_answer(200, json::object{{"data", {{"deleted", true}}}});
}

}  // namespace mypost::sandbox::x
