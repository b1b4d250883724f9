// What an instance's answers mean: the status is the contract, the texts are translated
// (docs/networks/mastodon.md).
#include <fmt/format.h>

#include <algorithm>

#include "networks/answer.hpp"
#include "networks/mastodon/mastodon.hpp"

namespace mypost::networks::mastodon {

namespace {

using namespace std::chrono_literals;

constexpr auto default_rate_wait = 5min;

enum class Step { media, poll, status, look };

Step kind_of(std::string_view step) {
    if (step.starts_with("status/")) return Step::status;
    if (step.starts_with("look/")) return Step::look;
    return step.ends_with("/poll") ? Step::poll : Step::media;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string words(json::object const& body) {
    auto out = answer::text_at(body, "error");
    auto const more = answer::text_at(body, "error_description");
    if (!more.empty()) out += (out.empty() ? "" : ": ") + more;
    return out;
}

struct Meaning {
    Outcome outcome;
    std::string_view code;
};

Meaning meaning_of_403(std::string const& said) {
    if (contains(said, "outside the authorized scopes")) return {Outcome::auth, "mastodon_scope_missing"};
    for (auto const* state : {"login is currently disabled", "confirmed e-mail", "pending approval"}) {
        if (contains(said, state)) return {Outcome::permission, "mastodon_account_state"};
    }
    return {Outcome::permission, "mastodon_forbidden"};
}

Meaning meaning_of_422(Step step, std::string const& said) {
    if (step == Step::media || step == Step::poll) return {Outcome::media, "mastodon_media_refused"};
    if (contains(said, "finished processing")) return {Outcome::media, "mastodon_media_not_ready"};
    return {Outcome::validation, "mastodon_refused"};
}

Meaning meaning_of(int status, Step step, std::string const& said) {
    // The status may have been made before the answer went wrong.
    auto const trouble = step == Step::status ? Outcome::unknown : Outcome::transient;
    if (status >= 500) {
        if (step == Step::media && contains(said, "thumbnail")) return {Outcome::media, "mastodon_thumbnail"};
        bool const by_proxy = status != 500 && status != 503;
        return {trouble, by_proxy ? "mastodon_gateway" : "mastodon_unavailable"};
    }
    if (status < 400) return {trouble, "mastodon_unreadable_answer"};
    switch (status) {
        case 401:
            return {Outcome::auth, "mastodon_unauthorized"};
        case 403:
            return meaning_of_403(said);
        case 404:
            if (step == Step::poll) return {Outcome::media, "mastodon_media_gone"};
            return {Outcome::validation, "mastodon_not_found_there"};
        case 408:
            return {trouble, "mastodon_gateway"};
        case 410:
            return {Outcome::permission, "mastodon_account_gone"};
        case 413:
            if (step == Step::media) return {Outcome::media, "mastodon_media_too_large"};
            return {Outcome::validation, "mastodon_refused"};
        case 422:
            return meaning_of_422(step, said);
        case 429:
            return {Outcome::rate_limited, "mastodon_rate_limited"};
        default:
            return {Outcome::validation, "mastodon_refused"};
    }
}

std::string_view bucket_of(Step step) {
    switch (step) {
        case Step::status:
            return "mastodon:statuses";
        case Step::media:
            return "mastodon:media";
        case Step::poll:
        case Step::look:
            return "mastodon:api";
    }
    return "mastodon:api";
}

// X-RateLimit-Reset is an ISO 8601 time here, not a number.
std::optional<LearntBudget> budget_of(net::Response const& response, Step step) {
    auto const limit = answer::header_number(response, "x-ratelimit-limit");
    auto const remaining = answer::header_number(response, "x-ratelimit-remaining");
    auto const reset = parse_rfc3339(response.header("x-ratelimit-reset"));
    if (!limit || !remaining || !reset) return std::nullopt;
    return LearntBudget{std::string(bucket_of(step)), false, *limit, *remaining, *reset};
}

void unreadable(Verdict& verdict, Step step) {
    verdict.outcome = step == Step::status ? Outcome::unknown : Outcome::transient;
    verdict.code = "mastodon_unreadable_answer";
    verdict.message = sentence(verdict.code);
}

void read_media(net::Response const& response, Step step, Verdict& verdict) {
    auto const body = answer::object_of(response.body);
    auto const id = answer::text_at(body, "id");
    if (id.empty()) return unreadable(verdict, step);
    // 200: usable. 202 (upload) and 206 (poll): still processing.
    bool const ready = response.status == 200;
    verdict.facts = {{"id", id}, {"ready", ready}};
    verdict.summary = ready ? "ready" : "processing";
}

void read_status(net::Response const& response, Verdict& verdict) {
    auto const body = answer::object_of(response.body);
    auto const id = answer::text_at(body, "id");
    if (id.empty()) return unreadable(verdict, Step::status);
    auto url = answer::text_at(body, "url");
    if (url.empty()) url = answer::text_at(body, "uri");
    verdict.facts = {{"id", id}, {"url", url}};
    verdict.summary = "created status " + answer::excerpt(id, 60);
}

void read_look(Call const& call, net::Response const& response, Verdict& verdict) {
    auto const statuses = answer::array_of(response.body);
    if (statuses.empty() && response.body.find('[') == std::string::npos)
        return unreadable(verdict, Step::look);
    auto const since = answer::number_at(call.intent, "since").value_or(0);
    bool complete = statuses.empty();  // the end of the list, or older than the attempt
    std::string oldest;
    for (auto const& value : statuses) {
        auto const* status = value.if_object();
        if (status == nullptr) continue;
        oldest = answer::text_at(*status, "id");
        auto const created_at = parse_rfc3339(answer::text_at(*status, "created_at"));
        if (created_at && to_ms(*created_at) < since) complete = true;
        if (!matches(*status, call.intent)) continue;
        auto url = answer::text_at(*status, "url");
        if (url.empty()) url = answer::text_at(*status, "uri");
        verdict.facts = {{"found", true}, {"id", oldest}, {"url", url}};
        verdict.summary = "found status " + answer::excerpt(oldest, 60);
        return;
    }
    if (!complete && oldest.empty()) return unreadable(verdict, Step::look);
    verdict.facts = {{"found", false}, {"complete", complete}, {"next_max_id", oldest}};
    verdict.summary = fmt::format("not among {} statuses", statuses.size());
}

}  // namespace

std::string sentence(std::string_view code) {
    struct Row {
        std::string_view code;
        std::string_view text;
    };
    static constexpr Row rows[] = {
        {"mastodon_unauthorized",
         "The instance no longer accepts this account's sign-in: connect the account again."},
        {"mastodon_scope_missing",
         "The account did not allow MyPost to do this: connect it again and allow it."},
        {"mastodon_account_state",
         "The instance does not let this account post now (disabled, unconfirmed or waiting for approval): "
         "settle that "
         "there."},
        {"mastodon_forbidden", "The instance does not allow this account to do this."},
        {"mastodon_account_gone", "The instance says that this account is suspended or gone."},
        {"mastodon_not_found_there",
         "The instance does not find what this post refers to: it may have been deleted."},
        {"mastodon_refused", "The instance refuses the post as it is: change what it names."},
        {"mastodon_media_refused", "The instance could not use the picture: use another file."},
        {"mastodon_media_too_large", "The instance refuses the picture as too large."},
        {"mastodon_media_gone", "The instance no longer has the uploaded picture: try again."},
        {"mastodon_media_not_ready", "The instance did not finish processing the pictures: try again."},
        {"mastodon_media_processing_timeout",
         "The instance did not finish processing the picture in half an hour: try again."},
        {"mastodon_thumbnail", "The instance failed twice to process the picture: use another file."},
        {"mastodon_rate_limited",
         "The instance takes no more calls for now: sending goes on when its limit resets."},
        {"mastodon_unavailable", "The instance had an internal problem."},
        {"mastodon_gateway", "The instance did not answer in time."},
        {"mastodon_unreadable_answer", "The instance's answer could not be read."},
        {"mastodon_not_found",
         "The instance did not answer, and the post is not in the account's list: check the account and say "
         "whether it "
         "is live."},
        {"mastodon_cannot_look",
         "The instance did not answer, and MyPost cannot read the account's list far enough to see whether "
         "the post is "
         "there: check the account and say whether it is live."},
    };
    for (auto const& row : rows) {
        if (row.code == code) return std::string(row.text);
    }
    return "The instance refused the call.";
}

Failed failed(JournalEntry const& entry) {
    Failed out{entry.outcome, entry.code, {}, sentence(entry.code)};
    if (auto const detail = answer::text_at(entry.facts, "detail"); !detail.empty())
        out.params["detail"] = detail;
    return out;
}

Verdict MastodonAdapter::classify(Publication const&, Call const& call, net::Response const& response,
                                  Instant now) const {
    auto const step = kind_of(call.step);
    Verdict verdict;
    if (answer::is_success(response)) {
        verdict.outcome = Outcome::ok;
        switch (step) {
            case Step::media:
            case Step::poll:
                read_media(response, step, verdict);
                break;
            case Step::status:
                read_status(response, verdict);
                break;
            case Step::look:
                read_look(call, response, verdict);
                break;
        }
        verdict.summary = fmt::format("{}: {}", response.status, verdict.summary);
    } else {
        auto const body = answer::object_of(response.body);
        auto const meaning = meaning_of(response.status, step, words(body));
        verdict.outcome = meaning.outcome;
        verdict.code = meaning.code;
        verdict.message = sentence(meaning.code);
        // HTML comes from a proxy and says nothing that helps.
        auto const said = answer::excerpt(body.empty() ? std::string() : words(body));
        if (!said.empty()) {
            verdict.facts["detail"] = said;
            verdict.params["detail"] = said;
        }
        verdict.summary = fmt::format("{}: {}", response.status, said.empty() ? "no reason given" : said);
    }
    auto learnt = budget_of(response, step);
    if (verdict.outcome == Outcome::rate_limited) {
        verdict.retry_at = answer::retry_after(response, now);
        if (!verdict.retry_at && learnt && learnt->reset_at > now) verdict.retry_at = learnt->reset_at;
        if (!verdict.retry_at) verdict.retry_at = now + default_rate_wait;
    }
    if (verdict.outcome == Outcome::transient) verdict.retry_at = answer::retry_after(response, now);
    if (learnt) verdict.budgets.push_back(std::move(*learnt));
    return verdict;
}

}  // namespace mypost::networks::mastodon
