#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "pictures.hpp"
#include "world.hpp"

namespace mypost::media {

using access::Permission;
using access::PermissionSet;
using testing::HasSubstr;

class MediaServiceTest : public testing::TestWithParam<db::Engine> {
  protected:
    std::string bytes_of(publishing::OpenedMedia const& opened) {
        std::string all;
        for (;;) {
            auto const piece = opened.bytes->read(65'536);
            if (piece.empty()) return all;
            all += piece;
        }
    }
    std::string names(AssetFilter filter, access::Caller caller) {
        auto page = world.run(world.media.list(std::move(caller), std::move(filter), 50, std::nullopt));
        if (!page) return std::string(to_string(page.error().code));
        std::string text;
        for (auto const& asset : page->assets) text += asset.filename + " ";
        return text;
    }

    test::MediaWorld world{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines, MediaServiceTest, testing::Values(db::Engine::sqlite, db::Engine::postgres),
                         [](auto const& test) { return test::engine_name(test.param); });

TEST_P(MediaServiceTest, an_upload_is_ready_with_thumbnail_and_audit_event) {
    auto const asset = world.upload(world.owner(), test::picture("jpeg", 900, 600),
                                    {world.brand, "../up/Über \"x\".jpg", "Alt"});
    ASSERT_TRUE(asset) << asset.error().message;
    EXPECT_EQ(asset->state, "ready");
    EXPECT_EQ(asset->kind, "image");
    EXPECT_EQ(asset->content_type, "image/jpeg");
    EXPECT_EQ(asset->filename, "Über x.jpg");
    EXPECT_EQ(asset->alt, "Alt");
    EXPECT_EQ(asset->width, 900);
    EXPECT_EQ(asset->height, 600);
    EXPECT_EQ(asset->created_by, world.user);
    EXPECT_EQ(asset->version, 1);
    EXPECT_EQ(asset->created_at, world.clock.now());
    EXPECT_FALSE(asset->duplicate_of);

    auto const content = world.run(world.media.stored(world.workspace, asset->id, "content"));
    ASSERT_TRUE(content);
    auto const source = world.run(world.storage->open_source(content->key));
    ASSERT_TRUE(source);
    auto const bytes = (*source)->read(10'000'000);
    EXPECT_EQ(static_cast<std::int64_t>(bytes.size()), asset->size_bytes);
    EXPECT_EQ(hex_encode(crypto::sha256(bytes)), asset->sha256);
    auto const thumbnail = world.run(world.media.stored(world.workspace, asset->id, "thumbnail"));
    ASSERT_TRUE(thumbnail);
    EXPECT_EQ(thumbnail->content_type, "image/webp");
    EXPECT_EQ(
        world.count("SELECT COUNT(*) FROM audit_events WHERE action = 'media.upload' AND actor_name = 'Ann'"),
        1);
    EXPECT_THAT(world.everything_stored(), Not(HasSubstr("left")));
}

TEST_P(MediaServiceTest, animations_are_gifs) {
    EXPECT_EQ(world.uploaded(test::animation("gif", 60, 40, 3)).kind, "gif");
    EXPECT_EQ(world.uploaded(test::picture("gif", 60, 40)).kind, "image");
}

TEST_P(MediaServiceTest, recognises_duplicates_in_the_same_brand) {
    auto const bytes = test::picture("png", 60, 40);
    auto const first = world.uploaded(bytes);
    EXPECT_EQ(world.uploaded(bytes).duplicate_of, first.id);
    EXPECT_EQ(world.uploaded(bytes).duplicate_of, first.id);
    auto const elsewhere = world.upload(world.owner(), bytes, {world.other_brand, "a", ""});
    ASSERT_TRUE(elsewhere);
    EXPECT_FALSE(elsewhere->duplicate_of);
    EXPECT_FALSE(world.uploaded(test::picture("png", 60, 41)).duplicate_of);
}

TEST_P(MediaServiceTest, refused_uploads_leave_nothing) {
    auto const before = world.everything_stored();
    auto const small = test::picture("png", 20, 20);
    struct Case {
        char const* name;
        access::Caller caller;
        std::string bytes;
        NewAsset input;
        ErrorCode code;
        char const* field;
    };
    for (auto const& [name, caller, bytes, input, code, field] : {
             Case{"zip",
                  world.owner(),
                  "PK\x03\x04 not a png",
                  {world.brand, "a.png", ""},
                  ErrorCode::unsupported_media_type,
                  "/file"},
             Case{"empty",
                  world.owner(),
                  "",
                  {world.brand, "a.png", ""},
                  ErrorCode::unsupported_media_type,
                  "/file"},
             Case{"svg",
                  world.owner(),
                  "<svg xmlns='x'/>",
                  {world.brand, "a.svg", ""},
                  ErrorCode::unsupported_media_type,
                  "/file"},
             Case{"bomb",
                  world.owner(),
                  test::png_header_only(50'000, 50'000),
                  {world.brand, "a.png", ""},
                  ErrorCode::validation_failed,
                  "/file"},
             Case{"cut",
                  world.owner(),
                  test::noise("jpeg", 200, 200).substr(0, 9000),
                  {world.brand, "a.jpg", ""},
                  ErrorCode::validation_failed,
                  "/file"},
             Case{"too_large",
                  world.owner(),
                  std::string(9U * 1024 * 1024, 'x'),
                  {world.brand, "a.jpg", ""},
                  ErrorCode::payload_too_large,
                  "/file"},
             Case{"long_alt",
                  world.owner(),
                  small,
                  {world.brand, "a.png", std::string(2001, 'x')},
                  ErrorCode::validation_failed,
                  "/alt"},
             Case{"broken_alt",
                  world.owner(),
                  small,
                  {world.brand, "a.png", "\xff"},
                  ErrorCode::validation_failed,
                  "/alt"},
             Case{"foreign_brand",
                  world.owner(),
                  small,
                  {world.foreign_brand, "a.png", ""},
                  ErrorCode::not_found,
                  ""},
             Case{"unknown_brand",
                  world.owner(),
                  small,
                  {BrandId::make(), "a.png", ""},
                  ErrorCode::not_found,
                  ""},
             Case{"invisible_brand",
                  world.brand_member(world.brand, PermissionSet::all()),
                  small,
                  {world.other_brand, "a.png", ""},
                  ErrorCode::not_found,
                  ""},
             Case{"no_permission",
                  world.with({Permission::media_view}),
                  small,
                  {world.brand, "a.png", ""},
                  ErrorCode::permission_denied,
                  ""},
             Case{"shared_without_workspace_role",
                  world.brand_member(world.brand, PermissionSet::all()),
                  small,
                  {{}, "a.png", ""},
                  ErrorCode::permission_denied,
                  ""},
         }) {
        auto const result = world.upload(caller, bytes, input);
        ASSERT_FALSE(result) << name;
        EXPECT_EQ(result.error().code, code) << name << ": " << result.error().message;
        if (*field != '\0') {
            ASSERT_EQ(result.error().fields.size(), 1U) << name;
            EXPECT_EQ(result.error().fields[0].field, field) << name;
        }
        EXPECT_EQ(world.everything_stored(), before) << name;
    }
}

TEST_P(MediaServiceTest, a_database_that_fails_leaves_no_files) {
    db::Query const break_it{"test.break", "ALTER TABLE media_renditions RENAME TO away"};
    world.run(world.database->write(break_it));
    EXPECT_ANY_THROW(world.uploaded(test::picture("png", 20, 20)));
    EXPECT_TRUE(world.run(world.storage->list("")).empty());
    EXPECT_EQ(world.count("SELECT COUNT(*) FROM media_assets"), 0);
}

TEST_P(MediaServiceTest, lists_what_the_caller_may_see) {
    auto const add = [&](std::optional<BrandId> brand, std::string name) {
        ASSERT_TRUE(world.upload(world.owner(), test::picture("png", 20, 20), {brand, std::move(name), ""}));
    };
    add(world.brand, "one");
    add(world.other_brand, "two");
    add(std::nullopt, "shared");
    EXPECT_EQ(names({}, world.owner()), "shared two one ");
    EXPECT_EQ(names({.brand = world.brand}, world.owner()), "shared one ");
    EXPECT_EQ(names({}, world.brand_member(world.brand, {Permission::media_view})), "shared one ");
    EXPECT_EQ(names({.brand = world.other_brand}, world.brand_member(world.brand, {Permission::media_view})),
              "not_found");
    EXPECT_EQ(names({}, world.stranger()), "");
    auto without_one = world.owner();
    without_one.brands[world.brand] = access::BrandAccess{{}, std::nullopt};
    EXPECT_EQ(names({}, without_one), "shared two ");
}

TEST_P(MediaServiceTest, filters_and_pages) {
    std::vector<AssetId> ids;
    for (auto const* name : {"Cat.png", "dog_1.png", "dogX1.png", "bird.gif"}) {
        bool const moving = std::string_view(name).ends_with("gif");
        ids.push_back(
            world.uploaded(moving ? test::animation("gif", 20, 20, 2) : test::picture("png", 20, 20), name)
                .id);
    }
    AssetChange change{.alt = "A black CAT", .tags = std::vector<std::string>{"Winter \"24\"", "x"}};
    ASSERT_TRUE(world.run(world.media.change(world.owner(), ids[3], 1, change)));
    EXPECT_EQ(names({.kind = "gif"}, world.owner()), "bird.gif ");
    EXPECT_EQ(names({.q = "cat"}, world.owner()), "bird.gif Cat.png ");
    EXPECT_EQ(names({.q = "DOG_"}, world.owner()), "dog_1.png ");
    EXPECT_EQ(names({.q = "%"}, world.owner()), "");
    EXPECT_EQ(names({.tag = "Winter \"24\""}, world.owner()), "bird.gif ");
    EXPECT_EQ(names({.tag = "Winter"}, world.owner()), "");
    EXPECT_EQ(names({.q = "winter"}, world.owner()), "bird.gif ");

    std::string seen;
    std::optional<AssetId> after;
    do {
        auto page = world.run(world.media.list(world.owner(), {}, 3, after));
        ASSERT_TRUE(page);
        for (auto const& asset : page->assets) seen += asset.filename + " ";
        after = page->next;
    } while (after);
    EXPECT_EQ(seen, "bird.gif dogX1.png dog_1.png Cat.png ");
}

TEST_P(MediaServiceTest, changes_are_versioned_and_audited) {
    auto const asset = world.uploaded(test::picture("png", 20, 20));
    AssetChange change{.alt = "New", .tags = {}};
    auto const changed = world.run(world.media.change(world.owner(), asset.id, 1, change));
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->alt, "New");
    EXPECT_EQ(changed->version, 2);
    auto const stale = world.run(world.media.change(world.owner(), asset.id, 1, change));
    ASSERT_FALSE(stale);
    EXPECT_EQ(stale.error().code, ErrorCode::version_mismatch);
    EXPECT_EQ(world.run(world.media.find(world.owner(), asset.id))->version, 2);
    EXPECT_EQ(world.count("SELECT COUNT(*) FROM audit_events WHERE action = 'media.update'"), 1);
}

TEST_P(MediaServiceTest, guards_every_door) {
    auto const asset = world.uploaded(test::picture("png", 20, 20));
    AssetChange const change{.alt = "New", .tags = {}};
    auto const before = world.everything_stored();
    struct Case {
        access::Caller caller;
        ErrorCode find;
        ErrorCode write;
    };
    for (auto const& [caller, find, write] :
         {Case{world.stranger(), ErrorCode::not_found, ErrorCode::not_found},
          Case{world.brand_member(world.other_brand, PermissionSet::all()), ErrorCode::not_found,
               ErrorCode::not_found},
          Case{world.with({}), ErrorCode::permission_denied, ErrorCode::permission_denied}}) {
        EXPECT_EQ(world.run(world.media.find(caller, asset.id)).error().code, find);
        EXPECT_EQ(world.run(world.media.change(caller, asset.id, 1, change)).error().code, write);
        EXPECT_EQ(world.run(world.media.remove(caller, asset.id, true)).error().code, write);
    }
    auto const viewer = world.with({Permission::media_view});
    EXPECT_TRUE(world.run(world.media.find(viewer, asset.id)));
    EXPECT_EQ(world.run(world.media.change(viewer, asset.id, 1, change)).error().code,
              ErrorCode::permission_denied);
    EXPECT_EQ(world.run(world.media.remove(viewer, asset.id, false)).error().code,
              ErrorCode::permission_denied);
    EXPECT_EQ(world.everything_stored(), before);
}

TEST_P(MediaServiceTest, names_the_posts_that_would_lose_it) {
    auto const asset = world.uploaded(test::picture("png", 20, 20));
    world.post_using(asset, "published", world.brand, "Old news");
    EXPECT_TRUE(world.run(world.media.remove(world.owner(), asset.id, false)));

    auto const used = world.uploaded(test::picture("png", 20, 20));
    auto const post = world.post_using(used, "scheduled", world.brand, "Big launch");
    world.post_using(used, "draft", world.other_brand, "Hidden plan");
    auto const refused =
        world.run(world.media.remove(world.brand_member(world.brand, PermissionSet::all()), used.id, false));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    EXPECT_THAT(refused.error().message, HasSubstr("Big launch"));
    EXPECT_THAT(refused.error().message, Not(HasSubstr("Hidden plan")));
    EXPECT_EQ(refused.error().params.at("count"), "2");
    EXPECT_THAT(refused.error().params.at("posts"), HasSubstr(post.to_string()));
    EXPECT_TRUE(world.run(world.media.find(world.owner(), used.id)));

    EXPECT_TRUE(world.run(world.media.remove(world.owner(), used.id, true)));
    EXPECT_EQ(world.run(world.media.find(world.owner(), used.id)).error().code, ErrorCode::not_found);
    EXPECT_EQ(world.run(world.media.open(world.workspace, used.id, {})).error().code, ErrorCode::not_found);
}

TEST_P(MediaServiceTest, the_trash_is_emptied_after_a_week) {
    auto const unused = world.uploaded(test::picture("png", 20, 20));
    auto const in_history = world.uploaded(test::picture("png", 21, 20));
    auto const kept = world.uploaded(test::picture("png", 22, 20));
    world.post_using(in_history, "published", world.brand, "Old");
    ASSERT_TRUE(world.run(world.media.remove(world.owner(), unused.id, false)));
    ASSERT_TRUE(world.run(world.media.remove(world.owner(), in_history.id, false)));
    world.clock.advance(std::chrono::hours(24 * 7));
    EXPECT_EQ(world.run(world.media.empty_trash()), 0U);
    world.clock.advance(std::chrono::seconds(1));
    EXPECT_EQ(world.run(world.media.empty_trash()), 2U);
    EXPECT_EQ(world.run(world.media.empty_trash()), 0U);
    EXPECT_EQ(world.count("SELECT COUNT(*) FROM media_assets"), 2);
    EXPECT_THAT(world.everything_stored(), HasSubstr(kept.id.to_string()));
    EXPECT_THAT(world.everything_stored(), Not(HasSubstr(unused.id.to_string())));
    EXPECT_THAT(world.everything_stored(), Not(HasSubstr(in_history.id.to_string())));
}

// ---- for the networks
// ---------------------------------------------------------------------------------------------------

networks::MediaRules rules(std::uint64_t max_bytes,
                           std::vector<std::string> types = {"image/jpeg", "image/png", "image/webp",
                                                             "image/gif"}) {
    networks::MediaRules made;
    made.max_bytes = max_bytes;
    made.content_types = std::move(types);
    return made;
}

TEST_P(MediaServiceTest, gives_the_original_where_it_fits) {
    auto const asset = world.uploaded(test::picture("jpeg", 300, 200));
    auto const opened = world.run(world.media.open(world.workspace, asset.id, rules(2'000'000)));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->file.sha256, asset.sha256);
    EXPECT_EQ(opened->file.content_type, "image/jpeg");
    EXPECT_EQ(opened->file.width, 300);
    EXPECT_EQ(opened->file.asset_id, asset.id.to_string());
    auto const bytes = bytes_of(*opened);
    EXPECT_EQ(bytes.size(), opened->file.size_bytes);
    EXPECT_EQ(hex_encode(crypto::sha256(bytes)), asset.sha256);
    EXPECT_EQ(world.count("SELECT COUNT(*) FROM media_renditions"), 1);  // the thumbnail
}

TEST_P(MediaServiceTest, makes_a_rendition_once_where_it_does_not) {
    auto const asset = world.uploaded(test::noise("png", 900, 700));
    ASSERT_GT(asset.size_bytes, 900'000);
    auto const first = world.run(world.media.open(world.workspace, asset.id, rules(400'000)));
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_LE(first->file.size_bytes, 400'000U);
    EXPECT_EQ(first->file.content_type, "image/jpeg");
    auto const bytes = bytes_of(*first);
    EXPECT_EQ(bytes.size(), first->file.size_bytes);
    EXPECT_EQ(hex_encode(crypto::sha256(bytes)), first->file.sha256);
    EXPECT_THAT(test::describe(bytes),
                HasSubstr(std::to_string(first->file.width) + "x" + std::to_string(first->file.height)));

    auto const again = world.run(world.media.open(world.workspace, asset.id, rules(400'000)));
    ASSERT_TRUE(again);
    EXPECT_EQ(again->file.sha256, first->file.sha256);
    EXPECT_EQ(world.count("SELECT COUNT(*) FROM media_renditions"), 2);

    auto narrow = rules(0);
    narrow.max_width = 100;
    auto const other = world.run(world.media.open(world.workspace, asset.id, narrow));
    ASSERT_TRUE(other);
    EXPECT_EQ(other->file.width, 100);
    EXPECT_EQ(world.count("SELECT COUNT(*) FROM media_renditions"), 3);
    EXPECT_THAT(world.everything_stored(), Not(HasSubstr("left")));
}

TEST_P(MediaServiceTest, limits_of_one_type_count_for_that_type) {
    auto const asset = world.uploaded(test::noise("jpeg", 400, 300));
    auto made = rules(10'000'000);
    made.max_bytes_of["image/jpeg"] = static_cast<std::uint64_t>(asset.size_bytes) - 1;
    auto const opened = world.run(world.media.open(world.workspace, asset.id, made));
    ASSERT_TRUE(opened);
    EXPECT_NE(opened->file.sha256, asset.sha256);
}

TEST_P(MediaServiceTest, says_what_cannot_be_sent) {
    auto const moving = world.uploaded(test::animation("gif", 60, 40, 3));
    auto const refused = world.run(world.media.open(world.workspace, moving.id, rules(0, {"image/jpeg"})));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::validation_failed);
    EXPECT_EQ(world.run(world.media.open(world.foreign, moving.id, rules(0))).error().code,
              ErrorCode::not_found);
    EXPECT_EQ(world.run(world.media.open(world.workspace, AssetId::make(), rules(0))).error().code,
              ErrorCode::not_found);
}

TEST_P(MediaServiceTest, two_at_once_make_one_rendition) {
    auto const asset = world.uploaded(test::picture("png", 300, 200));
    auto narrow = rules(0);
    narrow.max_width = 100;
    int ended = 0;
    std::set<std::string> hashes;
    for (int i = 0; i < 3; ++i) {
        asio::co_spawn(world.io, world.media.open(world.workspace, asset.id, narrow),
                       [&](std::exception_ptr error, Result<publishing::OpenedMedia> opened) {
                           EXPECT_FALSE(error);
                           ASSERT_TRUE(opened);
                           hashes.insert(opened->file.sha256);
                           ++ended;
                       });
    }
    world.io.restart();
    while (ended < 3 && world.io.run_one_for(std::chrono::seconds(30)) > 0) {
    }
    EXPECT_EQ(ended, 3);
    EXPECT_EQ(hashes.size(), 1U);
    EXPECT_EQ(world.count("SELECT COUNT(*) FROM media_renditions"), 2);
    EXPECT_EQ(world.run(world.storage->list("media/")).size(), 3U);
}

}  // namespace mypost::media
