// Forms, ranges and file beginnings as strangers send them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "media/content.hpp"
#include "media/multipart.hpp"
#include "media/sniff.hpp"

namespace {

namespace asio = boost::asio;
using namespace mypost;

// The body in pieces of a size that the input chooses.
class Pieces final : public http::BodyStream {
  public:
    Pieces(std::string_view text, std::size_t piece) : text_(text), piece_(piece) {}
    asio::awaitable<Result<std::string>> read() override {
        std::string piece(text_.substr(0, piece_));
        text_.remove_prefix(piece.size());
        co_return piece;
    }

  private:
    std::string_view text_;
    std::size_t piece_;
};

// Bytes of all parts, or nothing for a form that is refused. A form never yields more than it holds.
asio::awaitable<void> read_form(std::string_view body, std::size_t piece, std::string boundary) {
    media::MultipartReader reader(std::make_shared<Pieces>(body, piece), std::move(boundary));
    std::size_t total = 0;
    for (;;) {
        auto part = co_await reader.next();
        if (!part || !*part) co_return;
        for (;;) {
            auto bytes = co_await reader.read();
            if (!bytes) co_return;
            if (bytes->empty()) break;
            total += bytes->size();
            if (total > body.size()) std::abort();
        }
    }
}

void read_range(std::string_view header, std::uint64_t size) {
    auto const choice = media::choose_range(header, size);
    bool const inside = choice.range.first <= choice.range.last && choice.range.last < size;
    if (choice.kind == media::RangeKind::part && !inside) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size < 3) return 0;
    std::string_view const text(reinterpret_cast<char const*>(data + 2), size - 2);
    media::sniff(text);
    read_range(text, data[1]);
    auto boundary = media::multipart_boundary(text.substr(0, text.find('\n')));
    asio::io_context io;
    bool ended = false;
    asio::co_spawn(io, read_form(text, data[0] + 1U, boundary.value_or("B")), [&](std::exception_ptr error) {
        if (error) std::abort();
        ended = true;
    });
    io.run();
    return ended ? 0 : -1;
}
