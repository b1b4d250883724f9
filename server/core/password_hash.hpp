// Passwords: Argon2id (RFC 9106) as PHC strings. Each call takes tens of milliseconds and 19 MiB: never on
// the event loop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mypost {

// Cost; the default is OWASP's first choice for Argon2id (Password Storage Cheat Sheet, read 2026-11-22).
struct PasswordCost {
    std::uint32_t memory_kib = 19'456;
    std::uint32_t iterations = 2;
    std::uint32_t lanes = 1;
};

// "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>" with a random salt of 16 bytes.
std::string hash_password(std::string_view password, PasswordCost cost = {});

// False also for a string that is no Argon2id PHC string.
bool verify_password(std::string_view password, std::string const& phc);

// True when `phc` was made with a lower cost than `cost`, or is none of ours.
bool password_needs_rehash(std::string_view phc, PasswordCost cost = {});

}  // namespace mypost
