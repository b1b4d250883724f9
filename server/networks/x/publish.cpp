// The step machine: pictures of all parts first, then one post after the other; a lost answer is looked for,
// never repeated (X has no idempotency key).
#include <fmt/format.h>

#include <boost/json/serialize.hpp>

#include "networks/answer.hpp"
#include "networks/requests.hpp"
#include "networks/rules.hpp"
#include "networks/x/x.hpp"

namespace mypost::networks::x {

namespace {

using namespace std::chrono_literals;

// X's own timeline shows a new post after some seconds; how long at most is nowhere said, hence two looks.
constexpr auto listing_lag = 30s;
constexpr std::size_t looks_needed = 2;
constexpr auto clock_skew = 2s;      // created_at against our clock
constexpr auto latest_effect = 60s;  // a post may be dated this long after the call's deadline
constexpr auto query_margin = 60s;
constexpr auto create_timeout = 30s;
constexpr std::string_view invalid_media = "x_media_ids_invalid";

struct LivePost {
    std::string id;
    std::string url;
};

std::optional<LivePost> live_post(JournalView const& journal, AccountRef const& account, std::size_t part) {
    std::string id;
    if (auto const* created = journal.first_ok(create_step(part))) {
        id = answer::text_at(created->facts, "id");
    } else {
        for (auto const* look : journal.calls(look_step(part))) {
            if (look->outcome == Outcome::ok && answer::is_true_at(look->facts, "found")) {
                id = answer::text_at(look->facts, "id");
            }
        }
    }
    if (id.empty()) return std::nullopt;
    return LivePost{id, post_url(account, id)};
}

class Machine {
  public:
    Machine(Publication const& publication, Journal const& journal, Instant now)
        : publication_(publication), journal_(journal), now_(now) {}

    Decision next() const {
        std::size_t part = 0;
        while (part < publication_.parts.size() && live(part)) ++part;
        if (part == publication_.parts.size()) return AllDone{};
        if (auto decision = reconcile(part)) return *decision;
        if (auto failure = refused(part)) return *failure;
        // All pictures before the first post: a picture that X refuses must not leave half a thread behind.
        std::vector<UploadedMedia> media_of_part;
        for (std::size_t later = part; later < publication_.parts.size(); ++later) {
            for (std::size_t index = 0; index < publication_.parts[later].media.size(); ++index) {
                auto state = next_for_media(publication_, journal_, later, index, media_reset(later), now_);
                if (auto* decision = std::get_if<Decision>(&state)) return std::move(*decision);
                if (later == part) media_of_part.push_back(std::get<UploadedMedia>(std::move(state)));
            }
        }
        return create(part, media_of_part);
    }

  private:
    std::optional<LivePost> live(std::size_t part) const {
        return live_post(journal_, publication_.account, part);
    }

    // After this seq uploads count again: X refused the ids before it.
    std::int64_t media_reset(std::size_t part) const {
        auto const* failure = journal_.last_failure(create_step(part));
        return failure != nullptr && failure->code == invalid_media ? failure->seq : nothing_before;
    }

    std::optional<Decision> refused(std::size_t part) const {
        auto const step = create_step(part);
        auto const* failure = journal_.last_failure(step);
        if (failure == nullptr || failure->outcome == Outcome::duplicate) return std::nullopt;
        bool const try_again = failure->code == invalid_media && journal_.failures(step, invalid_media) < 2;
        if (try_again) return std::nullopt;
        return failed(*failure);
    }

    // A create whose outcome is unknown, or that X calls a duplicate: look for the post.
    std::optional<Decision> reconcile(std::size_t part) const {
        auto const step = create_step(part);
        auto const open = journal_.unknown(step);
        auto const* duplicate = journal_.last_failure(step);
        if (duplicate != nullptr && duplicate->outcome != Outcome::duplicate) duplicate = nullptr;
        if (open.empty() && duplicate == nullptr) return std::nullopt;

        auto const ever = journal_.ever_unknown(step);
        std::int64_t anchor = duplicate != nullptr ? duplicate->seq : nothing_before;
        if (!open.empty()) anchor = std::max(anchor, open.back()->seq);
        Instant settled = last_deadline(open);
        if (duplicate != nullptr)
            settled = std::max(settled, duplicate->finished_at.value_or(duplicate->deadline));

        auto const looks = journal_.looks(look_step(part), anchor);
        if (looks.size() >= looks_needed) return not_found(ever.empty(), duplicate);
        if (journal_.last_failure(look_step(part), std::max(anchor, journal_.last_recheck())) != nullptr) {
            return Unconfirmed{"x_cannot_look", sentence("x_cannot_look")};
        }
        Instant look_at = settled + listing_lag;
        if (!looks.empty())
            look_at = looks.back()->finished_at.value_or(looks.back()->deadline) + listing_lag;
        if (now_ < look_at) return WaitUntil{look_at, "reconcile_lag"};
        auto const& first = ever.empty() ? *duplicate : *ever.front();
        auto const& sent = !open.empty() ? *open.back() : (ever.empty() ? *duplicate : *ever.back());
        return look(part, first.started_at, settled, sent.intent);
    }

    static Decision not_found(bool nothing_unknown, JournalEntry const* duplicate) {
        if (nothing_unknown) return failed(*duplicate);
        return Unconfirmed{"x_not_found", sentence("x_not_found")};
    }

    Call look(std::size_t part, Instant since, Instant settled, json::object const& sent) const {
        Call call;
        call.step = look_step(part);
        call.part = static_cast<int>(part);
        call.repeatable = true;
        call.request.method = "GET";
        call.request.url = fmt::format(
            "{}/users/{}/tweets?{}", api, publication_.account.remote_id,
            form_encode(
                {{"max_results", "100"},
                 {"start_time", to_rfc3339(since - query_margin)},
                 {"tweet.fields",
                  "created_at,text,entities,conversation_id,referenced_tweets,attachments,note_tweet"}}));
        call.request.headers.emplace_back("Accept", "application/json");
        call.intent = {{"since", to_ms(since - clock_skew)}, {"until", to_ms(settled + latest_effect)}};
        for (auto const* name : {"text", "media_keys", "media_count", "reply_to"}) {
            if (auto const* value = sent.if_contains(name)) call.intent[name] = *value;
        }
        call.summary = fmt::format("Look whether post {} is there", part + 1);
        return call;
    }

    Call create(std::size_t part, std::vector<UploadedMedia> const& media) const {
        auto const text = text_with_link(publication_, part);
        json::object body;
        json::array ids;
        json::array keys;
        for (auto const& one : media) {
            ids.emplace_back(one.id);
            if (!one.key.empty()) keys.emplace_back(one.key);
        }
        if (!text.empty()) body["text"] = text;
        if (!ids.empty()) body["media"] = json::object{{"media_ids", ids}};
        auto const reply_to = replied_to(part);
        if (!reply_to.empty()) body["reply"] = json::object{{"in_reply_to_tweet_id", reply_to}};
        auto const replies = option_text(publication_, "reply_settings");
        if (part == 0 && !replies.empty() && replies != "everyone") body["reply_settings"] = replies;
        for (auto const* flag : {"made_with_ai", "paid_partnership"}) {
            if (option_flag(publication_, flag)) body[flag] = true;
        }

        Call call;
        call.step = create_step(part);
        call.part = static_cast<int>(part);
        call.request.url = fmt::format("{}/tweets", api);
        call.request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
        call.request.body = json::serialize(body);
        call.timeout = create_timeout;
        call.intent = {{"text", text},
                       {"media_ids", ids},
                       {"media_keys", keys},
                       {"media_count", media.size()},
                       {"reply_to", reply_to}};
        call.summary = fmt::format("Create post {} of {}", part + 1, publication_.parts.size());
        return call;
    }

    // A thread's part hangs on the one before it, the first comment on the post.
    std::string replied_to(std::size_t part) const {
        if (part == 0) return {};
        if (publication_.parts[part].role == PartRole::first_comment) return live(0)->id;
        std::size_t before = part - 1;
        while (before > 0 && publication_.parts[before].role == PartRole::first_comment) --before;
        return live(before)->id;
    }

    Publication const& publication_;
    JournalView journal_;
    Instant now_;
};

bool has_media_failure(Publication const& publication, JournalView const& journal, Instant now,
                       std::size_t part) {
    for (std::size_t index = 0; index < publication.parts[part].media.size(); ++index) {
        auto state = next_for_media(publication, journal, part, index, nothing_before, now);
        auto const* decision = std::get_if<Decision>(&state);
        if (decision != nullptr && std::holds_alternative<Failed>(*decision)) return true;
    }
    return false;
}

PartState state_of(Publication const& publication, JournalView const& journal, std::size_t part) {
    if (live_post(journal, publication.account, part)) return PartState::published;
    auto const step = create_step(part);
    auto const open = journal.unknown(step);
    auto const* failure = journal.last_failure(step);
    bool const duplicate = failure != nullptr && failure->outcome == Outcome::duplicate;
    if (!open.empty() || duplicate) {
        auto const anchor = std::max(open.empty() ? nothing_before : open.back()->seq,
                                     duplicate ? failure->seq : nothing_before);
        bool const looked = journal.looks(look_step(part), anchor).size() >= looks_needed;
        bool const blind = journal.last_failure(look_step(part), anchor) != nullptr;
        if (!looked && !blind) return PartState::sending;
        return journal.ever_unknown(step).empty() && looked ? PartState::failed : PartState::unconfirmed;
    }
    if (failure != nullptr) {
        bool const once_more = failure->code == invalid_media && journal.failures(step, invalid_media) < 2;
        return once_more ? PartState::pending : PartState::failed;
    }
    // The time decides only whether to wait; any serves to see what failed.
    return has_media_failure(publication, journal, Instant{}, part) ? PartState::failed : PartState::pending;
}

}  // namespace

std::string create_step(std::size_t part) {
    return fmt::format("create/{}", part);
}
std::string look_step(std::size_t part) {
    return fmt::format("look/{}", part);
}

Decision XAdapter::next(Publication const& publication, Journal const& journal, Instant now) const {
    return Machine(publication, journal, now).next();
}

std::vector<PartResult> XAdapter::results(Publication const& publication, Journal const& journal) const {
    JournalView const view(journal);
    std::vector<PartResult> out;
    for (std::size_t part = 0; part < publication.parts.size(); ++part) {
        auto const& wanted = publication.parts[part];
        PartResult result{wanted.role, wanted.index, state_of(publication, view, part), "", ""};
        if (auto live = live_post(view, publication.account, part)) {
            result.remote_id = live->id;
            result.remote_url = live->url;
        }
        out.push_back(std::move(result));
    }
    return out;
}

void XAdapter::authorise(net::Request& request, Tokens const& tokens) const {
    set_bearer(request, tokens.access_token);
}

}  // namespace mypost::networks::x
