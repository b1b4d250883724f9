#include "http/compress.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include <cstdint>
#include <stdexcept>

namespace mypost::http {

namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// "gzip;q=0.5" → whether the quality is above zero.
bool is_taken(std::string_view parameters) {
    auto const quality = parameters.find("q=");
    if (quality == std::string_view::npos) return true;
    return parameters.substr(quality + 2).find_first_of("123456789") != std::string_view::npos;
}

}  // namespace

std::string brotli_compress(std::string_view plain) {
    std::string out(BrotliEncoderMaxCompressedSize(plain.size()), '\0');
    std::size_t size = out.size();
    auto const* in = reinterpret_cast<std::uint8_t const*>(plain.data());
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    if (BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, plain.size(), in,
                              &size, to) != BROTLI_TRUE) {
        throw std::runtime_error("brotli refused to compress");
    }
    out.resize(size);
    return out;
}

std::string gzip_compress(std::string_view plain) {
    z_stream stream{};
    constexpr int gzip_window = 15 + 16;  // 16: a gzip header instead of zlib's
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, 9, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("zlib refused to start");
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(plain.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    int const result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("zlib refused to compress");
    return out;
}

bool accepts_coding(std::string_view accept_encoding, std::string_view coding) {
    bool any = false;
    while (!accept_encoding.empty()) {
        auto const comma = std::min(accept_encoding.find(','), accept_encoding.size());
        std::string_view const entry = accept_encoding.substr(0, comma);
        accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
        auto const semicolon = std::min(entry.find(';'), entry.size());
        auto const name = trim(entry.substr(0, semicolon));
        bool const taken = is_taken(entry.substr(semicolon));
        if (name == coding) return taken;
        if (name == "*") any = taken;
    }
    return any;
}

}  // namespace mypost::http
