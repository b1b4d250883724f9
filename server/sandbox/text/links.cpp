#include "sandbox/text/links.hpp"

#include <algorithm>

#include "sandbox/text/unicode.hpp"

namespace mypost::sandbox::text {

namespace {

bool is_ascii_letter(char32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_ascii_digit(char32_t c) {
    return c >= '0' && c <= '9';
}
bool is_ascii_alnum(char32_t c) {
    return is_ascii_letter(c) || is_ascii_digit(c);
}

// Latin with accents and Cyrillic, which X takes in paths and domains.
bool is_accented(char32_t c) {
    return (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x1E00 && c <= 0x1EFF) ||
           (c >= 0x400 && c <= 0x4FF);
}

class Finder {
  public:
    Finder(std::u32string_view text, LinkRules rules) : text_(text), rules_(rules) {}

    std::vector<Link> all() {
        std::vector<Link> links;
        for (std::size_t at = 0; at < text_.size();) {
            auto const end = match(at);
            if (end == 0) {
                ++at;
                continue;
            }
            links.push_back({at, end, to_utf8(text_.substr(at, end - at))});
            at = end;
        }
        return links;
    }

  private:
    char32_t at_or_end(std::size_t at) const { return at < text_.size() ? text_[at] : 0; }

    // End of the link that begins at `at`, or 0.
    std::size_t match(std::size_t at) const {
        auto const scheme = scheme_length(at);
        if (scheme == 0 && rules_ == LinkRules::mastodon) return 0;
        if (!may_begin_after(at == 0 ? U' ' : text_[at - 1], scheme > 0)) return 0;
        auto const domain_end = domain(at + scheme, scheme > 0);
        if (domain_end == 0) return 0;
        auto const after = at_or_end(domain_end);
        if (scheme == 0 && after == '@') return 0;  // the local part of an e-mail address
        auto const end = port(domain_end);
        // Without a scheme, what follows the domain counts only when it begins with a path.
        if (scheme == 0 && at_or_end(end) != '/') return domain_end;
        return query(path(end));
    }

    bool may_begin_after(char32_t before, bool has_scheme) const {
        if (is_ascii_alnum(before) || before == '@' || before == '#' || before == '$' || before == 0xFF20 ||
            before == 0xFF03)
            return false;
        if (is_accented(before)) return false;
        if (!has_scheme && (before == '-' || before == '_' || before == '.' || before == '/')) return false;
        return before < 0x202A || before > 0x202E;
    }

    std::size_t scheme_length(std::size_t at) const {
        for (std::u32string_view const scheme : {U"https://", U"http://"}) {
            if (text_.size() - at < scheme.size()) continue;
            bool const same =
                std::equal(scheme.begin(), scheme.end(), text_.begin() + static_cast<std::ptrdiff_t>(at),
                           [](char32_t a, char32_t b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
            if (same) return scheme.size();
        }
        return 0;
    }

    bool is_label_char(char32_t c, bool has_scheme) const {
        if (is_ascii_alnum(c)) return true;
        if (!has_scheme) return is_accented(c) && c < 0x400;
        return rules_ == LinkRules::x ? is_accented(c) : c > 0x7F && is_letter_digit_or_mark(c);
    }

    // End of the longest run of labels whose last is a known top level domain; 0 when there is none.
    std::size_t domain(std::size_t begin, bool has_scheme) const {
        std::size_t at = begin;
        std::size_t best = 0;
        int labels = 0;
        for (;;) {
            auto const start = at;
            while (is_label_char(at_or_end(at), has_scheme) ||
                   ((at_or_end(at) == '-' || at_or_end(at) == '_') && at > start)) {
                ++at;
            }
            if (at == start || text_[at - 1] == '-' || text_[at - 1] == '_') break;
            ++labels;
            if (labels > 1 && ends_here(at, has_scheme) && is_known(text_.substr(start, at - start)))
                best = at;
            if (at_or_end(at) != '.') break;
            ++at;
        }
        return best;
    }

    // A top level domain must not run on into a longer word.
    bool ends_here(std::size_t at, bool has_scheme) const {
        auto const next = at_or_end(at);
        return !is_label_char(next, has_scheme) && next != '@';
    }

    bool is_known(std::u32string_view label) const {
        std::string lowered = to_utf8(label);
        for (auto& c : lowered) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        }
        return is_top_level_domain(lowered);
    }

    std::size_t port(std::size_t at) const {
        if (at_or_end(at) != ':' || !is_ascii_digit(at_or_end(at + 1))) return at;
        ++at;
        while (is_ascii_digit(at_or_end(at))) ++at;
        return at;
    }

    static bool is_space(char32_t c) {
        return c <= ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
               c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
    }

    // Mastodon takes anything but blanks and a few marks, emoji included.
    bool is_path_char(char32_t c) const {
        if (rules_ == LinkRules::mastodon)
            return !is_space(c) && std::u32string_view(U"<>()?").find(c) == std::u32string_view::npos;
        static constexpr std::u32string_view marks = U"!*';:=+,.$/%#[]-_~@&|";
        return is_ascii_alnum(c) || is_accented(c) || marks.find(c) != std::u32string_view::npos ||
               c == 0x2013;
    }

    bool may_end_path(char32_t c) const {
        if (rules_ == LinkRules::mastodon) {
            return !is_space(c) &&
                   std::u32string_view(U"()?!*\"'「」<>;:=,.$%[]~&|@").find(c) == std::u32string_view::npos;
        }
        static constexpr std::u32string_view marks = U"=_#/+-";
        return is_ascii_alnum(c) || is_accented(c) || marks.find(c) != std::u32string_view::npos;
    }

    // End of "(…)" with path characters and one nested pair inside, or 0.
    std::size_t balanced(std::size_t at, int depth) const {
        if (at_or_end(at) != '(') return 0;
        auto const start = ++at;
        while (at < text_.size()) {
            if (is_path_char(text_[at])) {
                ++at;
            } else if (text_[at] == '(' && depth == 0) {
                auto const inner = balanced(at, 1);
                if (inner == 0) return 0;
                at = inner;
            } else {
                break;
            }
        }
        return at > start && at_or_end(at) == ')' ? at + 1 : 0;
    }

    std::size_t path(std::size_t at) const {
        if (at_or_end(at) != '/') return at;
        auto end = ++at;
        while (at < text_.size()) {
            if (auto const closed = balanced(at, 0)) {
                end = at = closed;
            } else if (is_path_char(text_[at])) {
                ++at;
                if (may_end_path(text_[at - 1])) end = at;
            } else {
                break;
            }
        }
        return end;
    }

    std::size_t query(std::size_t at) const {
        static constexpr std::u32string_view inside = U"!?*'@();:&=+$/%#[]-_.,~|";
        static constexpr std::u32string_view last = U"-_&=#/";
        if (at_or_end(at) != '?') return at;
        auto end = at;
        for (++at; at < text_.size(); ++at) {
            auto const c = text_[at];
            if (rules_ == LinkRules::mastodon) {
                if (is_space(c) || c == '(' || c == ')' || c == '?') break;
                if (may_end_path(c) || c == '=' || c == '&') end = at + 1;
                continue;
            }
            if (!is_ascii_alnum(c) && inside.find(c) == std::u32string_view::npos) break;
            if (is_ascii_alnum(c) || last.find(c) != std::u32string_view::npos) end = at + 1;
        }
        return end;
    }

    std::u32string_view text_;
    LinkRules rules_;
};

}  // namespace

std::vector<Link> find_links(std::u32string_view text, LinkRules rules) {
    return Finder(text, rules).all();
}

}  // namespace mypost::sandbox::text
