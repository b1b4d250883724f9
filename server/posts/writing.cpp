// Creating, changing, deleting and duplicating posts.
#include <fmt/format.h>

#include "audit/audit.hpp"
#include "brands/brands.hpp"
#include "posts/posts.hpp"
#include "posts/reading.hpp"
#include "posts/references.hpp"
#include "posts/snapshot.hpp"

namespace mypost::posts {

namespace {

using access::Permission;

constexpr db::Query sql_insert{"posts.insert",
                               "INSERT INTO posts (id, workspace_id, brand_id, author_id, title, content, "
                               "thumbnail_asset_id, status, scheduled_at,"
                               " current_version_id, label_ids, created_at, updated_at)"
                               " VALUES ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, $9, $10, $11, $11)"};
constexpr db::Query sql_update{"posts.update",
                               "UPDATE posts SET title = $4, content = $5, thumbnail_asset_id = $6, "
                               "current_version_id = $7, label_ids = $8,"
                               " version = version + 1, updated_at = $9 WHERE workspace_id = $1 AND id = $2 "
                               "AND version = $3 RETURNING version"};
constexpr db::Query sql_plan{"posts.plan",
                             "UPDATE posts SET scheduled_at = $3 WHERE workspace_id = $1 AND id = $2"};
constexpr db::Query sql_insert_version{
    "posts.insert_version",
    "INSERT INTO post_versions (id, workspace_id, post_id, version, snapshot, author_id, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)"};
constexpr db::Query sql_clear_media{"posts.clear_media",
                                    "DELETE FROM post_media WHERE workspace_id = $1 AND post_id = $2"};
constexpr db::Query sql_add_media{
    "posts.add_media",
    "INSERT INTO post_media (post_id, asset_id, workspace_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};
constexpr db::Query sql_clear_labels{"posts.clear_labels",
                                     "DELETE FROM post_labels WHERE workspace_id = $1 AND post_id = $2"};
constexpr db::Query sql_label_exists{"posts.label_exists",
                                     "SELECT 1 FROM labels WHERE workspace_id = $1 AND id = $2"};
constexpr db::Query sql_add_label{
    "posts.add_label",
    "INSERT INTO post_labels (post_id, label_id, workspace_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"};
constexpr db::Query sql_delete{"posts.delete", "DELETE FROM posts WHERE workspace_id = $1 AND id = $2"};

audit::AuditEntry entry_of(std::string action, WorkspaceId workspace, BrandId brand, PostId post) {
    audit::AuditEntry entry;
    entry.action = std::move(action);
    entry.entity = "post";
    entry.entity_id = post.to_string();
    entry.workspace = workspace;
    entry.brand = brand;
    return entry;
}

std::vector<AssetId> assets_of(Content const& content, std::vector<TargetInput> const& targets) {
    std::vector<AssetId> assets;
    collect_assets(content, assets);
    for (auto const& target : targets) {
        if (target.content) collect_assets(*target.content, assets);
    }
    return assets;
}

std::vector<AccountId> accounts_of(std::vector<TargetInput> const& targets) {
    std::vector<AccountId> accounts;
    for (auto const& target : targets) accounts.push_back(target.account_id);
    return accounts;
}

std::optional<AssetId> thumbnail_of(Content const& content) {
    if (content.media.empty()) return std::nullopt;
    return content.media.front().asset_id;
}

asio::awaitable<Result<Done>> store_labels(db::Transaction& tx, WorkspaceId workspace, PostId post,
                                           std::vector<LabelId> labels) {
    db::Params clear{workspace, post};
    co_await tx.run(sql_clear_labels, std::move(clear));
    std::vector<FieldError> fields;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        db::Params by_id{workspace, labels[i]};
        auto const exists = co_await tx.run(sql_label_exists, std::move(by_id));
        if (exists.empty()) {
            fields.push_back(
                FieldError{fmt::format("/labels/{}", i), "not_found", {}, "There is no such label."});
            continue;
        }
        db::Params row{post, labels[i], workspace};
        co_await tx.run(sql_add_label, std::move(row));
    }
    if (!fields.empty())
        co_return Error(ErrorCode::validation_failed, "Some labels do not exist.", std::move(fields));
    co_return Done{};
}

asio::awaitable<void> store_media(db::Transaction& tx, WorkspaceId workspace, PostId post,
                                  std::vector<AssetId> assets) {
    db::Params clear{workspace, post};
    co_await tx.run(sql_clear_media, std::move(clear));
    for (auto const& asset : assets) {
        db::Params row{post, asset, workspace};
        co_await tx.run(sql_add_media, std::move(row));
    }
}

// Times of all targets, resolved; nothing for those that follow the post.
Result<std::vector<std::optional<publishing::ChosenTime>>> times_of(std::vector<TargetInput> const& targets) {
    std::vector<std::optional<publishing::ChosenTime>> times;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        auto const& wanted = targets[i].scheduled_at;
        if (!wanted || !*wanted) {
            times.emplace_back();
            continue;
        }
        MP_TRY_RETURN(time, chosen_time(**wanted, fmt::format("/targets/{}/scheduled_at", i)));
        times.emplace_back(time);
    }
    return times;
}

publishing::NewTarget new_target(TargetInput const& input, References const& references,
                                 std::optional<publishing::ChosenTime> time) {
    publishing::NewTarget target;
    target.account = input.account_id;
    target.network = references.accounts.at(input.account_id).ref.network;
    target.kind = input.kind;
    target.ordinal = input.ordinal;
    target.overrides = to_json(input.content.value_or(ContentOverride()));
    target.options = boost::json::serialize(input.options);
    target.time = std::move(time);
    return target;
}

publishing::LockedTarget const* matching(publishing::LockedPost const& post, TargetInput const& input) {
    for (auto const& target : post.targets) {
        bool const same = input.id ? target.id == *input.id
                                   : target.account == input.account_id && target.kind == input.kind &&
                                         target.ordinal == input.ordinal;
        if (same) return &target;
    }
    return nullptr;
}

publishing::Actor actor_of(access::Caller const& caller, BrandId brand) {
    return publishing::Actor{caller.user, caller.may(Permission::posts_approve, brand)};
}

// Makes the post's targets what `inputs` say.
asio::awaitable<Result<Done>> replace_targets(db::Transaction& tx, publishing::LockedPost& post,
                                              std::vector<TargetInput> inputs, References references,
                                              Instant now, publishing::Changes& changes) {
    MP_TRY(times, times_of(inputs));
    std::vector<TargetId> kept;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        TargetInput const& input = inputs[i];
        auto const* present = matching(post, input);
        if (input.id && !present) {
            co_return invalid(fmt::format("/targets/{}/id", i), "not_found", "The post has no such target.");
        }
        if (!present) continue;
        kept.push_back(present->id);
        publishing::TargetEdit edit;
        edit.overrides = to_json(input.content.value_or(ContentOverride()));
        edit.options = boost::json::serialize(input.options);
        edit.time = times[i];
        edit.clear_time = input.scheduled_at && !*input.scheduled_at;
        TargetId const id = present->id;
        MP_CHECK(edited, co_await publishing::edit_target(tx, post, id, std::move(edit), now, changes));
    }
    std::vector<TargetId> gone;
    for (auto const& target : post.targets) {
        bool const stays = std::find(kept.begin(), kept.end(), target.id) != kept.end();
        if (!stays && target.state != publishing::TargetState::cancelled) gone.push_back(target.id);
    }
    for (auto const& id : gone) {
        MP_CHECK(removed, co_await publishing::remove_target(tx, post, id, now, changes));
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (matching(post, inputs[i])) continue;
        auto target = new_target(inputs[i], references, times[i]);
        MP_CHECK(added, co_await publishing::add_target(tx, post, std::move(target), now, changes));
    }
    co_return Done{};
}

}  // namespace

asio::awaitable<Result<PostView>> PostService::create(access::Caller caller, PostInput input) {
    PostId const id = PostId::make();
    Instant const now = clock_.now();
    publishing::Changes changes;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<PostView>> {
        MP_CHECK(allowed,
                 co_await brands::require_brand(tx, caller, input.brand_id, Permission::posts_create));
        auto const assets = assets_of(input.content, input.targets);
        auto const references =
            co_await load_references(reading(tx), caller.workspace, accounts_of(input.targets), assets);
        MP_CHECK(checked, check_references(caller, networks_, references, input.brand_id, input.content,
                                           input.targets));
        fill_alt(input.content, input.targets, references);
        std::optional<Instant> planned;
        if (input.scheduled_at) {
            MP_TRY(time, chosen_time(*input.scheduled_at, "/scheduled_at"));
            planned = time.at;
        }
        PostVersionId const version = PostVersionId::make();
        db::Params post{id,
                        caller.workspace,
                        input.brand_id,
                        caller.user,
                        title_of(input.content),
                        to_json(input.content),
                        thumbnail_of(input.content),
                        planned,
                        version,
                        id_list(input.labels),
                        now};
        co_await tx.run(sql_insert, std::move(post));
        db::Params version_row{version, caller.workspace, id, 1, snapshot_json(input), caller.user, now};
        co_await tx.run(sql_insert_version, std::move(version_row));
        MP_CHECK(labelled, co_await store_labels(tx, caller.workspace, id, input.labels));
        co_await store_media(tx, caller.workspace, id, assets);
        MP_TRY(locked, co_await publishing::lock_post(tx, caller.workspace, id));
        MP_CHECK(targeted, co_await replace_targets(tx, locked, input.targets, references, now, changes));
        co_await publishing::recompute_post(tx, id, now, changes, true);
        auto entry = entry_of("post.create", caller.workspace, input.brand_id, id);
        entry.after = snapshot_json(input);
        co_await audit::record(tx, clock_, caller, std::move(entry));
        auto views = co_await load_posts(reading(tx), media_, caller.workspace, {id});
        co_return std::move(views.front());
    };
    auto created = co_await db::in_transaction<Result<PostView>>(database_, store);
    if (created) notifier_.changed(std::move(changes));
    co_return created;
}

asio::awaitable<Result<PostView>> PostService::change(access::Caller caller, PostId id, std::int64_t version,
                                                      PostPatch patch) {
    Instant const now = clock_.now();
    publishing::Changes changes;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<PostView>> {
        auto present = co_await publishing::lock_post(tx, caller.workspace, id);
        if (!present) co_return present.error();
        BrandId const brand = present->brand;
        MP_CHECK(allowed, caller.require(Permission::posts_edit, brand, "Post"));
        auto current = co_await load_posts(reading(tx), media_, caller.workspace, {id});
        if (present->version != version) {
            Error stale(ErrorCode::version_mismatch,
                        "Somebody else saved this post meanwhile. Here is the present one.");
            stale.current_json = view_json(current.front());
            co_return stale;
        }
        MP_TRY(locked, co_await publishing::lock_for_change(tx, caller.workspace, id));
        PostInput next = input_of(current.front());
        std::string const before = snapshot_json(next);
        if (patch.content) next.content = effective(next.content, *patch.content);
        if (patch.targets) next.targets = *patch.targets;
        if (patch.labels) next.labels = *patch.labels;

        auto const assets = assets_of(next.content, next.targets);
        auto const references =
            co_await load_references(reading(tx), caller.workspace, accounts_of(next.targets), assets);
        MP_CHECK(checked, check_references(caller, networks_, references, brand, next.content, next.targets));
        fill_alt(next.content, next.targets, references);
        PostVersionId const new_version = PostVersionId::make();
        db::Params update{caller.workspace,
                          id,
                          version,
                          title_of(next.content),
                          to_json(next.content),
                          thumbnail_of(next.content),
                          new_version,
                          id_list(next.labels),
                          now};
        auto const updated = co_await tx.run(sql_update, std::move(update));
        if (updated.empty()) co_return conflict("Somebody else saved this post meanwhile.");
        MP_CHECK(labelled, co_await store_labels(tx, caller.workspace, id, next.labels));
        co_await store_media(tx, caller.workspace, id, assets);
        if (patch.targets) {
            MP_CHECK(targeted, co_await replace_targets(tx, locked, next.targets, references, now, changes));
        }
        if (patch.scheduled_at) {
            std::optional<publishing::ChosenTime> time;
            if (*patch.scheduled_at) {
                MP_TRY(chosen, chosen_time(**patch.scheduled_at, "/scheduled_at"));
                time = chosen;
            }
            bool const goes_out = locked.status == publishing::PostStatus::scheduled;
            if (goes_out && !time)
                co_return invalid("/scheduled_at", "required", "Unschedule the post to take its time away.");
            if (goes_out) {
                MP_CHECK(may, caller.require(Permission::posts_schedule, brand, "Post"));
                MP_CHECK(moved, co_await publishing::schedule(tx, locked, *time, actor_of(caller, brand), now,
                                                              changes));
            } else {
                std::optional<Instant> planned;
                if (time) planned = time->at;
                db::Params plan{caller.workspace, id, planned};
                co_await tx.run(sql_plan, std::move(plan));
                locked.scheduled_at = planned;
            }
        }
        MP_CHECK(carried, co_await publishing::after_edit(tx, locked, new_version, actor_of(caller, brand),
                                                          now, changes));
        co_await publishing::recompute_post(tx, id, now, changes, true);
        auto views = co_await load_posts(reading(tx), media_, caller.workspace, {id});
        std::string const after = snapshot_json(input_of(views.front()));
        db::Params version_row{new_version, caller.workspace, id, updated.front().int64(0),
                               after,       caller.user,      now};
        co_await tx.run(sql_insert_version, std::move(version_row));
        auto entry = entry_of("post.edit", caller.workspace, brand, id);
        entry.before = before;
        entry.after = after;
        co_await audit::record(tx, clock_, caller, std::move(entry));
        co_return std::move(views.front());
    };
    auto changed = co_await db::in_transaction<Result<PostView>>(database_, store);
    if (changed) notifier_.changed(std::move(changes));
    co_return changed;
}

asio::awaitable<Result<Done>> PostService::remove(access::Caller caller, PostId id) {
    publishing::Changes changes;
    auto store = [&](db::Transaction& tx) -> asio::awaitable<Result<Done>> {
        MP_TRY(present, co_await publishing::lock_post(tx, caller.workspace, id));
        MP_CHECK(allowed, caller.require(Permission::posts_delete, present.brand, "Post"));
        MP_TRY(locked, co_await publishing::lock_for_change(tx, caller.workspace, id));
        auto views = co_await load_posts(reading(tx), media_, caller.workspace, {id});
        db::Params gone{caller.workspace, id};
        co_await tx.run(sql_delete, std::move(gone));
        auto entry = entry_of("post.delete", caller.workspace, locked.brand, id);
        entry.before = snapshot_json(input_of(views.front()));
        co_await audit::record(tx, clock_, caller, std::move(entry));
        publishing::PostChange change;
        change.workspace = caller.workspace;
        change.brand = locked.brand;
        change.post = id;
        change.deleted = true;
        changes.posts.push_back(std::move(change));
        co_return Done{};
    };
    auto done = co_await db::in_transaction<Result<Done>>(database_, store);
    if (done) notifier_.changed(std::move(changes));
    co_return done;
}

asio::awaitable<Result<PostView>> PostService::duplicate(access::Caller caller, PostId id,
                                                         std::optional<BrandId> brand,
                                                         std::map<std::string, AccountId> account_map) {
    MP_TRY(original, co_await find(caller, id));
    PostInput copy = input_of(original);
    copy.scheduled_at.reset();
    std::vector<TargetInput> targets;
    for (auto& target : copy.targets) {
        target.id.reset();
        target.scheduled_at.reset();
        if (auto const mapped = account_map.find(target.account_id.to_string());
            mapped != account_map.end()) {
            target.account_id = mapped->second;
        } else if (brand && *brand != original.brand_id) {
            continue;  // an account of the other brand cannot go along
        }
        targets.push_back(std::move(target));
    }
    copy.targets = std::move(targets);
    if (brand) copy.brand_id = *brand;
    co_return co_await create(std::move(caller), std::move(copy));
}

}  // namespace mypost::posts
