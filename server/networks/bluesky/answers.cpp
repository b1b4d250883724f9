// What a personal data server's answers mean: the error's name and the status together
// (docs/networks/bluesky.md).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "networks/answer.hpp"
#include "networks/bluesky/bluesky.hpp"

namespace mypost::networks::bluesky {

namespace {

using namespace std::chrono_literals;

constexpr auto default_rate_wait = 5min;

enum class Step { resolve, blob, record };

Step kind_of(std::string_view step) {
    if (step.starts_with("resolve/")) return Step::resolve;
    return step.starts_with("blob/") ? Step::blob : Step::record;
}

template <std::size_t n>
bool is_one_of(std::string_view name, std::array<std::string_view, n> const& names) {
    return std::ranges::find(names, name) != names.end();
}

struct Meaning {
    Outcome outcome;
    std::string_view code;
};

// Names that mean the same under any status.
std::optional<Meaning> meaning_of_name(std::string_view name) {
    if (name == "ExpiredToken") return Meaning{Outcome::auth, "bluesky_token_expired"};
    static constexpr std::array<std::string_view, 6> bad_auth{"InvalidToken",           "AuthMissing",
                                                              "AuthenticationRequired", "invalid_grant",
                                                              "invalid_client",         "invalid_dpop_proof"};
    if (is_one_of(name, bad_auth)) return Meaning{Outcome::auth, "bluesky_unauthorized"};
    if (name == "use_dpop_nonce") return Meaning{Outcome::transient, "bluesky_nonce"};
    if (name == "AuthFactorTokenRequired") return Meaning{Outcome::permission, "bluesky_auth_factor"};
    static constexpr std::array<std::string_view, 4> account{"AccountTakedown", "AccountDeactivated",
                                                             "AccountNotFound", "AccountSuspended"};
    if (is_one_of(name, account)) return Meaning{Outcome::permission, "bluesky_account_state"};
    static constexpr std::array<std::string_view, 3> scope{"ScopeMissingError", "InsufficientScope",
                                                           "insufficient_scope"};
    if (is_one_of(name, scope)) return Meaning{Outcome::auth, "bluesky_scope_missing"};
    if (name == "BlobNotFound") return Meaning{Outcome::media, "bluesky_blob_missing"};
    static constexpr std::array<std::string_view, 3> blob{"InvalidMimeType", "BlobTooLarge", "InvalidBlob"};
    if (is_one_of(name, blob)) return Meaning{Outcome::media, "bluesky_media_refused"};
    if (name == "InvalidSwap") return Meaning{Outcome::transient, "bluesky_changed_meanwhile"};
    if (name == "MethodNotImplemented") return Meaning{Outcome::permission, "bluesky_method_missing"};
    if (name == "RateLimitExceeded") return Meaning{Outcome::rate_limited, "bluesky_rate_limited"};
    return std::nullopt;
}

Meaning meaning_of(int status, Step step, XrpcError const& error) {
    // The record may have been made before the answer went wrong.
    auto const trouble = step == Step::record ? Outcome::unknown : Outcome::transient;
    if (status < 500) {
        if (auto const named = meaning_of_name(error.name)) return *named;
    } else if (status == 501) {
        return {Outcome::permission, "bluesky_method_missing"};
    }
    if (status >= 500 || status == 408) return {trouble, "bluesky_server_error"};
    if (status < 400) return {trouble, "bluesky_unreadable_answer"};
    switch (status) {
        case 401:
            return {Outcome::auth, "bluesky_unauthorized"};
        case 403:
            return {Outcome::permission, "bluesky_forbidden"};
        case 413:
            return {step == Step::blob ? Outcome::media : Outcome::validation, "bluesky_too_large"};
        case 429:
            return {Outcome::rate_limited, "bluesky_rate_limited"};
        default:
            if (step == Step::blob) return {Outcome::media, "bluesky_media_refused"};
            return {Outcome::validation, "bluesky_invalid_record"};
    }
}

std::string_view bucket_of(Step step) {
    switch (step) {
        case Step::record:
            return "bluesky:writes";
        case Step::blob:
            return "bluesky:blobs";
        case Step::resolve:
            return "bluesky:api";
    }
    return "bluesky:api";
}

std::optional<LearntBudget> budget_of(net::Response const& response, Step step) {
    auto const limit = answer::header_number(response, "ratelimit-limit");
    auto const remaining = answer::header_number(response, "ratelimit-remaining");
    auto const reset = answer::header_number(response, "ratelimit-reset");
    if (!limit || !remaining || !reset || *reset <= 0 || *reset > 4'102'444'800) return std::nullopt;
    return LearntBudget{std::string(bucket_of(step)), false, *limit, *remaining, from_ms(*reset * 1000)};
}

void unreadable(Verdict& verdict, Step step) {
    verdict.outcome = step == Step::record ? Outcome::unknown : Outcome::transient;
    verdict.code = "bluesky_unreadable_answer";
    verdict.message = sentence(verdict.code);
}

void read_ok(Publication const& publication, Step step, net::Response const& response, Verdict& verdict) {
    auto const body = answer::object_of(response.body);
    switch (step) {
        case Step::resolve: {
            auto const did = answer::text_at(body, "did");
            if (!did.starts_with("did:")) return unreadable(verdict, step);
            verdict.facts = {{"did", did}};
            verdict.summary = "is " + did;
            return;
        }
        case Step::blob: {
            auto const* blob = answer::find(body, "blob");
            if (blob == nullptr || !blob->is_object() || answer::text_at(body, "blob/ref/$link").empty()) {
                return unreadable(verdict, step);
            }
            verdict.facts = {{"blob", *blob}};
            verdict.summary = "stored as " + answer::text_at(body, "blob/ref/$link");
            return;
        }
        case Step::record: {
            auto const uri = answer::text_at(body, "uri");
            auto const cid = answer::text_at(body, "cid");
            auto const rkey = record_key(uri);
            if (rkey.empty() || cid.empty()) return unreadable(verdict, step);
            verdict.facts = {{"uri", uri},
                             {"cid", cid},
                             {"rkey", rkey},
                             {"url", post_url(publication.account.remote_id, rkey)}};
            verdict.summary = body.contains("commit") ? "created " + uri : "was there already: " + uri;
            return;
        }
    }
}

}  // namespace

XrpcError error_of(net::Response const& response) {
    auto const body = answer::object_of(response.body);
    return {answer::text_at(body, "error"), answer::text_at(body, "message")};
}

std::string sentence(std::string_view code) {
    struct Row {
        std::string_view code;
        std::string_view text;
    };
    static constexpr Row rows[] = {
        {"bluesky_token_expired",
         "The sign-in has expired: it is renewed by itself, or connect the account again."},
        {"bluesky_unauthorized",
         "Bluesky no longer accepts this account's sign-in: connect it again with a new app password."},
        {"bluesky_scope_missing", "The sign-in does not allow this: connect the account again."},
        {"bluesky_auth_factor",
         "This is the account's own password: make an app password in Bluesky's settings."},
        {"bluesky_account_state", "The account is deactivated or was taken down: settle that at Bluesky."},
        {"bluesky_forbidden", "Bluesky does not allow this account to do this."},
        {"bluesky_blob_missing", "The server lost the uploaded picture twice: try again."},
        {"bluesky_media_refused", "Bluesky refuses the picture: use another file."},
        {"bluesky_too_large", "Bluesky refuses this as too large."},
        {"bluesky_invalid_record", "Bluesky refuses the post as it is: change what it names."},
        {"bluesky_changed_meanwhile", "The account changed at the same moment."},
        {"bluesky_method_missing", "The account's server does not know this call: it may be too old."},
        {"bluesky_rate_limited",
         "Bluesky takes no more calls for now: sending goes on when its limit resets."},
        {"bluesky_nonce", "The server asks for a new nonce."},
        {"bluesky_server_error", "The account's server had an internal problem."},
        {"bluesky_unreadable_answer", "The server's answer could not be read."},
    };
    for (auto const& row : rows) {
        if (row.code == code) return std::string(row.text);
    }
    return "Bluesky refused the call.";
}

Failed failed(JournalEntry const& entry) {
    Failed out{entry.outcome, entry.code, {}, sentence(entry.code)};
    if (auto const detail = answer::text_at(entry.facts, "detail"); !detail.empty())
        out.params["detail"] = detail;
    return out;
}

Verdict BlueskyAdapter::classify(Publication const& publication, Call const& call,
                                 net::Response const& response, Instant now) const {
    auto const step = kind_of(call.step);
    Verdict verdict;
    bool const no_such_handle = step == Step::resolve && (response.status == 400 || response.status == 404);
    if (no_such_handle) {
        // Not an error of the post: the mention stays plain text.
        verdict.outcome = Outcome::ok;
        verdict.facts = {{"did", ""}};
        verdict.summary = fmt::format("{}: nobody has this handle, it stays plain text", response.status);
    } else if (answer::is_success(response)) {
        verdict.outcome = Outcome::ok;
        read_ok(publication, step, response, verdict);
        verdict.summary = fmt::format("{}: {}", response.status, verdict.summary);
    } else {
        auto const error = error_of(response);
        auto const meaning = meaning_of(response.status, step, error);
        auto const said =
            answer::excerpt(error.message.empty() ? error.name : error.name + ": " + error.message);
        verdict.outcome = meaning.outcome;
        verdict.code = meaning.code;
        verdict.message = sentence(meaning.code);
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

}  // namespace mypost::networks::bluesky
