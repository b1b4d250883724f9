#include "pictures.hpp"

#include <vips/vips.h>
#include <zlib.h>

#include <cmath>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

// The HEIC encoder's own, when the tests run under LeakSanitizer.
extern "C" char const* __lsan_default_suppressions();
extern "C" char const* __lsan_default_suppressions() {
    return "leak:libx265";
}

namespace mypost::test {

namespace {

void check(int result) {
    if (result != 0) throw std::runtime_error(std::string("vips: ") + vips_error_buffer());
}

void start_vips() {
    static std::once_flag once;
    std::call_once(once, [] { check(VIPS_INIT("tests")); });
}

class Picture {
  public:
    explicit Picture(VipsImage* image) : image_(image) {
        if (image_ == nullptr) throw std::runtime_error(std::string("vips: ") + vips_error_buffer());
    }
    Picture(Picture&& other) noexcept : image_(std::exchange(other.image_, nullptr)) {}
    Picture& operator=(Picture&&) = delete;
    ~Picture() {
        if (image_ != nullptr) g_object_unref(image_);
    }
    VipsImage* get() const { return image_; }

  private:
    VipsImage* image_;
};

// Red grows to the right, green downwards; the lower right corner is blue, so that turning can be seen.
Picture gradient(int width, int height, int bands = 3) {
    start_vips();
    std::vector<unsigned char> pixels;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            bool const mark = x > width * 3 / 4 && y > height * 3 / 4;
            pixels.push_back(static_cast<unsigned char>(mark ? 0 : 255 * x / width));
            pixels.push_back(static_cast<unsigned char>(mark ? 0 : 255 * y / height));
            pixels.push_back(mark ? 255 : 40);
            if (bands == 4) pixels.push_back(static_cast<unsigned char>(x < width / 2 ? 0 : 255));
        }
    }
    Picture raw(vips_image_new_from_memory_copy(pixels.data(), pixels.size(), width, height, bands,
                                                VIPS_FORMAT_UCHAR));
    VipsImage* tagged = nullptr;
    check(vips_copy(raw.get(), &tagged, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr));
    return Picture(tagged);
}

std::string save(VipsImage* image, std::string const& suffix) {
    void* bytes = nullptr;
    std::size_t size = 0;
    if (vips_image_write_to_buffer(image, suffix.c_str(), &bytes, &size, nullptr) != 0) {
        vips_error_clear();
        return {};
    }
    std::string result(static_cast<char const*>(bytes), size);
    g_free(bytes);
    return result;
}

std::string suffix_of(std::string_view format) {
    if (format == "jpeg") return ".jpg[Q=90]";
    if (format == "heic") return ".heic[compression=hevc]";
    if (format == "avif") return ".avif[compression=av1,effort=0]";
    return "." + std::string(format);
}

void chunk(std::string& png, char const* type, std::string const& data) {
    auto const big_endian = [](std::uint32_t value) {
        return std::string{static_cast<char>(value >> 24), static_cast<char>(value >> 16),
                           static_cast<char>(value >> 8), static_cast<char>(value)};
    };
    std::string const body = type + data;
    png += big_endian(static_cast<std::uint32_t>(data.size())) + body;
    png += big_endian(static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<Bytef const*>(body.data()), static_cast<uInt>(body.size()))));
}

std::string png_start(unsigned width, unsigned height) {
    std::string png("\x89PNG\r\n\x1a\n");
    std::string header;
    for (auto const value : {width, height}) {
        for (int shift = 24; shift >= 0; shift -= 8) header.push_back(static_cast<char>(value >> shift));
    }
    header += std::string("\x08\x00\x00\x00\x00", 5);  // 8 bits, grey
    chunk(png, "IHDR", header);
    return png;
}

Picture open(std::string const& bytes) {
    start_vips();
    return Picture(vips_image_new_from_buffer(bytes.data(), bytes.size(), "", nullptr));
}

}  // namespace

std::string picture(std::string_view format, int width, int height) {
    return save(gradient(width, height).get(), suffix_of(format));
}

std::string transparent_png(int width, int height) {
    return save(gradient(width, height, 4).get(), ".png");
}

std::string animation(std::string_view format, int width, int height, int frames) {
    auto const tall = gradient(width, height * frames);
    vips_image_set_int(tall.get(), VIPS_META_PAGE_HEIGHT, height);
    return save(tall.get(), suffix_of(format));
}

std::string noise(std::string_view format, int width, int height) {
    start_vips();
    VipsImage* grey = nullptr;
    check(vips_gaussnoise(&grey, width * 3, height, "mean", 128.0, "sigma", 60.0, nullptr));
    Picture const owner(grey);
    VipsImage* bytes = nullptr;
    check(vips_cast_uchar(grey, &bytes, nullptr));
    Picture const cast(bytes);
    std::size_t size = 0;
    void* memory = vips_image_write_to_memory(bytes, &size);
    Picture const raw(vips_image_new_from_memory_copy(memory, size, width, height, 3, VIPS_FORMAT_UCHAR));
    g_free(memory);
    VipsImage* tagged = nullptr;
    check(vips_copy(raw.get(), &tagged, "interpretation", VIPS_INTERPRETATION_sRGB, nullptr));
    Picture const coloured(tagged);
    return save(coloured.get(), suffix_of(format));
}

namespace {

void add_metadata(VipsImage* image) {
    vips_image_set_string(image, "exif-ifd0-Make",
                          "SecretCamera (SecretCamera, ASCII, 13 components, 13 bytes)");
    vips_image_set_string(image, "exif-ifd3-GPSLatitude",
                          "52/1 31/1 0/1 (52, 31, 0, Rational, 3 components, 24 bytes)");
    vips_image_set_string(image, "exif-ifd3-GPSLatitudeRef", "N (N, ASCII, 2 components, 2 bytes)");
    VipsBlob* profile = nullptr;
    check(vips_profile_load("p3", &profile, nullptr));
    std::size_t size = 0;
    void const* data = vips_blob_get(profile, &size);
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, data, size);
    vips_area_unref(VIPS_AREA(profile));
}

}  // namespace

std::string with_metadata(std::string_view format, int width, int height) {
    auto const image = gradient(width, height);
    add_metadata(image.get());
    return save(image.get(), suffix_of(format));
}

std::string turned_jpeg_with_metadata(int width, int height, int orientation) {
    auto const image = gradient(width, height);
    vips_image_set_int(image.get(), VIPS_META_ORIENTATION, orientation);
    add_metadata(image.get());
    auto bytes = save(image.get(), ".jpg[Q=95]");
    // A comment segment behind the start marker.
    std::string const comment = "<script>alert('SecretComment')</script>";
    auto const length = static_cast<std::uint16_t>(comment.size() + 2);
    bytes.insert(
        2, std::string{'\xff', '\xfe', static_cast<char>(length >> 8), static_cast<char>(length & 0xff)} +
               comment);
    return bytes;
}

std::string cmyk_jpeg(int width, int height) {
    auto const image = gradient(width, height);
    VipsImage* cmyk = nullptr;
    check(vips_colourspace(image.get(), &cmyk, VIPS_INTERPRETATION_CMYK, nullptr));
    Picture const owner(cmyk);
    return save(cmyk, ".jpg");
}

std::string png_of_16_bits(int width, int height) {
    auto const image = gradient(width, height);
    VipsImage* deep = nullptr;
    check(vips_colourspace(image.get(), &deep, VIPS_INTERPRETATION_RGB16, nullptr));
    Picture const owner(deep);
    return save(deep, ".png");
}

std::string pixel_bomb(unsigned width, unsigned height) {
    auto png = png_start(width, height);
    z_stream stream{};
    deflateInit(&stream, 1);
    std::string packed;
    std::string const row(width + 1, '\0');
    std::vector<Bytef> out(65536);
    for (unsigned y = 0; y <= height; ++y) {
        bool const last = y == height;
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(row.data()));
        stream.avail_in = last ? 0 : static_cast<uInt>(row.size());
        do {
            stream.next_out = out.data();
            stream.avail_out = static_cast<uInt>(out.size());
            deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
            packed.append(reinterpret_cast<char*>(out.data()), out.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    chunk(png, "IDAT", packed);
    chunk(png, "IEND", "");
    return png;
}

std::string png_header_only(unsigned width, unsigned height) {
    auto png = png_start(width, height);
    chunk(png, "IDAT", "x");
    chunk(png, "IEND", "");
    return png;
}

std::string describe(std::string const& bytes) {
    auto const image = open(bytes);
    std::string text = std::to_string(vips_image_get_width(image.get())) + "x" +
                       std::to_string(vips_image_get_page_height(image.get())) + " " +
                       vips_enum_nick(VIPS_TYPE_INTERPRETATION, vips_image_get_interpretation(image.get())) +
                       " " + vips_enum_nick(VIPS_TYPE_BAND_FORMAT, vips_image_get_format(image.get())) + " " +
                       std::to_string(vips_image_get_bands(image.get())) + " bands " +
                       std::to_string(vips_image_get_n_pages(image.get())) + " pages";
    char** fields = vips_image_get_fields(image.get());
    for (char** field = fields; *field != nullptr; ++field) {
        std::string_view const name(*field);
        bool const metadata = name.starts_with("exif-") || name.ends_with("-data") ||
                              name.find("comment") != std::string_view::npos;
        if (metadata || name == VIPS_META_ORIENTATION) text += " " + std::string(name);
    }
    g_strfreev(fields);
    return text;
}

std::string corner(std::string const& bytes, bool right, bool bottom) {
    auto const image = open(bytes);
    int const left = right ? vips_image_get_width(image.get()) - 10 : 0;
    int const top = bottom ? vips_image_get_page_height(image.get()) - 10 : 0;
    VipsImage* area = nullptr;
    check(vips_extract_area(image.get(), &area, left, top, 10, 10, nullptr));
    Picture const owner(area);
    std::string text;
    for (int band = 0; band < 3; ++band) {
        VipsImage* one = nullptr;
        check(vips_extract_band(area, &one, band, nullptr));
        Picture const single(one);
        double mean = 0;
        check(vips_avg(one, &mean, nullptr));
        text += (band == 0 ? "" : ",") + std::to_string(static_cast<int>(std::lround(mean / 10)) * 10);
    }
    return text;
}

}  // namespace mypost::test
