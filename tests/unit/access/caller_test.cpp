#include "access/caller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mypost::access {

namespace {

BrandId const first = BrandId::make();
BrandId const second = BrandId::make();

Caller editor() {
    Caller caller;
    caller.has_workspace_role = true;
    caller.workspace_permissions = {Permission::posts_view, Permission::posts_edit};
    return caller;
}

Caller guest_of(BrandId brand, PermissionSet permissions) {
    Caller caller;
    caller.brands[brand].permissions = permissions;
    return caller;
}

TEST(Caller, has_the_workspace_role_in_every_brand) {
    Caller const caller = editor();
    EXPECT_TRUE(caller.may(Permission::posts_edit, first));
    EXPECT_FALSE(caller.may(Permission::posts_delete, first));
    EXPECT_TRUE(caller.sees(first));
    EXPECT_EQ(caller.visible_brands(Permission::posts_view), std::nullopt);
}

TEST(Caller, a_brand_role_replaces_the_workspace_role_there_and_only_there) {
    Caller caller = editor();
    caller.brands[first].permissions = {Permission::posts_delete};
    EXPECT_FALSE(caller.may(Permission::posts_edit, first));
    EXPECT_TRUE(caller.may(Permission::posts_delete, first));
    EXPECT_TRUE(caller.may(Permission::posts_edit, second));
    EXPECT_FALSE(caller.may(Permission::posts_delete, second));
    EXPECT_THAT(caller.hidden_brands(Permission::posts_view), testing::ElementsAre(first));
    EXPECT_TRUE(caller.may_anywhere(Permission::posts_delete));
    EXPECT_FALSE(caller.may_in_workspace(Permission::posts_delete));
}

TEST(Caller, a_guest_of_one_brand_knows_of_no_other) {
    Caller const caller = guest_of(first, {Permission::posts_view});
    EXPECT_EQ(caller.require(Permission::posts_view, second, "Post").error().code, ErrorCode::not_found);
    EXPECT_EQ(caller.require(Permission::posts_edit, first, "Post").error().code,
              ErrorCode::permission_denied);
    EXPECT_TRUE(caller.require(Permission::posts_view, first, "Post"));
    EXPECT_FALSE(caller.require_in_workspace(Permission::posts_view));
    EXPECT_EQ(caller.visible_brands(Permission::posts_view), std::vector{first});
    EXPECT_EQ(caller.visible_brands(Permission::posts_edit), std::vector<BrandId>());
}

TEST(Caller, accounts_of_a_brand_role_are_all_or_those_named) {
    AccountId const one = AccountId::make();
    AccountId const other = AccountId::make();
    Caller caller = guest_of(first, {Permission::posts_view});
    EXPECT_TRUE(caller.may_use_account(first, one));
    caller.brands[first].accounts = std::set{one};
    EXPECT_TRUE(caller.may_use_account(first, one));
    EXPECT_FALSE(caller.may_use_account(first, other));
}

}  // namespace
}  // namespace mypost::access
