#include "media/content.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/encoding.hpp"

namespace mypost::media {

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// inline; filename as RFC 6266 has it, in ASCII and in UTF-8.
std::string disposition(std::string const& filename) {
    std::string ascii;
    for (char const c : filename)
        ascii.push_back(static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\\' ? c : '_');
    return fmt::format("inline; filename=\"{}\"; filename*=UTF-8''{}", ascii, percent_encode(filename));
}

http::StreamBody stream_of(std::shared_ptr<storage::Reader> reader) {
    return [reader]() -> asio::awaitable<std::string> {
        auto piece = co_await reader->read();
        co_return piece;
    };
}

}  // namespace

RangeChoice choose_range(std::string_view header, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    if (!header.starts_with(unit)) return {};
    header.remove_prefix(unit.size());
    auto const dash = header.find('-');
    if (dash == std::string_view::npos || header.find(',') != std::string_view::npos) return {};
    auto const from = number(header.substr(0, dash));
    auto const to = number(header.substr(dash + 1));
    bool const open_end = dash + 1 == header.size();
    if (dash == 0) {
        if (!to) return {};
        if (*to == 0 || size == 0) return {RangeKind::unsatisfiable, {}};
        return {RangeKind::part, {size - std::min(*to, size), size - 1}};
    }
    if (!from || (!to && !open_end) || (to && *to < *from)) return {};
    if (*from >= size) return {RangeKind::unsatisfiable, {}};
    return {RangeKind::part, {*from, to ? std::min(*to, size - 1) : size - 1}};
}

asio::awaitable<Result<http::Response>> file_response(storage::Storage& storage, StoredFile file,
                                                      http::Headers const& request,
                                                      std::int64_t max_age_seconds) {
    auto const tag = fmt::format("\"{}\"", file.sha256.substr(0, 32));
    auto const if_range = request.get("If-Range");
    auto const range = request.get("Range");
    bool const unchanged = !if_range || *if_range == tag;
    auto const choice = range && unchanged ? choose_range(*range, file.size_bytes) : RangeChoice();

    http::Response response;
    response.headers.set("Accept-Ranges", "bytes");
    response.headers.set("ETag", tag);
    response.headers.set("Cache-Control", fmt::format("private, max-age={}, immutable", max_age_seconds));
    // Another site may show the picture; no page may run inside it.
    response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
    response.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
    if (choice.kind == RangeKind::unsatisfiable) {
        response.status = 416;
        response.headers.set("Content-Range", fmt::format("bytes */{}", file.size_bytes));
        co_return response;
    }
    std::uint64_t offset = 0;
    std::uint64_t length = file.size_bytes;
    if (choice.kind == RangeKind::part) {
        offset = choice.range.first;
        length = choice.range.last - choice.range.first + 1;
        response.status = 206;
        response.headers.set("Content-Range",
                             fmt::format("bytes {}-{}/{}", offset, choice.range.last, file.size_bytes));
    }
    response.headers.set("Content-Type", file.content_type);
    response.headers.set("Content-Disposition", disposition(file.filename));
    if (auto path = storage.local_path(file.key)) {
        response.body = http::FileBody{std::move(*path), offset, length};
        co_return response;
    }
    MP_TRY(reader, co_await storage.open_reader(file.key, storage::Range{offset, length}));
    response.headers.set("Content-Length", std::to_string(length));
    response.body = stream_of(std::move(reader));
    co_return response;
}

}  // namespace mypost::media
