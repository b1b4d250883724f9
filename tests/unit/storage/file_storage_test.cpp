#include "storage/file_storage.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "support/run.hpp"
#include "support/temporary_folder.hpp"

namespace mypost::storage {

namespace fs = std::filesystem;

// Gives these pieces, then the end, or an error where a piece is "!".
PieceSource pieces(std::vector<std::string> list) {
    auto rest = std::make_shared<std::vector<std::string>>(list.rbegin(), list.rend());
    return [rest]() -> asio::awaitable<Result<std::string>> {
        if (rest->empty()) co_return std::string();
        auto piece = rest->back();
        rest->pop_back();
        if (piece == "!") co_return Error(ErrorCode::malformed_request, "The client broke off.");
        co_return piece;
    };
}

class FileStorageTest : public testing::Test {
  protected:
    template <class T>
    T run(asio::awaitable<T> work) {
        return test::run(io_, std::move(work));
    }
    void put(std::string key, std::string content) {
        ASSERT_TRUE(run(storage_->put(key, pieces({content}))));
    }
    std::string get(std::string key, Range range = {}) {
        auto reader = run(storage_->open_reader(key, range));
        if (!reader) return "error: " + reader.error().message;
        std::string all;
        for (;;) {
            auto const piece = run((*reader)->read());
            if (piece.empty()) return all;
            all += piece;
        }
    }
    std::size_t files() const {
        std::size_t count = 0;
        for (auto const& entry : fs::recursive_directory_iterator(folder_.path()))
            count += entry.is_regular_file() ? 1 : 0;
        return count;
    }

    test::TemporaryFolder folder_;
    asio::io_context io_;
    asio::thread_pool pool_{2};
    std::unique_ptr<Storage> storage_ = make_file_storage(pool_, folder_.path().string());
};

TEST_F(FileStorageTest, keeps_what_was_put) {
    auto const info = run(storage_->put("media/1/original", pieces({"hello ", "world"}), 11));
    ASSERT_TRUE(info);
    EXPECT_EQ(info->size_bytes, 11U);
    EXPECT_EQ(get("media/1/original"), "hello world");
    EXPECT_EQ(run(storage_->stat("media/1/original"))->size_bytes, 11U);
    EXPECT_FALSE(run(storage_->stat("media/1/other")));
    EXPECT_FALSE(run(storage_->stat("media/1")));
    EXPECT_EQ(files(), 1U);
}

TEST_F(FileStorageTest, survives_a_restart) {
    put("a/b", "x");
    storage_ = make_file_storage(pool_, folder_.path().string());
    EXPECT_EQ(get("a/b"), "x");
}

TEST_F(FileStorageTest, streams_large_objects_in_pieces) {
    put("big/one", std::string(1'000'000, 'x'));
    auto reader = run(storage_->open_reader("big/one", {}));
    ASSERT_TRUE(reader);
    EXPECT_EQ((*reader)->size(), 1'000'000U);
    EXPECT_LE(run((*reader)->read()).size(), 256U * 1024);
    EXPECT_EQ(get("big/one").size(), 1'000'000U);
}

TEST_F(FileStorageTest, reads_ranges) {
    put("a/b", "0123456789");
    EXPECT_EQ(get("a/b", {3, 4}), "3456");
    EXPECT_EQ(get("a/b", {3, 0}), "3456789");
    EXPECT_EQ(get("a/b", {8, 100}), "89");
    EXPECT_EQ(get("a/b", {10, 0}), "");
    EXPECT_EQ(run(storage_->open_source("a/b", {11, 0})).error().code, ErrorCode::validation_failed);
    EXPECT_EQ(run(storage_->open_source("a/c", {})).error().code, ErrorCode::not_found);
}

TEST_F(FileStorageTest, sources_can_be_read_again) {
    put("a/b", "0123456789");
    auto const source = run(storage_->open_source("a/b", {2, 5}));
    ASSERT_TRUE(source);
    EXPECT_EQ((*source)->size(), 5U);
    EXPECT_EQ((*source)->read(3), "234");
    EXPECT_EQ((*source)->read(3), "56");
    EXPECT_EQ((*source)->read(3), "");
    (*source)->rewind();
    EXPECT_EQ((*source)->read(100), "23456");
}

TEST_F(FileStorageTest, a_source_that_fails_leaves_nothing) {
    auto const result = run(storage_->put("a/b", pieces({"half", "!"})));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::malformed_request);
    EXPECT_EQ(files(), 0U);
}

TEST_F(FileStorageTest, another_size_than_announced_leaves_what_was_there) {
    put("a/b", "old");
    auto const result = run(storage_->put("a/b", pieces({"new"}), 4));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::validation_failed);
    EXPECT_EQ(get("a/b"), "old");
    EXPECT_EQ(files(), 1U);
}

TEST_F(FileStorageTest, put_replaces) {
    put("a/b", "old");
    put("a/b", "new content");
    EXPECT_EQ(get("a/b"), "new content");
}

TEST_F(FileStorageTest, takes_over_files) {
    auto const work = storage_->make_work_folder();
    std::ofstream(work.file("made")) << "rendition";
    auto const info = run(storage_->put_file("a/r", work.file("made")));
    EXPECT_EQ(info.size_bytes, 9U);
    EXPECT_EQ(get("a/r"), "rendition");
    EXPECT_FALSE(fs::exists(work.file("made")));
}

TEST_F(FileStorageTest, removes) {
    put("a/b", "x");
    EXPECT_TRUE(run(storage_->remove("a/b")));
    EXPECT_FALSE(run(storage_->remove("a/b")));
    EXPECT_FALSE(run(storage_->stat("a/b")));
}

TEST_F(FileStorageTest, lists_by_prefix_in_order) {
    for (auto const* key : {"media/2/original", "media/1/thumbnail", "media/1/original", "other/1/x"})
        put(key, "12");
    auto const keys = [&](std::string prefix) {
        std::string joined;
        for (auto const& info : run(storage_->list(prefix))) joined += info.key + " ";
        return joined;
    };
    EXPECT_EQ(keys("media/1/"), "media/1/original media/1/thumbnail ");
    EXPECT_EQ(keys("media/"), "media/1/original media/1/thumbnail media/2/original ");
    EXPECT_EQ(keys("media/1/o"), "media/1/original ");
    EXPECT_EQ(keys(""), "media/1/original media/1/thumbnail media/2/original other/1/x ");
    EXPECT_EQ(keys("none/"), "");
}

TEST_F(FileStorageTest, refuses_keys_that_could_leave_the_folder) {
    for (std::string const& key :
         std::vector<std::string>{"", "/etc/passwd", "..", "../x", "a/../b", "a//b", "a/", "./a", "a/.",
                                  "a b", "a\\b", "ä", "a%2f", "x:y"}) {
        EXPECT_THROW(run(storage_->stat(key)), std::invalid_argument) << key;
        EXPECT_THROW(storage_->local_path(key), std::invalid_argument) << key;
    }
    EXPECT_THROW(storage_->local_path(std::string("a\0b", 3)), std::invalid_argument);
    EXPECT_THROW(storage_->local_path(std::string(513, 'a')), std::invalid_argument);
}

TEST_F(FileStorageTest, work_folders_go_with_their_owner) {
    fs::path path;
    {
        auto const work = storage_->make_work_folder();
        path = work.path();
        std::ofstream(work.file("half")) << "x";
        EXPECT_TRUE(fs::exists(path));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST_F(FileStorageTest, removes_stale_work_at_start_only) {
    auto const old_work = storage_->make_work_folder();
    auto const new_work = storage_->make_work_folder();
    fs::last_write_time(old_work.path(), fs::file_time_type::clock::now() - std::chrono::hours(25));
    storage_ = make_file_storage(pool_, folder_.path().string());
    EXPECT_FALSE(fs::exists(old_work.path()));
    EXPECT_TRUE(fs::exists(new_work.path()));
}

TEST_F(FileStorageTest, only_known_schemes_open) {
    EXPECT_THROW(open_storage(pool_, "s3://bucket"), std::invalid_argument);
    EXPECT_NO_THROW(open_storage(pool_, "file:" + folder_.path().string()));
}

}  // namespace mypost::storage
