// What X's answers mean (docs/networks/x.md has the table).
#include <fmt/format.h>

#include <algorithm>

#include "networks/answer.hpp"
#include "networks/x/x.hpp"

namespace mypost::networks::x {

namespace {

using namespace std::chrono_literals;

constexpr auto default_rate_wait = 15min;  // X's windows
constexpr std::int64_t default_media_life_seconds = 24 * 3600;
constexpr std::int64_t max_check_seconds = 60;

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// What X says, in whichever of its shapes.
std::string words(json::object const& body) {
    std::string out;
    for (auto const* path :
         {"detail", "title", "errors/0/message", "errors/0/detail", "error_description", "error"}) {
        auto const text = answer::text_at(body, path);
        if (!text.empty() && !contains(out, text)) out += (out.empty() ? "" : "; ") + text;
    }
    return out;
}

struct Meaning {
    Outcome outcome;
    std::string_view code;
};

Meaning meaning_of_403(std::string const& said, std::string const& type) {
    if (contains(type, "unsupported-authentication")) return {Outcome::auth, "x_wrong_auth_kind"};
    if (contains(type, "user-suspended")) return {Outcome::auth, "x_user_suspended"};
    if (contains(type, "usage-capped")) return {Outcome::budget, "x_usage_capped"};
    if (contains(said, "duplicate content")) return {Outcome::duplicate, "x_duplicate_content"};
    if (contains(said, "Reply to this conversation is not allowed"))
        return {Outcome::permission, "x_reply_not_allowed"};
    if (contains(said, "not allowed to post a video")) return {Outcome::validation, "x_media_too_long"};
    if (contains(type, "client-forbidden") || contains(said, "not permitted to perform this action")) {
        return {Outcome::permission, "x_app_forbidden"};
    }
    return {Outcome::permission, "x_forbidden"};
}

Meaning meaning_of(int status, json::object const& body, bool creates) {
    auto const said = words(body);
    auto const type = answer::text_at(body, "type");
    if (status >= 500 || status == 408)
        return {creates ? Outcome::unknown : Outcome::transient, "x_server_error"};
    if (status < 400) return {creates ? Outcome::unknown : Outcome::transient, "x_unreadable_answer"};
    switch (status) {
        case 400:
            if (contains(said, "media IDs are invalid")) return {Outcome::media, "x_media_ids_invalid"};
            return {Outcome::validation, "x_invalid_request"};
        case 401:
            return {Outcome::auth, "x_unauthorized"};
        case 402:
            return {Outcome::budget, "x_credits_depleted"};
        case 403:
            return meaning_of_403(said, type);
        case 404:
            return {Outcome::validation, "x_not_found_there"};
        case 413:
            return {Outcome::media, "x_media_too_large"};
        case 429:
            if (contains(type, "usage-capped")) return {Outcome::budget, "x_usage_capped"};
            return {Outcome::rate_limited, "x_rate_limited"};
        default:
            return {Outcome::validation, "x_refused"};
    }
}

std::optional<LearntBudget> budget(net::Response const& response, std::string_view prefix, std::string key,
                                   bool per_app) {
    auto const header = [&](char const* suffix) {
        return answer::header_number(response, fmt::format("{}-{}", prefix, suffix));
    };
    auto const limit = header("limit");
    auto const remaining = header("remaining");
    auto const reset = header("reset");
    if (!limit || !remaining || !reset || *reset <= 0 || *reset > 4'102'444'800) return std::nullopt;
    return LearntBudget{std::move(key), per_app, *limit, *remaining, from_ms(*reset * 1000)};
}

// The 24-hour limits first: their reset may be hours away.
std::optional<Instant> rate_reset(net::Response const& response, Instant now) {
    for (auto const* prefix : {"x-app-limit-24hour", "x-user-limit-24hour", "x-rate-limit"}) {
        auto const found = budget(response, prefix, "", false);
        if (found && found->remaining <= 0 && found->reset_at > now) return found->reset_at;
    }
    return answer::retry_after(response, now);
}

// Upload, initialize, finalize and status all answer with {"data":{…}}.
void read_media(json::object const& body, Instant now, Verdict& verdict) {
    auto const id = answer::text_at(body, "data/id");
    auto const life = answer::number_at(body, "data/expires_after_secs").value_or(default_media_life_seconds);
    if (!id.empty()) verdict.facts["id"] = id;
    if (auto const key = answer::text_at(body, "data/media_key"); !key.empty())
        verdict.facts["media_key"] = key;
    verdict.facts["expires_at"] =
        to_ms(now + std::chrono::seconds(std::clamp<std::int64_t>(life, 0, 7 * 24 * 3600)));
    auto const state = answer::text_at(body, "data/processing_info/state");
    bool const running = !state.empty() && state != "succeeded" && state != "failed";
    verdict.facts["processing"] = running;
    if (running) {
        auto const wait = answer::number_at(body, "data/processing_info/check_after_secs").value_or(2);
        verdict.facts["check_at"] =
            to_ms(now + std::chrono::seconds(std::clamp<std::int64_t>(wait, 1, max_check_seconds)));
    }
    if (state == "failed") {
        verdict.outcome = Outcome::media;
        verdict.code = "x_media_processing_failed";
        verdict.message = sentence(verdict.code);
        auto const why = answer::text_at(body, "data/processing_info/error/message");
        verdict.facts["detail"] = answer::excerpt(why);
        verdict.summary = answer::excerpt("processing failed " + why);
    } else {
        verdict.summary = state.empty() ? "accepted" : "processing: " + answer::excerpt(state, 40);
    }
}

void unreadable(Verdict& verdict, bool creates) {
    verdict.outcome = creates ? Outcome::unknown : Outcome::transient;
    verdict.code = "x_unreadable_answer";
    verdict.message = sentence(verdict.code);
}

void read_created(Publication const& publication, json::object const& body, Verdict& verdict) {
    auto const id = answer::text_at(body, "data/id");
    if (id.empty()) return unreadable(verdict, true);
    verdict.facts = {{"id", id}, {"url", post_url(publication.account, id)}};
    verdict.summary = "created post " + id;
}

void read_look(Publication const& publication, Call const& call, json::object const& body, Verdict& verdict) {
    bool const readable = body.contains("data") || body.contains("meta");
    if (!readable) return unreadable(verdict, false);
    auto const posts = answer::array_at(body, "data");
    verdict.facts = {{"found", false}, {"seen", posts.size()}};
    verdict.summary = fmt::format("not among {} posts", posts.size());
    for (auto const& value : posts) {
        auto const* post = value.if_object();
        if (post == nullptr || !matches(*post, call.intent)) continue;
        auto const id = answer::text_at(*post, "id");
        if (id.empty()) continue;
        verdict.facts = {{"found", true}, {"id", id}, {"url", post_url(publication.account, id)}};
        verdict.summary = "found post " + id;
        return;
    }
}

std::string_view route_of(std::string_view step) {
    if (step.starts_with("create/")) return "POST /2/tweets";
    if (step.starts_with("look/")) return "GET /2/users/:id/tweets";
    if (step.ends_with("/alt")) return "POST /2/media/metadata";
    if (step.ends_with("/status")) return "GET /2/media/upload";
    return "POST /2/media/upload";
}

}  // namespace

std::string sentence(std::string_view code) {
    struct Row {
        std::string_view code;
        std::string_view text;
    };
    static constexpr Row rows[] = {
        {"x_unauthorized", "X no longer accepts this account's sign-in: connect the account again."},
        {"x_wrong_auth_kind",
         "X wants another kind of sign-in for this: check the app's settings at X and connect again."},
        {"x_user_suspended", "X has suspended this account: settle that at X, then connect it again."},
        {"x_credits_depleted", "The credits of the X app are used up: buy credits at X, then resume."},
        {"x_usage_capped", "The X app has reached its usage cap: raise it at X or wait for the next period."},
        {"x_rate_limited", "X takes no more calls for now: sending goes on when its limit resets."},
        {"x_duplicate_content", "X refuses a text that this account posted before: change the text."},
        {"x_reply_not_allowed",
         "X does not let this account reply there; parts of a thread before this one may be live."},
        {"x_app_forbidden", "The X app may not do this: check its permissions and plan at X."},
        {"x_forbidden", "X does not allow this account to do this."},
        {"x_media_ids_invalid", "X did not accept the uploaded pictures, not even after a second upload."},
        {"x_media_processing_failed", "X could not process the picture: use another file."},
        {"x_media_processing_timeout", "X did not finish processing the picture in half an hour: try again."},
        {"x_media_too_large", "X refuses the picture as too large."},
        {"x_media_too_long", "X does not take a video of this length from this account."},
        {"x_invalid_request", "X refuses the post as it is: change what it names."},
        {"x_not_found_there", "X does not find what this post refers to: it may have been deleted."},
        {"x_refused", "X refused the call."},
        {"x_server_error", "X had an internal problem."},
        {"x_unreadable_answer", "X's answer could not be read."},
        {"x_not_found",
         "X did not answer, and the post is not in the account's timeline after two looks: check the account "
         "and say "
         "whether it is live."},
        {"x_cannot_look",
         "X did not answer, and MyPost may not read the account's timeline to see whether the post is there: "
         "check the "
         "account and say whether it is live."},
    };
    for (auto const& row : rows) {
        if (row.code == code) return std::string(row.text);
    }
    return "X refused the call.";
}

Failed failed(JournalEntry const& entry) {
    Failed out{entry.outcome, entry.code, {}, sentence(entry.code)};
    if (auto const detail = answer::text_at(entry.facts, "detail"); !detail.empty())
        out.params["detail"] = detail;
    return out;
}

std::vector<LearntBudget> budgets_of(net::Response const& response, std::string_view route) {
    std::vector<LearntBudget> out;
    auto const add = [&](std::optional<LearntBudget> one) {
        if (one) out.push_back(std::move(*one));
    };
    add(budget(response, "x-rate-limit", fmt::format("x:{}:user", route), false));
    add(budget(response, "x-user-limit-24hour", fmt::format("x:{}:user:24h", route), false));
    add(budget(response, "x-app-limit-24hour", fmt::format("x:{}:app:24h", route), true));
    return out;
}

Verdict refusal(net::Response const& response, bool creates, Instant now) {
    auto const body = answer::object_of(response.body);
    auto const meaning = meaning_of(response.status, body, creates);
    Verdict verdict;
    verdict.outcome = meaning.outcome;
    verdict.code = meaning.code;
    verdict.message = sentence(meaning.code);
    auto const said = answer::excerpt(body.empty() ? response.body : words(body));
    verdict.summary = fmt::format("{}: {}", response.status, said);
    if (!said.empty()) {
        verdict.facts["detail"] = said;
        verdict.params["detail"] = said;
    }
    if (verdict.outcome == Outcome::rate_limited)
        verdict.retry_at = rate_reset(response, now).value_or(now + default_rate_wait);
    if (verdict.outcome == Outcome::transient) verdict.retry_at = answer::retry_after(response, now);
    return verdict;
}

Verdict XAdapter::classify(Publication const& publication, Call const& call, net::Response const& response,
                           Instant now) const {
    bool const creates = call.step.starts_with("create/");
    Verdict verdict;
    if (answer::is_success(response)) {
        verdict.outcome = Outcome::ok;
        auto const body = answer::object_of(response.body);
        if (creates) {
            read_created(publication, body, verdict);
        } else if (call.step.starts_with("look/")) {
            read_look(publication, call, body, verdict);
        } else if (call.step.ends_with("/alt") || call.step.find("/append/") != std::string::npos) {
            verdict.summary = "accepted";
        } else {
            read_media(body, now, verdict);
            bool const needs_id = !call.step.ends_with("/status") && !call.step.ends_with("/finalize");
            if (needs_id && verdict.outcome == Outcome::ok && !verdict.facts.contains("id"))
                unreadable(verdict, false);
            if (!needs_id && verdict.outcome == Outcome::ok && !body.contains("data"))
                unreadable(verdict, false);
        }
        verdict.summary = fmt::format("{}: {}", response.status, verdict.summary);
    } else {
        verdict = refusal(response, creates, now);
    }
    verdict.budgets = budgets_of(response, route_of(call.step));
    return verdict;
}

}  // namespace mypost::networks::x
