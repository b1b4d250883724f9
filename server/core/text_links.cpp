#include "core/text_links.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <optional>

#include "core/text_tlds.hpp"

namespace mypost::text {

namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);
// Longer than any domain name (253) in any script; keeps the search linear in hostile texts.
constexpr std::size_t longest_domain = 512;

bool one_of(char32_t c, std::u32string_view set) {
    return set.find(c) != std::u32string_view::npos;
}
bool between(char32_t c, char32_t first, char32_t last) {
    return c >= first && c <= last;
}
bool is_digit(char32_t c) {
    return between(c, U'0', U'9');
}
bool is_letter(char32_t c) {
    return between(c, U'a', U'z') || between(c, U'A', U'Z');
}
bool is_alnum(char32_t c) {
    return is_digit(c) || is_letter(c);
}

bool is_space(char32_t c) {
    return between(c, 0x09, 0x0d) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 || c == 0x180e ||
           between(c, 0x2000, 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}
bool is_direction(char32_t c) {
    return between(c, 0x202a, 0x202e) || c == 0x61c || c == 0x200e || c == 0x200f ||
           between(c, 0x2066, 0x2069);
}
bool is_non_character(char32_t c) {
    return c == 0xfffe || c == 0xfeff || c == 0xffff;
}

bool is_accented_latin(char32_t c) {
    return between(c, 0xc0, 0xd6) || between(c, 0xd8, 0xf6) || between(c, 0xf8, 0x24f) ||
           one_of(c, U"ɓɔɖɗəɛɣɨɯɲʉʋʻ") || between(c, 0x300, 0x36f) || between(c, 0x1e00, 0x1eff);
}

bool is_label_character(char32_t c) {
    return c != 0 && !one_of(c, U"!'#%&()*+,\\-./:;<=>?@[]^_{|}~$") && !is_space(c) && !is_non_character(c) &&
           !is_direction(c);
}
// A link cannot begin right after one of these.
bool blocks_link(char32_t c) {
    return is_alnum(c) || one_of(c, U"@＠$#＃") || is_non_character(c);
}
bool blocks_bare_domain(char32_t c) {
    return one_of(c, U"-_./");
}
bool continues_domain(char32_t c) {
    return is_alnum(c) || one_of(c, U"@+-");
}

// Which characters a path and a query may hold, and which may end them: never what closes a sentence.
struct Tail {
    bool (*path)(char32_t);
    bool (*path_end)(char32_t);
    bool (*query)(char32_t);
    bool (*query_end)(char32_t);
};
bool is_x_path_letter(char32_t c) {
    return is_alnum(c) || between(c, 0x400, 0x4ff) || is_accented_latin(c);
}
constexpr Tail x_tail{
    [](char32_t c) { return is_x_path_letter(c) || one_of(c, U"!*';:=+,.$/%#[]-–_~@|&"); },
    [](char32_t c) { return is_x_path_letter(c) || one_of(c, U"+-=_#/"); },
    [](char32_t c) { return is_alnum(c) || one_of(c, U"!?*'@();:&=+$/%#[]-_.,~|"); },
    [](char32_t c) { return is_alnum(c) || one_of(c, U"-_&=#/"); },
};
bool is_js_space(char32_t c) {
    return (is_space(c) && c != 0x85 && c != 0x180e) || c == 0xfeff;
}
constexpr Tail mastodon_tail{
    [](char32_t c) { return c != 0 && !is_js_space(c) && !one_of(c, U"<>()?"); },
    [](char32_t c) { return c != 0 && !is_js_space(c) && !one_of(c, U"()?!*\"'「」<>;:=,.$%[]~&|@"); },
    [](char32_t c) {
        return is_alnum(c) || one_of(c, U"!?*'();:&=+$/%#[]-_.,~|@^") || between(c, 0xa0, 0x10fffd);
    },
    [](char32_t c) { return is_alnum(c) || one_of(c, U"_&=#/-") || between(c, 0xa0, 0x10fffd); },
};

class Finder {
  public:
    Finder(CodePoints const& text, LinkRule rule)
        : text_(text),
          bare_(rule != LinkRule::mastodon),
          any_host_(rule == LinkRule::open),
          tail_(rule == LinkRule::x ? x_tail : mastodon_tail) {
        label_stop_.resize(text.size() + 1, text.size());
        underscores_.resize(text.size() + 1, 0);
        for (std::size_t i = text.size(); i-- > 0;) {
            char32_t const c = text.at(i);
            bool const in_label = is_label_character(c) || c == U'-' || c == U'_';
            label_stop_[i] = in_label ? label_stop_[i + 1] : i;
            underscores_[i] = underscores_[i + 1] + (c == U'_' ? 1 : 0);
        }
    }

    std::vector<Range> find() const {
        std::vector<Range> found;
        // The networks' expressions want a character before a link and take the very first letter of a text
        // for one if it is not ASCII: "über.de" alone links "ber.de".
        std::size_t at = text_.size() > 0 && !blocks_link(text_.at(0)) && link_at(1) ? 1 : 0;
        while (at < text_.size()) {
            auto candidate = link_at(at);
            if (!candidate) {
                ++at;
                continue;
            }
            for (auto const& [begin, end] : candidate->links) found.push_back(text_.range(begin, end));
            at = candidate->end + 1;
        }
        return found;
    }

  private:
    struct Candidate {
        std::vector<std::pair<std::size_t, std::size_t>> links;
        std::size_t end;
    };

    // The link that begins exactly at `at`, if one does.
    std::optional<Candidate> link_at(std::size_t at) const {
        char32_t const before = text_.at(at - 1);
        if (before != 0 && blocks_link(before)) return std::nullopt;
        std::size_t const after_scheme = scheme_end(at);
        if (after_scheme == none && !bare_) return std::nullopt;
        std::size_t domain_stop = domain_end(after_scheme == none ? at : after_scheme, text_.size());
        if (domain_stop == none && any_host_ && after_scheme != none) domain_stop = host_end(after_scheme);
        if (domain_stop == none) return std::nullopt;
        std::size_t const end = tail_end(port_end(domain_stop));
        if (after_scheme != none) return Candidate{{{at, end}}, end};
        if (blocks_bare_domain(before)) return Candidate{{}, end};
        return Candidate{bare_links(at, domain_stop, end), end};
    }

    std::size_t scheme_end(std::size_t at) const {
        std::size_t i = at;
        for (char32_t const c : std::u32string_view(U"http")) {
            if ((text_.at(i++) | 0x20) != c) return none;
        }
        if (text_.at(i) == U's' || text_.at(i) == U'S') ++i;
        for (char32_t const c : std::u32string_view(U"://")) {
            if (text_.at(i++) != c) return none;
        }
        return i;
    }

    // End of the longest domain name that begins at `at` and ends in a known top-level domain before `limit`,
    // or none.
    std::size_t domain_end(std::size_t at, std::size_t limit) const {
        limit = std::min(limit, at + longest_domain);
        std::size_t best = none;
        for (std::size_t label = at; label < limit && is_label_character(text_.at(label));) {
            std::size_t const dot = label_stop_[label];
            if (dot + 1 >= limit || text_.at(dot) != U'.' || !is_label_character(text_.at(dot - 1))) break;
            if (!is_label_character(text_.at(dot + 1))) break;
            // Underscores are allowed in sub domains only.
            if (underscores_[label] == underscores_[dot]) {
                std::size_t const end = top_level_end(dot + 1, limit);
                if (end != none) best = end;
            }
            label = dot + 1;
        }
        return best;
    }

    // End of a top-level domain that begins at `at`, or none.
    std::size_t top_level_end(std::size_t at, std::size_t limit) const {
        if (std::size_t const end = punycode_end(at, limit); end != none) return end;
        std::string lower;  // the candidate so far, and where each of its code points ends
        std::size_t best = none;
        for (std::size_t i = at; i < std::min(limit, at + longest_top_level_domain); ++i) {
            char bytes[4];
            std::int32_t size = 0;
            auto const c = u_tolower(static_cast<UChar32>(text_.at(i)));
            U8_APPEND_UNSAFE(bytes, size, c);
            lower.append(bytes, static_cast<std::size_t>(size));
            bool const goes_on = i + 1 < limit && continues_domain(text_.at(i + 1));
            if (!goes_on && is_top_level_domain(lower)) best = i + 1;
        }
        return best;
    }

    std::size_t punycode_end(std::size_t at, std::size_t limit) const {
        if (at + 5 > limit || (text_.at(at) | 0x20) != U'x' || (text_.at(at + 1) | 0x20) != U'n' ||
            text_.at(at + 2) != U'-' || text_.at(at + 3) != U'-') {
            return none;
        }
        std::size_t i = at + 4;
        while (i < limit && (is_alnum(text_.at(i)) || text_.at(i) == U'-')) ++i;
        return i > at + 4 ? i : none;
    }

    // End of any host name or address that begins at `at`, or none.
    std::size_t host_end(std::size_t at) const {
        std::size_t i = at;
        while (is_label_character(text_.at(i)) || text_.at(i) == U'-' || text_.at(i) == U'.') ++i;
        while (i > at && !is_label_character(text_.at(i - 1))) --i;
        return i > at ? i : none;
    }

    std::size_t port_end(std::size_t at) const {
        std::size_t i = at;
        if (text_.at(i) != U':' || !is_digit(text_.at(i + 1))) return at;
        ++i;
        while (is_digit(text_.at(i))) ++i;
        return i;
    }

    std::size_t tail_end(std::size_t at) const {
        if (text_.at(at) == U'/') at = path_end(at + 1);
        if (text_.at(at) != U'?') return at;
        std::size_t end = at;
        for (std::size_t i = at + 1; tail_.query(text_.at(i)); ++i) {
            if (tail_.query_end(text_.at(i))) end = i + 1;
        }
        return end;
    }

    std::size_t path_end(std::size_t at) const {
        std::size_t end = at;
        for (std::size_t i = at; i < text_.size();) {
            if (text_.at(i) == U'(') {
                std::size_t const closed = balanced_end(i);
                if (closed == none) break;
                end = i = closed;
            } else if (tail_.path(text_.at(i))) {
                ++i;
                if (tail_.path_end(text_.at(i - 1))) end = i;
            } else {
                break;
            }
        }
        return end;
    }

    // End of "(a)" or "(a(b)c)" that opens at `at`, or none.
    std::size_t balanced_end(std::size_t at) const {
        std::size_t i = run_end(at + 1);
        if (text_.at(i) == U'(') {
            std::size_t const inner = run_end(i + 1);
            if (inner == i + 1 || text_.at(inner) != U')') return none;
            i = run_end(inner + 1);
        } else if (i == at + 1) {
            return none;
        }
        return text_.at(i) == U')' ? i + 1 : none;
    }
    std::size_t run_end(std::size_t i) const {
        while (i < text_.size() && tail_.path(text_.at(i))) ++i;
        return i;
    }

    // A bare domain counts only where it is ASCII or accented Latin: "日本example.com" links "example.com",
    // and one run of letters may hold several. A path belongs to the last one; without a path, port and query
    // are plain text.
    std::vector<std::pair<std::size_t, std::size_t>> bare_links(std::size_t start, std::size_t domain_stop,
                                                                std::size_t end) const {
        std::vector<std::pair<std::size_t, std::size_t>> found;
        for (std::size_t from = start; from < domain_stop;) {
            std::size_t stop = from;
            while (stop < domain_stop && is_bare_character(text_.at(stop))) ++stop;
            std::size_t const name_end = domain_end(from, stop);
            if (name_end != none) found.emplace_back(from, name_end);
            from = stop + 1;
        }
        bool has_path = false;
        for (std::size_t i = domain_stop; i < end && !has_path; ++i) has_path = text_.at(i) == U'/';
        if (!found.empty() && has_path) found.back().second = end;
        return found;
    }
    static bool is_bare_character(char32_t c) {
        return c == U'.' || c == U'-' || is_alnum(c) || is_accented_latin(c);
    }

    CodePoints const& text_;
    bool bare_;
    bool any_host_;
    Tail const& tail_;
    std::vector<std::size_t>
        label_stop_;  // for each position the first one from there that no label can hold
    std::vector<std::size_t> underscores_;  // from each position to the end
};

}  // namespace

std::vector<Range> find_links(std::string_view text, LinkRule rule) {
    if (text.find_first_of(rule == LinkRule::mastodon ? ":"
                           : rule == LinkRule::x      ? "."
                                                      : ":.") == std::string_view::npos)
        return {};
    CodePoints const decoded(text);
    return Finder(decoded, rule).find();
}

std::string with_scheme(std::string_view link) {
    auto const colon = link.find("://");
    if (colon != std::string_view::npos && colon < link.find_first_of("/?#")) return std::string(link);
    return "https://" + std::string(link);
}

}  // namespace mypost::text
