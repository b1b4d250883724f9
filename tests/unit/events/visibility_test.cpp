#include "events/visibility.hpp"

#include <gtest/gtest.h>

namespace mypost::events {

namespace {

using access::Permission;

struct People {
    WorkspaceId workspace = WorkspaceId::make();
    BrandId brand = BrandId::make();
    BrandId other_brand = BrandId::make();

    access::Caller member(std::initializer_list<Permission> permissions) const {
        access::Caller caller;
        caller.user = UserId::make();
        caller.workspace = workspace;
        caller.has_workspace_role = true;
        caller.workspace_permissions = access::PermissionSet(permissions);
        return caller;
    }
    access::Caller brand_member(std::initializer_list<Permission> permissions) const {
        access::Caller caller = member({});
        caller.has_workspace_role = false;
        caller.brands[brand] = access::BrandAccess{access::PermissionSet(permissions), {}};
        return caller;
    }
    Event event(std::string type, std::optional<BrandId> of, boost::json::object data = {}) const {
        return Event{workspace, of, std::move(type), std::move(data)};
    }
};

}  // namespace

TEST(EventVisibility, follows_the_brand_and_the_permission) {
    People const p;
    EXPECT_TRUE(may_see(p.member({Permission::posts_view}), p.event("post.updated", p.brand)));
    EXPECT_FALSE(may_see(p.member({Permission::media_view}), p.event("post.updated", p.brand)));
    EXPECT_TRUE(may_see(p.brand_member({Permission::posts_view}), p.event("target.updated", p.brand)));
    EXPECT_FALSE(may_see(p.brand_member({Permission::posts_view}), p.event("target.updated", p.other_brand)));
    EXPECT_FALSE(may_see(p.brand_member({Permission::posts_view}), p.event("media.progress", p.brand)));
    EXPECT_TRUE(may_see(p.brand_member({Permission::accounts_view}), p.event("account.updated", p.brand)));
}

TEST(EventVisibility, lets_a_brand_role_take_away) {
    People const p;
    auto caller = p.member({Permission::posts_view});
    caller.brands[p.brand] = access::BrandAccess{};
    EXPECT_FALSE(may_see(caller, p.event("post.updated", p.brand)));
    EXPECT_TRUE(may_see(caller, p.event("post.updated", p.other_brand)));
}

TEST(EventVisibility, keeps_internal_comments_from_clients) {
    People const p;
    auto const client = p.brand_member({Permission::posts_view, Permission::posts_comment});
    auto const editor = p.brand_member({Permission::posts_view, Permission::comments_internal});
    EXPECT_TRUE(may_see(client, p.event("comment.created", p.brand, {{"visibility", "client"}})));
    EXPECT_FALSE(may_see(client, p.event("comment.created", p.brand, {{"visibility", "internal"}})));
    EXPECT_TRUE(may_see(editor, p.event("comment.created", p.brand, {{"visibility", "internal"}})));
}

TEST(EventVisibility, tells_notifications_to_one_person) {
    People const p;
    auto const ann = p.member({});
    auto const bob = p.member({});
    auto const event = p.event("notification", std::nullopt, {{"user_id", ann.user.to_string()}});
    EXPECT_TRUE(may_see(ann, event));
    EXPECT_FALSE(may_see(bob, event));
}

TEST(EventVisibility, keeps_workspaces_and_the_installation_apart) {
    People const p;
    People const other;
    EXPECT_FALSE(may_see(other.member({Permission::posts_view}), p.event("post.updated", std::nullopt)));
    EXPECT_TRUE(may_see(p.member({}), p.event("alarm", std::nullopt)));
    EXPECT_FALSE(may_see(p.brand_member({}), p.event("alarm", std::nullopt)));
    Event const installation{WorkspaceId(), std::nullopt, "alarm", {}};
    auto admin = p.member({});
    EXPECT_FALSE(may_see(admin, installation));
    admin.system_admin = true;
    EXPECT_TRUE(may_see(admin, installation));
}

}  // namespace mypost::events
