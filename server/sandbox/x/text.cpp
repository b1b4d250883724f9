// Counting and rewriting of texts. https://github.com/twitter/twitter-text, config/v3.json
#include <fmt/format.h>

#include "sandbox/text/links.hpp"
#include "sandbox/text/unicode.hpp"
#include "sandbox/x/x.hpp"

namespace mypost::sandbox::x {

namespace {

constexpr std::size_t scale = 100;
constexpr std::size_t link_weight = 23 * scale;

std::size_t weight_of(char32_t c) {
    bool const light = c <= 4351 || (c >= 0x2000 && c <= 0x200D) || (c >= 0x2010 && c <= 0x201F) ||
                       (c >= 0x2032 && c <= 0x2037);
    return light ? 100 : 200;
}

// & < > only, as X does.
std::string escaped(std::string_view text) {
    std::string result;
    for (char const c : text) {
        if (c == '&') {
            result += "&amp;";
        } else if (c == '<') {
            result += "&lt;";
        } else if (c == '>') {
            result += "&gt;";
        } else {
            result += c;
        }
    }
    return result;
}

std::string display_url(std::string url) {
    for (std::string_view const scheme : {"https://", "http://", "HTTPS://", "HTTP://"}) {
        if (url.starts_with(scheme)) url.erase(0, scheme.size());
    }
    if (url.starts_with("www.")) url.erase(0, 4);
    auto const points = text::to_code_points(url);
    return points.size() > 27 ? text::to_utf8(std::u32string_view(points).substr(0, 26)) + "…" : url;
}

bool is_name_char(char32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::size_t weighted_length(std::string_view text) {
    auto const points = text::to_code_points(text::nfc(text));
    auto const links = text::find_links(points, text::LinkRules::x);
    std::size_t weight = 0;
    std::size_t next_link = 0;
    for (std::size_t at = 0; at < points.size();) {
        if (next_link < links.size() && at == links[next_link].begin) {
            weight += link_weight;
            at = links[next_link++].end;
        } else if (auto const length = text::emoji_length(points, at)) {
            weight += 2 * scale;
            at += length;
        } else {
            weight += weight_of(points[at++]);
        }
    }
    return weight / scale;
}

std::size_t link_count(std::string_view text) {
    return text::find_links(text::to_code_points(text), text::LinkRules::x).size();
}

RenderedText render(std::string_view text, std::vector<std::string> const& short_links) {
    auto const points = text::to_code_points(text);
    RenderedText result;
    std::size_t at = 0;
    for (auto const& link : text::find_links(points, text::LinkRules::x)) {
        if (result.links >= short_links.size()) break;
        result.text += escaped(text::to_utf8(std::u32string_view(points).substr(at, link.begin - at)));
        auto const short_url = "https://t.co/" + short_links[result.links];
        auto const start = text::to_code_points(result.text).size();
        auto const has_scheme =
            link.url.size() > 7 && link.url.find("://") != std::string::npos && link.url.find("://") < 6;
        result.urls.push_back(json::object{{"start", start},
                                           {"end", start + short_url.size()},
                                           {"url", short_url},
                                           {"expanded_url", has_scheme ? link.url : "http://" + link.url},
                                           {"display_url", display_url(link.url)}});
        result.text += short_url;
        at = link.end;
        ++result.links;
    }
    result.text += escaped(text::to_utf8(std::u32string_view(points).substr(at)));
    return result;
}

std::vector<std::string> mentioned(std::string_view text) {
    auto const points = text::to_code_points(text);
    std::vector<std::string> names;
    for (std::size_t at = 0; at < points.size(); ++at) {
        if (points[at] != '@' || (at > 0 && (is_name_char(points[at - 1]) || points[at - 1] == '@')))
            continue;
        std::string name_text;
        for (auto i = at + 1; i < points.size() && is_name_char(points[i]); ++i) {
            auto const c = static_cast<char>(points[i]);
            name_text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
        if (!name_text.empty() && name_text.size() <= 15) names.push_back(std::move(name_text));
    }
    return names;
}

// $ and one to six letters, alone as a word.
std::size_t cashtag_count(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
        bool const begins = at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n' || text[at - 1] == '\t';
        std::size_t letters = 0;
        auto end = at + 1;
        while (end < text.size() &&
               ((text[end] >= 'a' && text[end] <= 'z') || (text[end] >= 'A' && text[end] <= 'Z')))
            ++end, ++letters;
        bool const ends = end == text.size() || !is_name_char(static_cast<unsigned char>(text[end]));
        if (begins && ends && letters >= 1 && letters <= 6) ++count;
    }
    return count;
}

}  // namespace mypost::sandbox::x
