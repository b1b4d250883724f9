#include "publishing/byte_range.hpp"

#include <gtest/gtest.h>

namespace mypost::publishing {
namespace {

class TextSource final : public net::ByteSource {
  public:
    explicit TextSource(std::string text) : text_(std::move(text)) {}
    std::uint64_t size() const override { return text_.size(); }
    std::string read(std::size_t max) override {
        auto piece = text_.substr(at_, std::min<std::size_t>(max, 3));  // short reads are allowed
        at_ += piece.size();
        return piece;
    }
    void rewind() override { at_ = 0; }

  private:
    std::string text_;
    std::size_t at_ = 0;
};

std::string all_of(net::ByteSource& source, std::size_t step) {
    std::string out;
    for (auto piece = source.read(step); !piece.empty(); piece = source.read(step)) out += piece;
    return out;
}

TEST(ByteRange, gives_the_named_bytes_also_after_a_rewind) {
    auto const range = byte_range(std::make_shared<TextSource>("0123456789"), {0, 0, 4, 5});
    EXPECT_EQ(range->size(), 5U);
    EXPECT_EQ(all_of(*range, 2), "45678");
    range->rewind();
    EXPECT_EQ(all_of(*range, 100), "45678");
}

TEST(ByteRange, is_the_whole_file_without_a_range_and_ends_with_the_file) {
    EXPECT_EQ(all_of(*byte_range(std::make_shared<TextSource>("0123456789"), {0, 0, 0, 0}), 4), "0123456789");
    auto const rest = byte_range(std::make_shared<TextSource>("0123456789"), {0, 0, 8, 5});
    EXPECT_EQ(rest->size(), 2U);
    EXPECT_EQ(all_of(*rest, 4), "89");
    EXPECT_EQ(byte_range(std::make_shared<TextSource>("01"), {0, 0, 5, 0})->size(), 0U);
}

}  // namespace
}  // namespace mypost::publishing
