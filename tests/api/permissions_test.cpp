// Design section 4: every operation of the OpenAPI document with no token, a foreign workspace's token, a
// foreign brand, and a role that lacks the permission. Refused, and nothing happened. The document is the
// program's own, so a new route is walked by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api/support/scene.hpp"

namespace mypost::api_test {

namespace {

using access::Permission;
using access::PermissionSet;

class PermissionWalk : public testing::TestWithParam<db::Engine> {
  protected:
    PermissionWalk()
        : scene_(InstallationOptions{.engine = GetParam()}), before_(scene_.installation.contents()) {}

    // Sends it and asserts the status and that nothing happened.
    Answer refused(Operation const& operation, std::optional<Person> person, int status) {
        Call call = sample_call(scene_.document, operation, scene_.samples);
        if (person) call.headers.push_back(bearer(person->token));
        Answer answer = scene_.installation.send(call);
        EXPECT_EQ(answer.status, status) << answer.body;
        if (answer.status >= 400) {
            EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
            EXPECT_FALSE(answer.code().empty());
        }
        unchanged();
        return answer;
    }

    void unchanged() {
        auto after = scene_.installation.contents();
        EXPECT_EQ(difference(before_, after), "");
        before_ = std::move(after);
    }

    void look_again() { before_ = scene_.installation.contents(); }

    std::vector<Operation> const& operations() const { return scene_.document.operations(); }

    Scene scene_;
    std::map<std::string, std::string> before_;
};

// Things that belong to one brand.
bool addresses_a_brand(Operation const& operation, Document const& document) {
    static std::set<std::string> const names{"brand", "account", "post", "target", "asset", "connection"};
    for (auto const& name : operation.path_names) {
        if (names.contains(name)) return true;
    }
    if (operation.multipart) return true;
    if (!operation.body) return false;
    auto const schema = document.resolve(*operation.body);
    auto const* properties = schema.if_contains("properties");
    return properties && properties->as_object().contains("brand_id");
}

TEST_P(PermissionWalk, public_operations_are_these_and_no_others) {
    std::set<std::string> open;
    for (auto const& operation : operations()) {
        if (operation.is_public()) open.insert(operation.id);
    }
    // Media addresses carry their own signature; the consent's callback is bound to state and cookie.
    std::set<std::string> const known{"getSetup",
                                      "setUp",
                                      "login",
                                      "refresh",
                                      "logout",
                                      "startConsent",
                                      "finishConsent",
                                      "downloadMedia",
                                      "downloadMediaThumbnail",
                                      "downloadMediaRendition",
                                      "getOpenApi",
                                      "getDocs",
                                      "openSocket"};
    for (auto const& id : open) EXPECT_TRUE(known.contains(id)) << id << " is open to everybody";
}

TEST_P(PermissionWalk, no_token_is_401_and_nothing_happens) {
    for (auto const& operation : operations()) {
        if (operation.is_public()) continue;
        SCOPED_TRACE(operation.title());
        Answer const answer = refused(operation, std::nullopt, 401);
        EXPECT_EQ(answer.code(), "unauthenticated");
        EXPECT_EQ(answer.header("WWW-Authenticate"), "Bearer");
    }
}

TEST_P(PermissionWalk, a_foreign_workspace_is_404_and_nothing_happens) {
    std::string foreign;
    Person const stranger = scene_.world.foreign_owner(foreign);
    look_again();
    for (auto const& operation : operations()) {
        if (!operation.in_workspace() || operation.is_public()) continue;
        SCOPED_TRACE(operation.title());
        Answer const answer = refused(operation, stranger, 404);
        EXPECT_EQ(answer.code(), "not_found");
        for (auto const& secret : scene_.secrets)
            EXPECT_EQ(answer.body.find(secret), std::string::npos) << answer.body;
    }
}

// Ids of things of the first workspace, asked for under the stranger's own.
TEST_P(PermissionWalk, things_of_a_foreign_workspace_are_404_under_ones_own) {
    std::string foreign;
    Person const stranger = scene_.world.foreign_owner(foreign);
    scene_.samples["workspace"] = foreign;
    look_again();
    for (auto const& operation : operations()) {
        bool const names_a_thing = operation.in_workspace() && operation.path_names.size() > 1;
        if (!names_a_thing || operation.is_public()) continue;
        SCOPED_TRACE(operation.title());
        refused(operation, stranger, 404);
    }
}

TEST_P(PermissionWalk, a_foreign_brand_is_404_and_nothing_happens) {
    World& world = scene_.world;
    Person const visitor = world.person("Bruno Brand");
    world.join(visitor, scene_.aside.workspace, std::nullopt);
    world.join_brand(visitor, scene_.aside, world.role(scene_.aside.workspace, PermissionSet::all()));
    look_again();
    for (auto const& operation : operations()) {
        if (!operation.in_workspace() || operation.is_public()) continue;
        SCOPED_TRACE(operation.title());
        if (addresses_a_brand(operation, scene_.document)) {
            refused(operation, visitor, 404);
        } else if (operation.method != "GET") {
            refused(operation, visitor, 403);  // of the workspace as a whole
        } else {
            Call call = sample_call(scene_.document, operation, scene_.samples);
            call.headers.push_back(bearer(visitor.token));
            Answer const answer = scene_.installation.send(call);
            EXPECT_THAT(answer.status, testing::AnyOf(200, 403)) << answer.body;
            for (auto const& secret : scene_.secrets)
                EXPECT_EQ(answer.body.find(secret), std::string::npos) << secret << " in " << answer.body;
            unchanged();
        }
    }
}

// A brand role replaces the workspace role: an owner who is only an analyst here changes nothing here.
TEST_P(PermissionWalk, a_brand_role_takes_permissions_away) {
    World& world = scene_.world;
    Person const limited = world.member("Lina Limited", PermissionSet::all());
    world.join_brand(limited, scene_.main, world.role(scene_.main.workspace, {}));
    look_again();
    for (auto const& operation : operations()) {
        if (!operation.in_workspace() || operation.is_public()) continue;
        if (!addresses_a_brand(operation, scene_.document)) continue;
        SCOPED_TRACE(operation.title());
        Call call = sample_call(scene_.document, operation, scene_.samples);
        call.headers.push_back(bearer(limited.token));
        Answer const answer = scene_.installation.send(call);
        EXPECT_THAT(answer.status, testing::AnyOf(403, 404)) << answer.body;
        unchanged();
    }
}

TEST_P(PermissionWalk, a_role_that_lacks_the_permission_is_403_and_nothing_happens) {
    std::map<std::string, Person> lacking;
    for (Permission permission : access::all_permissions()) {
        PermissionSet most = PermissionSet::all();
        most.remove(permission);
        std::string const name(to_string(permission));
        lacking[name] = scene_.world.member("Not " + name, most);
    }
    look_again();
    for (auto const& operation : operations()) {
        auto const person = lacking.find(operation.permission);
        if (person == lacking.end()) continue;
        SCOPED_TRACE(operation.title());
        Answer const answer = refused(operation, person->second, 403);
        EXPECT_EQ(answer.code(), "permission_denied");
        EXPECT_NE(answer.body.find(operation.permission), std::string::npos) << answer.body;
    }
}

TEST_P(PermissionWalk, system_operations_are_for_administrators_of_the_installation) {
    Person const member = scene_.world.member("Only owner", PermissionSet::all());
    look_again();
    int seen = 0;
    for (auto const& operation : operations()) {
        if (operation.permission != "system") continue;
        SCOPED_TRACE(operation.title());
        refused(operation, member, 403);
        ++seen;
    }
    EXPECT_GE(seen, 3);
}

// The same requests succeed for somebody who may: the refusals above are not due to bad samples.
TEST_P(PermissionWalk, the_same_requests_succeed_for_an_owner) {
    auto order = [](Operation const& operation) {
        if (operation.id == "deleteWorkspace" || operation.id == "logout" || operation.id == "endSession")
            return 9;
        return operation.method == "DELETE" ? 8 - static_cast<int>(operation.path_names.size())
                                            : (operation.method == "GET" ? 0 : 1);
    };
    std::multimap<int, Operation> sorted;  // what destroys comes last
    for (auto const& operation : operations()) sorted.emplace(order(operation), operation);
    for (auto const& [when, operation] : sorted) {
        if (operation.is_public() || operation.id == "endSession") continue;
        SCOPED_TRACE(operation.title());
        Call call = sample_call(scene_.document, operation, scene_.samples);
        call.headers.push_back(bearer(scene_.world.owner().token));
        Answer const answer = scene_.installation.send(call);
        // Refusals by the state of things (409, 412, 422 of the networks' rules, 502) come after the
        // permission.
        EXPECT_THAT(answer.status, testing::AnyOf(200, 201, 204, 409, 412, 422, 502)) << answer.body;
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, PermissionWalk, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](auto const& each) { return test::engine_name(each.param); });

}  // namespace
}  // namespace mypost::api_test
