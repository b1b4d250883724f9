#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include "core/encoding.hpp"
#include "core/settings.hpp"
#include "core/settings_table.hpp"

extern char** environ;

namespace mypost {

namespace {

constexpr std::size_t max_secret_file_bytes = std::size_t{64} * 1024;

// One value as text, and where it came from.
struct Raw {
    std::string text;
    std::string named;   // for messages: "MYPOST_HTTP_PORT", "http_port in mypost.toml"
    std::string source;  // for listings
};
using RawValues = std::map<std::string, Raw, std::less<>>;

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto const above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string unknown_message(std::string_view name, bool environment) {
    std::string best;
    auto least = std::max<std::size_t>(name.size() / 4, 2) + 1;
    for (auto const& setting : settings_table()) {
        auto const candidate = environment ? env_name(setting) : std::string(setting.key);
        auto const distance = edit_distance(name, candidate);
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best.empty() ? "is not a setting" : fmt::format("is not a setting; did you mean {}?", best);
}

std::optional<std::string> read_small_file(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    std::string text(max_secret_file_bytes + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > max_secret_file_bytes) return std::nullopt;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text;
}

void add(RawValues& values, SettingProblems& problems, Setting const& setting, Raw raw) {
    auto const [position, inserted] = values.try_emplace(std::string(setting.key), std::move(raw));
    if (!inserted && position->second.source == raw.source) {
        problems.push_back({raw.named, fmt::format("is set twice, also as {}", position->second.named)});
    }
}

// "<NAME>" or "<NAME>_FILE" → the setting; `from_file` tells which.
Setting const* find_setting(std::string_view name, bool environment, bool& from_file) {
    std::string_view const suffix = environment ? "_FILE" : "_file";
    for (auto const& setting : settings_table()) {
        auto const full = environment ? env_name(setting) : std::string(setting.key);
        from_file = name == full + std::string(suffix);
        if (from_file || name == full) return &setting;
    }
    return nullptr;
}

void take(RawValues& values, SettingProblems& problems, Setting const& setting, bool from_file, Raw raw) {
    if (from_file) {
        auto content = read_small_file(raw.text);
        if (!content) {
            problems.push_back({raw.named, fmt::format("names the file {}, which cannot be read", raw.text)});
            return;
        }
        raw.text = std::move(*content);
    }
    add(values, problems, setting, std::move(raw));
}

void read_environment(SettingsInput const& input, RawValues& values, SettingProblems& problems) {
    for (auto const& [name, text] : input.environment) {
        if (!name.starts_with("MYPOST_") || name == "MYPOST_CONFIG") continue;
        bool from_file = false;
        auto const* setting = find_setting(name, true, from_file);
        if (setting == nullptr) {
            problems.push_back({name, unknown_message(name, true)});
            continue;
        }
        take(values, problems, *setting, from_file, Raw{text, name, "environment"});
    }
}

// The TOML value as the text that the environment would hold, or nothing when its type does not fit.
std::optional<std::string> toml_text(Setting const& setting, toml::node const& node) {
    if (node.is_string()) return node.value<std::string>();
    if (node.is_integer() && std::holds_alternative<std::int64_t Settings::*>(setting.member)) {
        return std::to_string(*node.value<std::int64_t>());
    }
    if (node.is_boolean() && std::holds_alternative<bool Settings::*>(setting.member)) {
        return *node.value<bool>() ? "true" : "false";
    }
    if (node.is_array() && std::holds_alternative<std::vector<std::string> Settings::*>(setting.member)) {
        std::string joined;
        for (auto const& item : *node.as_array()) {
            if (!item.is_string()) return std::nullopt;
            if (!joined.empty()) joined.push_back(',');
            joined += *item.value<std::string>();
        }
        return joined;
    }
    return std::nullopt;
}

void read_toml(std::string const& path, RawValues& values, SettingProblems& problems) {
    std::ifstream file(path);
    if (!file) {
        problems.push_back({path, "cannot be read"});
        return;
    }
    toml::table table;
    try {
        table = toml::parse(file, path);
    } catch (toml::parse_error const& error) {
        problems.push_back({path, fmt::format("is not TOML: line {}: {}", error.source().begin.line,
                                              std::string(error.description()))});
        return;
    }
    for (auto const& [key, node] : table) {
        std::string const name(key.str());
        auto const named = fmt::format("{} in {}", name, path);
        bool from_file = false;
        auto const* setting = find_setting(name, false, from_file);
        if (setting == nullptr) {
            problems.push_back({named, unknown_message(name, false)});
            continue;
        }
        auto text = from_file ? node.value<std::string>() : toml_text(*setting, node);
        if (!text) {
            problems.push_back({named, "has the wrong type"});
            continue;
        }
        if (values.contains(setting->key) && values.find(setting->key)->second.source == "environment")
            continue;
        take(values, problems, *setting, from_file, Raw{std::move(*text), named, path});
    }
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> items;
    while (!text.empty()) {
        auto const comma = text.find(',');
        auto item = text.substr(0, comma);
        while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
        while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
        if (!item.empty()) items.emplace_back(item);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    return items;
}

// Each of these stores the parsed text in its member and returns what is wrong with it, or an empty string.
std::string store(Settings& settings, Setting const& setting, std::string Settings::* member,
                  std::string const& text) {
    if (!setting.choices.empty() &&
        std::find(setting.choices.begin(), setting.choices.end(), text) == setting.choices.end()) {
        return fmt::format("must be one of: {}", fmt::join(setting.choices, ", "));
    }
    if (text.find('\0') != std::string::npos) return "must not hold a zero byte";
    settings.*member = text;
    return setting.check != nullptr && !text.empty() ? setting.check(text) : std::string();
}

std::string store(Settings& settings, Setting const& setting, std::int64_t Settings::* member,
                  std::string const& text) {
    std::int64_t number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    bool const whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    if (!whole || number < setting.min || number > setting.max) {
        return fmt::format("must be a whole number from {} to {}", setting.min, setting.max);
    }
    settings.*member = number;
    return {};
}

std::string store(Settings& settings, Setting const&, bool Settings::* member, std::string const& text) {
    static std::set<std::string_view> const yes{"true", "yes", "on", "1"};
    static std::set<std::string_view> const no{"false", "no", "off", "0"};
    if (!yes.contains(text) && !no.contains(text)) return "must be true or false";
    settings.*member = yes.contains(text);
    return {};
}

std::string store(Settings& settings, Setting const& setting, std::vector<std::string> Settings::* member,
                  std::string const& text) {
    settings.*member = split_list(text);
    for (auto const& item : settings.*member) {
        auto problem = setting.check != nullptr ? setting.check(item) : std::string();
        // An item of a secret list is not repeated in a message.
        if (!problem.empty())
            return setting.secrecy == Secrecy::secret ? problem : fmt::format("{}: {}", item, problem);
    }
    return {};
}

void replace(std::string& text, std::string_view name, std::string const& value) {
    auto const at = text.find(name);
    if (at != std::string::npos) text.replace(at, name.size(), value);
}

void cross_checks(Settings const& settings, SettingProblems& problems) {
    if (!settings.database_replica_url.empty() && settings.uses_sqlite()) {
        problems.push_back({"MYPOST_DATABASE_REPLICA_URL", "needs a PostgreSQL MYPOST_DATABASE_URL"});
    }
    if (settings.database_pooler == "transaction" && settings.uses_sqlite()) {
        problems.push_back({"MYPOST_DATABASE_POOLER", "needs a PostgreSQL MYPOST_DATABASE_URL"});
    }
    if (settings.data_dir.empty()) problems.push_back({"MYPOST_DATA_DIR", "must not be empty"});
}

}  // namespace

std::map<std::string, std::string> process_environment() {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        std::string_view const text(*entry);
        auto const equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

tl::expected<Settings, SettingProblems> load_settings(SettingsInput const& input) {
    RawValues values;
    SettingProblems problems;
    read_environment(input, values, problems);
    auto config = input.config_path;
    if (auto const named = input.environment.find("MYPOST_CONFIG");
        !config && named != input.environment.end()) {
        config = named->second;
    }
    if (config) read_toml(*config, values, problems);

    Settings settings;
    for (auto const& setting : settings_table()) {
        auto const found = values.find(setting.key);
        bool const given = found != values.end();
        Raw const raw =
            given ? found->second : Raw{std::string(setting.default_text), env_name(setting), "default"};
        settings.sources[std::string(setting.key)] = raw.source;
        auto problem = std::visit([&](auto member) { return store(settings, setting, member, raw.text); },
                                  setting.member);
        if (given && !problem.empty()) problems.push_back({raw.named, std::move(problem)});
    }
    replace(settings.public_url, "{http_port}", std::to_string(settings.http_port));
    replace(settings.database_url, "{data_dir}", settings.data_dir);
    replace(settings.storage_url, "{data_dir}", settings.data_dir);
    while (settings.public_url.ends_with('/')) settings.public_url.pop_back();
    while (settings.networks_via.ends_with('/')) settings.networks_via.pop_back();
    cross_checks(settings, problems);
    if (!problems.empty()) return tl::unexpected(std::move(problems));
    return settings;
}

std::string Settings::public_origin() const {
    auto const url = boost::urls::parse_absolute_uri(public_url);
    return url ? std::string(url->encoded_origin()) : public_url;
}

std::string Settings::public_path() const {
    auto const url = boost::urls::parse_absolute_uri(public_url);
    return url ? std::string(url->encoded_path()) : std::string();
}

bool Settings::uses_sqlite() const {
    return database_url.starts_with("sqlite:");
}

std::vector<std::string> Settings::cipher_keys() const {
    std::vector<std::string> keys{base64_decode(encryption_key).value()};
    for (auto const& old : encryption_keys_old) keys.push_back(base64_decode(old).value());
    return keys;
}

std::string to_text(SettingProblems const& problems) {
    std::string text;
    for (auto const& problem : problems) text += fmt::format("{} {}\n", problem.setting, problem.message);
    return text;
}

}  // namespace mypost
