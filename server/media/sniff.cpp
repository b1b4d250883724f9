#include "media/sniff.hpp"

#include <algorithm>
#include <string>

namespace mypost::media {

namespace {

using namespace std::string_view_literals;

bool contains_ignoring_case(std::string_view text, std::string_view lower) {
    auto const same = [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    };
    return std::search(text.begin(), text.end(), lower.begin(), lower.end(), same) != text.end();
}

// ISO base media files (ISO/IEC 14496-12): the brands of the first box tell pictures from films.
FileKind iso_media(std::string_view head) {
    auto const size = std::min<std::size_t>(head.size(), static_cast<unsigned char>(head[3]));
    auto const brands = head.substr(8, size > 8 ? size - 8 : 0);
    for (std::size_t at = 0; at + 4 <= brands.size(); at += 4) {
        auto const brand = brands.substr(at, 4);
        if (brand == "avif" || brand == "avis") return FileKind::avif;
        if (brand == "heic" || brand == "heix" || brand == "hevc" || brand == "hevx") return FileKind::heic;
    }
    return brands.starts_with("mif1") || brands.starts_with("msf1") ? FileKind::heic : FileKind::mp4;
}

FileKind markup(std::string_view head) {
    if (contains_ignoring_case(head, "<svg")) return FileKind::svg;
    if (contains_ignoring_case(head, "<html") || contains_ignoring_case(head, "<!doctype html"))
        return FileKind::html;
    return FileKind::unknown;
}

}  // namespace

FileKind sniff(std::string_view head) {
    head = head.substr(0, sniff_bytes);
    if (head.starts_with("\xff\xd8\xff"sv)) return FileKind::jpeg;
    if (head.starts_with("\x89PNG\r\n\x1a\n"sv)) return FileKind::png;
    if (head.starts_with("GIF87a"sv) || head.starts_with("GIF89a"sv)) return FileKind::gif;
    if (head.size() >= 12 && head.starts_with("RIFF"sv) && head.substr(8, 4) == "WEBP"sv)
        return FileKind::webp;
    if (head.size() >= 12 && head.substr(4, 4) == "ftyp"sv) return iso_media(head);
    if (head.starts_with("%PDF-"sv)) return FileKind::pdf;
    if (head.starts_with("PK\x03\x04"sv) || head.starts_with("PK\x05\x06"sv)) return FileKind::zip;
    if (head.starts_with("BM"sv) && head.size() > 14) return FileKind::bmp;
    if (head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv)) return FileKind::tiff;
    return markup(head);
}

std::string_view content_type_of(FileKind kind) {
    switch (kind) {
        case FileKind::jpeg:
            return "image/jpeg";
        case FileKind::png:
            return "image/png";
        case FileKind::gif:
            return "image/gif";
        case FileKind::webp:
            return "image/webp";
        case FileKind::heic:
            return "image/heic";
        case FileKind::avif:
            return "image/avif";
        case FileKind::svg:
            return "image/svg+xml";
        case FileKind::html:
            return "text/html";
        case FileKind::pdf:
            return "application/pdf";
        case FileKind::zip:
            return "application/zip";
        case FileKind::mp4:
            return "video/mp4";
        case FileKind::bmp:
            return "image/bmp";
        case FileKind::tiff:
            return "image/tiff";
        case FileKind::unknown:
            return "application/octet-stream";
    }
    return "application/octet-stream";
}

bool is_accepted_image(FileKind kind) {
    switch (kind) {
        case FileKind::jpeg:
        case FileKind::png:
        case FileKind::gif:
        case FileKind::webp:
        case FileKind::heic:
        case FileKind::avif:
            return true;
        default:
            return false;
    }
}

}  // namespace mypost::media
