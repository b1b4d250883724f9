#include "auth/authenticator.hpp"

#include <boost/json.hpp>

#include "auth/store.hpp"

namespace mypost::auth {

namespace asio = boost::asio;

namespace {

std::optional<std::set<AccountId>> accounts_of(std::optional<std::string> const& json) {
    if (!json) return std::nullopt;
    std::set<AccountId> accounts;
    auto const parsed = boost::json::parse(*json);
    for (auto const& item : parsed.as_array()) {
        if (auto const id = AccountId::parse(item.as_string())) accounts.insert(*id);
    }
    return accounts;
}

access::SessionAccess access_of(db::Rows const& rows, SessionId session) {
    access::SessionAccess result;
    auto const& first = rows.front();
    result.session = session;
    result.user = first.id<UserId>(0);
    result.name = first.text(1);
    result.email = first.text(2);
    result.locale = first.text(3);
    result.system_admin = first.boolean(4);
    result.suspended = first.text(5) == "suspended";
    result.expires_at = first.instant(6);
    for (auto const& row : rows) {
        auto const workspace = row.opt_id<WorkspaceId>(7);
        if (!workspace) continue;
        auto& membership = result.workspaces[*workspace];
        membership.tenant = row.id<TenantId>(8);
        if (auto const permissions = row.opt_text(9)) {
            membership.has_workspace_role = true;
            membership.permissions = access::parse_permissions(*permissions);
        }
        if (auto const brand = row.opt_id<BrandId>(10)) {
            access::BrandAccess own;
            own.permissions = access::parse_permissions(row.text(11));
            own.accounts = accounts_of(row.opt_text(12));
            membership.brands.emplace(*brand, std::move(own));
        }
    }
    return result;
}

Error unauthenticated() {
    return Error(ErrorCode::unauthenticated, "Sign in to use this.");
}

}  // namespace

TokenAuthenticator::TokenAuthenticator(db::Database& database, Clock const& clock, JwtSigner const& signer,
                                       access::AccessCache& cache)
    : database_(database), clock_(clock), signer_(signer), cache_(cache) {}

asio::awaitable<std::shared_ptr<access::SessionAccess const>> TokenAuthenticator::load(SessionId session) {
    if (auto known = cache_.find(session)) co_return known;
    auto const generation = cache_.generation();
    db::Params params{session, clock_.now()};
    auto const rows = co_await database_.read(store::sql_session_access, std::move(params));
    if (rows.empty()) co_return nullptr;
    auto access = std::make_shared<access::SessionAccess const>(access_of(rows, session));
    cache_.store(access, generation);
    co_return access;
}

asio::awaitable<Result<access::Caller>> TokenAuthenticator::authenticate(
    http::Request const& request, std::optional<WorkspaceId> workspace) {
    auto const header = request.headers.get("Authorization");
    constexpr std::string_view scheme = "Bearer ";
    if (!header || header->size() <= scheme.size() || !header->starts_with(scheme))
        co_return unauthenticated();
    std::string token(header->substr(scheme.size()));
    co_return co_await authenticate_token(std::move(token), workspace);
}

asio::awaitable<Result<access::Caller>> TokenAuthenticator::authenticate_token(
    std::string token, std::optional<WorkspaceId> workspace) {
    MP_TRY(claims, signer_.verify(token, clock_.now()));
    co_return co_await caller_of(claims.sid, claims.sub, workspace);
}

asio::awaitable<Result<access::Caller>> TokenAuthenticator::recheck(access::Caller caller) {
    std::optional<WorkspaceId> workspace;
    if (!caller.workspace.is_nil()) workspace = caller.workspace;
    co_return co_await caller_of(caller.session, caller.user, workspace);
}

asio::awaitable<Result<access::Caller>> TokenAuthenticator::caller_of(SessionId session, UserId user,
                                                                      std::optional<WorkspaceId> workspace) {
    auto const access = co_await load(session);
    if (!access || access->user != user || access->expires_at <= clock_.now()) co_return unauthenticated();
    if (access->suspended) {
        co_return Error(ErrorCode::account_suspended,
                        "This user account is suspended. Ask your administrator.");
    }
    access::Caller caller;
    caller.user = access->user;
    caller.session = access->session;
    caller.name = access->name;
    caller.email = access->email;
    caller.locale = access->locale;
    caller.system_admin = access->system_admin;
    if (workspace) {
        auto const membership = access->workspaces.find(*workspace);
        if (membership == access->workspaces.end()) co_return not_found("Workspace");
        caller.workspace = *workspace;
        caller.tenant = membership->second.tenant;
        caller.has_workspace_role = membership->second.has_workspace_role;
        caller.workspace_permissions = membership->second.permissions;
        caller.brands = membership->second.brands;
    }
    co_return caller;
}

}  // namespace mypost::auth
