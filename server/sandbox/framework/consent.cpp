#include "sandbox/framework/consent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/framework/html.hpp"

namespace mypost::sandbox {

http::Response show_consent(ConsentPage const& page) {
    std::string scopes;
    for (auto const& scope : page.scopes)
        scopes += fmt::format("<li><code>{}</code></li>", html::escape(scope));
    std::string choices;
    bool first = true;
    for (auto const& account : page.accounts) {
        choices += fmt::format(
            "<label class=\"choice\"><input type=\"radio\" name=\"account\" value=\"{0}\"{1}>{2}<span>{3} "
            "<span "
            "class=\"dim\">@{0}</span></span></label>",
            html::escape(account.handle), first ? " checked" : "", html::avatar(account.name),
            html::escape(account.name));
        first = false;
    }
    auto body = fmt::format(
        "<form class=\"card consent\" method=\"post\"><h1>Authorize {0}</h1><p class=\"dim\"><b>{0}</b> "
        "wants to use "
        "your {1} account:</p><ul class=\"scopes\">{2}</ul><fieldset><legend>Sign in "
        "as</legend>{3}</fieldset>"
        "<div class=\"buttons\"><button name=\"decision\" value=\"allow\">Authorize app</button>"
        "<button name=\"decision\" value=\"deny\">Cancel</button></div></form>",
        html::escape(page.app_name), html::escape(page.network_title), scopes, choices);
    return html::page(
        {.title = "Authorize " + page.app_name, .body = std::move(body), .network = page.network});
}

Result<ConsentAnswer> read_consent(Call const& call, std::vector<AccountView> const& accounts) {
    auto const fields = http::parse_form(call.request.body);
    auto const value = [&](std::string_view name) -> std::string {
        auto const found = std::find_if(fields.begin(), fields.end(),
                                        [&](auto const& field) { return field.first == name; });
        return found == fields.end() ? "" : found->second;
    };
    auto const decision = value("decision");
    if (decision != "allow" && decision != "deny")
        return invalid("/decision", "invalid_choice", "decision must be allow or deny.");
    auto account = value("account");
    if (account.empty() && !accounts.empty()) account = accounts.front().handle;
    auto const known =
        std::any_of(accounts.begin(), accounts.end(), [&](auto const& a) { return a.handle == account; });
    if (decision == "allow" && !known)
        return invalid("/account", "not_found", fmt::format("There is no account {}.", account));
    return ConsentAnswer{decision == "allow", account};
}

}  // namespace mypost::sandbox
