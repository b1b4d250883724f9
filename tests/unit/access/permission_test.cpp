#include "access/permission.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mypost::access {

namespace {

TEST(Permission, names_are_read_back_and_nothing_else_is) {
    for (Permission permission : all_permissions())
        EXPECT_EQ(parse_permission(to_string(permission)), permission);
    for (char const* name : {"", "posts", "posts.view ", "Posts.View", "posts_view"})
        EXPECT_FALSE(parse_permission(name)) << name;
    EXPECT_EQ(all_permissions().size(), permission_count);
}

TEST(Permission, sets_are_stored_as_names_and_unknown_ones_are_passed_over) {
    PermissionSet const set = parse_permissions(R"(["posts.view","of.tomorrow","audit.view"])");
    EXPECT_THAT(set.names(), testing::ElementsAre("posts.view", "audit.view"));
    EXPECT_EQ(set, (PermissionSet{Permission::audit_view, Permission::posts_view}));
}

TEST(Permission, built_in_roles_are_those_of_the_design) {
    std::map<std::string_view, PermissionSet> roles;
    for (auto const& role : built_in_roles()) roles[role.key] = role.permissions;
    EXPECT_EQ(roles.size(), 7U);
    EXPECT_EQ(roles["owner"], PermissionSet::all());
    EXPECT_FALSE(roles["admin"].has(Permission::workspace_delete));
    EXPECT_FALSE(roles["admin"].has(Permission::billing_manage));
    EXPECT_EQ(roles["admin"].names().size(), permission_count - 2);
    EXPECT_TRUE(roles["manager"].contains(roles["editor"]));
    EXPECT_TRUE(roles["editor"].contains(roles["contributor"]));
    EXPECT_TRUE(roles["contributor"].has(Permission::posts_create));
    EXPECT_FALSE(roles["contributor"].has(Permission::posts_publish));
    EXPECT_TRUE(roles["client"].has(Permission::posts_approve));
    EXPECT_FALSE(roles["client"].has(Permission::comments_internal));
    EXPECT_FALSE(roles["analyst"].has(Permission::posts_edit));
}

}  // namespace
}  // namespace mypost::access
