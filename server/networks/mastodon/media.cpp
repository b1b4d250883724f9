// Pictures: one upload each; what the instance still processes is asked for until it is ready.
#include <fmt/format.h>

#include <algorithm>

#include "networks/answer.hpp"
#include "networks/instances.hpp"
#include "networks/mastodon/mastodon.hpp"

namespace mypost::networks::mastodon {

namespace {

using namespace std::chrono_literals;

constexpr auto upload_timeout = 180s;
constexpr auto unattached_life = 20h;  // instances drop what no status names after about a day
constexpr auto processing_limit = 30min;
constexpr int longest_poll_shift = 4;

// 2, 4, 8, 16, 32 seconds, then every 32.
std::chrono::seconds pause_before_poll(std::size_t polls) {
    return std::chrono::seconds(2 << std::min<std::size_t>(polls, longest_poll_shift));
}

Call media_call(Publication const& publication, std::size_t part, std::size_t index, std::string step) {
    Call call;
    call.step = std::move(step);
    call.part = static_cast<int>(part);
    call.request.headers.emplace_back("Accept", "application/json");
    call.repeatable = true;  // a second upload leaves an orphan that the instance drops
    call.summary = fmt::format("picture {} of {}", index + 1, publication.parts[part].media.size());
    return call;
}

Call upload(Publication const& publication, std::size_t part, std::size_t index, std::string step) {
    auto const& file = publication.parts[part].media[index];
    auto call = media_call(publication, part, index, std::move(step));
    call.request.url = base_url(publication.account.instance) + "/api/v2/media";
    call.timeout = upload_timeout;
    std::vector<FormField> form;
    if (!file.alt.empty()) form.push_back({"description", "", "", file.alt});
    auto const extension = file.content_type.substr(file.content_type.find('/') + 1);
    form.push_back({"file", "picture." + extension, file.content_type,
                    MediaRef{static_cast<int>(part), static_cast<int>(index), 0, 0}});
    call.request.body = std::move(form);
    call.summary = "Upload " + call.summary;
    return call;
}

Call poll(Publication const& publication, std::size_t part, std::size_t index, std::string step,
          std::string const& id) {
    auto call = media_call(publication, part, index, std::move(step));
    call.request.method = "GET";
    call.request.url = fmt::format("{}/api/v1/media/{}", base_url(publication.account.instance), id);
    call.summary = "Ask how far " + call.summary + " is";
    return call;
}

}  // namespace

MediaState next_for_media(Publication const& publication, JournalView const& journal, std::size_t part,
                          std::size_t index, std::int64_t ready_after, Instant now) {
    auto const step = fmt::format("media/{}/{}", part, index);
    auto const poll_step = step + "/poll";
    if (auto const* failure = journal.last_failure(poll_step)) return Decision(failed(*failure));
    // What the instance could not process is not asked for again after a retry, but uploaded anew.
    auto const* uploaded = journal.last_ok(step, journal.last_seq(poll_step, Outcome::media));
    if (uploaded != nullptr && now > uploaded->started_at + unattached_life) uploaded = nullptr;
    auto const* answered = uploaded == nullptr ? nullptr : journal.last_ok(poll_step, uploaded->seq);
    // Judged by what the instance said last: after a long downtime it is asked first.
    bool const stuck = answered != nullptr && !answer::is_true_at(answered->facts, "ready") &&
                       answered->started_at > uploaded->started_at + processing_limit;
    if (stuck && answered->seq > journal.last_retry()) {
        return Decision(Failed{Outcome::media,
                               "mastodon_media_processing_timeout",
                               {},
                               sentence("mastodon_media_processing_timeout")});
    }
    if (uploaded == nullptr || stuck) {
        auto const* failure = journal.last_failure(step);
        // A thumbnail that could not be made may work the second time.
        bool const once_more = failure != nullptr && failure->code == "mastodon_thumbnail" &&
                               journal.failures(step, "mastodon_thumbnail") < 2;
        if (failure != nullptr && !once_more) return Decision(failed(*failure));
        return Decision(upload(publication, part, index, step));
    }

    auto const since = std::max(uploaded->seq, ready_after);
    auto const id = answer::text_at(uploaded->facts, "id");
    if (since == uploaded->seq && answer::is_true_at(uploaded->facts, "ready")) return id;
    if (answered != nullptr && answered->seq > since && answer::is_true_at(answered->facts, "ready"))
        return id;
    auto const polls = journal.calls(poll_step, since);
    auto const& latest = polls.empty() ? *uploaded : *polls.back();
    auto const poll_at = latest.finished_at.value_or(latest.started_at) + pause_before_poll(polls.size());
    if (now < poll_at) return Decision(WaitUntil{poll_at, "media_processing"});
    return Decision(poll(publication, part, index, poll_step, id));
}

}  // namespace mypost::networks::mastodon
