// The one table that settings are parsed, listed and documented from.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/settings.hpp"

namespace mypost {

enum class Secrecy {
    open,
    url,  // a URL that may hold a password
    secret,
};

struct Setting {
    using Member = std::variant<std::string Settings::*, std::int64_t Settings::*, bool Settings::*,
                                std::vector<std::string> Settings::*>;
    // What is wrong with a text (each item of a list), or empty.
    using Check = std::string (*)(std::string_view);

    std::string_view group;  // heading in the documentation
    std::string_view key;    // in the file; MYPOST_<KEY> in the environment
    Member member;
    std::string_view
        default_text;  // as it would be written; {http_port} and {data_dir} stand for those settings
    std::string_view help;
    std::int64_t min = 0;  // numbers: bounds, both included
    std::int64_t max = 0;
    std::vector<std::string_view> choices = {};  // texts: the only ones allowed; empty: any
    Check check = nullptr;                       // not called for an empty text
    Secrecy secrecy = Secrecy::open;
};

std::span<Setting const> settings_table();
std::string env_name(Setting const& setting);  // "MYPOST_HTTP_PORT"

}  // namespace mypost
