#include "core/settings_table.hpp"

#include "core/settings_check.hpp"

namespace mypost {

namespace check = settings_check;

std::span<Setting const> settings_table() {
    static Setting const table[] = {
        {"Web server",
         "http_address",
         &Settings::http_address,
         "127.0.0.1",
         "Address that the server listens on. 0.0.0.0 and :: mean all; put a TLS proxy in front then.",
         0,
         0,
         {},
         check::ip_address},
        {"Web server", "http_port", &Settings::http_port, "8080",
         "Port that the server listens on. 0: any free one.", 0, 65535},
        {"Web server",
         "public_url",
         &Settings::public_url,
         "http://127.0.0.1:{http_port}",
         "Address under which browsers and networks reach this installation, with the sub-path if it has one "
         "(https://example.org/social). Redirects, links in e-mails and media addresses are built from it. "
         "Some networks "
         "refuse localhost: use 127.0.0.1.",
         0,
         0,
         {},
         check::public_url},
        {"Web server", "http_max_connections", &Settings::http_max_connections, "10000",
         "Connections kept open at once; more are refused.", 1, 1'000'000},
        {"Web server",
         "trusted_proxies",
         &Settings::trusted_proxies,
         "",
         "Addresses or ranges of the proxies in front, whose X-Forwarded-For, -Host, -Proto and "
         "X-Workspace-ID are "
         "believed.",
         0,
         0,
         {},
         check::ip_range},
        {"Web server", "web_dir", &Settings::web_dir, "",
         "Folder of the built web app. Empty: web beside the program."},
        {"Web server",
         "internal_address",
         &Settings::internal_address,
         "127.0.0.1",
         "Address of the internal listener (/metrics, /internal/*). Never reachable from outside.",
         0,
         0,
         {},
         check::ip_address},
        {"Web server", "internal_port", &Settings::internal_port, "0",
         "Port of the internal listener. 0: none.", 0, 65535},
        {"Web server", "shutdown_seconds", &Settings::shutdown_seconds, "20",
         "How long running requests and jobs may take to end after SIGTERM.", 0, 3600},
        {"Web server",
         "log_level",
         &Settings::log_level,
         "info",
         "The least important events that are logged.",
         0,
         0,
         {"debug", "info", "warning", "error"}},

        {"Data", "data_dir", &Settings::data_dir, "data",
         "Folder for what the server keeps: database, keys, media."},
        {"Data",
         "database_url",
         &Settings::database_url,
         "sqlite:{data_dir}/mypost.db",
         "sqlite:/path/file.db, or postgres://user:password@host:port/name (PostgreSQL 15 or newer).",
         0,
         0,
         {},
         check::database_url,
         Secrecy::url},
        {"Data",
         "database_replica_url",
         &Settings::database_replica_url,
         "",
         "A read replica of the PostgreSQL database, for lists and reports.",
         0,
         0,
         {},
         check::postgres_url,
         Secrecy::url},
        {"Data",
         "database_pooler",
         &Settings::database_pooler,
         "none",
         "transaction: the database is reached through PgBouncer in transaction mode, so no named statements "
         "are used.",
         0,
         0,
         {"none", "transaction"}},
        {"Data", "database_connections", &Settings::database_connections, "8",
         "PostgreSQL: connections held. SQLite: readers beside the one writer.", 1, 200},
        {"Data",
         "storage_url",
         &Settings::storage_url,
         "file:{data_dir}/media",
         "Where media files are kept.",
         0,
         0,
         {},
         check::storage_url},

        {"Security",
         "encryption_key",
         &Settings::encryption_key,
         "",
         "Key that encrypts tokens and secrets in the database: 32 bytes in base64 (openssl rand -base64 "
         "32). Made in "
         "the data folder on the first start with SQLite; with PostgreSQL it must be set.",
         0,
         0,
         {},
         check::key_of_32_bytes,
         Secrecy::secret},
        {"Security",
         "encryption_keys_old",
         &Settings::encryption_keys_old,
         "",
         "Earlier keys, still able to decrypt until `mypost admin rotate-keys` has run.",
         0,
         0,
         {},
         check::key_of_32_bytes,
         Secrecy::secret},
        {"Security",
         "jwt_secret",
         &Settings::jwt_secret,
         "",
         "Secret that signs access tokens and media addresses, at least 32 characters. Made in the data "
         "folder on the "
         "first start with SQLite; with PostgreSQL it must be set. Changing it asks every browser to refresh "
         "its session.",
         0,
         0,
         {},
         check::long_secret,
         Secrecy::secret},
        {"Security", "registration", &Settings::registration, "false",
         "Whether strangers may make accounts."},
        {"Security",
         "allowed_private_ranges",
         &Settings::allowed_private_ranges,
         "",
         "Private addresses or ranges that may be reached when a host comes from a user or a remote answer "
         "(a Mastodon "
         "server in your own network). All others are refused.",
         0,
         0,
         {},
         check::ip_range},

        {"Publishing", "publish_concurrency", &Settings::publish_concurrency, "50",
         "How many targets one worker publishes at once.", 1, 1000},
        {"Publishing",
         "networks_via",
         &Settings::networks_via,
         "",
         "Sends every call to a social network to this address on the same machine instead: "
         "https://api.x.com/2/tweets becomes http://127.0.0.1:8090/api.x.com/2/tweets. For the sandbox "
         "(`mypost sandbox`).",
         0,
         0,
         {},
         check::loopback_url},
        {"Publishing", "sandbox_port", &Settings::sandbox_port, "8090",
         "Port of the network sandbox in `mypost serve --demo`. 0: any free one.", 0, 65535},
        {"Publishing",
         "test_clock",
         &Settings::test_clock,
         "off",
         "sandbox: the server's clock follows the sandbox's, for tests. Needs networks_via.",
         0,
         0,
         {"off", "sandbox"}},

        {"Media", "media_helper", &Settings::media_helper, "",
         "Path of the program that opens media files. Empty: mypost-media-helper beside the program."},
        {"Media", "media_helper_memory_mb", &Settings::media_helper_memory_mb, "2048",
         "Address space that the media helper may use.", 512, 65536},
        {"Media", "media_timeout_seconds", &Settings::media_timeout_seconds, "60",
         "Time that one operation on a media file may take.", 5, 3600},
        {"Media", "media_max_image_mb", &Settings::media_max_image_mb, "32",
         "Largest image file that is taken, in MiB.", 1, 1024},
    };
    return table;
}

std::string env_name(Setting const& setting) {
    std::string name = "MYPOST_";
    for (char const c : setting.key)
        name.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    return name;
}

}  // namespace mypost
