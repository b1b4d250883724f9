#include "storage/file_storage.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "async/run_on.hpp"
#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "core/log.hpp"
#include "storage/file_handle.hpp"
#include "storage/file_source.hpp"

namespace mypost::storage {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t piece_bytes = std::size_t{256} * 1024;
constexpr auto stale_work_age = std::chrono::hours(24);

class FileReader final : public Reader {
  public:
    FileReader(asio::thread_pool& pool, std::shared_ptr<net::ByteSource> source)
        : pool_(pool), source_(std::move(source)) {}
    std::uint64_t size() const override { return source_->size(); }
    asio::awaitable<std::string> read() override {
        auto source = source_;
        auto piece = co_await async::run_on(pool_, [&source] { return source->read(piece_bytes); });
        co_return piece;
    }

  private:
    asio::thread_pool& pool_;
    std::shared_ptr<net::ByteSource> source_;
};

void sync_folder(fs::path const& folder) {
    FileHandle::open(folder.string(), O_RDONLY | O_DIRECTORY).sync();
}

// Makes the missing folders and syncs each parent, so that a new object survives a power cut.
void make_folders(fs::path const& folder) {
    if (fs::exists(folder)) return;
    make_folders(folder.parent_path());
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) throw_errno("cannot make " + folder.string());
    sync_folder(folder.parent_path());
}

ObjectInfo info_of(std::string key, fs::path const& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) throw_errno("cannot stat " + path.string());
    auto const ms =
        static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000 + status.st_mtim.tv_nsec / 1'000'000;
    return ObjectInfo{std::move(key), static_cast<std::uint64_t>(status.st_size), from_ms(ms)};
}

class FileStorage final : public Storage {
  public:
    FileStorage(asio::thread_pool& pool, fs::path const& root) : pool_(pool), root_(fs::absolute(root)) {
        fs::create_directories(work_path());
        fs::permissions(root_, fs::perms::owner_all);
        remove_stale_work();
    }

    asio::awaitable<Result<ObjectInfo>> put(std::string key, PieceSource source,
                                            std::optional<std::uint64_t> expected_size) override {
        auto const target = path_of(key);
        auto const folder = make_work_folder();
        auto const temporary = folder.file("object");
        auto result = co_await receive(temporary, std::move(source), expected_size);
        if (!result) co_return std::move(result).error();
        auto info = co_await async::run_on(pool_, [&] { return move_in(key, temporary, target); });
        co_return info;
    }

    asio::awaitable<ObjectInfo> put_file(std::string key, std::string local_file) override {
        auto const target = path_of(key);
        auto info = co_await async::run_on(pool_, [&] {
            FileHandle::open(local_file, O_RDONLY).sync();
            return move_in(key, local_file, target);
        });
        co_return info;
    }

    asio::awaitable<std::optional<ObjectInfo>> stat(std::string key) override {
        auto const path = path_of(key);
        auto info = co_await async::run_on(pool_, [&]() -> std::optional<ObjectInfo> {
            if (!fs::is_regular_file(path)) return std::nullopt;
            return info_of(key, path);
        });
        co_return info;
    }

    asio::awaitable<Result<std::shared_ptr<net::ByteSource>>> open_source(std::string key,
                                                                          Range range) override {
        auto const path = path_of(key);
        auto source = co_await async::run_on(pool_, [&] { return open(path, range); });
        co_return source;
    }

    asio::awaitable<Result<std::unique_ptr<Reader>>> open_reader(std::string key, Range range) override {
        auto source = co_await open_source(std::move(key), range);
        if (!source) co_return std::move(source).error();
        co_return std::unique_ptr<Reader>(std::make_unique<FileReader>(pool_, std::move(*source)));
    }

    asio::awaitable<bool> remove(std::string key) override {
        auto const path = path_of(key);
        bool const removed = co_await async::run_on(pool_, [&] {
            bool const existed = fs::remove(path);
            std::error_code not_empty;
            fs::remove(path.parent_path(), not_empty);
            return existed;
        });
        co_return removed;
    }

    asio::awaitable<std::vector<ObjectInfo>> list(std::string prefix) override {
        auto found = co_await async::run_on(pool_, [&] { return list_now(prefix); });
        co_return found;
    }

    std::optional<std::string> local_path(std::string_view key) const override {
        return path_of(key).string();
    }

    WorkFolder make_work_folder() override {
        auto const folder = work_path() / crypto::random_token(12);
        if (::mkdir(folder.c_str(), 0700) != 0) throw_errno("cannot make " + folder.string());
        return WorkFolder(folder);
    }

    std::string work_root() const override { return work_path().string(); }

  private:
    fs::path work_path() const { return root_ / "work"; }
    fs::path objects_root() const { return root_ / "objects"; }

    fs::path path_of(std::string_view key) const {
        check_key(key);
        auto const folder = key.substr(0, key.rfind('/'));
        return objects_root() / hex_encode(crypto::sha256(folder).substr(0, 1)) / key;
    }

    asio::awaitable<Result<Done>> receive(std::string path, PieceSource source,
                                          std::optional<std::uint64_t> expected_size) {
        auto file = FileHandle::open(path, O_WRONLY | O_CREAT | O_EXCL);
        std::uint64_t size = 0;
        for (;;) {
            auto piece = co_await source();
            if (!piece) co_return std::move(piece).error();
            if (piece->empty()) break;
            size += piece->size();
            auto const written = co_await async::run_on(pool_, [&] {
                file.write(*piece);
                return true;
            });
            static_cast<void>(written);
        }
        if (expected_size && size != *expected_size) {
            co_return Error(ErrorCode::validation_failed,
                            fmt::format("{} bytes were announced, {} came.", *expected_size, size));
        }
        auto const synced = co_await async::run_on(pool_, [&] {
            file.sync();
            return true;
        });
        static_cast<void>(synced);
        co_return Done{};
    }

    static ObjectInfo move_in(std::string const& key, fs::path const& file, fs::path const& target) {
        make_folders(target.parent_path());
        std::error_code other_device;
        fs::rename(file, target, other_device);
        if (other_device == std::errc::cross_device_link) {
            auto const beside = target.string() + ".new";
            fs::copy_file(file, beside, fs::copy_options::overwrite_existing);
            FileHandle::open(beside, O_RDONLY).sync();
            fs::rename(beside, target);
            fs::remove(file);
        } else if (other_device) {
            throw std::system_error(other_device, "cannot store " + key);
        }
        sync_folder(target.parent_path());
        return info_of(key, target);
    }

    static Result<std::shared_ptr<net::ByteSource>> open(fs::path const& path, Range range) {
        if (!fs::is_regular_file(path)) return not_found("File");
        auto const size = static_cast<std::uint64_t>(fs::file_size(path));
        if (range.offset > size) {
            return Error(ErrorCode::validation_failed, "The range begins behind the end of the file.");
        }
        auto const rest = size - range.offset;
        auto const length = range.length == 0 ? rest : std::min(range.length, rest);
        return open_file_source(path.string(), range.offset, length);
    }

    std::vector<ObjectInfo> list_now(std::string const& prefix) const {
        std::vector<ObjectInfo> found;
        if (!fs::exists(objects_root())) return found;
        for (auto const& shard : fs::directory_iterator(objects_root())) {
            // Only the folders below which the prefix can lie.
            auto const start =
                shard.path() /
                prefix.substr(0, prefix.rfind('/') == std::string::npos ? 0 : prefix.rfind('/'));
            if (!fs::is_directory(start)) continue;
            for (auto const& entry : fs::recursive_directory_iterator(start)) {
                auto key = fs::relative(entry.path(), shard.path()).string();
                if (entry.is_regular_file() && key.starts_with(prefix))
                    found.push_back(info_of(key, entry.path()));
            }
        }
        std::sort(found.begin(), found.end(), [](auto const& a, auto const& b) { return a.key < b.key; });
        return found;
    }

    void remove_stale_work() {
        for (auto const& entry : fs::directory_iterator(work_path())) {
            std::error_code gone;
            auto const age = fs::file_time_type::clock::now() - fs::last_write_time(entry.path(), gone);
            if (!gone && age > stale_work_age) fs::remove_all(entry.path(), gone);
        }
    }

    asio::thread_pool& pool_;
    fs::path root_;
};

}  // namespace

std::unique_ptr<Storage> make_file_storage(asio::thread_pool& pool, std::string folder) {
    return std::make_unique<FileStorage>(pool, std::move(folder));
}

std::unique_ptr<Storage> open_storage(asio::thread_pool& pool, std::string const& url) {
    if (!url.starts_with("file:")) throw std::invalid_argument("the storage URL must begin with file:");
    return make_file_storage(pool, url.substr(std::string_view("file:").size()));
}

}  // namespace mypost::storage
