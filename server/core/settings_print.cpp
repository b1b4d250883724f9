// Settings for people: `mypost doctor` and docs/configuration.md.
#include <fmt/format.h>

#include "core/settings.hpp"
#include "core/settings_table.hpp"

namespace mypost {

namespace {

std::string as_text(std::string const& value) {
    return value;
}
std::string as_text(std::int64_t value) {
    return std::to_string(value);
}
std::string as_text(bool value) {
    return value ? "true" : "false";
}
std::string as_text(std::vector<std::string> const& value) {
    return fmt::format("{}", fmt::join(value, ","));
}

// "postgres://user:secret@host/x" → "postgres://user:***@host/x"; a password in the query is cut as well.
std::string without_password(std::string url) {
    auto const start = url.find("://");
    if (start == std::string::npos) return url;
    auto const end = url.find_first_of("/?", start + 3);
    auto const at = url.rfind('@', end);
    auto const colon = url.find(':', start + 3);
    if (at != std::string::npos && at > start && colon < at) url.replace(colon + 1, at - colon - 1, "***");
    auto const parameter = url.find("password=");
    if (parameter != std::string::npos) {
        auto const from = parameter + 9;
        auto const to = std::min(url.find('&', from), url.size());
        url.replace(from, to - from, "***");
    }
    return url;
}

std::string_view type_name(Setting const& setting) {
    if (std::holds_alternative<std::int64_t Settings::*>(setting.member)) return "number";
    if (std::holds_alternative<bool Settings::*>(setting.member)) return "true or false";
    if (std::holds_alternative<std::vector<std::string> Settings::*>(setting.member)) return "list";
    return "text";
}

}  // namespace

std::vector<SettingListing> list_settings(Settings const& settings) {
    std::vector<SettingListing> list;
    for (auto const& setting : settings_table()) {
        auto value = std::visit([&](auto member) { return as_text(settings.*member); }, setting.member);
        if (setting.secrecy == Secrecy::secret) value = value.empty() ? "(not set)" : "(set)";
        if (setting.secrecy == Secrecy::url) value = without_password(std::move(value));
        auto const source = settings.sources.find(std::string(setting.key));
        list.push_back({std::string(setting.key), env_name(setting), std::move(value),
                        source == settings.sources.end() ? "default" : source->second});
    }
    return list;
}

std::string settings_markdown() {
    std::string text =
        "# Settings\n\n"
        "Every setting is an environment variable `MYPOST_…`, or a key of a TOML file named by "
        "`MYPOST_CONFIG` or\n"
        "`--config`. The environment wins. Each can also be read from a file: "
        "`MYPOST_JWT_SECRET_FILE=/run/secrets/jwt`\n"
        "(in TOML `jwt_secret_file`). Lists are separated by commas (in TOML: an array). An unknown name or "
        "a malformed\n"
        "value stops the start and is named; `mypost doctor` lists what is in force, secrets masked.\n\n"
        "<!-- Made by `mypost doctor --markdown` from server/core/settings_table.cpp; do not edit. -->\n";
    std::string_view group;
    for (auto const& setting : settings_table()) {
        if (setting.group != group) {
            group = setting.group;
            text += fmt::format(
                "\n## {}\n\n| variable | key | type | default | meaning |\n|---|---|---|---|---|\n", group);
        }
        std::string type(type_name(setting));
        if (setting.max > setting.min) type += fmt::format(", {} to {}", setting.min, setting.max);
        if (!setting.choices.empty()) type = fmt::format("`{}`", fmt::join(setting.choices, "` or `"));
        auto const shown =
            setting.default_text.empty() ? std::string() : fmt::format("`{}`", setting.default_text);
        text += fmt::format("| `{}` | `{}` | {} | {} | {}{} |\n", env_name(setting), setting.key, type, shown,
                            setting.help, setting.secrecy == Secrecy::secret ? " Secret." : "");
    }
    return text;
}

}  // namespace mypost
