#include "publishing/byte_range.hpp"

#include <algorithm>

namespace mypost::publishing {

namespace {

constexpr std::size_t skip_bytes = 256 * 1024;

class ByteRange final : public net::ByteSource {
  public:
    ByteRange(std::shared_ptr<net::ByteSource> whole, std::uint64_t offset, std::uint64_t length)
        : whole_(std::move(whole)), offset_(std::min(offset, whole_->size())) {
        auto const rest = whole_->size() - offset_;
        length_ = length == 0 ? rest : std::min(length, rest);
        rewind();
    }

    std::uint64_t size() const override { return length_; }

    std::string read(std::size_t max) override {
        skip();
        auto const left = length_ - given_;
        auto bytes = whole_->read(static_cast<std::size_t>(std::min<std::uint64_t>(max, left)));
        given_ += bytes.size();
        return bytes;
    }

    void rewind() override {
        whole_->rewind();
        skipped_ = given_ = 0;
    }

  private:
    // A source can only be read on; files of this size take a moment.
    void skip() {
        while (skipped_ < offset_) {
            auto const bytes = whole_->read(
                static_cast<std::size_t>(std::min<std::uint64_t>(skip_bytes, offset_ - skipped_)));
            if (bytes.empty()) return;
            skipped_ += bytes.size();
        }
    }

    std::shared_ptr<net::ByteSource> whole_;
    std::uint64_t offset_;
    std::uint64_t length_ = 0;
    std::uint64_t skipped_ = 0;
    std::uint64_t given_ = 0;
};

}  // namespace

std::shared_ptr<net::ByteSource> byte_range(std::shared_ptr<net::ByteSource> whole,
                                            networks::MediaRef const& ref) {
    if (ref.offset == 0 && ref.length == 0) return whole;
    return std::make_shared<ByteRange>(std::move(whole), ref.offset, ref.length);
}

}  // namespace mypost::publishing
