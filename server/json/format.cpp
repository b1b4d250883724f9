#include "json/format.hpp"

#include <array>
#include <chrono>

namespace mypost::json {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_alpha(char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}
bool is_alnum(char c) {
    return is_alpha(c) || is_digit(c);
}
bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Decimal number of exactly `digits` digits at the front, which is removed; -1 when it is not there.
int take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return -1;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (!is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

bool take_date(std::string_view& text) {
    int const year = take_number(text, 4);
    if (year < 0 || !take(text, '-')) return false;
    int const month = take_number(text, 2);
    if (month < 0 || !take(text, '-')) return false;
    int const day = take_number(text, 2);
    return day >= 0 && (std::chrono::year(year) / month / day).ok();
}

bool take_time(std::string_view& text) {
    int const hour = take_number(text, 2);
    if (hour < 0 || hour > 23 || !take(text, ':')) return false;
    int const minute = take_number(text, 2);
    if (minute < 0 || minute > 59) return false;
    if (!take(text, ':')) return true;
    int const second = take_number(text, 2);
    return second >= 0 && second <= 59;
}

bool is_date(std::string_view text) {
    return take_date(text) && text.empty();
}
bool is_time(std::string_view text) {
    return take_time(text) && text.empty();
}
bool is_local_date_time(std::string_view text) {
    return take_date(text) && take(text, 'T') && take_time(text) && text.empty();
}

bool is_hostname(std::string_view text) {
    if (text.empty() || text.size() > 253) return false;
    std::size_t label = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') {
            if (label == 0 || text[i - 1] == '-') return false;
            label = 0;
            continue;
        }
        bool const inner_hyphen = text[i] == '-' && label > 0;
        if ((!is_alnum(text[i]) && !inner_hyphen) || ++label > 63) return false;
    }
    return label > 0 && text.back() != '-';
}

bool is_email(std::string_view text) {
    auto const at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
    std::string_view const local = text.substr(0, at);
    for (char c : local) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '@' || c == '"' || c == '(' || c == ')' ||
            c == ',' || c == ':' || c == ';' || c == '<' || c == '>' || c == '[' || c == ']' || c == '\\' ||
            c == 0x7f) {
            return false;
        }
    }
    if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos)
        return false;
    return is_hostname(text.substr(at + 1));
}

bool is_uri(std::string_view text) {
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
    } else {
        return false;
    }
    if (text.empty() || text.front() == '/' || text.front() == '?' || text.front() == '#') return false;
    for (char c : text) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\' ||
            c == 0x7f) {
            return false;
        }
    }
    return true;
}

bool is_time_zone(std::string_view text) {
    if (text.empty() || text.size() > 64 || !is_alpha(text.front())) return false;
    for (char c : text) {
        if (!is_alnum(c) && c != '/' && c != '_' && c != '+' && c != '-') return false;
    }
    return true;
}

bool is_color(std::string_view text) {
    if (text.size() != 7 || text[0] != '#') return false;
    for (char c : text.substr(1)) {
        if (!is_hex(c)) return false;
    }
    return true;
}

bool is_slug(std::string_view text) {
    if (text.empty() || text.front() == '-' || text.back() == '-') return false;
    if (text.find("--") != std::string_view::npos) return false;
    for (char c : text) {
        if (!is_lower(c) && !is_digit(c) && c != '-') return false;
    }
    return true;
}

bool is_locale(std::string_view text) {
    if (text.size() < 2 || text.size() > 35 || !is_lower(text[0]) || !is_lower(text[1])) return false;
    for (char c : text) {
        if (!is_alnum(c) && c != '-') return false;
    }
    return text.back() != '-';
}

struct Format {
    std::string_view name;
    bool (*matches)(std::string_view);
};
constexpr std::array formats{
    Format{"email", is_email},       Format{"uri", is_uri},
    Format{"hostname", is_hostname}, Format{"date", is_date},
    Format{"time", is_time},         Format{"local-date-time", is_local_date_time},
    Format{"color", is_color},       Format{"time-zone", is_time_zone},
    Format{"slug", is_slug},         Format{"locale", is_locale},
};

}  // namespace

bool matches_format(std::string_view format, std::string_view text) {
    for (auto const& known : formats) {
        if (known.name == format) return known.matches(text);
    }
    return true;
}

}  // namespace mypost::json
