#include "media/helper/operations.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "media/helper/image.hpp"

namespace mypost::media::helper {

namespace {

constexpr int thumbnail_side = 480;
constexpr int jpeg_quality = 90;

std::string text(json::object const& request, std::string_view name) {
    return std::string(request.at({name.data(), name.size()}).as_string());
}
long number(json::object const& request, std::string_view name) {
    return request.at({name.data(), name.size()}).to_number<long>();
}

// 8-bit sRGB, with transparency kept.
Image to_srgb(Image image) {
    bool const has_profile = vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0;
    bool const cmyk = vips_image_get_interpretation(image.get()) == VIPS_INTERPRETATION_CMYK;
    if (has_profile || cmyk) {
        Image converted;
        int const result =
            vips_icc_transform(image.get(), converted.out(), "srgb", "embedded", TRUE, "input_profile",
                               cmyk ? "cmyk" : "srgb", "intent", VIPS_INTENT_PERCEPTUAL, "depth", 8, nullptr);
        if (result == 0) return converted;
        vips_error_clear();  // a broken profile: go on without it
    }
    Image plain;
    check(vips_colourspace(image.get(), plain.out(), VIPS_INTERPRETATION_sRGB, nullptr));
    Image bytes;
    check(vips_cast_uchar(plain.get(), bytes.out(), nullptr));
    return bytes;
}

Image without_alpha(Image image) {
    if (!vips_image_hasalpha(image.get())) return image;
    double const white[] = {255, 255, 255};
    VipsArrayDouble* const background = vips_array_double_new(white, 3);
    Image flat;
    int const result = vips_flatten(image.get(), flat.out(), "background", background, nullptr);
    vips_area_unref(VIPS_AREA(background));
    check(result);
    return flat;
}

// EXIF, XMP, IPTC, profiles, embedded thumbnails, comments. The savers are told to strip, too, but WebP's
// forgets.
Image without_metadata(Image const& image) {
    Image bare;
    check(vips_copy(image.get(), bare.out(), nullptr));
    char** const fields = vips_image_get_fields(bare.get());
    for (char** field = fields; *field != nullptr; ++field) {
        std::string_view const name(*field);
        bool const carried = name.starts_with("exif-") || name.ends_with("-data") ||
                             name == VIPS_META_ORIENTATION || name.find("comment") != std::string_view::npos;
        if (carried) vips_image_remove(bare.get(), *field);
    }
    g_strfreev(fields);
    return bare;
}

// `quality` counts for JPEG and WebP.
void save(Image const& image, FileKind kind, std::string const& path, int quality) {
    Image const bare = without_metadata(image);
    auto* const picture = bare.get();
    auto const* name = path.c_str();
    switch (kind) {
        case FileKind::png:
            check(vips_pngsave(picture, name, "strip", TRUE, "compression", 6, "filter",
                               VIPS_FOREIGN_PNG_FILTER_ALL, nullptr));
            return;
        case FileKind::webp:
            check(vips_webpsave(picture, name, "strip", TRUE, "Q", quality, nullptr));
            return;
        case FileKind::gif:
            check(vips_gifsave(picture, name, "strip", TRUE, "effort", 5, nullptr));
            return;
        default:
            check(vips_jpegsave(picture, name, "strip", TRUE, "Q", quality, "optimize_coding", TRUE,
                                "interlace", TRUE, nullptr));
    }
}

FileKind kept_kind(Header const& header) {
    if (header.kind != FileKind::heic && header.kind != FileKind::avif) return header.kind;
    return header.alpha ? FileKind::png : FileKind::jpeg;
}

std::uint64_t size_of(std::string const& path) {
    struct stat status{};
    return stat(path.c_str(), &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
}

struct Wish {
    std::uint64_t max_bytes = 0;
    double scale = 1;
    std::vector<FileKind> formats;  // best first
};

// Formats to try, best first: the picture's own, then what keeps transparency, then JPEG.
std::vector<FileKind> order_formats(Header const& header, json::array const& allowed) {
    std::vector<FileKind> const preference =
        header.pages > 1 ? std::vector{FileKind::gif, FileKind::webp}
        : header.alpha   ? std::vector{kept_kind(header), FileKind::png, FileKind::webp, FileKind::jpeg}
                         : std::vector{kept_kind(header), FileKind::jpeg, FileKind::webp, FileKind::png};
    std::vector<FileKind> order;
    for (auto const kind : preference) {
        bool const taken = std::any_of(allowed.begin(), allowed.end(), [&](json::value const& type) {
            return type.as_string() == std::string(content_type_of(kind));
        });
        if (taken && std::find(order.begin(), order.end(), kind) == order.end()) order.push_back(kind);
    }
    return order;
}

Wish read_wish(json::object const& request, Header const& header) {
    Wish wish;
    wish.max_bytes = static_cast<std::uint64_t>(number(request, "max_bytes"));
    wish.formats = order_formats(header, request.at("formats").as_array());
    auto const limit = [&](double actual, long max) {
        if (max > 0 && actual > static_cast<double>(max))
            wish.scale = std::min(wish.scale, static_cast<double>(max) / actual);
    };
    limit(header.width, number(request, "max_width"));
    limit(header.height, number(request, "max_height"));
    auto const pixels = static_cast<double>(header.width) * header.height;
    auto const max_pixels = static_cast<double>(number(request, "fit_pixels"));
    if (max_pixels > 0 && pixels > max_pixels)
        wish.scale = std::min(wish.scale, std::sqrt(max_pixels / pixels));
    return wish;
}

// Rounded down, so that a limit is never passed.
Image scaled(std::string const& path, Header const& header, double scale) {
    if (scale >= 1) return to_srgb(load(path, header));
    int const width = std::max(1, static_cast<int>(std::floor(header.width * scale)));
    int const height = std::max(1, static_cast<int>(std::floor(header.height * scale)));
    Image image = to_srgb(load(path, header));
    Image result;
    if (header.pages == 1) {
        check(vips_thumbnail_image(image.get(), result.out(), width, "height", height, "size",
                                   VIPS_SIZE_FORCE, nullptr));
        return result;
    }
    // Pages are scaled one by one: an animation is one tall picture whose page height must stay whole.
    std::string const with_pages = path + "[n=-1]";
    check(vips_thumbnail(with_pages.c_str(), result.out(), width, "height", height, "size", VIPS_SIZE_FORCE,
                         nullptr));
    return result;
}

// Writes the file at `output` in that format and scale; its size.
std::uint64_t try_fit(std::string const& input, std::string const& output, Header const& header,
                      FileKind kind, double scale, int quality) {
    Image image = scaled(input, header, scale);
    if (kind == FileKind::jpeg) image = without_alpha(std::move(image));
    save(image, kind, output, quality);
    return size_of(output);
}

bool has_quality(FileKind kind) {
    return kind == FileKind::jpeg || kind == FileKind::webp;
}

// The best format, and the best one with a quality to lower when that is another.
std::vector<FileKind> candidates(std::vector<FileKind> const& order) {
    if (order.empty() || has_quality(order.front()))
        return order.empty() ? order : std::vector{order.front()};
    std::vector<FileKind> chosen{order.front()};
    auto const lossy = std::find_if(order.begin(), order.end(), has_quality);
    if (lossy != order.end()) chosen.push_back(*lossy);
    return chosen;
}

json::object written(std::string const& output, FileKind kind) {
    auto const header = read_header(output, 1L << 40);
    return {{"content_type", std::string(content_type_of(kind))},
            {"width", header.width},
            {"height", header.height}};
}

}  // namespace

json::object probe(json::object const& request) {
    auto const header = read_header(text(request, "input"), number(request, "max_pixels"));
    return {{"content_type", std::string(content_type_of(header.kind))},
            {"width", header.width},
            {"height", header.height},
            {"pages", header.pages},
            {"alpha", header.alpha}};
}

json::object import(json::object const& request) {
    auto const input = text(request, "input");
    auto const output = text(request, "output");
    auto const thumbnail = text(request, "thumbnail");
    auto const header = read_header(input, number(request, "max_pixels"));
    auto const kind = kept_kind(header);
    save(to_srgb(load(input, header)), kind, output, jpeg_quality);

    Image small;  // from what was just written: upright, in sRGB
    check(vips_thumbnail(output.c_str(), small.out(), thumbnail_side, "height", thumbnail_side, "size",
                         VIPS_SIZE_DOWN, nullptr));
    save(small, FileKind::webp, thumbnail, 80);
    return {{"content_type", std::string(content_type_of(kind))},
            {"width", header.width},
            {"height", header.height},
            {"pages", header.pages},
            {"thumbnail_width", vips_image_get_width(small.get())},
            {"thumbnail_height", vips_image_get_page_height(small.get())}};
}

json::object fit(json::object const& request) {
    auto const input = text(request, "input");
    auto const output = text(request, "output");
    auto const header = read_header(input, number(request, "max_pixels"));
    auto const wish = read_wish(request, header);
    auto formats = candidates(wish.formats);
    double scale = wish.scale;
    for (int round = 0; round < 12 && !formats.empty(); ++round) {
        std::uint64_t smallest = 0;
        for (auto const kind : formats) {
            for (int const quality : {90, 80, 70}) {
                smallest = try_fit(input, output, header, kind, scale, quality);
                if (wish.max_bytes == 0 || smallest <= wish.max_bytes) return written(output, kind);
                if (!has_quality(kind)) break;
            }
        }
        formats = {formats.back()};
        // Bytes go with the area, more or less.
        scale *= std::min(
            0.9, 0.97 * std::sqrt(static_cast<double>(wish.max_bytes) / static_cast<double>(smallest)));
    }
    throw Refusal("cannot_fit", "no format and size fits");
}

}  // namespace mypost::media::helper
