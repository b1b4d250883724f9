#include "sandbox/bluesky/lexicon.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/clock.hpp"
#include "sandbox/bluesky/dag_cbor.hpp"
#include "sandbox/text/unicode.hpp"

namespace mypost::sandbox::bluesky {

namespace json = boost::json;

namespace {

constexpr std::int64_t image_max_bytes = 2'000'000;
constexpr std::int64_t thumb_max_bytes = 1'000'000;
constexpr std::int64_t video_max_bytes = 300'000'000;
constexpr std::int64_t captions_max_bytes = 20'000;

// Walks a record; the first thing that is wrong ends it.
class Checker {
  public:
    LexiconCheck result;

    void post(json::object const& record) {
        auto const text = required_string(record, "text", "Record");
        if (text && text->size() > 3000) fail("Record/text must not be longer than 3000 characters");
        if (text && text::grapheme_count(*text) > 300)
            fail("Record/text must not be longer than 300 graphemes");
        datetime(record, "createdAt", "Record");
        string_list(record, "langs", 3, [](std::string_view lang) {
            return lang.size() >= 2 && lang.size() <= 128 &&
                   lang.find_first_not_of(
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
                       std::string_view::npos;
        });
        string_list(record, "tags", 8, [](std::string_view tag) {
            return tag.size() <= 640 && text::grapheme_count(tag) <= 64;
        });
        if (auto const* reply = object(record, "reply", "Record")) {
            strong_ref(*reply, "root", "Record/reply");
            strong_ref(*reply, "parent", "Record/reply");
        }
        facets(record, text.value_or(""));
        if (auto const* given = record.if_contains("embed")) embed(*given, "Record/embed", true);
        if (auto const* labels = object(record, "labels", "Record")) self_labels(*labels);
    }

    void gate(json::object const& record) {
        auto const post = required_string(record, "post", "Record");
        if (post && !is_at_uri(*post)) fail("Record/post must be a valid at-uri");
        datetime(record, "createdAt", "Record");
        if (auto const* allow = record.if_contains("allow");
            allow && (!allow->is_array() || allow->as_array().size() > 5))
            fail("Record/allow must be an array of at most 5 elements");
    }

  private:
    void fail(std::string message) {
        if (result.error.empty()) result.error = std::move(message);
    }

    std::optional<std::string> required_string(json::object const& in, std::string_view name,
                                               std::string_view at) {
        auto const* value = in.if_contains(name);
        if (!value) {
            fail(fmt::format("{} must have the property \"{}\"", at, name));
            return std::nullopt;
        }
        if (!value->is_string()) {
            fail(fmt::format("{}/{} must be a string", at, name));
            return std::nullopt;
        }
        return std::string(value->as_string());
    }

    json::object const* object(json::object const& in, std::string_view name, std::string_view at) {
        auto const* value = in.if_contains(name);
        if (value && !value->is_object()) fail(fmt::format("{}/{} must be an object", at, name));
        return value && value->is_object() ? &value->as_object() : nullptr;
    }

    void datetime(json::object const& in, std::string_view name, std::string_view at) {
        auto const text = required_string(in, name, at);
        if (text && (text->find('T') == std::string::npos || !parse_rfc3339(*text))) {
            fail(fmt::format("{}/{} must be an valid atproto datetime (both RFC-3339 and ISO-8601)", at,
                             name));
        }
    }

    template <class Valid>
    void string_list(json::object const& in, std::string_view name, std::size_t most, Valid valid) {
        auto const* list = in.if_contains(name);
        if (!list) return;
        if (!list->is_array()) return fail(fmt::format("Record/{} must be an array", name));
        if (list->as_array().size() > most)
            return fail(fmt::format("Record/{} must not have more than {} elements", name, most));
        std::size_t index = 0;
        for (auto const& item : list->as_array()) {
            if (!item.is_string() || !valid(std::string_view(item.as_string())))
                fail(fmt::format("Record/{}/{} is not valid", name, index));
            ++index;
        }
    }

    void strong_ref(json::object const& in, std::string_view name, std::string_view at) {
        auto const* value = in.if_contains(name);
        auto const path = fmt::format("{}/{}", at, name);
        if (!value || !value->is_object())
            return fail(fmt::format("{} must have the property \"{}\"", at, name));
        auto const uri = required_string(value->as_object(), "uri", path);
        auto const cid = required_string(value->as_object(), "cid", path);
        if (uri && !is_at_uri(*uri)) fail(path + "/uri must be a valid at-uri");
        if (cid && !is_cid(*cid)) fail(path + "/cid must be a cid string");
    }

    std::optional<std::int64_t> integer(json::object const& in, std::string_view name, std::string_view at,
                                        std::int64_t min) {
        auto const* value = in.if_contains(name);
        if (!value || !value->is_int64()) {
            fail(fmt::format("{}/{} must be an integer", at, name));
            return std::nullopt;
        }
        if (value->as_int64() < min) {
            fail(fmt::format("{}/{} can not be less than {}", at, name, min));
            return std::nullopt;
        }
        return value->as_int64();
    }

    static bool is_boundary(std::string const& text, std::int64_t at) {
        auto const index = static_cast<std::size_t>(at);
        return index == text.size() || (static_cast<unsigned char>(text[index]) & 0xC0) != 0x80;
    }

    void facets(json::object const& record, std::string const& text) {
        auto const* list = record.if_contains("facets");
        if (!list) return;
        if (!list->is_array()) return fail("Record/facets must be an array");
        std::vector<std::pair<std::int64_t, std::int64_t>> ranges;
        for (std::size_t i = 0; i < list->as_array().size(); ++i) {
            auto const at = fmt::format("Record/facets/{}", i);
            auto const& facet = list->as_array()[i];
            auto const* index = facet.is_object() ? facet.as_object().if_contains("index") : nullptr;
            if (!index || !index->is_object()) return fail(at + " must have the property \"index\"");
            auto const start = integer(index->as_object(), "byteStart", at + "/index", 0);
            auto const end = integer(index->as_object(), "byteEnd", at + "/index", 0);
            if (!start || !end) return;
            auto const size = static_cast<std::int64_t>(text.size());
            if (*start >= *end || *end > size)
                return fail(fmt::format("{}/index must be a range inside the text of {} bytes", at, size));
            if (!is_boundary(text, *start) || !is_boundary(text, *end))
                return fail(at + "/index must not cut a character in two");
            for (auto const& [other_start, other_end] : ranges) {
                if (*start < other_end && other_start < *end)
                    return fail(at + "/index must not overlap another facet");
            }
            ranges.emplace_back(*start, *end);
            auto const* features = facet.as_object().if_contains("features");
            if (!features || !features->is_array() || features->as_array().empty())
                return fail(at + " must have the property \"features\"");
            for (auto const& item : features->as_array()) feature(item, at + "/features");
        }
    }

    void feature(json::value const& given, std::string const& at) {
        auto const type = type_of(given, at);
        if (type.empty()) return;
        auto const& object = given.as_object();
        if (type == "app.bsky.richtext.facet#mention") {
            auto const did = required_string(object, "did", at);
            if (did && !is_did(*did)) fail(at + "/did must be a valid did");
        } else if (type == "app.bsky.richtext.facet#link") {
            uri(object, at);
        } else if (type == "app.bsky.richtext.facet#tag") {
            auto const tag = required_string(object, "tag", at);
            if (tag && (tag->size() > 640 || text::grapheme_count(*tag) > 64))
                fail(at + "/tag must not be longer than 64 graphemes");
        } else {
            fail(
                fmt::format("{} $type must be one of app.bsky.richtext.facet#mention, "
                            "app.bsky.richtext.facet#link, app.bsky.richtext.facet#tag",
                            at));
        }
    }

    void uri(json::object const& in, std::string const& at) {
        auto const text = required_string(in, "uri", at);
        if (!text) return;
        auto const colon = text->find(':');
        if (colon == std::string::npos || colon == 0 || text->find_first_of(" \n\t") != std::string::npos ||
            text->size() > 8192)
            fail(at + "/uri must be a uri");
    }

    std::string type_of(json::value const& given, std::string const& at) {
        auto const* object = given.if_object();
        auto const* type = object ? object->if_contains("$type") : nullptr;
        if (!type || !type->is_string()) {
            fail(fmt::format("{} must be an object which includes the \"$type\" property", at));
            return {};
        }
        return std::string(type->as_string());
    }

    void embed(json::value const& given, std::string const& at, bool may_hold_record) {
        auto const type = type_of(given, at);
        if (type.empty()) return;
        auto const& object_ = given.as_object();
        if (type == "app.bsky.embed.images") {
            pictures(object_, "images", at, 4, false);
        } else if (type == "app.bsky.embed.gallery") {
            pictures(object_, "items", at, 20, true);
        } else if (type == "app.bsky.embed.video") {
            video(object_, at);
        } else if (type == "app.bsky.embed.external") {
            external(object_, at);
        } else if (type == "app.bsky.embed.record" && may_hold_record) {
            strong_ref(object_, "record", at);
        } else if (type == "app.bsky.embed.recordWithMedia" && may_hold_record) {
            auto const* record = object_.if_contains("record");
            auto const* media = object_.if_contains("media");
            if (!record || !record->is_object() || !media)
                return fail(at + " must have the properties \"record\" and \"media\"");
            strong_ref(record->as_object(), "record", at + "/record");
            embed(*media, at + "/media", false);
        } else {
            fail(fmt::format("{} $type {} is not an embed", at, type));
        }
    }

    void pictures(json::object const& in, std::string_view name, std::string const& at, std::size_t most,
                  bool needs_ratio) {
        auto const* list = in.if_contains(name);
        if (!list || !list->is_array())
            return fail(fmt::format("{} must have the property \"{}\"", at, name));
        if (list->as_array().empty())
            return fail(fmt::format("{}/{} must not have fewer than 1 elements", at, name));
        if (list->as_array().size() > most)
            return fail(fmt::format("{}/{} must not have more than {} elements", at, name, most));
        for (std::size_t i = 0; i < list->as_array().size(); ++i) {
            auto const path = fmt::format("{}/{}/{}", at, name, i);
            auto const& item = list->as_array()[i];
            if (!item.is_object()) return fail(path + " must be an object");
            required_string(item.as_object(), "alt", path);
            blob(item.as_object(), "image", path, "image/*", image_max_bytes);
            ratio(item.as_object(), path, needs_ratio);
        }
    }

    void video(json::object const& in, std::string const& at) {
        blob(in, "video", at, "video/mp4", video_max_bytes);
        ratio(in, at, false);
        auto const* alt = in.if_contains("alt");
        if (alt && (!alt->is_string() || text::grapheme_count(std::string_view(alt->as_string())) > 1000))
            fail(at + "/alt must not be longer than 1000 graphemes");
        auto const* captions = in.if_contains("captions");
        if (!captions) return;
        if (!captions->is_array() || captions->as_array().size() > 20)
            return fail(at + "/captions must not have more than 20 elements");
        for (auto const& caption : captions->as_array()) {
            if (!caption.is_object()) return fail(at + "/captions must hold objects");
            required_string(caption.as_object(), "lang", at + "/captions");
            blob(caption.as_object(), "file", at + "/captions", "text/vtt", captions_max_bytes);
        }
    }

    void external(json::object const& in, std::string const& at) {
        auto const* card = in.if_contains("external");
        auto const path = at + "/external";
        if (!card || !card->is_object()) return fail(at + " must have the property \"external\"");
        uri(card->as_object(), path);
        required_string(card->as_object(), "title", path);
        required_string(card->as_object(), "description", path);
        if (card->as_object().contains("thumb"))
            blob(card->as_object(), "thumb", path, "image/*", thumb_max_bytes);
    }

    void ratio(json::object const& in, std::string const& at, bool required) {
        auto const* given = object(in, "aspectRatio", at);
        if (!given) {
            if (required) fail(at + " must have the property \"aspectRatio\"");
            return;
        }
        integer(*given, "width", at + "/aspectRatio", 1);
        integer(*given, "height", at + "/aspectRatio", 1);
    }

    void blob(json::object const& in, std::string_view name, std::string const& at, std::string accept,
              std::int64_t max_size) {
        auto const path = fmt::format("{}/{}", at, name);
        auto const* value = in.if_contains(name);
        if (!value) return fail(fmt::format("{} must have the property \"{}\"", at, name));
        auto const* object_ = value->if_object();
        auto const* type = object_ ? object_->if_contains("$type") : nullptr;
        auto const* ref = object_ ? object_->if_contains("ref") : nullptr;
        auto const* link = ref && ref->is_object() ? ref->as_object().if_contains("$link") : nullptr;
        auto const* mime = object_ ? object_->if_contains("mimeType") : nullptr;
        auto const* size = object_ ? object_->if_contains("size") : nullptr;
        bool const shaped = type && *type == "blob" && link && link->is_string() && mime &&
                            mime->is_string() && size && size->is_int64();
        if (!shaped || !is_cid(std::string_view(link->as_string())))
            return fail(path + " should be a blob ref");
        result.blobs.push_back({std::string(link->as_string()), std::string(mime->as_string()),
                                size->as_int64(), std::move(accept), max_size});
    }

    void self_labels(json::object const& labels) {
        auto const* type = labels.if_contains("$type");
        if (!type || *type != "com.atproto.label.defs#selfLabels")
            return fail("Record/labels $type must be com.atproto.label.defs#selfLabels");
        auto const* values = labels.if_contains("values");
        if (!values || !values->is_array() || values->as_array().size() > 10)
            return fail("Record/labels/values must be an array of at most 10 elements");
        for (auto const& value : values->as_array()) {
            if (!value.is_object()) return fail("Record/labels/values must hold objects");
            auto const val = required_string(value.as_object(), "val", "Record/labels/values");
            if (val && val->size() > 128)
                fail("Record/labels/values/val must not be longer than 128 characters");
        }
    }
};

}  // namespace

LexiconCheck check_record(std::string_view collection, json::object const& record) {
    Checker checker;
    if (collection == "app.bsky.feed.post") {
        checker.post(record);
    } else if (collection == "app.bsky.feed.threadgate" || collection == "app.bsky.feed.postgate") {
        checker.gate(record);
    } else {
        checker.result.known = false;
    }
    return std::move(checker.result);
}

bool is_tid(std::string_view text) {
    if (text.size() != 13 || !((text[0] >= '2' && text[0] <= '7') || (text[0] >= 'a' && text[0] <= 'j')))
        return false;
    return text.find_first_not_of("234567abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

bool is_record_key(std::string_view text) {
    if (text.empty() || text.size() > 512 || text == "." || text == "..") return false;
    return text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:~-") ==
           std::string_view::npos;
}

bool is_nsid(std::string_view text) {
    if (text.size() > 317 || std::count(text.begin(), text.end(), '.') < 2 || text.front() == '.' ||
        text.back() == '.')
        return false;
    return text.find("..") == std::string_view::npos &&
           text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-") ==
               std::string_view::npos;
}

bool is_did(std::string_view text) {
    if (!text.starts_with("did:") || text.size() > 2048) return false;
    auto const second = text.find(':', 4);
    return second != std::string_view::npos && second > 4 && second + 1 < text.size() &&
           text.substr(second + 1)
                   .find_first_not_of(
                       "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:%-") ==
               std::string_view::npos;
}

bool is_at_uri(std::string_view text) {
    if (!text.starts_with("at://") || text.size() > 8192) return false;
    auto const rest = text.substr(5);
    auto const slash = rest.find('/');
    auto const authority = rest.substr(0, slash);
    if (authority.starts_with("did:") ? !is_did(authority) : authority.find('.') == std::string_view::npos)
        return false;
    if (slash == std::string_view::npos) return true;
    auto const path = rest.substr(slash + 1);
    auto const second = path.find('/');
    if (!is_nsid(path.substr(0, second))) return false;
    return second == std::string_view::npos || is_record_key(path.substr(second + 1));
}

}  // namespace mypost::sandbox::bluesky
