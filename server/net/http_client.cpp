#include "net/http_client.hpp"

#include <algorithm>

namespace mypost::net {

std::string_view Response::header(std::string_view name) const {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    for (auto const& [key, value] : headers) {
        bool const same = std::equal(key.begin(), key.end(), name.begin(), name.end(),
                                     [&](char a, char b) { return lower(a) == lower(b); });
        if (same) return value;
    }
    return {};
}

}  // namespace mypost::net
