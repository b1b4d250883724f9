// Pictures: one request each; GIFs in segments, with processing afterwards. Ids live about a day.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "networks/answer.hpp"
#include "networks/x/x.hpp"

namespace mypost::networks::x {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t segment_bytes = 4 * 1024 * 1024;  // X takes up to 5 MB
constexpr auto upload_timeout = 120s;
constexpr auto processing_limit = 30min;  // a GIF takes seconds
constexpr auto expiry_margin = 15min;

std::string media_step(std::size_t part, std::size_t index) {
    return fmt::format("media/{}/{}", part, index);
}

Call media_call(std::string step, std::size_t part, std::string method, std::string url,
                std::string summary) {
    Call call;
    call.step = std::move(step);
    call.part = static_cast<int>(part);
    call.request.method = std::move(method);
    call.request.url = std::move(url);
    call.request.headers.emplace_back("Accept", "application/json");
    call.repeatable = true;  // at worst an upload nobody uses stays behind; X drops it after a day
    call.summary = std::move(summary);
    return call;
}

void set_json(Call& call, json::object const& body) {
    call.request.headers.emplace_back("Content-Type", "application/json");
    call.request.body = json::serialize(body);
}

class Upload {
  public:
    Upload(Publication const& publication, JournalView const& journal, std::size_t part, std::size_t index,
           std::int64_t after, Instant now)
        : file_(publication.parts[part].media[index]),
          journal_(journal),
          part_(part),
          index_(index),
          after_(after),
          now_(now),
          step_(media_step(part, index)),
          name_(fmt::format("picture {} of {}", index + 1, publication.parts[part].media.size())) {}

    MediaState next() const {
        for (auto const* suffix : {"/finalize", "/status"}) {
            if (auto const* failure = journal_.last_failure(step_ + suffix, after_))
                return Decision(failed(*failure));
        }
        return file_.content_type == "image/gif" ? in_segments() : in_one_request();
    }

  private:
    MediaState in_one_request() const {
        auto const* uploaded = fresh(step_);
        if (uploaded == nullptr) {
            auto call =
                media_call(step_, part_, "POST", fmt::format("{}/media/upload", api), "Upload " + name_);
            call.timeout = upload_timeout;
            call.request.body = std::vector<FormField>{{"media_category", "", "", std::string("tweet_image")},
                                                       {"media", "media", file_.content_type, ref(0, 0)}};
            return or_failed(std::move(call));
        }
        return finish(*uploaded, *uploaded);
    }

    MediaState in_segments() const {
        auto const* begun = fresh(step_ + "/init");
        if (begun == nullptr || broke_off(begun->seq)) {
            auto call =
                media_call(step_ + "/init", part_, "POST", fmt::format("{}/media/upload/initialize", api),
                           "Begin to upload " + name_);
            set_json(call, {{"media_type", file_.content_type},
                            {"total_bytes", file_.size_bytes},
                            {"media_category", "tweet_gif"}});
            return or_failed(std::move(call));
        }
        auto const id = answer::text_at(begun->facts, "id");
        for (std::uint64_t segment = 0; segment * segment_bytes < file_.size_bytes; ++segment) {
            auto const step = fmt::format("{}/append/{}", step_, segment);
            if (journal_.last_ok(step, begun->seq) == nullptr)
                return or_failed(append(step, id, segment), begun->seq);
        }
        auto const* done = journal_.last_ok(step_ + "/finalize", begun->seq);
        if (done == nullptr) {
            return or_failed(
                media_call(step_ + "/finalize", part_, "POST",
                           fmt::format("{}/media/upload/{}/finalize", api, id), "Finish to upload " + name_),
                begun->seq);
        }
        return finish(*begun, *done);
    }

    Call append(std::string const& step, std::string const& id, std::uint64_t segment) const {
        auto call = media_call(step, part_, "POST", fmt::format("{}/media/upload/{}/append", api, id),
                               fmt::format("Upload {}, segment {}", name_, segment + 1));
        call.timeout = upload_timeout;
        auto const offset = segment * segment_bytes;
        call.request.body =
            std::vector<FormField>{{"segment_index", "", "", std::to_string(segment)},
                                   {"media", "media", "application/octet-stream",
                                    ref(offset, std::min(segment_bytes, file_.size_bytes - offset))}};
        return call;
    }

    // Whether X takes a segment or an end twice is nowhere said, so a lost answer begins anew.
    bool broke_off(std::int64_t begun) const {
        auto const lost = [&](std::string const& step) {
            auto const unknown = journal_.ever_unknown(step);
            return std::ranges::any_of(unknown, [&](auto const* entry) { return entry->seq > begun; });
        };
        for (std::uint64_t segment = 0; segment * segment_bytes < file_.size_bytes; ++segment) {
            if (lost(fmt::format("{}/append/{}", step_, segment))) return true;
        }
        return journal_.last_ok(step_ + "/finalize", begun) == nullptr && lost(step_ + "/finalize");
    }

    // Processing, then the image description. `processed` holds what X said of processing when the bytes were
    // in.
    MediaState finish(JournalEntry const& uploaded, JournalEntry const& processed) const {
        auto const id = answer::text_at(uploaded.facts, "id");
        auto const* latest = &processed;
        if (auto const* status = journal_.last_ok(step_ + "/status", uploaded.seq)) latest = status;
        if (answer::is_true_at(latest->facts, "processing")) {
            if (is_stuck(uploaded, *latest)) {
                return Decision(Failed{Outcome::media,
                                       "x_media_processing_timeout",
                                       {},
                                       sentence("x_media_processing_timeout")});
            }
            auto const check_at = answer::number_at(latest->facts, "check_at");
            if (check_at && now_ < from_ms(*check_at))
                return Decision(WaitUntil{from_ms(*check_at), "media_processing"});
            return or_failed(media_call(step_ + "/status", part_, "GET",
                                        fmt::format("{}/media/upload?command=STATUS&media_id={}", api, id),
                                        "Ask how far " + name_ + " is"),
                             uploaded.seq);
        }
        if (!file_.alt.empty() && journal_.last_ok(step_ + "/alt", uploaded.seq) == nullptr) {
            auto call = media_call(step_ + "/alt", part_, "POST", fmt::format("{}/media/metadata", api),
                                   "Set the description of " + name_);
            json::object metadata{{"alt_text", json::object{{"text", file_.alt}}}};
            set_json(call, {{"id", id}, {"metadata", std::move(metadata)}});
            return or_failed(std::move(call), uploaded.seq);
        }
        return UploadedMedia{id, answer::text_at(uploaded.facts, "media_key")};
    }

    // The last upload that a post may still name. What X could not process is uploaded anew after a retry.
    JournalEntry const* fresh(std::string const& step) const {
        auto const refused = std::max(journal_.last_seq(step_ + "/finalize", Outcome::media),
                                      journal_.last_seq(step_ + "/status", Outcome::media));
        auto const* entry = journal_.last_ok(step, std::max(after_, refused));
        if (entry == nullptr) return nullptr;
        auto const* status = journal_.last_ok(step_ + "/status", entry->seq);
        if (status != nullptr && is_stuck(*entry, *status) && status->seq < journal_.last_retry())
            return nullptr;
        auto const expires_at = answer::number_at(entry->facts, "expires_at");
        return expires_at && now_ + expiry_margin >= from_ms(*expires_at) ? nullptr : entry;
    }

    // Judged by what X said last: after a long downtime it is asked first.
    static bool is_stuck(JournalEntry const& uploaded, JournalEntry const& latest) {
        return answer::is_true_at(latest.facts, "processing") &&
               latest.started_at > uploaded.started_at + processing_limit;
    }

    MediaState or_failed(Call call, std::int64_t after) const {
        if (auto const* failure = journal_.last_failure(call.step, std::max(after, after_)))
            return Decision(failed(*failure));
        return Decision(std::move(call));
    }
    MediaState or_failed(Call call) const { return or_failed(std::move(call), after_); }

    MediaRef ref(std::uint64_t offset, std::uint64_t length) const {
        return {static_cast<int>(part_), static_cast<int>(index_), offset, length};
    }

    MediaFile const& file_;
    JournalView const& journal_;
    std::size_t part_;
    std::size_t index_;
    std::int64_t after_;
    Instant now_;
    std::string step_;
    std::string name_;
};

}  // namespace

MediaState next_for_media(Publication const& publication, JournalView const& journal, std::size_t part,
                          std::size_t index, std::int64_t after, Instant now) {
    return Upload(publication, journal, part, index, after, now).next();
}

}  // namespace mypost::networks::x
