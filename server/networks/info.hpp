// What a network takes: the rules behind GET /networks, the composer and preflight.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mypost::networks {

enum class Counter { x_weighted, graphemes, utf16, code_points, utf8_bytes };

struct TextRules {
    int max = 0;
    Counter counter = Counter::graphemes;
    std::optional<int> url_length;      // every URL counts this many; nothing: as written
    std::optional<int> max_utf8_bytes;  // a second limit (Bluesky)
    bool mentions_local_part = false;   // @user@host counts as @user (Mastodon)
    bool required_without_media = true;
};

struct MediaRules {
    int max_count = 0;  // images in one part
    std::vector<std::string> content_types;
    std::uint64_t max_bytes = 0;
    std::map<std::string, std::uint64_t>
        max_bytes_of;   // content types with a limit of their own (X: image/gif)
    int max_width = 0;  // 0: no limit
    int max_height = 0;
    std::int64_t max_pixels = 0;
    int alt_max = 0;
    bool alt_required = false;
};

struct FieldOption {
    std::string value;
    std::string label;
};
// A per-network option shown in the composer; lands in targets[].options under `name`.
struct FieldInfo {
    std::string name;
    std::string label;
    std::string type;  // "enum", "boolean", "string"
    bool required = false;
    std::vector<FieldOption> options;
    std::optional<int> max_length;
};

struct KindInfo {
    std::string kind;
    bool manual = false;
    TextRules text;
    MediaRules media;
    int max_parts = 1;  // post + thread parts
    bool first_comment = false;
    std::vector<FieldInfo> fields;
};

struct NetworkInfo {
    std::string network;
    std::string name;
    std::vector<KindInfo> kinds;
    std::string auth;  // "oauth" | "credentials"
    bool needs_instance = false;
    bool registers_apps = false;        // apps are registered per instance, by the server itself
    std::vector<std::string> features;  // "threads", "alt_text", "delete", "verify", …
    std::vector<std::string> scopes;    // asked for publishing, shown in the connect dialog
    std::vector<std::string>
        credentials;  // names of the fields of auth "credentials", '?' behind optional ones
};

struct Issue {
    int part = 0;       // position in Publication::parts
    std::string field;  // "body", "media", "media/0/alt", "options/visibility", …
    std::string code;   // text_too_long | media_too_many | media_type | media_too_large | text_required | …
    std::map<std::string, std::string> params;
    bool error = true;  // false: a warning
    std::string message;
};

}  // namespace mypost::networks
