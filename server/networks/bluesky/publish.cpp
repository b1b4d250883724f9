// The step machine. The key of a record and the record itself are on disk before the first attempt, so a lost
// answer is followed by the same putRecord: the server has it already (nothing changes) or makes it now.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <set>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "networks/answer.hpp"
#include "networks/bluesky/bluesky.hpp"
#include "networks/requests.hpp"
#include "networks/rules.hpp"

namespace mypost::networks::bluesky {

namespace {

using namespace std::chrono_literals;

constexpr auto upload_timeout = 90s;
constexpr auto record_timeout = 30s;
constexpr auto unused_blob_life = 50min;  // servers keep blobs that no record names for an hour at least
constexpr std::string_view blob_missing = "bluesky_blob_missing";

// The refusal that stands: of the last attempt. The same record refused later was not there earlier either.
JournalEntry const* standing_failure(JournalView const& journal, std::size_t part) {
    auto const* failure = journal.last_failure(record_step(part));
    auto const open = journal.unknown(record_step(part));
    if (failure == nullptr || open.empty() || failure->seq > open.back()->seq) return failure;
    return nullptr;
}

bool upload_may_follow(JournalView const& journal, std::size_t part, JournalEntry const& failure) {
    return failure.code == blob_missing && journal.failures(record_step(part), blob_missing) < 2;
}

class Machine {
  public:
    Machine(Publication const& publication, Journal const& journal, Instant now)
        : publication_(publication), journal_(journal), now_(now) {}

    Decision next() const {
        std::size_t part = 0;
        while (part < publication_.parts.size() && live(part) != nullptr) ++part;
        if (part == publication_.parts.size()) return AllDone{};
        auto const* failure = standing_failure(journal_, part);
        if (failure != nullptr && !upload_may_follow(journal_, part, *failure)) return failed(*failure);
        // Pictures and names of all parts before the first post: nothing of them may break a thread in its
        // middle.
        for (std::size_t later = part; later < publication_.parts.size(); ++later) {
            bool const blobs_lost = later == part && failure != nullptr;
            if (auto decision = prepare(later, blobs_lost ? failure->seq : nothing_before)) return *decision;
        }
        return put(part);
    }

  private:
    JournalEntry const* live(std::size_t part) const { return journal_.first_ok(record_step(part)); }

    // What a part's record needs first. A record that is on disk already needs only blobs that the server
    // lost.
    std::optional<Decision> prepare(std::size_t part, std::int64_t blobs_after) const {
        bool const frozen = frozen_record(part).has_value();
        bool const needs_blobs = !frozen || blobs_after != nothing_before;
        auto const files = needs_blobs ? publication_.parts[part].media.size() : 0;
        for (std::size_t index = 0; index < files; ++index) {
            if (blob(part, index, blobs_after) != nullptr) continue;
            auto const step = blob_step(part, index);
            if (auto const* failure = journal_.last_failure(step, blobs_after)) return failed(*failure);
            return upload(part, index);
        }
        if (frozen) return std::nullopt;
        for (auto const& handle : mentioned_handles(text_of(publication_, part))) {
            if (journal_.last_ok(resolve_step(handle)) == nullptr && !unresolvable(handle))
                return resolve(part, handle);
        }
        return std::nullopt;
    }

    // A refusal to look a name up must not stop the post: the name stays plain text.
    bool unresolvable(std::string const& handle) const {
        return journal_.last_failure(resolve_step(handle)) != nullptr;
    }

    JournalEntry const* blob(std::size_t part, std::size_t index, std::int64_t after) const {
        auto const* entry = journal_.last_ok(blob_step(part, index), after);
        bool const usable =
            entry != nullptr && entry->facts.contains("blob") && now_ < entry->started_at + unused_blob_life;
        return usable ? entry : nullptr;
    }

    Call upload(std::size_t part, std::size_t index) const {
        auto const& file = publication_.parts[part].media[index];
        Call call;
        call.step = blob_step(part, index);
        call.part = static_cast<int>(part);
        call.request.url = xrpc(pds_of(publication_.account), "com.atproto.repo.uploadBlob");
        call.request.headers = {{"Accept", "application/json"}, {"Content-Type", file.content_type}};
        call.request.body = MediaRef{static_cast<int>(part), static_cast<int>(index), 0, 0};
        call.timeout = upload_timeout;
        call.repeatable = true;  // the same bytes have the same name
        call.summary =
            fmt::format("Upload picture {} of {}", index + 1, publication_.parts[part].media.size());
        return call;
    }

    Call resolve(std::size_t part, std::string const& handle) const {
        Call call;
        call.step = resolve_step(handle);
        call.part = static_cast<int>(part);
        call.request.method = "GET";
        call.request.url =
            fmt::format("{}?{}", xrpc(pds_of(publication_.account), "com.atproto.identity.resolveHandle"),
                        form_encode({{"handle", handle}}));
        call.request.headers.emplace_back("Accept", "application/json");
        call.authorised = false;
        call.repeatable = true;
        call.summary = fmt::format("Look up @{}", handle);
        return call;
    }

    // The intent whose key and record go out again: once an attempt may have worked, nothing else may follow
    // it.
    std::optional<json::object> frozen_record(std::size_t part) const {
        auto const lost = journal_.ever_unknown(record_step(part));
        if (lost.empty()) return std::nullopt;
        auto const& intent = lost.back()->intent;
        bool const same = answer::text_at(intent, "fingerprint") == fingerprint(part);
        if (!same || !intent.contains("record")) return std::nullopt;
        return intent;
    }

    // A new record under the old key replaces what may be there, where the content was changed in between.
    std::string key_for(std::size_t part) const {
        auto const lost = journal_.ever_unknown(record_step(part));
        if (!lost.empty()) {
            auto key = answer::text_at(lost.back()->intent, "rkey");
            if (!key.empty()) return key;
        }
        // Parts never share a microsecond; targets that start in the same millisecond differ by their ids'
        // digest.
        auto const digest = crypto::sha256(publication_.target_id);
        auto const byte = [&](std::size_t i) { return static_cast<std::uint8_t>(digest[i]); };
        auto const micros = to_ms(now_) * 1000 + (byte(0) % 30) * 32 + static_cast<std::int64_t>(part % 32);
        return make_tid(micros, static_cast<std::uint32_t>(byte(1) << 8 | byte(2)));
    }

    std::string fingerprint(std::size_t part) const {
        json::array files;
        for (auto const& file : publication_.parts[part].media)
            files.emplace_back(json::array{file.sha256, file.alt});
        json::array const content{text_of(publication_, part), part == 0 ? publication_.link : std::string(),
                                  option_text(publication_, "language"),
                                  option_text(publication_, "content_label"), std::move(files)};
        return hex_encode(crypto::sha256(json::serialize(content))).substr(0, 32);
    }

    Call put(std::size_t part) const {
        auto intent = frozen_record(part).value_or(json::object());
        if (intent.empty()) {
            intent["rkey"] = key_for(part);
            intent["fingerprint"] = fingerprint(part);
            intent["record"] = make_record(part);
        }
        json::object const body{{"repo", publication_.account.remote_id},
                                {"collection", collection},
                                {"rkey", intent.at("rkey")},
                                {"validate", true},
                                {"record", intent.at("record")}};
        Call call;
        call.step = record_step(part);
        call.part = static_cast<int>(part);
        call.request.url = xrpc(pds_of(publication_.account), "com.atproto.repo.putRecord");
        call.request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
        call.request.body = json::serialize(body);
        call.timeout = record_timeout;
        call.repeatable = true;
        call.intent = std::move(intent);
        call.summary = fmt::format("Create post {} of {}", part + 1, publication_.parts.size());
        return call;
    }

    json::object make_record(std::size_t part) const {
        auto const text = text_of(publication_, part);
        json::object record{{"$type", collection}, {"text", text}, {"createdAt", to_rfc3339(now_)}};
        std::map<std::string, std::string> dids;
        for (auto const& handle : mentioned_handles(text)) {
            auto const* found = journal_.last_ok(resolve_step(handle));
            if (found != nullptr) dids[handle] = answer::text_at(found->facts, "did");
        }
        if (auto facets = facets_of(text, dids); !facets.empty()) record["facets"] = std::move(facets);
        if (auto const language = option_text(publication_, "language"); !language.empty()) {
            record["langs"] = json::array{language};
        }
        auto const label = option_text(publication_, "content_label");
        if (!label.empty() && label != "none") {
            json::object value{{"val", label}};
            record["labels"] = json::object{{"$type", "com.atproto.label.defs#selfLabels"},
                                            {"values", json::array{std::move(value)}}};
        }
        if (auto embed = make_embed(part); !embed.empty()) record["embed"] = std::move(embed);
        if (part > 0)
            record["reply"] = json::object{{"root", reference(0)}, {"parent", reference(parent_of(part))}};
        return record;
    }

    json::object make_embed(std::size_t part) const {
        auto const& files = publication_.parts[part].media;
        if (files.empty()) {
            if (part != 0 || publication_.link.empty()) return {};
            auto const& link = publication_.link;
            auto const scheme = link.find("://");
            auto const title = scheme == std::string::npos ? link : link.substr(scheme + 3);
            json::object external{{"uri", link}, {"title", title}, {"description", ""}};
            return {{"$type", "app.bsky.embed.external"}, {"external", std::move(external)}};
        }
        json::array images;
        for (std::size_t index = 0; index < files.size(); ++index) {
            auto const& file = files[index];
            auto const* uploaded = blob(part, index, nothing_before);  // there: prepare() asked for it
            json::object image{{"alt", file.alt}, {"image", uploaded->facts.at("blob")}};
            if (file.width > 0 && file.height > 0) {
                image["aspectRatio"] = json::object{{"width", file.width}, {"height", file.height}};
            }
            images.emplace_back(std::move(image));
        }
        return {{"$type", "app.bsky.embed.images"}, {"images", std::move(images)}};
    }

    // A thread's part hangs on the one before it, the first comment on the post.
    std::size_t parent_of(std::size_t part) const {
        if (publication_.parts[part].role == PartRole::first_comment) return 0;
        std::size_t before = part - 1;
        while (before > 0 && publication_.parts[before].role == PartRole::first_comment) --before;
        return before;
    }

    json::object reference(std::size_t part) const {
        auto const* entry = live(part);
        return {{"uri", answer::text_at(entry->facts, "uri")}, {"cid", answer::text_at(entry->facts, "cid")}};
    }

    Publication const& publication_;
    JournalView journal_;
    Instant now_;
};

PartState state_of(Publication const& publication, JournalView const& journal, std::size_t part) {
    auto const step = record_step(part);
    if (journal.first_ok(step) != nullptr) return PartState::published;
    if (auto const* failure = standing_failure(journal, part)) {
        return upload_may_follow(journal, part, *failure) ? PartState::pending : PartState::failed;
    }
    if (!journal.unknown(step).empty()) return PartState::sending;
    for (std::size_t index = 0; index < publication.parts[part].media.size(); ++index) {
        if (journal.state(blob_step(part, index)) == StepState::failed) return PartState::failed;
    }
    return PartState::pending;
}

}  // namespace

std::string record_step(std::size_t part) {
    return fmt::format("record/{}", part);
}
std::string blob_step(std::size_t part, std::size_t index) {
    return fmt::format("blob/{}/{}", part, index);
}
std::string resolve_step(std::string_view handle) {
    return fmt::format("resolve/{}", handle);
}

Decision BlueskyAdapter::next(Publication const& publication, Journal const& journal, Instant now) const {
    return Machine(publication, journal, now).next();
}

std::vector<PartResult> BlueskyAdapter::results(Publication const& publication,
                                                Journal const& journal) const {
    JournalView const view(journal);
    std::vector<PartResult> out;
    for (std::size_t part = 0; part < publication.parts.size(); ++part) {
        auto const& wanted = publication.parts[part];
        PartResult result{wanted.role, wanted.index, state_of(publication, view, part), "", ""};
        if (auto const* entry = view.first_ok(record_step(part))) {
            result.remote_id = answer::text_at(entry->facts, "uri");
            result.remote_url = answer::text_at(entry->facts, "url");
        }
        out.push_back(std::move(result));
    }
    return out;
}

void BlueskyAdapter::authorise(net::Request& request, Tokens const& tokens) const {
    set_bearer(request, tokens.access_token);
}

}  // namespace mypost::networks::bluesky
