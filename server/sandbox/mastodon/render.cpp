// Entities as JSON, and a status's text as HTML. https://docs.joinmastodon.org/entities/
#include <fmt/format.h>

#include <algorithm>

#include "sandbox/mastodon/mastodon.hpp"
#include "sandbox/text/links.hpp"
#include "sandbox/text/unicode.hpp"

namespace mypost::sandbox::mastodon {

namespace {

bool is_word(char32_t c) {
    return c == '_' || text::is_letter_digit_or_mark(c);
}
bool is_user_char(char32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

json::value text_or_null(std::string const& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

struct Hashtag {
    std::size_t begin, end;
    std::string name;
};

// '#' after a non-word character, then letters, digits and _, at least one of them no digit.
std::vector<Hashtag> find_hashtags(std::u32string_view text) {
    std::vector<Hashtag> result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '#' || (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '/'))) continue;
        auto end = at + 1;
        bool has_letter = false;
        for (; end < text.size() && is_word(text[end]); ++end)
            has_letter = has_letter || text[end] < '0' || text[end] > '9';
        if (!has_letter) continue;
        result.push_back({at, end, text::to_utf8(text.substr(at + 1, end - at - 1))});
        at = end - 1;
    }
    return result;
}

std::string link_html(std::string const& url) {
    auto const scheme_end = url.find("://") + 3;
    auto const shown = text::to_code_points(url.substr(scheme_end));
    auto const head = text::to_utf8(std::u32string_view(shown).substr(0, 30));
    auto const tail =
        shown.size() > 30 ? text::to_utf8(std::u32string_view(shown).substr(30)) : std::string();
    return fmt::format(
        "<a href=\"{}\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\"><span "
        "class=\"invisible\">{}</span>"
        "<span class=\"{}\">{}</span><span class=\"invisible\">{}</span></a>",
        text::escape_html(url), text::escape_html(url.substr(0, scheme_end)), tail.empty() ? "" : "ellipsis",
        text::escape_html(head), text::escape_html(tail));
}

// A piece of the text that becomes something else.
struct Piece {
    std::size_t begin, end;
    std::string html;
};

}  // namespace

std::vector<Mention> find_mentions(std::u32string_view text) {
    std::vector<Mention> result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '@') continue;
        if (at > 0 && (is_word(text[at - 1]) || text[at - 1] == '=' || text[at - 1] == '/')) continue;
        auto end = at + 1;
        while (end < text.size() && (is_user_char(text[end]) || text[end] == '.' || text[end] == '-')) ++end;
        while (end > at + 1 && !is_user_char(text[end - 1])) --end;
        if (end == at + 1) continue;
        Mention mention{at, end, text::to_utf8(text.substr(at + 1, end - at - 1)), ""};
        if (end < text.size() && text[end] == '@') {
            auto host_end = end + 1;
            while (host_end < text.size() &&
                   (is_word(text[host_end]) || text[host_end] == '.' || text[host_end] == '-'))
                ++host_end;
            while (host_end > end + 1 && !is_word(text[host_end - 1])) --host_end;
            if (host_end > end + 1) {
                mention.host = text::to_utf8(text.substr(end + 1, host_end - end - 1));
                mention.end = host_end;
            }
        }
        at = mention.end - 1;
        result.push_back(std::move(mention));
    }
    return result;
}

std::size_t counted_length(std::string_view text, std::int64_t per_url) {
    auto const points = text::to_code_points(text);
    auto const links = text::find_links(points, text::LinkRules::mastodon);
    std::u32string counted;
    std::size_t at = 0;
    for (auto const& link : links) {
        counted += points.substr(at, link.begin - at);
        counted.append(static_cast<std::size_t>(per_url), U'x');
        at = link.end;
    }
    counted += points.substr(at);
    std::u32string shortened;
    at = 0;
    for (auto const& mention : find_mentions(counted)) {
        shortened += std::u32string_view(counted).substr(at, mention.begin - at);
        shortened += U"@" + text::to_code_points(mention.username);
        at = mention.end;
    }
    shortened += std::u32string_view(counted).substr(at);
    return text::grapheme_count(text::to_utf8(shortened));
}

std::string Mastodon::content_html(Instance const& instance, std::string_view text) const {
    auto const points = text::to_code_points(text);
    std::vector<Piece> pieces;
    for (auto const& link : text::find_links(points, text::LinkRules::mastodon))
        pieces.push_back({link.begin, link.end, link_html(link.url)});
    auto const is_free = [&](std::size_t begin) {
        return std::none_of(pieces.begin(), pieces.end(),
                            [&](Piece const& piece) { return begin >= piece.begin && begin < piece.end; });
    };
    for (auto const& tag : find_hashtags(points)) {
        if (!is_free(tag.begin)) continue;
        pieces.push_back(
            {tag.begin, tag.end,
             fmt::format(
                 "<a href=\"https://{}/tags/{}\" class=\"mention hashtag\" rel=\"tag\">#<span>{}</span></a>",
                 instance.host, text::escape_html(tag.name), text::escape_html(tag.name))});
    }
    for (auto const& mention : find_mentions(points)) {
        auto const& host = mention.host.empty() ? instance.host : mention.host;
        if (!is_free(mention.begin) || !person_by_name(host, mention.username)) continue;
        pieces.push_back({mention.begin, mention.end,
                          fmt::format("<span class=\"h-card\" translate=\"no\"><a href=\"https://{0}/@{1}\" "
                                      "class=\"u-url mention\">@<span>{1}</span></a></span>",
                                      text::escape_html(host), text::escape_html(mention.username))});
    }
    std::sort(pieces.begin(), pieces.end(), [](Piece const& a, Piece const& b) { return a.begin < b.begin; });
    std::string html;
    auto const plain = [&](std::size_t begin, std::size_t end) {
        html += text::escape_html(text::to_utf8(std::u32string_view(points).substr(begin, end - begin)));
    };
    std::size_t at = 0;
    for (auto const& piece : pieces) {
        plain(at, piece.begin);
        html += piece.html;
        at = piece.end;
    }
    plain(at, points.size());
    std::string result = "<p>";
    for (std::size_t i = 0; i < html.size(); ++i) {
        if (html[i] == '\r') continue;
        if (html[i] != '\n') {
            result += html[i];
            continue;
        }
        bool const paragraph = i + 1 < html.size() && html[i + 1] == '\n';
        while (i + 1 < html.size() && html[i + 1] == '\n') ++i;
        result += paragraph ? "</p><p>" : "<br />";
    }
    return html.empty() ? "" : result + "</p>";
}

json::object Mastodon::instance_v2(Instance const& instance) const {
    json::array const types = {"image/jpeg", "image/png",  "image/gif",  "image/heic", "image/heif",
                               "image/webp", "image/avif", "video/webm", "video/mp4",  "video/quicktime",
                               "video/ogg",  "audio/wav",  "audio/ogg",  "audio/mpeg", "audio/flac",
                               "audio/aac",  "audio/m4a",  "audio/mp4",  "audio/3gpp"};
    json::object configuration{{"urls", {{"streaming", "wss://" + instance.host}}},
                               {"statuses",
                                {{"max_characters", instance.max_characters},
                                 {"max_media_attachments", instance.max_media_attachments},
                                 {"characters_reserved_per_url", instance.characters_reserved_per_url}}},
                               {"media_attachments",
                                {{"supported_mime_types", types},
                                 {"description_limit", instance.description_limit},
                                 {"image_size_limit", instance.image_size_limit},
                                 {"image_matrix_limit", instance.image_matrix_limit},
                                 {"video_size_limit", instance.video_size_limit},
                                 {"video_frame_rate_limit", instance.video_frame_rate_limit},
                                 {"video_matrix_limit", instance.video_matrix_limit}}},
                               {"polls",
                                {{"max_options", instance.poll_max_options},
                                 {"max_characters_per_option", instance.poll_max_characters},
                                 {"min_expiration", instance.poll_min_expiration},
                                 {"max_expiration", instance.poll_max_expiration}}}};
    json::object result{
        {"domain", instance.host},
        {"title", instance.host},
        {"version", instance.version},
        {"source_url", "https://github.com/mastodon/mastodon"},
        {"description", "A simulated server"},
        {"languages", {"en"}},
        {"configuration", std::move(configuration)},
        {"registrations", {{"enabled", false}, {"approval_required", false}, {"message", nullptr}}},
        {"rules", json::array()}};
    if (instance.api_version > 0) result["api_versions"] = json::object{{"mastodon", instance.api_version}};
    return result;
}

json::object Mastodon::instance_v1(Instance const& instance) const {
    auto const newer = instance_v2(instance);
    return {{"uri", instance.host},
            {"title", instance.host},
            {"short_description", "A simulated server"},
            {"version", instance.version},
            {"max_toot_chars", instance.max_characters},
            {"configuration", newer.at("configuration")},
            {"stats",
             {{"user_count", state_.people.size()},
              {"status_count", state_.statuses.size()},
              {"domain_count", 1}}}};
}

json::object Mastodon::account_json(Instance const& instance, Person const& person, bool own) const {
    auto const id = account_id(instance, person);
    auto const avatar = fmt::format("https://{}/avatars/{}.svg", instance.host, person.username);
    std::int64_t count = 0;
    json::value last = nullptr;
    for (auto const& status : state_.statuses) {
        if (status.instance != instance.host || status.account_id != id || !is_live(status)) continue;
        ++count;
        last = to_rfc3339(status.created_at).substr(0, 10);
    }
    json::object result{{"id", id},
                        {"username", person.username},
                        {"acct", person.username},
                        {"display_name", person.name},
                        {"locked", false},
                        {"bot", false},
                        {"created_at", "2024-01-01T00:00:00.000Z"},
                        {"note", ""},
                        {"url", fmt::format("https://{}/@{}", instance.host, person.username)},
                        {"uri", fmt::format("https://{}/users/{}", instance.host, person.username)},
                        {"avatar", avatar},
                        {"avatar_static", avatar},
                        {"followers_count", 40 + person.number * 7},
                        {"following_count", 20 + person.number * 3},
                        {"statuses_count", count},
                        {"last_status_at", last},
                        {"emojis", json::array()},
                        {"fields", json::array()}};
    if (own) {
        result["source"] =
            json::object{{"privacy", "public"}, {"sensitive", false},      {"language", nullptr},
                         {"note", ""},          {"fields", json::array()}, {"follow_requests_count", 0}};
    }
    return result;
}

json::object Mastodon::media_json(Media const& media) const {
    bool const ready = is_ready(media) && !media.failed;
    auto const url = fmt::format("https://{}/media_attachments/{}", media.instance, media.sha256);
    json::object meta;
    if (media.width > 0) {
        meta["original"] =
            json::object{{"width", media.width},
                         {"height", media.height},
                         {"size", fmt::format("{}x{}", media.width, media.height)},
                         {"aspect", static_cast<double>(media.width) / static_cast<double>(media.height)}};
    }
    return {{"id", media.id},
            {"type", media.kind},
            {"url", ready ? json::value(url) : json::value(nullptr)},
            {"preview_url", ready ? json::value(url) : json::value(nullptr)},
            {"remote_url", nullptr},
            {"meta", meta},
            {"description", text_or_null(media.description)},
            {"blurhash", media.kind == "audio" ? json::value(nullptr)
                                               : json::value("UFBWY:8_0Jxv4mx]t8t64.%M-:IUWGWAt6M}")}};
}

json::object Mastodon::poll_json(Poll const& poll) const {
    json::array options;
    for (auto const& option : poll.options)
        options.push_back(json::object{{"title", option}, {"votes_count", 0}});
    return {{"id", poll.id},
            {"expires_at", to_rfc3339(poll.expires_at)},
            {"expired", now() >= poll.expires_at},
            {"multiple", poll.multiple},
            {"votes_count", 0},
            {"voters_count", 0},
            {"options", options},
            {"emojis", json::array()}};
}

json::object Mastodon::status_json(Instance const& instance, Status const& status,
                                   std::optional<Session> const& session) const {
    auto const* person = person_by_id(instance, status.account_id);
    auto const* app = app_by_client(status.instance, status.client_id);
    auto const* parent =
        status.in_reply_to_id.empty() ? nullptr : find_status(status.instance, status.in_reply_to_id);
    auto const username = person ? person->username : "";
    std::int64_t replies = 0;
    std::int64_t quotes = 0;
    for (auto const& other : state_.statuses) {
        if (other.in_reply_to_id == status.id && is_live(other)) ++replies;
        if (other.quoted_status_id == status.id && is_live(other)) ++quotes;
    }
    json::array attachments;
    for (auto const& id : status.media_ids) {
        if (auto const found = state_.media.find(id); found != state_.media.end())
            attachments.push_back(media_json(found->second));
    }
    auto const points = text::to_code_points(status.text);
    json::array tags;
    for (auto const& tag : find_hashtags(points)) {
        tags.push_back(json::object{{"name", tag.name},
                                    {"url", fmt::format("https://{}/tags/{}", instance.host, tag.name)}});
    }
    json::array mentions;
    for (auto const& mention : find_mentions(points)) {
        auto const& host = mention.host.empty() ? instance.host : mention.host;
        auto const* mentioned = person_by_name(host, mention.username);
        if (!mentioned) continue;
        mentions.push_back(
            json::object{{"id", account_id(instance, *mentioned)},
                         {"username", mention.username},
                         {"url", fmt::format("https://{}/@{}", host, mention.username)},
                         {"acct", host == instance.host ? mention.username : mention.username + "@" + host}});
    }
    json::object result{
        {"id", status.id},
        {"created_at", to_rfc3339(status.created_at)},
        {"in_reply_to_id", text_or_null(status.in_reply_to_id)},
        {"in_reply_to_account_id", parent ? json::value(parent->account_id) : json::value(nullptr)},
        {"sensitive", status.sensitive},
        {"spoiler_text", status.spoiler_text},
        {"visibility", status.visibility},
        {"language", text_or_null(status.language)},
        {"uri", fmt::format("https://{}/users/{}/statuses/{}", status.instance, username, status.id)},
        {"url", fmt::format("https://{}/@{}/{}", status.instance, username, status.id)},
        {"replies_count", replies},
        {"reblogs_count", 0},
        {"favourites_count", 0},
        {"edited_at", status.edited_at ? json::value(to_rfc3339(*status.edited_at)) : json::value(nullptr)},
        {"content", content_html(instance, status.text)},
        {"reblog", nullptr},
        {"account", person ? account_json(instance, *person, false) : json::object()},
        {"media_attachments", attachments},
        {"mentions", mentions},
        {"tags", tags},
        {"emojis", json::array()},
        {"card", nullptr},
        {"poll", status.poll ? json::value(poll_json(*status.poll)) : json::value(nullptr)}};
    if (instance.minor >= 5) result["quotes_count"] = quotes;
    // Which app it was is told to its author only.
    if (app && session && session->account_id == status.account_id) {
        result["application"] = json::object{{"name", app->name}, {"website", text_or_null(app->website)}};
    }
    return result;
}

}  // namespace mypost::sandbox::mastodon
