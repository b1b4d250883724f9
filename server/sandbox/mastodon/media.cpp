// Attachments. https://docs.joinmastodon.org/methods/media/
#include <fmt/format.h>

#include <algorithm>

#include "core/encoding.hpp"
#include "sandbox/framework/sniff.hpp"
#include "sandbox/mastodon/mastodon.hpp"
#include "sandbox/text/unicode.hpp"

namespace mypost::sandbox::mastodon {

namespace {

constexpr std::chrono::hours unattached_lifetime{24};

// What is wrong with a description or focus, or nothing.
std::optional<http::Response> check_texts(Media const& media, Instance const& instance) {
    if (!is_valid_utf8(media.description))
        return failure(400, "Invalid request parameters: Invalid encoding for parameter");
    if (text::to_code_points(media.description).size() >
        static_cast<std::size_t>(instance.description_limit)) {
        return failure(422,
                       fmt::format("Validation failed: Description is too long (maximum is {} characters)",
                                   instance.description_limit));
    }
    if (media.focus.empty()) return std::nullopt;
    auto const comma = media.focus.find(',');
    if (comma == std::string::npos) return failure(422, "Validation failed: Focus is invalid");
    for (auto const& number : {media.focus.substr(0, comma), media.focus.substr(comma + 1)}) {
        char* end = nullptr;
        double const value = std::strtod(number.c_str(), &end);
        if (number.empty() || *end != '\0' || !(value >= -1.0 && value <= 1.0))
            return failure(422, "Validation failed: Focus is invalid");
    }
    return std::nullopt;
}

std::optional<http::Response> check_file(MediaFacts const& facts, std::size_t bytes,
                                         Instance const& instance) {
    bool const picture = facts.kind == "image" || facts.kind == "gif";
    bool const sound_or_film = facts.kind == "video" || facts.kind == "audio";
    if (facts.content_type == "image/bmp" || (!picture && !sound_or_film)) {
        return failure(422, "Validation failed: File content type is invalid, File is invalid");
    }
    if (!facts.intact) return failure(422, "Validation failed: File is invalid");
    auto const limit = picture ? instance.image_size_limit : instance.video_size_limit;
    if (bytes > static_cast<std::size_t>(limit)) {
        return failure(422,
                       fmt::format("Validation failed: File file size must be less than {} Bytes", limit));
    }
    auto const pixels = std::int64_t{facts.width} * facts.height;
    if (picture && pixels > instance.image_matrix_limit) {
        return failure(422, fmt::format("Validation failed: File dimensions of {}x{} are not supported",
                                        facts.width, facts.height));
    }
    return std::nullopt;
}

}  // namespace

bool Mastodon::is_ready(Media const& media) const {
    return !media.stuck && now() >= media.ready_at;
}

Media* Mastodon::own_media(Session const& session, std::string_view host, std::string const& id) {
    auto const found = state_.media.find(id);
    if (found == state_.media.end()) return nullptr;
    auto& media = found->second;
    bool const vacuumed = media.status_id.empty() && now() >= media.created_at + unattached_lifetime;
    if (media.instance != host || media.account_id != session.account_id || media.deleted || vacuumed)
        return nullptr;
    return &media;
}

http::Response Mastodon::upload(Call& call, Instance const& instance, bool waits) {
    auto who = session(call, {"write:media"});
    if (!who) return who.error();
    auto const rate = take_rate(fmt::format("media {} {}", call.host, who->account_id), "media_30min",
                                std::chrono::minutes(30));
    if (rate && !rate->allowed) {
        auto response = failure(429, "Too many requests");
        add_rate_headers(call, response, *rate);
        return response;
    }
    auto const with_headers = [&](http::Response response) {
        if (rate) add_rate_headers(call, response, *rate);
        return response;
    };
    auto parts = parse_multipart(call.header("Content-Type"), call.request.body);
    if (!parts) return with_headers(failure(422, "Validation failed: File can't be blank"));
    Media media;
    std::string const* bytes = nullptr;
    for (auto const& part : *parts) {
        if (part.name == "file" && !part.filename.empty()) bytes = &part.body;
        if (part.name == "description") media.description = part.body;
        if (part.name == "focus") media.focus = part.body;
    }
    if (!bytes) return with_headers(failure(422, "Validation failed: File can't be blank"));
    auto const facts = sniff(*bytes);
    if (auto wrong = check_file(facts, bytes->size(), instance)) return with_headers(*std::move(wrong));
    if (auto wrong = check_texts(media, instance)) return with_headers(*std::move(wrong));
    media.instance = call.host;
    media.id = new_id(instance);
    media.account_id = who->account_id;
    media.kind = facts.kind == "gif" ? (facts.frames > 1 ? "gifv" : "image") : facts.kind;
    media.content_type = facts.content_type;
    media.sha256 = services_.media.put(*bytes);
    media.bytes = static_cast<std::int64_t>(bytes->size());
    media.width = facts.width;
    media.height = facts.height;
    media.created_at = now();
    bool const processes = media.kind != "image" && !waits;
    media.ready_at = now() + Milliseconds(processes ? settings.number("processing_ms") : 0);
    if (auto const fault = call.take_fault({"processing_stuck", "processing_failed"})) {
        media.stuck = fault->mode == "processing_stuck";
        media.failed = !media.stuck;
        if (media.ready_at == media.created_at)
            media.ready_at = now() + Milliseconds(settings.number("processing_ms"));
    }
    auto const answer = media_json(media);
    int const status = is_ready(media) ? 200 : 202;
    state_.media[media.id] = std::move(media);
    return with_headers(json_answer(status, answer));
}

http::Response Mastodon::show_media(Call const& call, std::string const& id) {
    auto who = session(call, {"write:media"});
    if (!who) return who.error();
    auto const* media = own_media(*who, call.host, id);
    if (!media || !media->status_id.empty()) return failure(404, "Record not found");
    if (!is_ready(*media)) return json_answer(206, media_json(*media));
    if (media->failed) return failure(422, "Validation failed: File could not be processed");
    return json_answer(200, media_json(*media));
}

http::Response Mastodon::change_media(Call const& call, Instance const& instance, std::string const& id) {
    auto who = session(call, {"write:media"});
    if (!who) return who.error();
    auto* media = own_media(*who, call.host, id);
    if (!media || !media->status_id.empty()) return failure(404, "Record not found");
    auto parameters = rails_parameters(call);
    if (!parameters) return failure(400, parameters.error().message);
    auto changed = *media;
    if (parameters->contains("description")) changed.description = text_of(*parameters, "description");
    if (parameters->contains("focus")) changed.focus = text_of(*parameters, "focus");
    if (auto wrong = check_texts(changed, instance)) return *std::move(wrong);
    *media = std::move(changed);
    return json_answer(200, media_json(*media));
}

http::Response Mastodon::delete_media(Call const& call, std::string const& id) {
    auto who = session(call, {"write:media"});
    if (!who) return who.error();
    auto* media = own_media(*who, call.host, id);
    if (!media) return failure(404, "Record not found");
    if (!media->status_id.empty()) return failure(422, "Media attachment is currently used by a status");
    media->deleted = true;
    return json_answer(200, json::object());
}

}  // namespace mypost::sandbox::mastodon
