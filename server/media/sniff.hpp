// What a file is, by its first bytes: names and declared types are not believed.
#pragma once

#include <string_view>

namespace mypost::media {

enum class FileKind { jpeg, png, gif, webp, heic, avif, svg, html, pdf, zip, mp4, bmp, tiff, unknown };

inline constexpr std::size_t sniff_bytes = 512;  // as many as are looked at

FileKind sniff(std::string_view head);
std::string_view content_type_of(FileKind kind);  // "image/jpeg"; "application/octet-stream" for unknown
bool is_accepted_image(FileKind kind);            // jpeg, png, gif, webp, heic, avif

}  // namespace mypost::media
