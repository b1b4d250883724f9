#include "media/audit_text.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/encoding.hpp"
#include "media/store.hpp"

namespace mypost::media {

namespace {

constexpr std::size_t max_alt = 2000;
constexpr std::size_t max_tags = 30;
constexpr std::size_t max_tag = 50;

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

Error wrong(std::string field, std::string code, std::size_t max, std::size_t actual, std::string message) {
    Error error = invalid(std::move(field), std::move(code), std::move(message));
    error.fields.front().params = {{"max", std::to_string(max)}, {"actual", std::to_string(actual)}};
    return error;
}

}  // namespace

audit::AuditEntry audit_entry(std::string action, Asset const& asset) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "media";
    entry.entity_id = asset.id.to_string();
    entry.workspace = asset.workspace;
    entry.brand = asset.brand;
    return entry;
}

std::string audit_text(Asset const& asset) {
    boost::json::object text{{"filename", asset.filename},
                             {"content_type", asset.content_type},
                             {"size_bytes", asset.size_bytes},
                             {"sha256", asset.sha256},
                             {"alt", asset.alt}};
    boost::json::array tags;
    for (auto const& tag : asset.tags) tags.emplace_back(tag);
    text["tags"] = std::move(tags);
    return boost::json::serialize(text);
}

std::optional<Error> alt_problem(std::string const& alt) {
    if (!is_valid_utf8(alt) || alt.find('\0') != std::string::npos)
        return invalid("/alt", "invalid_format", "The alternative text is not readable text in UTF-8.");
    auto const length = code_points(alt);
    if (length <= max_alt) return std::nullopt;
    return wrong("/alt", "too_long", max_alt, length,
                 fmt::format("The alternative text has {} characters; {} are allowed.", length, max_alt));
}

std::optional<Error> tags_problem(std::vector<std::string> const& tags) {
    if (tags.size() > max_tags) {
        return wrong("/tags", "too_many", max_tags, tags.size(),
                     fmt::format("{} tags are allowed.", max_tags));
    }
    for (std::size_t i = 0; i < tags.size(); ++i) {
        auto const length = code_points(tags[i]);
        if (length >= 1 && length <= max_tag) continue;
        return wrong(fmt::format("/tags/{}", i), length == 0 ? "too_short" : "too_long", max_tag, length,
                     fmt::format("A tag has 1 to {} characters.", max_tag));
    }
    return std::nullopt;
}

}  // namespace mypost::media
