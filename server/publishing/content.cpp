#include "publishing/content.hpp"

#include <boost/json.hpp>
#include <stdexcept>

namespace mypost::publishing {

namespace {

json::object parse_object(std::string_view text) {
    boost::system::error_code error;
    auto value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !value.is_object()) throw std::invalid_argument("not a JSON object");
    return std::move(value.as_object());
}

std::string text_of(json::object const& object, std::string_view name) {
    auto const* const value = object.if_contains(json::string_view(name.data(), name.size()));
    if (!value || !value->is_string()) return {};
    return std::string(value->get_string());
}

std::int64_t number_of(json::object const& object, std::string_view name) {
    auto const* const value = object.if_contains(json::string_view(name.data(), name.size()));
    if (!value || !value->is_number()) return 0;
    return value->to_number<std::int64_t>();
}

json::array const& array_of(json::object const& object, std::string_view name) {
    static json::array const none;
    auto const* const value = object.if_contains(json::string_view(name.data(), name.size()));
    return value && value->is_array() ? value->get_array() : none;
}

json::object object_of(json::object const& object, std::string_view name) {
    auto const* const value = object.if_contains(json::string_view(name.data(), name.size()));
    return value && value->is_object() ? value->get_object() : json::object();
}

std::vector<UsedMedia> media_of(json::object const& object) {
    std::vector<UsedMedia> media;
    for (auto const& item : array_of(object, "media")) {
        if (!item.is_object()) throw std::invalid_argument("media item is not an object");
        auto const asset = AssetId::parse(text_of(item.get_object(), "asset_id"));
        if (!asset) throw std::invalid_argument("media item without asset_id");
        media.push_back({*asset, text_of(item.get_object(), "alt")});
    }
    return media;
}

std::string media_field(networks::Part const& part, std::size_t index) {
    if (part.role == networks::PartRole::thread) {
        return fmt::format("/content/thread/{}/media/{}", part.index - 1, index);
    }
    return fmt::format("/content/media/{}", index);
}

std::string_view role_name(networks::PartRole role) {
    switch (role) {
        case networks::PartRole::post:
            return "post";
        case networks::PartRole::thread:
            return "thread";
        case networks::PartRole::first_comment:
            return "first_comment";
    }
    throw std::logic_error("unknown part role");
}

networks::PartRole role_of(std::string_view name) {
    if (name == "post") return networks::PartRole::post;
    if (name == "thread") return networks::PartRole::thread;
    if (name == "first_comment") return networks::PartRole::first_comment;
    throw std::invalid_argument("unknown part role");
}

json::object frozen_media(networks::MediaFile const& file) {
    return {{"asset_id", file.asset_id},     {"content_type", file.content_type},
            {"size_bytes", file.size_bytes}, {"width", file.width},
            {"height", file.height},         {"alt", file.alt},
            {"sha256", file.sha256}};
}

networks::MediaFile thawed_media(json::object const& object) {
    networks::MediaFile file;
    file.asset_id = text_of(object, "asset_id");
    file.content_type = text_of(object, "content_type");
    file.size_bytes = static_cast<std::uint64_t>(number_of(object, "size_bytes"));
    file.width = static_cast<int>(number_of(object, "width"));
    file.height = static_cast<int>(number_of(object, "height"));
    file.alt = text_of(object, "alt");
    file.sha256 = text_of(object, "sha256");
    return file;
}

}  // namespace

EffectiveContent effective_content(std::string_view content, std::string_view overrides) {
    auto merged = parse_object(content);
    for (auto const& [name, value] : parse_object(overrides)) merged[name] = value;

    EffectiveContent result;
    result.link = text_of(merged, "link");
    result.parts.push_back({networks::PartRole::post, 0, text_of(merged, "body"), media_of(merged)});
    int index = 0;
    for (auto const& part : array_of(merged, "thread")) {
        if (!part.is_object()) throw std::invalid_argument("thread part is not an object");
        result.parts.push_back({networks::PartRole::thread, ++index, text_of(part.get_object(), "body"),
                                media_of(part.get_object())});
    }
    auto const comment = text_of(merged, "first_comment");
    if (!comment.empty()) result.parts.push_back({networks::PartRole::first_comment, 0, comment, {}});
    return result;
}

networks::KindInfo kind_info(networks::NetworkInfo const& info, std::string_view kind) {
    for (auto const& candidate : info.kinds) {
        if (candidate.kind == kind) return candidate;
    }
    return info.kinds.empty() ? networks::KindInfo{} : info.kinds.front();
}

boost::asio::awaitable<Result<networks::Publication>> build_publication(
    MediaOpener& media, networks::NetworkAdapter const& adapter, WorkspaceId workspace, TargetId target,
    networks::AccountRef account, std::string kind, EffectiveContent content, json::object options) {
    auto const rules = kind_info(adapter.info_for(account), kind).media;
    networks::Publication publication;
    publication.target_id = target.to_string();
    publication.account = std::move(account);
    publication.kind = std::move(kind);
    publication.link = std::move(content.link);
    publication.options = std::move(options);
    for (auto const& source : content.parts) {
        networks::Part part;
        part.role = source.role;
        part.index = source.index;
        part.text = source.text;
        for (std::size_t i = 0; i < source.media.size(); ++i) {
            auto opened = co_await media.open(workspace, source.media[i].asset, rules);
            if (!opened) {
                auto error = opened.error();
                error.params["field"] = media_field(part, i);
                co_return error;
            }
            auto file = opened->file;
            file.asset_id = source.media[i].asset.to_string();
            file.alt = source.media[i].alt;
            part.media.push_back(std::move(file));
        }
        publication.parts.push_back(std::move(part));
    }
    co_return publication;
}

std::string freeze(networks::Publication const& publication) {
    json::array parts;
    for (auto const& part : publication.parts) {
        json::array media;
        for (auto const& file : part.media) media.push_back(frozen_media(file));
        json::object entry{
            {"role", json::string(role_name(part.role))}, {"index", part.index}, {"text", part.text}};
        entry["media"] = std::move(media);
        parts.push_back(std::move(entry));
    }
    auto const& account = publication.account;
    json::object result{{"target_id", publication.target_id},
                        {"kind", publication.kind},
                        {"link", publication.link},
                        {"frozen_at", to_ms(publication.frozen_at)}};
    result["account"] = json::object{{"network", account.network}, {"instance", account.instance},
                                     {"kind", account.kind},       {"remote_id", account.remote_id},
                                     {"handle", account.handle},   {"profile", account.profile}};
    result["options"] = publication.options;
    result["parts"] = std::move(parts);
    return json::serialize(result);
}

networks::Publication thaw(std::string_view text) {
    auto const object = parse_object(text);
    networks::Publication publication;
    publication.target_id = text_of(object, "target_id");
    publication.kind = text_of(object, "kind");
    publication.link = text_of(object, "link");
    publication.frozen_at = from_ms(number_of(object, "frozen_at"));
    publication.options = object_of(object, "options");
    auto const account = object_of(object, "account");
    publication.account = {text_of(account, "network"), text_of(account, "instance"),
                           text_of(account, "kind"),    text_of(account, "remote_id"),
                           text_of(account, "handle"),  object_of(account, "profile")};
    for (auto const& value : array_of(object, "parts")) {
        auto const& source = value.as_object();
        networks::Part part;
        part.role = role_of(text_of(source, "role"));
        part.index = static_cast<int>(number_of(source, "index"));
        part.text = text_of(source, "text");
        for (auto const& file : array_of(source, "media"))
            part.media.push_back(thawed_media(file.as_object()));
        publication.parts.push_back(std::move(part));
    }
    return publication;
}

}  // namespace mypost::publishing
