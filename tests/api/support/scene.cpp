#include "api/support/scene.hpp"

namespace mypost::api_test {

namespace {

std::string any_connection(World& world, Place const& place, std::string const& account) {
    ConnectionId const id = ConnectionId::make();
    std::int64_t const now = to_ms(SystemClock().now());
    world.installation().sql(
        "INSERT INTO connections (id, workspace_id, brand_id, user_id, grant_id, destinations, created_at, "
        "expires_at) SELECT $1, $2, $3, $4, grant_id, '[]', $6, $7 FROM social_accounts WHERE id = $5",
        {id, place.workspace, place.brand, world.owner().id, account, now, now + 3'600'000});
    return id.to_string();
}

}  // namespace

Scene::Scene(InstallationOptions options)
    : installation(std::move(options)),
      world(installation),
      document(world.anyone("GET", "/openapi.json").json()) {
    main = {world.workspace(), world.brand("Main brand")};
    aside = {world.workspace(), world.brand("Other brand")};
    installation.sql("UPDATE brands SET approval_policy = 'required_self_allowed' WHERE id = $1",
                     {main.brand});
    account = world.account(main, "bluesky", "secret-handle.bsky.social");
    post = world.post(main, "A secret draft", {account});
    target = world.must("GET", world.in("/posts/" + post)).text("/targets/0/id");
    label = world.must("POST", world.in("/labels"), R"({"name":"Launch","color":"#aa3300"})").text("/id");
    role = world.role(main.workspace, {access::Permission::posts_view});
    colleague = world.person("Carla Colleague");
    world.join(colleague, main.workspace, world.built_in_role(main.workspace, "editor"));
    connection = any_connection(world, main, account);

    Call upload{"POST", "/api/v1" + world.in("/media"), {bearer(world.owner().token)}};
    upload.headers.emplace_back("Content-Type", form_type);
    upload.body = form_body({{"brand_id", main.brand}}, tiny_png());
    Answer const uploaded = installation.send(upload);
    if (uploaded.status != 201) throw std::runtime_error("upload: " + uploaded.body);
    asset = uploaded.text("/id");

    std::string const later = to_rfc3339(SystemClock().now() + std::chrono::hours(72));
    samples["workspace"] = main.workspace;
    samples["brand"] = main.brand;
    samples["brand_id"] = main.brand;
    samples["account"] = account;
    samples["account_id"] = account;
    samples["post"] = post;
    samples["target"] = target;
    samples["asset"] = asset;
    samples["asset_id"] = asset;
    samples["label"] = label;
    samples["label_id"] = label;
    samples["role"] = role;
    samples["role_id"] = role;
    samples["user"] = colleague.id.to_string();
    samples["session"] = world.owner().session.to_string();
    samples["connection"] = connection;
    samples["network"] = "x";
    samples["authorizeAccount/network"] = "mastodon";
    samples["name"] = "thumbnail";
    samples["color"] = "#123456";
    samples["time_zone"] = "Europe/Berlin";
    samples["email"] = "new@example.org";
    samples["password"] = password;
    samples["current_password"] = password;
    samples["new_password"] = "another long password";
    samples["permissions"] = boost::json::array{"posts.view"};
    samples["from"] = to_rfc3339(SystemClock().now());
    samples["to"] = later;
    samples["schedulePost/scheduled_at"] = later;
    samples["createRole/name"] = "Sample role";
    samples["createLabel/name"] = "Sample label";
    samples["createBrand/name"] = "Sample brand";
    samples["createWorkspace/name"] = "Sample workspace";
    samples["connectAccount/network"] = "bluesky";
    samples["connectAccount/credentials"] =
        boost::json::object{{"handle", "nobody.bsky.social"}, {"app_password", "abcd-abcd-abcd-abcd"}};
    samples["authorizeAccount/instance"] = "mastodon.example";
    installation.settle();
    secrets = {main.brand, account, post, target, asset, connection, "secret-handle", "A secret draft"};
}

}  // namespace mypost::api_test
