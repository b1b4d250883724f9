#include "media/multipart.hpp"

#include <algorithm>

namespace mypost::media {

namespace {

constexpr std::size_t max_head_bytes = std::size_t{8} * 1024;
constexpr std::size_t max_boundary_bytes = 70;  // RFC 2046

Error malformed(std::string message) {
    return Error(ErrorCode::malformed_request, std::move(message));
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

// The value of `name` among "; name=value" parameters, quoted or not.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
    auto const folded = lower(header);
    std::size_t at = 0;
    bool quoted = false;
    for (; at < header.size(); ++at) {
        if (header[at] == '"' && (at == 0 || header[at - 1] != '\\')) quoted = !quoted;
        if (quoted || header[at] != ';') continue;
        auto start = at + 1;
        while (start < header.size() && (header[start] == ' ' || header[start] == '\t')) ++start;
        if (folded.compare(start, name.size(), name) != 0 || start + name.size() >= header.size()) continue;
        start += name.size();
        if (header[start] != '=') continue;
        ++start;
        std::string value;
        if (start < header.size() && header[start] == '"') {
            for (++start; start < header.size() && header[start] != '"'; ++start) {
                if (header[start] == '\\' && start + 1 < header.size()) ++start;
                value.push_back(header[start]);
            }
            return value;
        }
        while (start < header.size() && header[start] != ';' && header[start] != ' ')
            value.push_back(header[start++]);
        return value;
    }
    return std::nullopt;
}

Result<PartHead> parse_head(std::string_view head) {
    PartHead part;
    bool found = false;
    while (!head.empty()) {
        auto const end = head.find("\r\n");
        auto const line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
        if (!lower(line).starts_with("content-disposition:")) continue;
        auto const name = parameter(line, "name");
        if (lower(line).find("form-data") == std::string::npos || !name) break;
        part.name = *name;
        part.filename = parameter(line, "filename");
        found = true;
    }
    if (!found) return malformed("A part of the form has no Content-Disposition: form-data with a name.");
    return part;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
    if (!lower(content_type).starts_with("multipart/form-data")) return std::nullopt;
    auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > max_boundary_bytes) return std::nullopt;
    return boundary;
}

MultipartReader::MultipartReader(std::shared_ptr<http::BodyStream> stream, std::string boundary)
    : stream_(std::move(stream)), delimiter_("\r\n--" + std::move(boundary)) {}

asio::awaitable<Result<Done>> MultipartReader::fill() {
    MP_TRY(piece, co_await stream_->read());
    if (piece.empty()) co_return malformed("The form ends before its closing boundary.");
    buffer_ += piece;
    co_return Done{};
}

asio::awaitable<Result<std::optional<PartHead>>> MultipartReader::next() {
    if (ended_) co_return std::optional<PartHead>();
    // Before the first boundary there may be a preamble, which is skipped like the rest of a part.
    if (!begun_) in_part_ = true;
    begun_ = true;
    while (in_part_) {
        MP_TRY(piece, co_await read());
        if (piece.empty()) break;
    }
    // buffer_ begins behind a delimiter.
    while (buffer_.size() < 2) {
        MP_CHECK(more, co_await fill());
    }
    if (buffer_.starts_with("--")) {
        ended_ = true;
        co_return std::optional<PartHead>();
    }
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (buffer_.size() > max_head_bytes) co_return malformed("The head of a part is too long.");
        MP_CHECK(more, co_await fill());
    }
    auto const line_end = buffer_.find("\r\n");
    if (buffer_.substr(0, line_end).find_first_not_of(" \t") < line_end) {
        co_return malformed("A boundary is followed by other text.");
    }
    auto const first = std::min(line_end + 2, end);
    MP_TRY(head, parse_head(std::string_view(buffer_).substr(first, end - first)));
    buffer_.erase(0, end + 4);
    in_part_ = true;
    co_return std::optional<PartHead>(std::move(head));
}

asio::awaitable<Result<std::string>> MultipartReader::read() {
    if (!in_part_) co_return std::string();
    for (;;) {
        auto const at = buffer_.find(delimiter_);
        if (at == 0) {
            buffer_.erase(0, delimiter_.size());
            in_part_ = false;
            co_return std::string();
        }
        // All up to a delimiter, or up to where one may begin.
        auto const keep = delimiter_.size() - 1;
        auto const ready = at != std::string::npos ? at : buffer_.size() > keep ? buffer_.size() - keep : 0;
        if (ready > 0) {
            auto piece = buffer_.substr(0, ready);
            buffer_.erase(0, ready);
            co_return piece;
        }
        MP_CHECK(more, co_await fill());
    }
}

}  // namespace mypost::media
