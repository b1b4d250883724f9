// The smallest pictures that are real ones.
#pragma once

#include "core/crypto.hpp"
#include "core/encoding.hpp"
#include "networks/publication.hpp"

namespace mypost::networks::test {

inline std::string png() {
    return base64_decode(
               "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJgg"
               "g==")
        .value();
}
// One pixel, two frames: animated.
inline std::string gif() {
    auto const frame = std::string(
        "\x21\xf9\x04\x04\x0a\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00", 23);
    return std::string("GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00", 19) + frame + frame +
           ";";
}

inline MediaFile picture_file(std::string asset_id, std::string const& bytes, std::string content_type) {
    MediaFile out;
    out.asset_id = std::move(asset_id);
    out.content_type = std::move(content_type);
    out.size_bytes = bytes.size();
    out.width = out.height = 1;
    out.alt = "a pixel of " + out.asset_id;
    out.sha256 = hex_encode(crypto::sha256(bytes));
    return out;
}

}  // namespace mypost::networks::test
