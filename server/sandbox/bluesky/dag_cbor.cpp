#include "sandbox/bluesky/dag_cbor.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/encoding.hpp"
#include "sandbox/framework/digest.hpp"

namespace mypost::sandbox::bluesky {

namespace json = boost::json;

namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";

std::optional<std::string> base32_decode(std::string_view text) {
    std::string bytes;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (char const c : text) {
        auto const digit = alphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        buffer = buffer << 5 | static_cast<std::uint32_t>(digit);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(buffer >> bits & 0xFF);
        }
    }
    return bytes;
}

// The binary CID of its text form, or nothing.
std::optional<std::string> cid_bytes(std::string_view text) {
    if (!text.starts_with('b')) return std::nullopt;
    auto bytes = base32_decode(text.substr(1));
    if (!bytes || bytes->size() != 36 || (*bytes)[0] != 1 || (*bytes)[2] != 0x12 || (*bytes)[3] != 0x20)
        return std::nullopt;
    return bytes;
}

std::string cid(char codec, std::string_view bytes) {
    return "b" + base32(std::string{'\x01', codec, '\x12', '\x20'} + sha256(bytes));
}

class Encoder {
  public:
    std::string out;

    bool value(json::value const& given, int depth) {
        if (depth > 64) return false;
        switch (given.kind()) {
            case json::kind::null:
                out += '\xF6';
                return true;
            case json::kind::bool_:
                out += given.get_bool() ? '\xF5' : '\xF4';
                return true;
            case json::kind::int64:
                return integer(given.get_int64());
            case json::kind::uint64:
                head(0, given.get_uint64());
                return true;
            case json::kind::double_:
                return fraction(given.get_double());
            case json::kind::string:
                text(given.get_string());
                return true;
            case json::kind::array:
                return array(given.get_array(), depth);
            case json::kind::object:
                return object(given.get_object(), depth);
        }
        return false;
    }

  private:
    void head(unsigned major, std::uint64_t number) {
        auto const first = static_cast<char>(major << 5);
        if (number < 24) {
            out += static_cast<char>(first | static_cast<char>(number));
            return;
        }
        int const bytes = number < 0x100 ? 1 : number < 0x10000 ? 2 : number < 0x100000000 ? 4 : 8;
        out += static_cast<char>(first | (bytes == 1 ? 24 : bytes == 2 ? 25 : bytes == 4 ? 26 : 27));
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            out += static_cast<char>(number >> shift & 0xFF);
    }

    bool integer(std::int64_t number) {
        if (number >= 0) {
            head(0, static_cast<std::uint64_t>(number));
        } else {
            head(1, static_cast<std::uint64_t>(-(number + 1)));
        }
        return true;
    }

    // JSON writes some whole numbers with a point or exponent; the data model has no fractions.
    bool fraction(double number) {
        if (std::trunc(number) != number || std::abs(number) > 9'007'199'254'740'991.0) return false;
        return integer(static_cast<std::int64_t>(number));
    }

    void text(std::string_view string) {
        head(3, string.size());
        out += string;
    }

    bool array(json::array const& items, int depth) {
        head(4, items.size());
        return std::all_of(items.begin(), items.end(),
                           [&](json::value const& item) { return value(item, depth + 1); });
    }

    bool link(json::value const& target) {
        auto const bytes = target.is_string() ? cid_bytes(target.get_string()) : std::nullopt;
        if (!bytes) return false;
        out += "\xD8\x2A";  // tag 42
        head(2, bytes->size() + 1);
        out += '\0';
        out += *bytes;
        return true;
    }

    bool byte_string(json::value const& base64) {
        if (!base64.is_string()) return false;
        std::string padded(base64.get_string());
        while (padded.size() % 4 != 0) padded += '=';
        auto const bytes = base64_decode(padded);
        if (!bytes) return false;
        head(2, bytes->size());
        out += *bytes;
        return true;
    }

    bool object(json::object const& members, int depth) {
        if (members.size() == 1 && members.contains("$link")) return link(members.at("$link"));
        if (members.size() == 1 && members.contains("$bytes")) return byte_string(members.at("$bytes"));
        std::vector<std::string_view> keys;
        for (auto const& member : members) keys.push_back(member.key());
        std::sort(keys.begin(), keys.end(), [](std::string_view a, std::string_view b) {
            return a.size() != b.size() ? a.size() < b.size() : a < b;
        });
        head(5, keys.size());
        for (auto const key : keys) {
            text(key);
            if (!value(members.at(key), depth + 1)) return false;
        }
        return true;
    }
};

}  // namespace

std::string base32(std::string_view bytes) {
    std::string text;
    std::uint32_t buffer = 0;
    int bits = 0;
    for (char const c : bytes) {
        buffer = buffer << 8 | static_cast<unsigned char>(c);
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += alphabet[buffer >> bits & 31];
        }
    }
    if (bits > 0) text += alphabet[buffer << (5 - bits) & 31];
    return text;
}

std::optional<std::string> dag_cbor(json::value const& value) {
    Encoder encoder;
    if (!encoder.value(value, 0)) return std::nullopt;
    return std::move(encoder.out);
}

std::string cid_of_cbor(std::string_view bytes) {
    return cid('\x71', bytes);
}
std::string cid_of_raw(std::string_view bytes) {
    return cid('\x55', bytes);
}
bool is_cid(std::string_view text) {
    return cid_bytes(text).has_value();
}

}  // namespace mypost::sandbox::bluesky
