// Seeded randomness: one generator for the whole sandbox, so that a run can be repeated.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace mypost::sandbox {

class Random {
  public:
    explicit Random(std::uint64_t seed) : seed_(seed), engine_(seed) {}
    std::uint64_t seed() const { return seed_; }
    void restart(std::uint64_t seed) { engine_.seed(seed); }

    std::uint64_t number() { return engine_(); }
    // 0 … limit − 1; 0 for limit 0.
    std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : engine_() % limit; }

    // `length` characters of `alphabet`.
    std::string text(std::size_t length, std::string_view alphabet = base62) {
        std::string result;
        for (std::size_t i = 0; i < length; ++i) result += alphabet[below(alphabet.size())];
        return result;
    }

    static constexpr std::string_view base62 =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private:
    std::uint64_t seed_;
    std::mt19937_64 engine_;
};

}  // namespace mypost::sandbox
