#include "events/visibility.hpp"

namespace mypost::events {

namespace {

using access::Permission;

std::string text_member(boost::json::object const& data, std::string_view name) {
    auto const* value = data.if_contains(name);
    if (!value || !value->is_string()) return {};
    return std::string(value->get_string().data(), value->get_string().size());
}

std::optional<Permission> needed(Event const& event) {
    auto const kind = std::string_view(event.type).substr(0, event.type.find('.'));
    if (kind == "post" || kind == "target") return Permission::posts_view;
    if (kind == "media") return Permission::media_view;
    if (kind == "account") return Permission::accounts_view;
    if (kind == "comment") {
        bool const internal = text_member(event.data, "visibility") == "internal";
        return internal ? Permission::comments_internal : Permission::posts_view;
    }
    return std::nullopt;
}

}  // namespace

bool may_see(access::Caller const& caller, Event const& event) {
    if (event.type == "notification") {
        return event.workspace == caller.workspace &&
               text_member(event.data, "user_id") == caller.user.to_string();
    }
    if (event.workspace.is_nil()) return caller.system_admin;
    if (event.workspace != caller.workspace) return false;
    auto const permission = needed(event);
    if (event.brand) {
        return caller.sees(*event.brand) && (!permission || caller.may(*permission, *event.brand));
    }
    return caller.has_workspace_role && (!permission || caller.may_in_workspace(*permission));
}

}  // namespace mypost::events
