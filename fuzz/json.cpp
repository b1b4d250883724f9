// Any bytes as JSON: what is taken must be written and read back the same, and decode without harm.
#include <cstdlib>

#include "core/encoding.hpp"
#include "json/parse.hpp"
#include "unit/json/sample.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace mypost;
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const value = json::parse(text);
    if (!value) {
        if (!is_valid_utf8(value.error().message)) std::abort();
        return 0;
    }
    std::string const written = json::serialize(*value);
    auto const again = json::parse(written);
    if (!again || json::serialize(*again) != written) std::abort();
    auto const everything = json::decode<json_sample::Everything>(*value);
    if (everything) {
        auto const back = json::decode<json_sample::Everything>(json::encode(*everything));
        if (!back || json::serialize(*back) != json::serialize(*everything)) std::abort();
    } else if (everything.error().fields.empty() || everything.error().fields.size() > json::max_errors) {
        std::abort();
    }
    (void)json::decode<json_sample::Tree>(*value);
    (void)json::decode<json_sample::Change>(*value);
    return 0;
}
