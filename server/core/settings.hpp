// The installation's settings, typed. Names, defaults, bounds and meaning of each: settings_table.cpp
// (docs/configuration.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace mypost {

struct Settings {
    std::string http_address;
    std::int64_t http_port = 0;
    std::int64_t http_max_connections = 0;
    std::string public_url;  // without a trailing slash
    std::string internal_address;
    std::int64_t internal_port = 0;  // 0: no internal listener
    std::vector<std::string> trusted_proxies;
    std::int64_t shutdown_seconds = 0;
    std::string log_level;  // "debug" | "info" | "warning" | "error"

    std::string data_dir;
    std::string web_dir;  // empty: beside the program, then build/web

    std::string database_url;
    std::string database_replica_url;  // may be empty
    std::string database_pooler;       // "none" | "transaction"
    std::int64_t database_connections = 0;
    std::string storage_url;

    std::string encryption_key;                    // base64 of 32 bytes; see provide_keys()
    std::vector<std::string> encryption_keys_old;  // the same, may be empty
    std::string jwt_secret;                        // at least 32 characters; see provide_keys()
    bool registration = false;

    std::string networks_via;  // "http://127.0.0.1:8090", or empty: the real networks
    std::vector<std::string> allowed_private_ranges;
    std::int64_t publish_concurrency = 0;
    std::int64_t sandbox_port = 0;
    std::string test_clock;  // "off" | "sandbox"

    std::string media_helper;  // path; empty: beside the program
    std::int64_t media_helper_memory_mb = 0;
    std::int64_t media_timeout_seconds = 0;
    std::int64_t media_max_image_mb = 0;

    std::map<std::string, std::string> sources;  // key → "default", "environment", or the file it came from

    // The public URL taken apart: "https://social.example" and "/mypost" (empty without a sub-path).
    std::string public_origin() const;
    std::string public_path() const;
    bool uses_sqlite() const;
    // Raw 32-byte keys, the current one first. Valid after provide_keys().
    std::vector<std::string> cipher_keys() const;
};

// What is wrong with one setting. `setting`: as the operator wrote it, e.g. "MYPOST_HTTP_PORT" or "http_port
// in x.toml".
struct SettingProblem {
    std::string setting;
    std::string message;
};
using SettingProblems = std::vector<SettingProblem>;

struct SettingsInput {
    std::map<std::string, std::string> environment;  // all variables; only MYPOST_* are looked at
    std::optional<std::string> config_path;          // --config; else MYPOST_CONFIG; else no file
};

// The process's environment.
std::map<std::string, std::string> process_environment();

// Environment before file before default. All problems at once: unknown names, malformed values, unreadable
// files.
tl::expected<Settings, SettingProblems> load_settings(SettingsInput const& input);

// Fills encryption_key and jwt_secret from `<data_dir>/keys` where the settings leave them empty (embedded
// database only). With `may_make` (`mypost serve` and the commands that open the same data) missing ones are
// made there, mode 0600, and the log says so. Otherwise, and with PostgreSQL always, a missing key is a
// problem.
SettingProblems provide_keys(Settings& settings, bool may_make);

// For `mypost doctor`: every setting with its value, secrets masked.
struct SettingListing {
    std::string key;
    std::string env;
    std::string value;  // "(set)" or "(not set)" for secrets; passwords in URLs are "***"
    std::string source;
};
std::vector<SettingListing> list_settings(Settings const& settings);

// docs/configuration.md.
std::string settings_markdown();

// One line a problem, for the console.
std::string to_text(SettingProblems const& problems);

}  // namespace mypost
