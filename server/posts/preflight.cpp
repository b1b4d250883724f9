// The networks' rules on what would be sent: the same in the composer, at scheduling and before the call.
#include <fmt/format.h>

#include "posts/posts.hpp"
#include "posts/reading.hpp"
#include "posts/references.hpp"
#include "posts/snapshot.hpp"
#include "publishing/content.hpp"

namespace mypost::posts {

PostService::PostService(db::Database& database, Clock const& clock, networks::Registry const& networks,
                         publishing::Notifier& notifier, MediaLinks const& media,
                         publishing::MediaOpener& opener)
    : database_(database),
      clock_(clock),
      networks_(networks),
      notifier_(notifier),
      media_(media),
      opener_(opener) {}

namespace {

using access::Permission;

boost::json::object params_of(std::map<std::string, std::string> const& params) {
    boost::json::object object;
    for (auto const& [key, value] : params) object[key] = value;
    return object;
}

std::string part_name(networks::Part const& part) {
    switch (part.role) {
        case networks::PartRole::post:
            return "post";
        case networks::PartRole::thread:
            return fmt::format("thread/{}", part.index);
        case networks::PartRole::first_comment:
            return "first_comment";
    }
    return "post";
}

// Where the field stands in the input: in the target's own content where it has some, else in the post's.
std::string pointer_of(std::size_t target, TargetInput const& input, networks::Part const& part,
                       std::string const& field) {
    if (field.starts_with("options/")) return fmt::format("/targets/{}/{}", target, field);
    auto const& own = input.content;
    std::string path = field;
    bool overridden = false;
    switch (part.role) {
        case networks::PartRole::post:
            overridden =
                own && ((field == "body" && own->body) || (field.starts_with("media") && own->media) ||
                        (field == "link" && own->link));
            break;
        case networks::PartRole::thread:
            overridden = own && own->thread;
            path = fmt::format("thread/{}/{}", part.index - 1, field);
            break;
        case networks::PartRole::first_comment:
            overridden = own && own->first_comment;
            path = "first_comment";
            break;
    }
    return overridden ? fmt::format("/targets/{}/content/{}", target, path)
                      : fmt::format("/content/{}", path);
}

IssueView issue(std::optional<AccountId> account, std::string field, std::string code, std::string message,
                bool error = true) {
    IssueView view;
    view.account_id = account;
    view.part = "post";
    view.field = std::move(field);
    view.code = std::move(code);
    view.severity = error ? "error" : "warning";
    view.message = std::move(message);
    return view;
}

std::vector<IssueView> account_issues(AccountFacts const& account, std::string const& pointer) {
    if (account.disconnected) {
        return {issue(account.id, pointer, "account_disconnected",
                      "This account is disconnected. Connect it again or take it off.")};
    }
    if (account.grant_state != "active") {
        return {issue(account.id, pointer, "needs_reconnect",
                      "The network no longer accepts our access to this account. Reconnect it.")};
    }
    return {};
}

std::vector<AccountId> accounts_of(std::vector<TargetInput> const& targets) {
    std::vector<AccountId> accounts;
    for (auto const& target : targets) accounts.push_back(target.account_id);
    return accounts;
}

std::vector<AssetId> assets_of(PostInput const& input) {
    std::vector<AssetId> assets;
    collect_assets(input.content, assets);
    for (auto const& target : input.targets) {
        if (target.content) collect_assets(*target.content, assets);
    }
    return assets;
}

}  // namespace

asio::awaitable<std::vector<IssueView>> PostService::issues_of(WorkspaceId workspace, PostInput input,
                                                               References references) {
    std::vector<IssueView> issues;
    if (input.targets.empty()) {
        issues.push_back(issue(std::nullopt, "/targets", "targets_required", "Choose at least one account."));
    }
    fill_alt(input.content, input.targets, references);
    std::string const content = to_json(input.content);
    for (std::size_t i = 0; i < input.targets.size(); ++i) {
        TargetInput const& target = input.targets[i];
        AccountFacts const& account = references.accounts.at(target.account_id);
        auto found = account_issues(account, fmt::format("/targets/{}/account_id", i));
        issues.insert(issues.end(), found.begin(), found.end());
        auto const* adapter = networks_.find(account.ref.network);
        if (!adapter) continue;
        auto merged =
            publishing::effective_content(content, to_json(target.content.value_or(ContentOverride())));
        auto publication = co_await publishing::build_publication(
            opener_, *adapter, workspace, target.id.value_or(TargetId()), account.ref, target.kind,
            std::move(merged), target.options);
        if (!publication) {
            auto const& error = publication.error();
            auto const field = error.params.find("field");
            issues.push_back(issue(account.id, field == error.params.end() ? "/content/media" : field->second,
                                   "media_unusable", error.message));
            continue;
        }
        for (auto const& problem : adapter->validate(*publication)) {
            networks::Part const& part = publication->parts.at(static_cast<std::size_t>(problem.part));
            IssueView view = issue(account.id, pointer_of(i, target, part, problem.field), problem.code,
                                   problem.message, problem.error);
            view.part = part_name(part);
            view.params = params_of(problem.params);
            issues.push_back(std::move(view));
        }
    }
    co_return issues;
}

asio::awaitable<Result<std::vector<IssueView>>> PostService::validate(access::Caller caller,
                                                                      PostInput input) {
    MP_CHECK(allowed, caller.require(Permission::posts_create, input.brand_id, "Brand"));
    auto references = co_await load_references(reading(database_), caller.workspace,
                                               accounts_of(input.targets), assets_of(input));
    MP_CHECK(checked,
             check_references(caller, networks_, references, input.brand_id, input.content, input.targets));
    if (input.scheduled_at) {
        MP_CHECK(time, chosen_time(*input.scheduled_at, "/scheduled_at"));
    }
    co_return co_await issues_of(caller.workspace, std::move(input), std::move(references));
}

asio::awaitable<Result<Done>> PostService::preflight(access::Caller caller, PostId id) {
    MP_TRY(post, co_await find(caller, id));
    PostInput input = input_of(post);
    auto references = co_await load_references(reading(database_), caller.workspace,
                                               accounts_of(input.targets), assets_of(input));
    auto const issues = co_await issues_of(caller.workspace, std::move(input), std::move(references));
    std::vector<FieldError> fields;
    for (auto const& found : issues) {
        if (found.severity != "error") continue;
        FieldError field{found.field, found.code, {}, found.message};
        for (auto const& [key, value] : found.params)
            field.params[std::string(key)] = std::string(value.as_string());
        if (found.account_id) field.params["account_id"] = found.account_id->to_string();
        fields.push_back(std::move(field));
    }
    if (fields.empty()) co_return Done{};
    co_return Error(ErrorCode::validation_failed, "The networks would refuse this post as it is.",
                    std::move(fields));
}

}  // namespace mypost::posts
