// What a file really is, told by its bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mypost::sandbox {

struct MediaFacts {
    std::string kind;          // image | gif | video | audio | text; empty: not a known medium
    std::string content_type;  // image/jpeg, …; empty with kind
    std::uint32_t width = 0;   // pixels; 0 when the header does not say (video, audio, HEIC, AVIF)
    std::uint32_t height = 0;
    std::uint32_t frames = 1;  // of a GIF
    bool intact = true;        // false: a JPEG, PNG, GIF or WebP that is cut off or broken inside
};

MediaFacts sniff(std::string_view bytes);

}  // namespace mypost::sandbox
