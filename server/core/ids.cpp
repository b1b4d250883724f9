#include "core/ids.hpp"

#include <openssl/rand.h>

#include <chrono>
#include <cstring>
#include <mutex>
#include <stdexcept>

namespace mypost {

namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// Milliseconds and a 12-bit counter, never going back within the process even when the clock does.
struct Sequence {
    std::mutex mutex;
    std::uint64_t last_ms = 0;
    std::uint16_t counter = 0;

    std::pair<std::uint64_t, std::uint16_t> next(std::uint16_t random_start) {
        std::lock_guard lock(mutex);
        auto const now = std::chrono::system_clock::now().time_since_epoch();
        auto const ms =
            static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
        if (ms > last_ms) {
            last_ms = ms;
            counter = random_start;
        } else if (++counter > 0x0fff) {
            ++last_ms;
            counter = 0;
        }
        return {last_ms, counter};
    }
};

}  // namespace

Uuid Uuid::make() {
    static Sequence sequence;
    Uuid id;
    if (RAND_bytes(id.bytes_.data(), static_cast<int>(id.bytes_.size())) != 1) {
        throw std::runtime_error("the system's random generator failed");
    }
    // The counter starts low so that thousands of ids of one millisecond keep their order.
    auto const start = static_cast<std::uint16_t>(((id.bytes_[6] << 8) | id.bytes_[7]) & 0x01ff);
    auto const [ms, counter] = sequence.next(start);
    for (std::size_t i = 0; i < 6; ++i) id.bytes_[i] = static_cast<std::uint8_t>(ms >> (8 * (5 - i)));
    id.bytes_[6] = static_cast<std::uint8_t>(0x70 | (counter >> 8));
    id.bytes_[7] = static_cast<std::uint8_t>(counter & 0xff);
    id.bytes_[8] = static_cast<std::uint8_t>(0x80 | (id.bytes_[8] & 0x3f));
    return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid id;
    std::size_t byte = 0;
    for (std::size_t i = 0; i < 36;) {
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (text[i] != '-') return std::nullopt;
            ++i;
            continue;
        }
        int const high = hex_value(text[i]);
        int const low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        id.bytes_[byte++] = static_cast<std::uint8_t>(high * 16 + low);
        i += 2;
    }
    return id;
}

std::string Uuid::to_string() const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
        text.push_back(digits[bytes_[i] >> 4]);
        text.push_back(digits[bytes_[i] & 0x0f]);
    }
    return text;
}

}  // namespace mypost

std::size_t std::hash<mypost::Uuid>::operator()(mypost::Uuid const& id) const noexcept {
    // The last eight bytes are random.
    std::size_t value = 0;
    std::memcpy(&value, id.bytes().data() + 8, sizeof value);
    return value;
}
