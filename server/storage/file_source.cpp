#include "storage/file_source.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>

#include "storage/file_handle.hpp"

namespace mypost::storage {

namespace {

class FileSource final : public net::ByteSource {
  public:
    FileSource(FileHandle file, std::uint64_t offset, std::uint64_t length)
        : file_(std::move(file)), offset_(offset), length_(length) {}

    std::uint64_t size() const override { return length_; }
    std::string read(std::size_t max) override {
        auto const wanted = static_cast<std::size_t>(std::min<std::uint64_t>(max, length_ - position_));
        auto bytes = file_.read_at(offset_ + position_, wanted);
        if (bytes.empty() && wanted > 0) throw std::runtime_error("the file is shorter than expected");
        position_ += bytes.size();
        return bytes;
    }
    void rewind() override { position_ = 0; }

  private:
    FileHandle file_;
    std::uint64_t offset_;
    std::uint64_t length_;
    std::uint64_t position_ = 0;
};

}  // namespace

std::shared_ptr<net::ByteSource> open_file_source(std::string const& path, std::uint64_t offset,
                                                  std::uint64_t length) {
    return std::make_shared<FileSource>(FileHandle::open(path, O_RDONLY), offset, length);
}

}  // namespace mypost::storage
