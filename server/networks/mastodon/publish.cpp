// The step machine. A status whose answer is lost is sent again with the same Idempotency-Key, which the
// instance keeps for an hour; after that the account's own list says whether it is there.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "networks/answer.hpp"
#include "networks/instances.hpp"
#include "networks/mastodon/mastodon.hpp"
#include "networks/requests.hpp"

namespace mypost::networks::mastodon {

namespace {

using namespace std::chrono_literals;

constexpr auto key_life = 50min;   // instances keep keys for an hour
constexpr auto listing_lag = 60s;  // replicas lag by seconds
constexpr auto clock_skew = 60s;   // between the instance and us
constexpr auto status_timeout = 30s;
constexpr std::size_t most_pages = 10;
constexpr int most_not_ready = 5;
constexpr std::string_view not_ready = "mastodon_media_not_ready";

struct LiveStatus {
    std::string id;
    std::string url;
};

std::optional<LiveStatus> live_status(JournalView const& journal, std::size_t part) {
    auto const* entry = journal.first_ok(status_step(part));
    if (entry == nullptr) {
        for (auto const* look : journal.calls(look_step(part))) {
            if (look->outcome == Outcome::ok && answer::is_true_at(look->facts, "found")) entry = look;
        }
    }
    if (entry == nullptr) return std::nullopt;
    return LiveStatus{answer::text_at(entry->facts, "id"), answer::text_at(entry->facts, "url")};
}

// The refusal that stands: of the last attempt, or of its repetition under the same key (which the instance
// would have answered with the first status, were there one).
JournalEntry const* standing_failure(JournalView const& journal, std::size_t part) {
    auto const* failure = journal.last_failure(status_step(part));
    auto const open = journal.unknown(status_step(part));
    if (failure == nullptr || open.empty() || failure->seq > open.back()->seq) return failure;
    return nullptr;
}

bool media_may_follow(JournalView const& journal, std::size_t part, JournalEntry const& failure) {
    return failure.code == not_ready && journal.failures(status_step(part), not_ready) <= most_not_ready;
}

enum class Listing { look_again, next_page, absent, blind };

Listing listing_state(JournalView const& journal, std::size_t part, std::int64_t anchor) {
    auto const after = std::max(anchor, journal.last_recheck());
    if (journal.last_failure(look_step(part), after) != nullptr) return Listing::blind;
    auto const looks = journal.looks(look_step(part), anchor);
    if (looks.empty()) return Listing::look_again;
    if (answer::is_true_at(looks.back()->facts, "complete")) return Listing::absent;
    return looks.size() < most_pages ? Listing::next_page : Listing::blind;
}

class Machine {
  public:
    Machine(Publication const& publication, Journal const& journal, Instant now)
        : publication_(publication), journal_(journal), now_(now) {}

    Decision next() const {
        std::size_t part = 0;
        while (part < publication_.parts.size() && live_status(journal_, part)) ++part;
        if (part == publication_.parts.size()) return AllDone{};
        auto const* failure = standing_failure(journal_, part);
        if (failure != nullptr && !media_may_follow(journal_, part, *failure)) return failed(*failure);
        if (failure == nullptr) {
            if (auto decision = settle_unknown(part)) return *decision;
        }
        // All pictures before the first status: one that the instance refuses must not leave half a thread
        // behind.
        std::vector<std::string> ids_of_part;
        for (std::size_t later = part; later < publication_.parts.size(); ++later) {
            auto const ready_after = later == part && failure != nullptr ? failure->seq : nothing_before;
            for (std::size_t index = 0; index < publication_.parts[later].media.size(); ++index) {
                auto state = next_for_media(publication_, journal_, later, index, ready_after, now_);
                if (auto* decision = std::get_if<Decision>(&state)) return std::move(*decision);
                if (later == part) ids_of_part.push_back(std::get<std::string>(std::move(state)));
            }
        }
        json::array ids;
        for (auto const& id : ids_of_part) ids.emplace_back(id);
        return send(part, key_for(part), std::move(ids));
    }

  private:
    // Repeats, waits or looks; nothing when the status is known not to be there.
    std::optional<Decision> settle_unknown(std::size_t part) const {
        auto const open = journal_.unknown(status_step(part));
        if (open.empty()) return std::nullopt;
        auto const& last = *open.back();
        auto const settled = last_deadline(open);
        // Two twins at once can both post where the instance takes no lock. An instance that answered is
        // through with it.
        bool const answered = last.finished_at && last.code == "mastodon_unavailable";
        if (!answered && now_ < settled) return WaitUntil{settled, "reconcile_lag"};
        auto const key = answer::text_at(last.intent, "key");
        if (now_ < first_use(part, key) + key_life)
            return send(part, key, answer::array_at(last.intent, "media_ids"));

        switch (listing_state(journal_, part, last.seq)) {
            case Listing::blind:
                return Unconfirmed{"mastodon_cannot_look", sentence("mastodon_cannot_look")};
            case Listing::absent:
                // Lists may leave out what only mentioned people see.
                if (answer::text_at(last.intent, "visibility") == "direct") {
                    return Unconfirmed{"mastodon_not_found", sentence("mastodon_not_found")};
                }
                return std::nullopt;
            case Listing::look_again:
                if (now_ < settled + listing_lag) return WaitUntil{settled + listing_lag, "reconcile_lag"};
                return look(part, "", open);
            case Listing::next_page: {
                auto const looks = journal_.looks(look_step(part), last.seq);
                return look(part, answer::text_at(looks.back()->facts, "next_max_id"), open);
            }
        }
        return std::nullopt;
    }

    Instant first_use(std::size_t part, std::string const& key) const {
        for (auto const* entry : journal_.calls(status_step(part))) {
            if (answer::text_at(entry->intent, "key") == key) return entry->started_at;
        }
        return now_;
    }

    // A key of its own for each run; that of an attempt which may have worked as long as the content is the
    // same and the instance still knows it: even where a person declared it dead, the instance then answers
    // with the first status.
    std::string key_for(std::size_t part) const {
        auto const print = fingerprint(part);
        auto const lost = journal_.ever_unknown(status_step(part));
        if (!lost.empty() && answer::text_at(lost.back()->intent, "fingerprint") == print) {
            auto const key = answer::text_at(lost.back()->intent, "key");
            if (!key.empty() && now_ < first_use(part, key) + key_life) return key;
        }
        auto const run = journal_.calls(status_step(part)).size();
        auto const seed = fmt::format("{}\n{}\n{}\n{}", publication_.target_id, part, run, print);
        return hex_encode(crypto::sha256(seed)).substr(0, 32);
    }

    std::string fingerprint(std::size_t part) const {
        auto const status = status_of(publication_, part);
        json::array files;
        for (auto const& file : publication_.parts[part].media)
            files.emplace_back(json::array{file.sha256, file.alt});
        json::array const content{status.text,     status.spoiler_text, status.visibility,
                                  status.language, status.sensitive,    std::move(files)};
        return hex_encode(crypto::sha256(json::serialize(content))).substr(0, 32);
    }

    Call send(std::size_t part, std::string const& key, json::array media_ids) const {
        auto const status = status_of(publication_, part);
        auto const reply_to = replied_to(part);
        json::object body{{"status", status.text}};
        if (!media_ids.empty()) body["media_ids"] = media_ids;
        if (!reply_to.empty()) body["in_reply_to_id"] = reply_to;
        if (!status.spoiler_text.empty()) body["spoiler_text"] = status.spoiler_text;
        if (!status.visibility.empty()) body["visibility"] = status.visibility;
        if (!status.language.empty()) body["language"] = status.language;
        if (status.sensitive) body["sensitive"] = true;

        Call call;
        call.step = status_step(part);
        call.part = static_cast<int>(part);
        call.request.url = base_url(publication_.account.instance) + "/api/v1/statuses";
        call.request.headers = {
            {"Accept", "application/json"}, {"Content-Type", "application/json"}, {"Idempotency-Key", key}};
        call.request.body = json::serialize(body);
        call.timeout = status_timeout;
        call.repeatable = true;  // as long as the key lives; next() looks instead once it no longer does
        call.intent = {{"key", key},
                       {"fingerprint", fingerprint(part)},
                       {"text", status.text},
                       {"visibility", status.visibility},
                       {"media_ids", std::move(media_ids)},
                       {"reply_to", reply_to}};
        call.summary = fmt::format("Create post {} of {}", part + 1, publication_.parts.size());
        return call;
    }

    Call look(std::size_t part, std::string const& max_id,
              std::vector<JournalEntry const*> const& open) const {
        Fields query{{"limit", "40"}, {"exclude_reblogs", "true"}};
        if (!max_id.empty()) query.emplace_back("max_id", max_id);
        Call call;
        call.step = look_step(part);
        call.part = static_cast<int>(part);
        call.repeatable = true;
        call.request.method = "GET";
        call.request.url =
            fmt::format("{}/api/v1/accounts/{}/statuses?{}", base_url(publication_.account.instance),
                        publication_.account.remote_id, form_encode(query));
        call.request.headers.emplace_back("Accept", "application/json");
        call.intent = {{"since", to_ms(open.front()->started_at - clock_skew)},
                       {"until", to_ms(last_deadline(open) + clock_skew)}};
        for (auto const* name : {"text", "media_ids", "reply_to"}) {
            if (auto const* value = open.back()->intent.if_contains(name)) call.intent[name] = *value;
        }
        call.summary = fmt::format("Look whether post {} is there", part + 1);
        return call;
    }

    // A thread's part hangs on the one before it, the first comment on the post.
    std::string replied_to(std::size_t part) const {
        if (part == 0) return {};
        if (publication_.parts[part].role == PartRole::first_comment) return live_status(journal_, 0)->id;
        std::size_t before = part - 1;
        while (before > 0 && publication_.parts[before].role == PartRole::first_comment) --before;
        return live_status(journal_, before)->id;
    }

    Publication const& publication_;
    JournalView journal_;
    Instant now_;
};

bool has_media_failure(Publication const& publication, JournalView const& journal, std::size_t part) {
    for (std::size_t index = 0; index < publication.parts[part].media.size(); ++index) {
        // The time decides only whether to wait; any serves to see what failed.
        auto state = next_for_media(publication, journal, part, index, nothing_before, Instant{});
        auto const* decision = std::get_if<Decision>(&state);
        if (decision != nullptr && std::holds_alternative<Failed>(*decision)) return true;
    }
    return false;
}

PartState state_of(Publication const& publication, JournalView const& journal, std::size_t part) {
    if (live_status(journal, part)) return PartState::published;
    if (auto const* failure = standing_failure(journal, part)) {
        return media_may_follow(journal, part, *failure) ? PartState::pending : PartState::failed;
    }
    auto const open = journal.unknown(status_step(part));
    if (open.empty())
        return has_media_failure(publication, journal, part) ? PartState::failed : PartState::pending;
    auto const& last = *open.back();
    switch (listing_state(journal, part, last.seq)) {
        case Listing::look_again:
        case Listing::next_page:
            return PartState::sending;
        case Listing::blind:
            return PartState::unconfirmed;
        case Listing::absent:
            break;
    }
    return answer::text_at(last.intent, "visibility") == "direct" ? PartState::unconfirmed
                                                                  : PartState::pending;
}

}  // namespace

std::string status_step(std::size_t part) {
    return fmt::format("status/{}", part);
}
std::string look_step(std::size_t part) {
    return fmt::format("look/{}", part);
}

Decision MastodonAdapter::next(Publication const& publication, Journal const& journal, Instant now) const {
    return Machine(publication, journal, now).next();
}

std::vector<PartResult> MastodonAdapter::results(Publication const& publication,
                                                 Journal const& journal) const {
    JournalView const view(journal);
    std::vector<PartResult> out;
    for (std::size_t part = 0; part < publication.parts.size(); ++part) {
        auto const& wanted = publication.parts[part];
        PartResult result{wanted.role, wanted.index, state_of(publication, view, part), "", ""};
        if (auto live = live_status(view, part)) {
            result.remote_id = live->id;
            result.remote_url = live->url;
        }
        out.push_back(std::move(result));
    }
    return out;
}

void MastodonAdapter::authorise(net::Request& request, Tokens const& tokens) const {
    set_bearer(request, tokens.access_token);
}

}  // namespace mypost::networks::mastodon
