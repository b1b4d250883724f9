#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "networks/answer.hpp"
#include "networks/mastodon/mastodon.hpp"
#include "networks/rules.hpp"

namespace mypost::networks::mastodon {

namespace {

constexpr std::int64_t largest_limit = 1'000'000'000'000;

// A limit of the profile, if it is a sensible number.
template <class T>
void override_limit(json::object const& limits, std::string_view name, T& target) {
    auto const value = answer::number_at(limits, name);
    if (value && *value > 0 && *value <= largest_limit && std::in_range<T>(*value)) {
        target = static_cast<T>(*value);
    }
}

FieldInfo field(std::string name, std::string label, std::string type) {
    FieldInfo info;
    info.name = std::move(name);
    info.label = std::move(label);
    info.type = std::move(type);
    return info;
}

}  // namespace

// Values of a stock server; each instance has its own (limits_of).
NetworkInfo stock_info() {
    KindInfo post;
    post.kind = "post";
    post.text.max = 500;
    post.text.counter = Counter::graphemes;
    post.text.url_length = 23;
    post.text.mentions_local_part = true;
    post.media.max_count = 4;
    post.media.content_types = {"image/jpeg", "image/png",  "image/gif", "image/webp",
                                "image/avif", "image/heic", "image/heif"};
    post.media.max_bytes = 16'777'216;
    post.media.max_pixels = 33'177'600;
    post.media.alt_max = 1500;
    post.max_parts = 25;
    post.first_comment = true;
    auto visibility = field("visibility", "Visible to", "enum");
    visibility.options = {{"public", "Everyone"},
                          {"unlisted", "Everyone, but not in public timelines"},
                          {"private", "Followers only"},
                          {"direct", "Mentioned people only"}};
    auto spoiler = field("spoiler_text", "Content warning", "string");
    spoiler.max_length = 500;
    auto language = field("language", "Language", "string");
    language.max_length = 8;
    post.fields = {visibility, spoiler, field("sensitive", "Sensitive media", "boolean"), language};

    NetworkInfo info;
    info.network = "mastodon";
    info.name = "Mastodon";
    info.kinds = {post};
    info.auth = "oauth";
    info.needs_instance = true;
    info.registers_apps = true;
    info.features = {"threads", "first_comment", "alt_text", "delete", "verify"};
    info.scopes = {"read:accounts", "read:statuses", "write:statuses", "write:media"};
    return info;
}

json::object limits_of(json::object const& instance) {
    json::object limits;
    auto const take = [&](char const* name, std::initializer_list<char const*> paths) {
        for (auto const* path : paths) {
            auto const value = answer::number_at(instance, path);
            if (!value || *value <= 0 || limits.contains(name)) continue;
            limits[name] = *value;
        }
    };
    // Behind the paths of Mastodon those of older servers and of Pleroma.
    take("max_characters", {"configuration/statuses/max_characters", "max_toot_chars"});
    take("max_media_attachments", {"configuration/statuses/max_media_attachments", "max_media_attachments"});
    take("characters_reserved_per_url", {"configuration/statuses/characters_reserved_per_url"});
    take("description_limit", {"configuration/media_attachments/description_limit", "description_limit"});
    take("image_size_limit", {"configuration/media_attachments/image_size_limit", "upload_limit"});
    take("image_matrix_limit", {"configuration/media_attachments/image_matrix_limit"});
    json::array images;
    for (auto const& type :
         answer::array_at(instance, "configuration/media_attachments/supported_mime_types")) {
        if (type.is_string() && std::string_view(type.as_string()).starts_with("image/"))
            images.push_back(type);
    }
    if (!images.empty()) limits["image_types"] = std::move(images);
    return limits;
}

MastodonAdapter::MastodonAdapter() : info_(stock_info()) {}

NetworkInfo MastodonAdapter::info_for(AccountRef const& account) const {
    auto info = info_;
    auto const* limits = answer::find(account.profile, "limits");
    if (limits == nullptr || !limits->is_object()) return info;
    auto const& own = limits->as_object();
    auto& post = info.kinds.front();
    override_limit(own, "max_characters", post.text.max);
    int url_length = *post.text.url_length;
    override_limit(own, "characters_reserved_per_url", url_length);
    post.text.url_length = url_length;
    override_limit(own, "max_media_attachments", post.media.max_count);
    override_limit(own, "description_limit", post.media.alt_max);
    override_limit(own, "image_size_limit", post.media.max_bytes);
    override_limit(own, "image_matrix_limit", post.media.max_pixels);
    std::vector<std::string> types;
    for (auto const& type : answer::array_at(own, "image_types")) {
        if (type.is_string()) types.emplace_back(type.as_string());
    }
    if (!types.empty()) post.media.content_types = std::move(types);
    return info;
}

Status status_of(Publication const& publication, std::size_t part) {
    Status status;
    status.text = text_with_link(publication, part);
    status.spoiler_text = option_text(publication, "spoiler_text");
    status.visibility = option_text(publication, "visibility");
    status.language = option_text(publication, "language");
    status.sensitive = option_flag(publication, "sensitive");
    return status;
}

std::vector<Issue> MastodonAdapter::validate(Publication const& publication) const {
    auto const info = info_for(publication.account);
    std::vector<std::string> texts;
    for (std::size_t part = 0; part < publication.parts.size(); ++part) {
        auto const status = status_of(publication, part);
        // The content warning counts with the text, but does not stand in for it.
        texts.push_back(status.text.empty() ? std::string() : status.spoiler_text + status.text);
    }
    auto issues = check_publication(publication, info.kinds.front(), info.name, texts);
    for (std::size_t part = 0; part < publication.parts.size(); ++part) {
        auto const& media = publication.parts[part].media;
        bool const has_gif = std::ranges::find(media, "image/gif", &MediaFile::content_type) != media.end();
        if (has_gif && media.size() > 1) {
            issues.push_back(
                {static_cast<int>(part),
                 "media",
                 "media_mixed",
                 {},
                 false,
                 "Mastodon takes an animated GIF only alone; beside other pictures it may refuse it."});
        }
    }
    return issues;
}

}  // namespace mypost::networks::mastodon
