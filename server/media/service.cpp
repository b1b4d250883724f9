// Finding, listing, changing and removing assets.
#include <fmt/format.h>

#include "audit/audit.hpp"
#include "media/audit_text.hpp"
#include "media/media.hpp"
#include "media/store.hpp"

namespace mypost::media {

namespace {

constexpr auto trash_stay = std::chrono::hours(24 * 7);

Result<void> require(access::Caller const& caller, Asset const& asset, access::Permission permission) {
    if (asset.brand) return caller.require(permission, *asset.brand, "Media asset");
    // Shared ones: all members see them, the workspace role changes them.
    if (permission == access::Permission::media_view && caller.may_anywhere(permission)) return {};
    return caller.require_in_workspace(permission);
}

Error in_use(access::Caller const& caller, std::vector<store::Use> const& uses) {
    std::string ids;
    std::string titles;
    for (auto const& use : uses) {
        ids += (ids.empty() ? "" : ",") + use.post.to_string();
        // A title only of brands that the caller sees.
        if (caller.sees(use.brand)) titles += fmt::format("{}“{}”", titles.empty() ? "" : ", ", use.title);
    }
    Error error =
        conflict(fmt::format("{} post{} that may still go out use{} this: {}. Take it out of them first, or "
                             "delete it with force=true.",
                             uses.size(), uses.size() == 1 ? "" : "s", uses.size() == 1 ? "s" : "",
                             titles.empty() ? "of other brands" : titles));
    error.params = {{"posts", ids}, {"count", std::to_string(uses.size())}};
    return error;
}

}  // namespace

asio::awaitable<Result<MediaService::Page>> MediaService::list(access::Caller caller, AssetFilter filter,
                                                               std::size_t limit,
                                                               std::optional<AssetId> after) {
    if (filter.brand) {
        MP_CHECK(allowed, caller.require(access::Permission::media_view, *filter.brand, "Brand"));
    }
    Page page;
    page.assets = co_await store::list(services_.database, caller, std::move(filter), limit + 1, after);
    if (page.assets.size() > limit) {
        page.assets.pop_back();
        page.next = page.assets.back().id;
    }
    co_return page;
}

asio::awaitable<Result<Asset>> MediaService::find(access::Caller caller, AssetId id) {
    auto asset = co_await store::find(services_.database, caller.workspace, id);
    if (!asset) co_return not_found("Media asset");
    MP_CHECK(allowed, require(caller, *asset, access::Permission::media_view));
    co_return std::move(*asset);
}

asio::awaitable<Result<Asset>> MediaService::change(access::Caller caller, AssetId id, std::int64_t version,
                                                    AssetChange change) {
    auto found = co_await store::find(services_.database, caller.workspace, id);
    if (!found) co_return not_found("Media asset");
    MP_CHECK(allowed, require(caller, *found, access::Permission::media_edit));
    if (change.alt) {
        if (auto problem = alt_problem(*change.alt)) co_return std::move(*problem);
    }
    if (change.tags) {
        if (auto problem = tags_problem(*change.tags)) co_return std::move(*problem);
    }
    Asset changed = *found;
    if (change.alt) changed.alt = std::move(*change.alt);
    if (change.tags) changed.tags = std::move(*change.tags);
    auto body = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        bool const fresh = co_await store::update(tx, changed, version, services_.clock.now());
        if (!fresh)
            co_return Error(ErrorCode::version_mismatch,
                            "Somebody else has changed this media asset meanwhile.");
        auto entry = audit_entry("media.update", changed);
        entry.before = audit_text(*found);
        entry.after = audit_text(changed);
        co_await audit::record(tx, services_.clock, caller, std::move(entry));
        co_return Done{};
    };
    MP_CHECK(done, co_await db::in_transaction<Result<Done>>(services_.database, body));
    auto fresh_asset = co_await store::find(services_.database, caller.workspace, id);
    if (!fresh_asset) co_return not_found("Media asset");
    co_return std::move(*fresh_asset);
}

asio::awaitable<Result<Done>> MediaService::remove(access::Caller caller, AssetId id, bool force) {
    auto found = co_await store::find(services_.database, caller.workspace, id);
    if (!found) co_return not_found("Media asset");
    MP_CHECK(allowed, require(caller, *found, access::Permission::media_delete));
    auto body = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        auto const uses = co_await store::uses(tx, caller.workspace, id);
        if (!uses.empty() && !force) co_return in_use(caller, uses);
        co_await store::trash(tx, caller.workspace, id, services_.clock.now());
        auto entry = audit_entry("media.delete", *found);
        entry.before = audit_text(*found);
        co_await audit::record(tx, services_.clock, caller, std::move(entry));
        co_return Done{};
    };
    auto result = co_await db::in_transaction<Result<Done>>(services_.database, body);
    co_return result;
}

asio::awaitable<std::size_t> MediaService::empty_trash() {
    auto const trashed =
        co_await store::trashed_before(services_.database, services_.clock.now() - trash_stay);
    for (auto const& asset : trashed) {
        auto const files = co_await services_.storage.list(fmt::format("media/{}/", asset.id.to_string()));
        for (auto const& file : files) co_await services_.storage.remove(file.key);
        co_await store::forget(services_.database, asset);
    }
    co_return trashed.size();
}

asio::awaitable<Result<StoredFile>> MediaService::stored(WorkspaceId workspace, AssetId id,
                                                         std::string variant) {
    auto const asset = co_await store::find(services_.database, workspace, id);
    if (!asset) co_return not_found("Media asset");
    if (variant == "content") {
        co_return StoredFile{fmt::format("media/{}/original", id.to_string()), asset->content_type,
                             static_cast<std::uint64_t>(asset->size_bytes), asset->sha256, asset->filename};
    }
    constexpr std::string_view renditions = "renditions/";
    auto const name = variant.starts_with(renditions) ? variant.substr(renditions.size()) : variant;
    auto found = co_await store::find_rendition(services_.database, *asset, name);
    if (!found) co_return not_found("Rendition");
    co_return std::move(found->file);
}

std::string MediaService::thumbnail_url(WorkspaceId workspace, AssetId asset) const {
    return services_.urls.sign(workspace, asset, "thumbnail", services_.clock.now());
}

std::string MediaService::content_url(WorkspaceId workspace, AssetId asset) const {
    return services_.urls.sign(workspace, asset, "content", services_.clock.now());
}

}  // namespace mypost::media
