// Uploads. https://docs.x.com/x-api/media/quickstart/media-upload-chunked
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/encoding.hpp"
#include "sandbox/framework/sniff.hpp"
#include "sandbox/text/unicode.hpp"
#include "sandbox/x/x.hpp"

namespace mypost::sandbox::x {

namespace {

constexpr std::int64_t image_max_bytes = 5 * 1024 * 1024;
constexpr std::int64_t gif_max_bytes = 15 * 1024 * 1024;
constexpr std::int64_t highest_segment = 999;
constexpr std::size_t longest_alt = 1000;

constexpr std::string_view known_types[] = {
    "video/mp4",  "video/webm", "video/mp2t", "video/quicktime", "image/jpeg", "image/png", "image/gif",
    "image/webp", "image/bmp",  "image/tiff", "image/pjpeg",     "text/srt",   "text/vtt"};
constexpr std::string_view known_categories[] = {"tweet_image", "tweet_gif", "tweet_video", "amplify_video",
                                                 "dm_image",    "dm_gif",    "dm_video",    "subtitles"};

template <std::size_t N>
bool is_one_of(std::string_view const (&list)[N], std::string_view value) {
    return std::find(std::begin(list), std::end(list), value) != std::end(list);
}

bool is_video(std::string_view category) {
    return category.ends_with("_video");
}
bool is_gif(std::string_view category) {
    return category.ends_with("_gif");
}

// May a file of this declared type go into that category?
bool fits(std::string_view category, std::string_view media_type) {
    if (category == "subtitles") return media_type.starts_with("text/");
    if (is_video(category)) return media_type.starts_with("video/");
    if (is_gif(category)) return media_type == "image/gif";
    return media_type.starts_with("image/");
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// What is wrong with the bytes of an image or GIF, or nothing.
std::optional<std::string> wrong_picture(std::string_view category, MediaFacts const& facts,
                                         std::int64_t bytes) {
    static constexpr std::string_view pictures[] = {"image/jpeg", "image/png", "image/webp", "image/gif"};
    if (!is_one_of(pictures, facts.content_type) || !facts.intact) return "media type unrecognized.";
    if (!is_gif(category))
        return bytes > image_max_bytes ? std::optional<std::string>("File size exceeds 5242880 bytes.")
                                       : std::nullopt;
    if (facts.content_type != "image/gif") return "media type unrecognized.";
    if (bytes > gif_max_bytes) return "File size exceeds 15728640 bytes.";
    auto const pixels = std::int64_t{facts.width} * facts.height * facts.frames;
    if (facts.width > 1280 || facts.height > 1080 || facts.frames > 350 || pixels > 300'000'000)
        return "Image dimensions or frames are out of range.";
    return std::nullopt;
}

http::Response media_failure(std::string_view message) {
    return invalid_request("media", "", message);
}

// The JSON body as an object, or nothing.
std::optional<json::object> json_body(Call const& call) {
    boost::system::error_code error;
    auto value = json::parse(call.request.body, error);
    if (error || !value.is_object()) return std::nullopt;
    return value.as_object();
}

std::string member_text(json::object const& object, std::string_view name) {
    auto const* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

}  // namespace

Media* X::own_media(User const& user, std::string const& id) {
    auto const found = state_.media.find(id);
    if (found == state_.media.end() || found->second.user_id != user.id || now() >= found->second.expires_at)
        return nullptr;
    return &found->second;
}

Media X::new_media(User const& user, std::string category, std::string media_type) {
    Media media;
    media.id = new_id();
    media.category = std::move(category);
    media.media_type = std::move(media_type);
    media.media_key = fmt::format("{}_{}",
                                  is_video(media.category) ? "7"
                                  : is_gif(media.category) ? "16"
                                                           : "3",
                                  media.id);
    media.kind = is_video(media.category)        ? "video"
                 : is_gif(media.category)        ? "gif"
                 : media.category == "subtitles" ? "text"
                                                 : "image";
    media.user_id = user.id;
    media.created_at = now();
    media.expires_at = now() + std::chrono::seconds(settings.number("media_lifetime_s"));
    return media;
}

std::string X::processing_state(Media const& media) const {
    if (!media.processes) return "succeeded";
    if (media.stuck) return "in_progress";
    if (now() >= media.processed_at) return media.failed ? "failed" : "succeeded";
    auto const whole = Milliseconds(settings.number("processing_ms"));
    return now() < media.processed_at - whole * 3 / 4 ? "pending" : "in_progress";
}

json::object X::processing_info(Media const& media) const {
    auto const state = processing_state(media);
    json::object info{{"state", state}};
    if (state == "pending" || state == "in_progress") {
        auto const left = std::max<std::int64_t>((media.processed_at - now()).count(), 0);
        info["check_after_secs"] = std::clamp<std::int64_t>((left + 999) / 1000, 1, 10);
        auto const whole = std::max<std::int64_t>(settings.number("processing_ms"), 1);
        if (state == "in_progress")
            info["progress_percent"] = std::clamp<std::int64_t>(100 - left * 100 / whole, 1, 99);
    } else if (state == "failed") {
        info["error"] =
            json::object{{"code", 1}, {"name", "InvalidMedia"}, {"message", "Unsupported video format"}};
    } else {
        info["progress_percent"] = 100;
    }
    return info;
}

json::object X::media_data(Media const& media) const {
    json::object data{{"id", media.id},
                      {"media_key", media.media_key},
                      {"expires_after_secs", (media.expires_at - now()).count() / 1000}};
    if (media.finalized) data["size"] = media.total_bytes;
    if (media.finalized && media.processes) data["processing_info"] = processing_info(media);
    return data;
}

http::Response X::upload_whole(Call& call, User const& user) {
    std::string bytes;
    std::string category;
    bool has_command = call.query("command").has_value();
    if (call.content_type() == "application/json") {
        auto const body = json_body(call);
        if (!body) return media_failure("The body is not a JSON object.");
        auto decoded = base64_decode(member_text(*body, "media"));
        if (!decoded) return invalid_request("media", "", "media must be base64.");
        bytes = *std::move(decoded);
        category = member_text(*body, "media_category");
        has_command = has_command || body->contains("command");
    } else {
        auto parts = parse_multipart(call.header("Content-Type"), call.request.body);
        if (!parts) return media_failure(parts.error().message);
        for (auto const& part : *parts) {
            if (part.name == "media") bytes = part.body;
            if (part.name == "media_category") category = part.body;
            has_command = has_command || part.name == "command";
        }
    }
    if (has_command)
        return invalid_request(
            "command", "",
            "The command parameter is no longer supported; use initialize, append and finalize.");
    if (category != "tweet_image" && category != "dm_image" && category != "subtitles") {
        return invalid_request("media_category", category,
                               "media_category must be one of [tweet_image, dm_image, subtitles].");
    }
    auto const facts = sniff(bytes);
    auto const size = static_cast<std::int64_t>(bytes.size());
    if (category != "subtitles") {
        if (auto const wrong = wrong_picture(category, facts, size)) return media_failure(*wrong);
    } else if (bytes.empty()) {
        return media_failure("media type unrecognized.");
    }
    auto media = new_media(user, category, facts.content_type.empty() ? "text/srt" : facts.content_type);
    media.total_bytes = size;
    media.sha256 = services_.media.put(bytes);
    media.width = facts.width;
    media.height = facts.height;
    media.finalized = true;
    auto const data = media_data(media);
    state_.media[media.id] = std::move(media);
    return json_answer(200, json::object{{"data", data}});
}

http::Response X::initialize(Call& call, User const& user) {
    auto const body = json_body(call);
    if (!body) return media_failure("The body is not a JSON object.");
    for (auto const& member : *body) {
        static constexpr std::string_view known[] = {"media_type", "total_bytes", "media_category",
                                                     "additional_owners", "shared"};
        if (!is_one_of(known, member.key()))
            return invalid_request(
                member.key(), json::serialize(member.value()),
                fmt::format("The field [{}] is not known.", std::string_view(member.key())));
    }
    auto const media_type = member_text(*body, "media_type");
    auto const category = member_text(*body, "media_category");
    if (!is_one_of(known_types, media_type))
        return invalid_request("media_type", media_type, "media_type is not one of the supported types.");
    if (!is_one_of(known_categories, category) || !fits(category, media_type)) {
        return invalid_request("media_category", category, "media_category does not fit the media_type.");
    }
    auto const* total = body->if_contains("total_bytes");
    boost::system::error_code not_a_number;
    auto const total_bytes = total && total->is_number() ? total->to_number<std::int64_t>(not_a_number) : 0;
    auto const limit = is_video(category) ? settings.number("video_max_bytes")
                       : is_gif(category) ? gif_max_bytes
                                          : image_max_bytes;
    if (total_bytes <= 0 || not_a_number || total_bytes > limit) {
        return invalid_request("total_bytes", std::to_string(total_bytes),
                               fmt::format("total_bytes must be between 1 and {}.", limit));
    }
    auto media = new_media(user, category, media_type);
    media.total_bytes = total_bytes;
    auto const data = media_data(media);
    state_.media[media.id] = std::move(media);
    return json_answer(200, json::object{{"data", data}});
}

http::Response X::append(Call& call, User const& user) {
    auto* media = own_media(user, call.segments[3]);
    if (!media || media->finalized || media->total_bytes == 0)
        return invalid_request("id", call.segments[3], "The media id is not an upload in progress.");
    std::string bytes;
    std::string index_text;
    if (call.content_type() == "application/json") {
        auto const body = json_body(call);
        if (!body) return media_failure("The body is not a JSON object.");
        auto decoded = base64_decode(member_text(*body, "media"));
        if (!decoded) return invalid_request("media", "", "media must be base64.");
        bytes = *std::move(decoded);
        if (auto const* index = body->if_contains("segment_index"))
            index_text = scalar_text(*index).value_or("");
    } else {
        auto parts = parse_multipart(call.header("Content-Type"), call.request.body);
        if (!parts) return media_failure(parts.error().message);
        for (auto const& part : *parts) {
            if (part.name == "media") bytes = part.body;
            if (part.name == "segment_index") index_text = part.body;
        }
    }
    auto const index = whole_number(index_text);
    if (!index || *index < 0 || *index > highest_segment)
        return invalid_request("segment_index", index_text, "segment_index must be between 0 and 999.");
    if (bytes.empty()) return media_failure("media is empty.");
    if (static_cast<std::int64_t>(bytes.size()) > settings.number("max_chunk_bytes")) {
        return invalid_request(
            "media", "",
            fmt::format("A chunk must not exceed {} bytes.", settings.number("max_chunk_bytes")));
    }
    std::int64_t sum = static_cast<std::int64_t>(bytes.size());
    for (auto const& [key, segment] : media->segments) {
        if (key != std::to_string(*index)) sum += segment.bytes;
    }
    if (sum > media->total_bytes) return media_failure("The segments exceed total_bytes.");
    media->segments[std::to_string(*index)] = {services_.media.put(bytes),
                                               static_cast<std::int64_t>(bytes.size())};
    return json_answer(200, json::object{{"data", {{"expires_at", to_ms(media->expires_at) / 1000}}}});
}

http::Response X::finalize(Call& call, User const& user) {
    auto* media = own_media(user, call.segments[3]);
    if (!media || media->total_bytes == 0)
        return invalid_request("id", call.segments[3], "The media id is not an upload in progress.");
    if (media->finalized) return json_answer(200, json::object{{"data", media_data(*media)}});
    std::string bytes;
    for (std::size_t index = 0; index < media->segments.size(); ++index) {
        auto const segment = media->segments.find(std::to_string(index));
        if (segment == media->segments.end())
            return invalid_request("segment_index", std::to_string(index), "A segment is missing.");
        auto const part = services_.media.get(segment->second.sha256);
        if (part) bytes += *part;
    }
    if (static_cast<std::int64_t>(bytes.size()) != media->total_bytes)
        return media_failure("Segments do not add up to provided total file size.");
    auto const facts = sniff(bytes);
    media->processes = media->kind == "video" || media->kind == "gif";
    if (media->kind == "image" || media->kind == "gif") {
        auto const wrong = wrong_picture(media->category, facts, media->total_bytes);
        if (wrong && !media->processes) return media_failure(*wrong);
        media->failed = wrong.has_value();
    } else if (media->kind == "video") {
        media->failed = facts.kind != "video";
    }
    if (!facts.content_type.empty()) media->media_type = facts.content_type;
    media->sha256 = services_.media.put(bytes);
    media->width = facts.width;
    media->height = facts.height;
    media->finalized = true;
    media->segments.clear();
    media->processed_at = now() + Milliseconds(media->processes ? settings.number("processing_ms") : 0);
    if (auto const fault = call.take_fault({"processing_stuck", "processing_failed"})) {
        media->processes = true;
        media->stuck = fault->mode == "processing_stuck";
        media->failed = !media->stuck;
        media->processed_at = now() + Milliseconds(settings.number("processing_ms"));
    }
    return json_answer(200, json::object{{"data", media_data(*media)}});
}

http::Response X::media_status(Call& call, User const& user) {
    if (call.query("command").value_or("STATUS") != "STATUS")
        return invalid_request("command", call.query("command").value_or(""), "command must be STATUS.");
    auto const id = call.query("media_id").value_or("");
    auto const* media = own_media(user, id);
    if (!media || !media->finalized) return invalid_request("media_id", id, "The media id is not known.");
    return json_answer(200, json::object{{"data", media_data(*media)}});
}

http::Response X::set_metadata(Call& call, User const& user) {
    auto const body = json_body(call);
    if (!body) return media_failure("The body is not a JSON object.");
    auto const id = member_text(*body, "id");
    auto* media = own_media(user, id);
    if (!media) return invalid_request("id", id, "The media id is not known.");
    auto const* metadata = body->if_contains("metadata");
    auto const* alt =
        metadata && metadata->is_object() ? metadata->as_object().if_contains("alt_text") : nullptr;
    if (!alt || !alt->is_object()) return invalid_request("metadata", "", "metadata.alt_text is required.");
    auto const alt_text = member_text(alt->as_object(), "text");
    if (alt_text.empty() || text::to_code_points(alt_text).size() > longest_alt) {
        return invalid_request("metadata.alt_text.text", "", "The text must have 1 to 1000 characters.");
    }
    media->alt_text = alt_text;
    charge("media metadata", 5);
    return json_answer(
        200,
        json::object{{"data", {{"id", id}, {"associated_metadata", {{"alt_text", {{"text", alt_text}}}}}}}});
}

}  // namespace mypost::sandbox::x
