#include "media/sniff.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mypost::media {

TEST(Sniff, tells_kinds_by_content) {
    using namespace std::string_view_literals;
    EXPECT_EQ(sniff("\xff\xd8\xff\xe0 rest"sv), FileKind::jpeg);
    EXPECT_EQ(sniff("\x89PNG\r\n\x1a\n rest"sv), FileKind::png);
    EXPECT_EQ(sniff("GIF89a..."sv), FileKind::gif);
    EXPECT_EQ(sniff("RIFF\x10\0\0\0WEBPVP8 "sv), FileKind::webp);
    EXPECT_EQ(sniff("RIFF\x10\0\0\0WAVEfmt "sv), FileKind::unknown);
    EXPECT_EQ(sniff("\0\0\0\x1c"
                    "ftypavif\0\0\0\0avifmif1miaf"sv),
              FileKind::avif);
    EXPECT_EQ(sniff("\0\0\0\x18"
                    "ftypmif1\0\0\0\0mif1heic"sv),
              FileKind::heic);
    EXPECT_EQ(sniff("\0\0\0\x18"
                    "ftypmif1\0\0\0\0mif1avif"sv),
              FileKind::avif);
    EXPECT_EQ(sniff("\0\0\0\x18"
                    "ftypisom\0\0\0\0isommp42"sv),
              FileKind::mp4);
    EXPECT_EQ(sniff("PK\x03\x04 zip"sv), FileKind::zip);
    EXPECT_EQ(sniff("%PDF-1.7"sv), FileKind::pdf);
    EXPECT_EQ(sniff("<?xml version='1.0'?>\n<SVG xmlns="sv), FileKind::svg);
    EXPECT_EQ(sniff("<!DOCTYPE html><body>"sv), FileKind::html);
    EXPECT_EQ(sniff("II*\0 tiff"sv), FileKind::tiff);
    EXPECT_EQ(sniff("hello"sv), FileKind::unknown);
    EXPECT_EQ(sniff(""sv), FileKind::unknown);
}

TEST(Sniff, survives_every_short_prefix) {
    for (std::string const text : {"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "RIFFxxxxWEBP", "xxxxftypheic"}) {
        for (std::size_t size = 0; size < text.size(); ++size) sniff(std::string_view(text).substr(0, size));
    }
    EXPECT_EQ(sniff(std::string("\0\0\0\xff"
                                "ftyp",
                                8) +
                    "heic"),
              FileKind::heic);
}

TEST(Sniff, accepts_pictures_only) {
    EXPECT_TRUE(is_accepted_image(FileKind::heic));
    for (auto const kind : {FileKind::svg, FileKind::html, FileKind::pdf, FileKind::zip, FileKind::mp4,
                            FileKind::bmp, FileKind::tiff, FileKind::unknown}) {
        EXPECT_FALSE(is_accepted_image(kind)) << content_type_of(kind);
    }
}

}  // namespace mypost::media
