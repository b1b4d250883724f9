// Finding one's own post again: by the key of its pictures, else by its text, which X gives back with short
// links and escaped signs.
#include <algorithm>

#include "core/text.hpp"
#include "core/text_links.hpp"
#include "networks/answer.hpp"
#include "networks/x/x.hpp"

namespace mypost::networks::x {

namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    if (from.empty()) return;
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

std::string unescaped(std::string text) {
    replace_all(text, "&lt;", "<");
    replace_all(text, "&gt;", ">");
    replace_all(text, "&quot;", "\"");
    replace_all(text, "&amp;", "&");  // last: "&amp;lt;" means "&lt;"
    return text;
}

// X appends a link to the pictures themselves: "…/status/1/photo/1".
bool is_link_to_media(json::object const& url) {
    if (!answer::text_at(url, "media_key").empty()) return true;
    auto const expanded = answer::text_at(url, "expanded_url");
    return expanded.find("/status/") != std::string::npos &&
           (expanded.find("/photo/") != std::string::npos || expanded.find("/video/") != std::string::npos);
}

std::string expanded_text(json::object const& holder) {
    auto text = answer::text_at(holder, "text");
    for (auto const& value : answer::array_at(holder, "entities/urls")) {
        auto const* url = value.if_object();
        if (url == nullptr) continue;
        auto const shown = is_link_to_media(*url) ? std::string() : answer::text_at(*url, "expanded_url");
        replace_all(text, answer::text_at(*url, "url"), shown);
    }
    return unescaped(std::move(text));
}

// Long posts carry their whole text apart.
std::string full_text(json::object const& post) {
    for (auto const* name : {"note_tweet", "note_post"}) {
        auto const* note = post.if_contains(name);
        if (note != nullptr && note->is_object() && note->as_object().contains("text")) {
            return expanded_text(note->as_object());
        }
    }
    return expanded_text(post);
}

std::string replied_to(json::object const& post) {
    for (auto const* name : {"referenced_tweets", "referenced_posts"}) {
        for (auto const& value : answer::array_at(post, name)) {
            auto const* reference = value.if_object();
            if (reference != nullptr && answer::text_at(*reference, "type") == "replied_to") {
                return answer::text_at(*reference, "id");
            }
        }
    }
    return {};
}

bool in_window(json::object const& post, json::object const& wanted) {
    auto const created_at = parse_rfc3339(answer::text_at(post, "created_at"));
    auto const since = answer::number_at(wanted, "since");
    auto const until = answer::number_at(wanted, "until");
    return created_at && since && until && to_ms(*created_at) >= *since && to_ms(*created_at) <= *until;
}

// "@ann text": X sets the mention before a reply.
std::string without_leading_mention(std::string const& text) {
    auto const space = text.find(' ');
    return text.starts_with('@') && space != std::string::npos ? text.substr(space + 1) : text;
}

}  // namespace

std::string canonical(std::string_view text) {
    auto const normal = text::nfc(text);
    std::string spelled;
    std::size_t from = 0;
    for (auto const& range : text::find_links(normal, text::LinkRule::x)) {
        spelled += normal.substr(from, range.begin - from);
        auto link = std::string(range.of(normal));
        if (auto const scheme = link.find("://"); scheme != std::string::npos && scheme < 6)
            link.erase(0, scheme + 3);
        auto const host_end = std::min(link.find_first_of("/?#"), link.size());
        std::transform(link.begin(), link.begin() + static_cast<std::ptrdiff_t>(host_end), link.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        while (link.ends_with('/')) link.pop_back();
        spelled += link;
        from = range.end;
    }
    spelled += normal.substr(from);
    std::string out;
    for (char const c : spelled) {
        bool const gap = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (gap && (out.empty() || out.back() == ' ')) continue;
        out.push_back(gap ? ' ' : c);
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

bool matches(json::object const& post, json::object const& wanted) {
    if (!in_window(post, wanted)) return false;
    auto const keys = answer::array_at(post, "attachments/media_keys");
    auto const wanted_keys = answer::array_at(wanted, "media_keys");
    if (!wanted_keys.empty() && !keys.empty()) {
        return std::ranges::any_of(
            keys, [&](auto const& key) { return std::ranges::find(wanted_keys, key) != wanted_keys.end(); });
    }
    auto const wanted_count = answer::number_at(wanted, "media_count").value_or(0);
    if (static_cast<std::int64_t>(keys.size()) != wanted_count) return false;
    auto const reply_to = replied_to(post);
    if (reply_to != answer::text_at(wanted, "reply_to")) return false;
    auto const sent = canonical(answer::text_at(wanted, "text"));
    auto const shown = canonical(full_text(post));
    return shown == sent || (!reply_to.empty() && without_leading_mention(shown) == sent);
}

}  // namespace mypost::networks::x
