// Owner of a file descriptor; errors are std::system_error with the path.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace mypost::storage {

[[noreturn]] inline void throw_errno(std::string const& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

class FileHandle {
  public:
    static FileHandle open(std::string const& path, int flags, mode_t mode = 0600) {
        int const descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
        if (descriptor < 0) throw_errno("cannot open " + path);
        return FileHandle(descriptor, path);
    }
    FileHandle(FileHandle&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
    FileHandle& operator=(FileHandle&&) = delete;
    ~FileHandle() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            auto const count = ::write(descriptor_, bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) throw_errno("cannot write " + path_);
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
    }
    // Fewer bytes, or none, at the end of the file.
    std::string read_at(std::uint64_t offset, std::size_t count) const {
        std::string bytes(count, '\0');
        std::size_t done = 0;
        while (done < count) {
            auto const got =
                ::pread(descriptor_, bytes.data() + done, count - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) throw_errno("cannot read " + path_);
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        bytes.resize(done);
        return bytes;
    }
    std::uint64_t size() const {
        struct stat status{};
        if (::fstat(descriptor_, &status) != 0) throw_errno("cannot stat " + path_);
        return static_cast<std::uint64_t>(status.st_size);
    }
    void sync() {
        if (::fsync(descriptor_) != 0) throw_errno("cannot sync " + path_);
    }

  private:
    FileHandle(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
    int descriptor_;
    std::string path_;
};

}  // namespace mypost::storage
