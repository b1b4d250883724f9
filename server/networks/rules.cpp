#include "networks/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.hpp"
#include "core/text.hpp"
#include "core/text_counters.hpp"

namespace mypost::networks {

namespace {

text::Unit to_unit(Counter counter) {
    switch (counter) {
        case Counter::x_weighted:
            return text::Unit::x_weighted;
        case Counter::graphemes:
            return text::Unit::graphemes;
        case Counter::utf16:
            return text::Unit::utf16;
        case Counter::code_points:
            return text::Unit::code_points;
        case Counter::utf8_bytes:
            return text::Unit::utf8_bytes;
    }
    return text::Unit::graphemes;
}

std::string megabytes(std::uint64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

class Check {
  public:
    Check(Publication const& publication, KindInfo const& kind, std::string_view network)
        : publication_(publication), kind_(kind), network_(network) {}

    void part_count() {
        auto const& parts = publication_.parts;
        auto const comments = std::ranges::count(parts, PartRole::first_comment, &Part::role);
        auto const posts = static_cast<int>(parts.size()) - static_cast<int>(comments);
        if (posts == 0) add(0, "body", "text_required", {}, "Write a text or add a picture.");
        if (posts > kind_.max_parts) {
            add(kind_.max_parts, "thread", "thread_too_long",
                {{"max", std::to_string(kind_.max_parts)}, {"actual", std::to_string(posts)}},
                fmt::format("{} takes at most {} posts in one thread.", network_, kind_.max_parts));
        }
        if (comments > 0 && !kind_.first_comment) {
            add(posts, "first_comment", "first_comment_unsupported", {},
                fmt::format("{} takes no first comment.", network_));
        }
    }

    void text_of(std::size_t part, std::string const& text) {
        auto const& rules = kind_.text;
        auto const at = static_cast<int>(part);
        if (text::trim(text).empty()) {
            if (publication_.parts[part].media.empty() || !rules.required_without_media) {
                add(at, "body", "text_required", {}, "Write a text or add a picture.");
            }
            return;
        }
        auto const length = measure(rules, text);
        if (length > static_cast<std::size_t>(rules.max)) {
            add(at, "body", "text_too_long",
                {{"max", std::to_string(rules.max)}, {"actual", std::to_string(length)}},
                fmt::format("{} takes {} characters, this text counts {}.", network_, rules.max, length));
        }
        if (rules.max_utf8_bytes && text.size() > static_cast<std::size_t>(*rules.max_utf8_bytes)) {
            add(at, "body", "text_too_many_bytes",
                {{"max", std::to_string(*rules.max_utf8_bytes)}, {"actual", std::to_string(text.size())}},
                fmt::format("{} takes {} bytes, this text has {}.", network_, *rules.max_utf8_bytes,
                            text.size()));
        }
    }

    void media_of(std::size_t part) {
        auto const& rules = kind_.media;
        auto const& files = publication_.parts[part].media;
        auto const at = static_cast<int>(part);
        if (files.size() > static_cast<std::size_t>(rules.max_count)) {
            add(at, "media", "media_too_many",
                {{"max", std::to_string(rules.max_count)}, {"actual", std::to_string(files.size())}},
                fmt::format("{} takes {} pictures in one post, here are {}.", network_, rules.max_count,
                            files.size()));
        }
        for (std::size_t i = 0; i < files.size(); ++i) file(at, fmt::format("media/{}", i), files[i]);
    }

    void options() {
        for (auto const& [name, value] : publication_.options) {
            auto const known = std::ranges::find(kind_.fields, std::string(name), &FieldInfo::name);
            auto const field = fmt::format("options/{}", std::string_view(name));
            if (known == kind_.fields.end()) {
                add(0, field, "unknown_field", {}, fmt::format("{} has no option of this name.", network_));
            } else if (!value.is_null()) {
                option(*known, field, value);
            }
        }
        for (auto const& field : kind_.fields) {
            auto const* value = publication_.options.if_contains(field.name);
            if (field.required && (value == nullptr || value->is_null())) {
                add(0, "options/" + field.name, "required", {}, fmt::format("{} is required.", field.label));
            }
        }
    }

    std::vector<Issue> take() { return std::move(issues_); }

  private:
    void add(int part, std::string field, std::string code, std::map<std::string, std::string> params,
             std::string message) {
        issues_.push_back(
            {part, std::move(field), std::move(code), std::move(params), true, std::move(message)});
    }

    void file(int part, std::string const& field, MediaFile const& file) {
        auto const& rules = kind_.media;
        if (std::ranges::find(rules.content_types, file.content_type) == rules.content_types.end()) {
            add(part, field, "media_type", {{"type", file.content_type}},
                fmt::format("{} does not take files of type {}.", network_, file.content_type));
            return;
        }
        auto const own = rules.max_bytes_of.find(file.content_type);
        auto const max_bytes = own == rules.max_bytes_of.end() ? rules.max_bytes : own->second;
        if (max_bytes > 0 && file.size_bytes > max_bytes) {
            add(part, field, "media_too_large",
                {{"max", std::to_string(max_bytes)}, {"actual", std::to_string(file.size_bytes)}},
                fmt::format("{} takes pictures of up to {}, this one has {}.", network_, megabytes(max_bytes),
                            megabytes(file.size_bytes)));
        }
        dimensions(part, field, file);
        auto const alt = text::count_graphemes(file.alt);
        if (rules.alt_max > 0 && alt > static_cast<std::size_t>(rules.alt_max)) {
            add(part, field + "/alt", "alt_too_long",
                {{"max", std::to_string(rules.alt_max)}, {"actual", std::to_string(alt)}},
                fmt::format("{} takes image descriptions of {} characters, this one has {}.", network_,
                            rules.alt_max, alt));
        }
        if (text::trim(file.alt).empty()) {
            issues_.push_back({part,
                               field + "/alt",
                               "alt_missing",
                               {},
                               rules.alt_required,
                               "Describe the picture for people who cannot see it."});
        }
    }

    void dimensions(int part, std::string const& field, MediaFile const& file) {
        auto const& rules = kind_.media;
        auto const pixels = static_cast<std::int64_t>(file.width) * file.height;
        bool const too_wide = rules.max_width > 0 && file.width > rules.max_width;
        bool const too_high = rules.max_height > 0 && file.height > rules.max_height;
        bool const too_many = rules.max_pixels > 0 && pixels > rules.max_pixels;
        if (!too_wide && !too_high && !too_many) return;
        add(part, field, "media_dimensions",
            {{"width", std::to_string(file.width)},
             {"height", std::to_string(file.height)},
             {"max_width", std::to_string(rules.max_width)},
             {"max_height", std::to_string(rules.max_height)},
             {"max_pixels", std::to_string(rules.max_pixels)}},
            fmt::format("{} × {} pixels are too many for {}.", file.width, file.height, network_));
    }

    void option(FieldInfo const& info, std::string const& field, json::value const& value) {
        if (info.type == "boolean") {
            if (!value.is_bool())
                add(0, field, "wrong_type", {}, fmt::format("{} is true or false.", info.label));
            return;
        }
        if (!value.is_string()) {
            add(0, field, "wrong_type", {}, fmt::format("{} is a text.", info.label));
            return;
        }
        std::string const text(value.as_string());
        if (info.type == "enum" &&
            std::ranges::find(info.options, text, &FieldOption::value) == info.options.end()) {
            std::string allowed;
            for (auto const& choice : info.options) allowed += (allowed.empty() ? "" : ", ") + choice.value;
            add(0, field, "not_allowed", {{"allowed", allowed}},
                fmt::format("{} is one of {}.", info.label, allowed));
        }
        auto const length = text::count_graphemes(text);
        if (info.max_length && length > static_cast<std::size_t>(*info.max_length)) {
            add(0, field, "too_long",
                {{"max", std::to_string(*info.max_length)}, {"actual", std::to_string(length)}},
                fmt::format("{} takes {} characters, here are {}.", info.label, *info.max_length, length));
        }
    }

    Publication const& publication_;
    KindInfo const& kind_;
    std::string_view network_;
    std::vector<Issue> issues_;
};

}  // namespace

std::size_t measure(TextRules const& rules, std::string_view text) {
    return text::count({to_unit(rules.counter), rules.url_length, rules.mentions_local_part}, text);
}

std::string text_with_link(Publication const& publication, std::size_t part) {
    auto const& text = publication.parts[part].text;
    auto const& link = publication.link;
    if (part != 0 || link.empty() || text.find(link) != std::string::npos) return text;
    return text.empty() ? link : text + "\n\n" + link;
}

std::vector<Issue> check_publication(Publication const& publication, KindInfo const& kind,
                                     std::string_view network_name, std::vector<std::string> const& texts) {
    Check check(publication, kind, network_name);
    check.part_count();
    for (std::size_t part = 0; part < publication.parts.size(); ++part) {
        check.text_of(part, texts[part]);
        check.media_of(part);
    }
    check.options();
    return check.take();
}

std::string option_text(Publication const& publication, std::string_view name) {
    auto const* value = publication.options.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return std::string(value->as_string());
}

bool option_flag(Publication const& publication, std::string_view name) {
    auto const* value = publication.options.if_contains(name);
    return value != nullptr && value->is_bool() && value->as_bool();
}

}  // namespace mypost::networks
