// Encryption at rest: AES-256-GCM (NIST SP 800-38D), stored as base64(iv ‖ ciphertext ‖ tag).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace mypost {

// One current key, which encrypts, and older ones, which still decrypt (MYPOST_ENCRYPTION_KEY,
// MYPOST_ENCRYPTION_KEYS_OLD).
class Cipher {
  public:
    static constexpr std::size_t key_size = 32;
    static constexpr std::size_t iv_size = 12;
    static constexpr std::size_t tag_size = 16;

    // Raw keys of 32 bytes; throws std::invalid_argument for another size.
    explicit Cipher(std::string current_key, std::vector<std::string> old_keys = {});

    // Binds a value to its place, so that a stolen database cannot be re-arranged: "table:column:row id".
    static std::string place(std::string_view table, std::string_view column, std::string_view row_id);

    // A fresh random iv each time; `aad` is place(…) and must be given again to decrypt().
    std::string encrypt(std::string_view plain, std::string_view aad) const;
    // `internal` when the text is damaged, belongs to another place, or no key of the ring made it.
    Result<std::string> decrypt(std::string_view text, std::string_view aad) const;
    // True when decrypt() would need an old key: such a value is due for re-encryption.
    bool made_with_old_key(std::string_view text, std::string_view aad) const;

  private:
    std::vector<std::string> keys_;  // the current one first
};

}  // namespace mypost
