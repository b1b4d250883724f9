// Pictures for tests, made on the spot: good ones, odd ones and hostile ones.
#pragma once

#include <string>
#include <string_view>

namespace mypost::test {

// A colourful picture in that format: "jpeg", "png", "webp", "gif", "heic", "avif". Empty when this machine
// cannot write it.
std::string picture(std::string_view format, int width, int height);

std::string transparent_png(int width, int height);
std::string animation(std::string_view format, int width, int height, int frames);  // "gif", "webp"
std::string noise(std::string_view format, int width, int height);                  // hard to compress

// A JPEG that must be turned to be seen upright, with a place, a camera, a comment and a Display P3 profile
// inside.
std::string turned_jpeg_with_metadata(int width, int height, int orientation);
std::string with_metadata(std::string_view format, int width,
                          int height);  // the same camera, place and profile
std::string cmyk_jpeg(int width, int height);
std::string png_of_16_bits(int width, int height);

// A PNG whose pixels are all zero; a real file whose size in memory is far beyond its size on disk.
std::string pixel_bomb(unsigned width, unsigned height);
// The same with the header alone and no pixels behind it.
std::string png_header_only(unsigned width, unsigned height);

// What vips says of a picture: "240x160 srgb uchar 3 bands 1 page, fields a b c" where fields are those that
// carry metadata.
std::string describe(std::string const& bytes);
// Mean of the red, green and blue of the 10 × 10 pixels at that corner, as "r,g,b" rounded to tens.
std::string corner(std::string const& bytes, bool right, bool bottom);

}  // namespace mypost::test
