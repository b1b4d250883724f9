// Finding one's own status again: by its pictures (an id belongs to one status only), else by text, time and
// parent.
#include <fmt/format.h>

#include <charconv>

#include "core/text.hpp"
#include "core/text_entities.hpp"
#include "networks/answer.hpp"
#include "networks/mastodon/mastodon.hpp"

namespace mypost::networks::mastodon {

namespace {

// A named or numbered character reference at the start of `text` (behind '&'), and how long it is with its
// ';'.
std::pair<std::string, std::size_t> entity(std::string_view text) {
    auto const end = text.substr(0, 12).find(';');
    if (end == std::string_view::npos) return {"", 0};
    auto const name = text.substr(0, end);
    static constexpr std::pair<std::string_view, std::string_view> named[] = {
        {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}, {"nbsp", " "}};
    for (auto const& [known, sign] : named) {
        if (name == known) return {std::string(sign), end + 1};
    }
    if (!name.starts_with('#')) return {"", 0};
    bool const hexadecimal = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
    auto const digits = name.substr(hexadecimal ? 2 : 1);
    std::uint32_t point = 0;
    auto const [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), point, hexadecimal ? 16 : 10);
    bool const valid =
        error == std::errc() && stop == digits.data() + digits.size() && point > 0 && point < 0x80;
    if (!valid) return {"", 0};  // signs outside ASCII come as themselves
    return {std::string(1, static_cast<char>(point)), end + 1};
}

// "@ann@host" and "@ann" (as shown for any account) in one spelling; white space collapsed.
std::string canonical(std::string_view text) {
    auto const normal = text::nfc(text);
    std::string short_mentions;
    std::size_t from = 0;
    for (auto const& mention : text::find_remote_mentions(normal)) {
        short_mentions += normal.substr(from, mention.local.end - from);
        from = mention.whole.end;
    }
    short_mentions += normal.substr(from);
    std::string out;
    for (char const c : short_mentions) {
        bool const gap = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        if (gap && (out.empty() || out.back() == ' ')) continue;
        out.push_back(gap ? ' ' : c);
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

}  // namespace

std::string plain_text(std::string_view html) {
    std::string out;
    for (std::size_t i = 0; i < html.size();) {
        if (html[i] == '<') {
            auto const end = html.find('>', i);
            if (end == std::string_view::npos) break;
            auto const tag = html.substr(i + 1, end - i - 1);
            if (tag.starts_with("br")) out += '\n';
            if (tag.starts_with("/p")) out += "\n\n";
            i = end + 1;
        } else if (html[i] == '&') {
            auto const [sign, length] = entity(html.substr(i + 1));
            out += length > 0 ? sign : "&";
            i += 1 + length;
        } else {
            out += html[i++];
        }
    }
    return out;
}

bool matches(json::object const& status, json::object const& wanted) {
    auto const created_at = parse_rfc3339(answer::text_at(status, "created_at"));
    auto const since = answer::number_at(wanted, "since");
    auto const until = answer::number_at(wanted, "until");
    if (!created_at || !since || !until || to_ms(*created_at) < *since || to_ms(*created_at) > *until)
        return false;

    auto const wanted_media = answer::array_at(wanted, "media_ids");
    auto const media = answer::array_at(status, "media_attachments");
    for (auto const& value : media) {
        auto const* attachment = value.if_object();
        if (attachment == nullptr) continue;
        auto const id = answer::text_at(*attachment, "id");
        for (auto const& one : wanted_media) {
            if (one.is_string() && one.as_string() == id) return true;
        }
    }
    if (!wanted_media.empty() || !media.empty()) return false;
    if (answer::text_at(status, "in_reply_to_id") != answer::text_at(wanted, "reply_to")) return false;
    return canonical(plain_text(answer::text_at(status, "content"))) ==
           canonical(answer::text_at(wanted, "text"));
}

}  // namespace mypost::networks::mastodon
