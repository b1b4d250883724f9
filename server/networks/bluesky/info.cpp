#include <fmt/format.h>

#include <algorithm>

#include "networks/answer.hpp"
#include "networks/bluesky/bluesky.hpp"
#include "networks/rules.hpp"

namespace mypost::networks::bluesky {

namespace {

constexpr std::uint64_t image_bytes = 2'000'000;  // since 2026-04
constexpr std::size_t longest_language_tag = 35;

// Enough to refuse what the lexicon's "language" format would.
bool is_language_tag(std::string_view tag) {
    bool const letters = std::ranges::all_of(tag, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    });
    return letters && tag.size() >= 2 && tag.size() <= longest_language_tag && !tag.starts_with('-') &&
           !tag.ends_with('-');
}

}  // namespace

NetworkInfo stock_info() {
    KindInfo post;
    post.kind = "post";
    post.text.max = 300;
    post.text.counter = Counter::graphemes;
    post.text.max_utf8_bytes = 3000;
    post.media.max_count = 4;
    post.media.content_types = {"image/jpeg", "image/png", "image/webp", "image/gif"};
    post.media.max_bytes = image_bytes;
    post.media.alt_max = 2000;  // what Bluesky's own apps allow; the lexicon has no limit
    post.max_parts = 25;
    post.first_comment = true;
    FieldInfo language;
    language.name = "language";
    language.label = "Language";
    language.type = "string";
    language.max_length = static_cast<int>(longest_language_tag);
    FieldInfo label;
    label.name = "content_label";
    label.label = "Content warning";
    label.type = "enum";
    label.options = {{"none", "None"},
                     {"sexual", "Suggestive"},
                     {"nudity", "Nudity"},
                     {"porn", "Adult"},
                     {"graphic-media", "Graphic media"}};
    post.fields = {language, label};

    NetworkInfo info;
    info.network = "bluesky";
    info.name = "Bluesky";
    info.kinds = {post};
    info.auth = "credentials";
    info.features = {"threads", "first_comment", "alt_text", "delete", "verify"};
    info.credentials = {"handle", "app_password", "service?"};
    return info;
}

BlueskyAdapter::BlueskyAdapter() : info_(stock_info()) {}

NetworkInfo BlueskyAdapter::info_for(AccountRef const& account) const {
    auto info = info_;
    // A personal data server may take less than the network does.
    auto const limit = answer::number_at(account.profile, "blob_limit");
    auto& max_bytes = info.kinds.front().media.max_bytes;
    if (limit && *limit > 0) max_bytes = std::min(max_bytes, static_cast<std::uint64_t>(*limit));
    return info;
}

std::string text_of(Publication const& publication, std::size_t part) {
    bool const card = part == 0 && publication.parts[part].media.empty();
    return card ? publication.parts[part].text : text_with_link(publication, part);
}

std::vector<Issue> BlueskyAdapter::validate(Publication const& publication) const {
    auto const info = info_for(publication.account);
    std::vector<std::string> texts;
    for (std::size_t part = 0; part < publication.parts.size(); ++part)
        texts.push_back(text_of(publication, part));
    auto issues = check_publication(publication, info.kinds.front(), info.name, texts);
    // A card alone is a post.
    if (!publication.link.empty() && !texts.empty() && texts.front().empty()) {
        std::erase_if(issues,
                      [](Issue const& issue) { return issue.part == 0 && issue.code == "text_required"; });
    }
    auto const language = option_text(publication, "language");
    if (!language.empty() && !is_language_tag(language)) {
        issues.push_back({0,
                          "options/language",
                          "invalid_format",
                          {},
                          true,
                          "Language is a tag such as \"en\" or \"pt-BR\"."});
    }
    return issues;
}

}  // namespace mypost::networks::bluesky
