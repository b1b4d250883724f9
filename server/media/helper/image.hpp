// libvips pictures with an owner, and its errors as exceptions.
#pragma once

#include <vips/vips.h>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "media/sniff.hpp"

namespace mypost::media::helper {

// A refusal that the server turns into a sentence: `code` and `params` are the protocol's.
struct Refusal : std::runtime_error {
    std::string code;  // unsupported_type | too_many_pixels | too_many_frames | damaged | cannot_fit
    std::map<std::string, std::string> params;
    Refusal(std::string code_, std::string const& detail, std::map<std::string, std::string> params_ = {})
        : std::runtime_error(detail), code(std::move(code_)), params(std::move(params_)) {}
};

class Image {
  public:
    Image() = default;
    Image(Image&& other) noexcept : image_(std::exchange(other.image_, nullptr)) {}
    Image& operator=(Image&& other) noexcept {
        std::swap(image_, other.image_);
        return *this;
    }
    ~Image() {
        if (image_ != nullptr) g_object_unref(image_);
    }
    VipsImage* get() const { return image_; }
    VipsImage** out() { return &image_; }  // only while empty

  private:
    VipsImage* image_ = nullptr;
};

// A Refusal "damaged" with vips' words when `result` says failure.
void check(int result);

struct Header {
    FileKind kind = FileKind::unknown;
    int width = 0;   // as shown, that is after turning
    int height = 0;  // of one page
    int pages = 1;
    int orientation = 1;  // EXIF, 1–8
    bool alpha = false;
};

FileKind kind_of_file(std::string const& path);
// Reads the header alone. Refuses what is no accepted picture, and more than max_pixels over all pages or
// max_frames.
Header read_header(std::string const& path, long max_pixels);
// The whole picture, all pages below each other, decoded while it is used; damaged and truncated files are
// refused then.
Image load(std::string const& path, Header const& header);

}  // namespace mypost::media::helper
