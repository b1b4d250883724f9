#include "access/caller.hpp"

#include <algorithm>

namespace mypost::access {

bool Caller::may_anywhere(Permission permission) const {
    if (workspace_permissions.has(permission)) return true;
    return std::any_of(brands.begin(), brands.end(),
                       [&](auto const& entry) { return entry.second.permissions.has(permission); });
}

bool Caller::may(Permission permission, BrandId brand) const {
    auto const own = brands.find(brand);
    if (own != brands.end()) return own->second.permissions.has(permission);
    return workspace_permissions.has(permission);
}

bool Caller::may_use_account(BrandId brand, AccountId account) const {
    auto const own = brands.find(brand);
    if (own == brands.end() || !own->second.accounts) return true;
    return own->second.accounts->contains(account);
}

bool Caller::sees(BrandId brand) const {
    return has_workspace_role || brands.contains(brand);
}

Result<void> Caller::require(Permission permission, BrandId brand, std::string_view what) const {
    if (!sees(brand)) return not_found(what);
    if (!may(permission, brand)) return permission_denied(to_string(permission));
    return {};
}

Result<void> Caller::require_in_workspace(Permission permission) const {
    if (!may_in_workspace(permission)) return permission_denied(to_string(permission));
    return {};
}

std::optional<std::vector<BrandId>> Caller::visible_brands(Permission permission) const {
    if (has_workspace_role && workspace_permissions.has(permission)) return std::nullopt;
    std::vector<BrandId> list;
    for (auto const& [brand, access] : brands) {
        if (access.permissions.has(permission)) list.push_back(brand);
    }
    return list;
}

std::vector<BrandId> Caller::hidden_brands(Permission permission) const {
    std::vector<BrandId> list;
    for (auto const& [brand, access] : brands) {
        if (!access.permissions.has(permission)) list.push_back(brand);
    }
    return list;
}

}  // namespace mypost::access
