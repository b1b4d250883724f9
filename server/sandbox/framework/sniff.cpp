#include "sandbox/framework/sniff.hpp"

namespace mypost::sandbox {

namespace {

// Bounds-checked view; reads past the end give 0 and clear `ok`.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}
    bool ok = true;
    std::size_t at = 0;

    std::size_t size() const { return bytes_.size(); }
    bool at_end() const { return at >= bytes_.size(); }
    std::uint32_t u8() {
        if (at >= bytes_.size()) {
            ok = false;
            return 0;
        }
        return static_cast<unsigned char>(bytes_[at++]);
    }
    std::uint32_t be16() {
        auto const high = u8();
        return high << 8 | u8();
    }
    std::uint32_t be32() {
        auto const high = be16();
        return high << 16 | be16();
    }
    std::uint32_t le16() {
        auto const low = u8();
        return low | u8() << 8;
    }
    std::uint32_t le24() {
        auto const low = le16();
        return low | u8() << 16;
    }
    std::uint32_t le32() {
        auto const low = le16();
        return low | le16() << 16;
    }
    void skip(std::size_t count) {
        if (count > bytes_.size() - std::min(at, bytes_.size())) {
            ok = false;
            at = bytes_.size();
        } else {
            at += count;
        }
    }
    std::string_view peek(std::size_t count) const {
        return bytes_.substr(std::min(at, bytes_.size()), count);
    }

  private:
    std::string_view bytes_;
};

bool is_frame_header(std::uint32_t marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// ITU T.81: segments up to the first scan, then entropy-coded data up to EOI.
MediaFacts jpeg(std::string_view bytes) {
    MediaFacts facts{.kind = "image", .content_type = "image/jpeg"};
    facts.intact = false;
    Reader in(bytes);
    in.skip(2);
    while (in.ok && !in.at_end()) {
        if (in.u8() != 0xFF) return facts;
        auto marker = in.u8();
        while (marker == 0xFF && in.ok) marker = in.u8();
        if (marker == 0xDA) break;  // start of scan
        auto const length = in.be16();
        if (length < 2) return facts;
        auto const next = in.at + length - 2;
        if (is_frame_header(marker)) {
            in.u8();
            facts.height = in.be16();
            facts.width = in.be16();
        }
        if (next > in.size()) return facts;
        in.at = next;
    }
    auto const end = bytes.rfind("\xFF\xD9");
    facts.intact =
        in.ok && facts.width > 0 && facts.height > 0 && end != std::string_view::npos && end > in.at;
    return facts;
}

// PNG specification: chunks from IHDR to IEND (checksums are not looked at).
MediaFacts png(std::string_view bytes) {
    MediaFacts facts{.kind = "image", .content_type = "image/png"};
    facts.intact = false;
    Reader in(bytes);
    in.skip(8);
    bool has_data = false;
    while (in.ok && !in.at_end()) {
        auto const length = in.be32();
        auto const type = in.peek(4);
        in.skip(4);
        if (type == "IHDR") {
            auto const start = in.at;
            facts.width = in.be32();
            facts.height = in.be32();
            in.at = start;
        }
        if (type == "IDAT") has_data = true;
        in.skip(std::size_t{length} + 4);
        if (type == "IEND") {
            facts.intact = in.ok && has_data && facts.width > 0 && facts.height > 0;
            return facts;
        }
    }
    return facts;
}

void skip_sub_blocks(Reader& in) {
    while (in.ok) {
        auto const length = in.u8();
        if (length == 0) return;
        in.skip(length);
    }
}

// GIF89a: counts the image descriptors up to the trailer.
MediaFacts gif(std::string_view bytes) {
    MediaFacts facts{.kind = "gif", .content_type = "image/gif"};
    facts.intact = false;
    facts.frames = 0;
    Reader in(bytes);
    in.skip(6);
    facts.width = in.le16();
    facts.height = in.le16();
    auto const flags = in.u8();
    in.skip(2);
    if (flags & 0x80) in.skip(3u << ((flags & 7) + 1));
    while (in.ok && !in.at_end()) {
        auto const block = in.u8();
        if (block == 0x3B) {
            facts.intact = in.ok && facts.frames > 0 && facts.width > 0 && facts.height > 0;
            return facts;
        }
        if (block == 0x21) {
            in.u8();
            skip_sub_blocks(in);
        } else if (block == 0x2C) {
            ++facts.frames;
            in.skip(8);
            auto const local = in.u8();
            if (local & 0x80) in.skip(3u << ((local & 7) + 1));
            in.u8();
            skip_sub_blocks(in);
        } else {
            return facts;
        }
    }
    return facts;
}

// RIFF container with a VP8, VP8L or VP8X chunk first.
MediaFacts webp(std::string_view bytes) {
    MediaFacts facts{.kind = "image", .content_type = "image/webp"};
    Reader in(bytes);
    in.skip(4);
    auto const riff_size = in.le32();
    in.skip(4);
    auto const chunk = in.peek(4);
    in.skip(8);
    if (chunk == "VP8X") {
        in.skip(4);
        facts.width = in.le24() + 1;
        facts.height = in.le24() + 1;
    } else if (chunk == "VP8L") {
        in.skip(1);
        auto const bits = in.le32();
        facts.width = (bits & 0x3FFF) + 1;
        facts.height = (bits >> 14 & 0x3FFF) + 1;
    } else if (chunk == "VP8 ") {
        in.skip(6);
        facts.width = in.le16() & 0x3FFF;
        facts.height = in.le16() & 0x3FFF;
    } else {
        in.ok = false;
    }
    facts.intact = in.ok && facts.width > 0 && facts.height > 0 && std::size_t{riff_size} + 8 <= bytes.size();
    return facts;
}

MediaFacts iso_media(std::string_view bytes) {
    auto const brand = bytes.substr(8, 4);
    if (brand == "heic" || brand == "heix" || brand == "mif1" || brand == "msf1") {
        return {.kind = "image", .content_type = brand == "mif1" ? "image/heif" : "image/heic"};
    }
    if (brand == "avif" || brand == "avis") return {.kind = "image", .content_type = "image/avif"};
    if (brand == "M4A ") return {.kind = "audio", .content_type = "audio/mp4"};
    if (brand == "qt  ") return {.kind = "video", .content_type = "video/quicktime"};
    return {.kind = "video", .content_type = "video/mp4"};
}

}  // namespace

MediaFacts sniff(std::string_view bytes) {
    auto const starts = [&](std::string_view prefix) { return bytes.starts_with(prefix); };
    if (starts("\xFF\xD8\xFF")) return jpeg(bytes);
    if (starts("\x89PNG\r\n\x1A\n")) return png(bytes);
    if (starts("GIF87a") || starts("GIF89a")) return gif(bytes);
    if (starts("RIFF") && bytes.substr(8, 4) == "WEBP") return webp(bytes);
    if (starts("RIFF") && bytes.substr(8, 4) == "WAVE") return {.kind = "audio", .content_type = "audio/wav"};
    if (bytes.substr(4 <= bytes.size() ? 4 : bytes.size(), 4) == "ftyp" && bytes.size() >= 12)
        return iso_media(bytes);
    if (starts("\x1A\x45\xDF\xA3")) return {.kind = "video", .content_type = "video/webm"};
    if (starts("OggS")) return {.kind = "audio", .content_type = "audio/ogg"};
    if (starts("fLaC")) return {.kind = "audio", .content_type = "audio/flac"};
    if (starts("ID3") || starts("\xFF\xFB") || starts("\xFF\xF3"))
        return {.kind = "audio", .content_type = "audio/mpeg"};
    if (starts("BM") && bytes.size() > 26) return {.kind = "image", .content_type = "image/bmp"};
    if (starts("WEBVTT")) return {.kind = "text", .content_type = "text/vtt"};
    return {};
}

}  // namespace mypost::sandbox
