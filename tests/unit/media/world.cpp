#include "world.hpp"

#include <fmt/format.h>

namespace mypost::test {

namespace {

media::HelperOptions helper_options(std::string work_root) {
    media::HelperOptions options;
    options.program = MYPOST_MEDIA_HELPER;
    options.work_root = std::move(work_root);
    return options;
}

}  // namespace

MediaWorld::MediaWorld(db::Engine engine)
    : database(io, engine),
      storage(storage::make_file_storage(pool, folder.path().string())),
      helper(io.get_executor(), pool, helper_options(storage->work_root())),
      media({*database, clock, *storage, helper, pool, urls, 8U * 1024 * 1024}) {
    auto const tenant = TenantId::make();
    insert("INSERT INTO tenants (id, name, created_at) VALUES ($1, 'T', 0)", {tenant});
    insert(
        "INSERT INTO users (id, tenant_id, email, email_key, name, created_at, updated_at) VALUES ($1, $2, "
        "'a@b', 'a@b', 'Ann', 0, 0)",
        {user, tenant});
    for (auto const& [id, slug] : {std::pair(workspace, "home"), std::pair(foreign, "foreign")}) {
        insert(
            "INSERT INTO workspaces (id, tenant_id, name, slug, time_zone, created_at, updated_at)"
            " VALUES ($1, $2, $3, $3, 'UTC', 0, 0)",
            {id, tenant, slug});
    }
    for (auto const& [id, in] : {std::pair(brand, workspace), std::pair(other_brand, workspace),
                                 std::pair(foreign_brand, foreign)}) {
        insert(
            "INSERT INTO brands (id, workspace_id, name, created_at, updated_at) VALUES ($1, $2, $3, 0, 0)",
            {id, in, id.to_string()});
    }
}

void MediaWorld::insert(std::string_view sql, db::Params params) {
    run(database->write(db::Query{"test.insert", sql}, std::move(params)));
}

std::int64_t MediaWorld::count(std::string_view sql) {
    return run(database->read(db::Query{"test.count", sql})).front().int64(0);
}

std::string MediaWorld::everything_stored() {
    std::string text = fmt::format(
        "{} assets, {} renditions, {} audit events, files:", count("SELECT COUNT(*) FROM media_assets"),
        count("SELECT COUNT(*) FROM media_renditions"), count("SELECT COUNT(*) FROM audit_events"));
    for (auto const& file : run(storage->list(""))) text += " " + file.key;
    for (auto const& left : std::filesystem::directory_iterator(folder.path() / "work"))
        text += " left: " + left.path().string();
    return text;
}

access::Caller MediaWorld::with(access::PermissionSet permissions) const {
    access::Caller caller;
    caller.user = user;
    caller.name = "Ann";
    caller.workspace = workspace;
    caller.has_workspace_role = true;
    caller.workspace_permissions = permissions;
    caller.request_id = "test";
    caller.address = "192.0.2.1";
    return caller;
}

access::Caller MediaWorld::owner() const {
    return with(access::PermissionSet::all());
}

access::Caller MediaWorld::brand_member(BrandId in, access::PermissionSet permissions) const {
    auto caller = with({});
    caller.has_workspace_role = false;
    caller.brands[in] = access::BrandAccess{permissions, std::nullopt};
    return caller;
}

access::Caller MediaWorld::stranger() const {
    auto caller = owner();
    caller.workspace = foreign;
    return caller;
}

Result<media::Asset> MediaWorld::upload(access::Caller caller, std::string bytes, media::NewAsset input) {
    auto work = [&]() -> asio::awaitable<Result<media::Asset>> {
        auto pieces = media::pieces_of(std::move(bytes));
        MP_TRY(file, co_await media.receive(std::move(pieces)));
        auto asset = co_await media.add(std::move(caller), std::move(input), std::move(file));
        co_return asset;
    };
    return run(work());
}

media::Asset MediaWorld::uploaded(std::string bytes, std::string filename) {
    auto asset = upload(owner(), std::move(bytes), {brand, std::move(filename), ""});
    if (!asset) throw std::runtime_error(asset.error().message + " " + asset.error().internal);
    return std::move(*asset);
}

PostId MediaWorld::post_using(media::Asset const& asset, std::string const& status, BrandId in,
                              std::string const& title) {
    auto const post = PostId::make();
    insert(
        "INSERT INTO posts (id, workspace_id, brand_id, author_id, title, content, status, "
        "current_version_id, created_at,"
        " updated_at) VALUES ($1, $2, $3, $4, $5, '{}', $6, $1, 0, 0)",
        {post, workspace, in, user, title, status});
    insert("INSERT INTO post_media (post_id, asset_id, workspace_id) VALUES ($1, $2, $3)",
           {post, asset.id, workspace});
    return post;
}

}  // namespace mypost::test
