#include "media/helper/image.hpp"

#include <fstream>

namespace mypost::media::helper {

namespace {

constexpr int max_frames = 1000;
constexpr int max_side = 30'000;

// By the loader of the sniffed kind alone: vips' own guess could choose one that we don't trust.
Image open(std::string const& path, FileKind kind, VipsAccess access) {
    Image image;
    constexpr auto strict = VIPS_FAIL_ON_TRUNCATED;
    auto const* name = path.c_str();
    switch (kind) {
        case FileKind::jpeg:
            check(vips_jpegload(name, image.out(), "access", access, "fail_on", strict, nullptr));
            break;
        case FileKind::png:
            check(vips_pngload(name, image.out(), "access", access, "fail_on", strict, nullptr));
            break;
        case FileKind::webp:
            check(vips_webpload(name, image.out(), "n", -1, "access", access, "fail_on", strict, nullptr));
            break;
        case FileKind::gif:
            check(vips_gifload(name, image.out(), "n", -1, "access", access, "fail_on", strict, nullptr));
            break;
        case FileKind::heic:
        case FileKind::avif:
            check(vips_heifload(name, image.out(), "access", access, "fail_on", strict, nullptr));
            break;
        default:
            throw Refusal("unsupported_type", "no loader", {{"actual", std::string(content_type_of(kind))}});
    }
    return image;
}

}  // namespace

void check(int result) {
    if (result == 0) return;
    std::string const text(vips_error_buffer());
    vips_error_clear();
    throw Refusal("damaged", text);
}

FileKind kind_of_file(std::string const& path) {
    std::ifstream file(path, std::ios::binary);
    std::string head(sniff_bytes, '\0');
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(file.gcount()));
    return sniff(head);
}

Header read_header(std::string const& path, long max_pixels) {
    Header header;
    header.kind = kind_of_file(path);
    if (!is_accepted_image(header.kind)) {
        throw Refusal("unsupported_type", "not an accepted picture",
                      {{"actual", std::string(content_type_of(header.kind))}});
    }
    Image const image = open(path, header.kind, VIPS_ACCESS_SEQUENTIAL);
    header.pages = vips_image_get_n_pages(image.get());
    header.width = vips_image_get_width(image.get());
    header.height = vips_image_get_page_height(image.get());
    header.orientation = vips_image_get_orientation(image.get());
    header.alpha = vips_image_hasalpha(image.get()) != 0;
    long const pixels = static_cast<long>(header.width) * vips_image_get_height(image.get());
    if (pixels > max_pixels || header.width > max_side || header.height > max_side) {
        throw Refusal("too_many_pixels", "too large",
                      {{"max", std::to_string(max_pixels)},
                       {"actual", std::to_string(pixels)},
                       {"width", std::to_string(header.width)},
                       {"height", std::to_string(header.height)}});
    }
    if (header.pages > max_frames) {
        throw Refusal("too_many_frames", "too many frames",
                      {{"max", std::to_string(max_frames)}, {"actual", std::to_string(header.pages)}});
    }
    if (header.orientation >= 5) std::swap(header.width, header.height);
    return header;
}

Image load(std::string const& path, Header const& header) {
    // Turning reads out of order.
    Image image =
        open(path, header.kind, header.orientation > 1 ? VIPS_ACCESS_RANDOM : VIPS_ACCESS_SEQUENTIAL);
    if (header.orientation > 1 && header.pages == 1) {
        Image turned;
        check(vips_autorot(image.get(), turned.out(), nullptr));
        return turned;
    }
    return image;
}

}  // namespace mypost::media::helper
