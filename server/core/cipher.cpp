#include "core/cipher.hpp"

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <stdexcept>

#include "core/crypto.hpp"
#include "core/encoding.hpp"

namespace mypost {

namespace {

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char const* bytes_of(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}
int length(std::string_view text) {
    return static_cast<int>(text.size());
}

std::optional<std::string> open(std::string const& key, std::string_view sealed, std::string_view aad) {
    auto const iv = sealed.substr(0, Cipher::iv_size);
    auto const body = sealed.substr(Cipher::iv_size, sealed.size() - Cipher::iv_size - Cipher::tag_size);
    std::string tag(sealed.substr(sealed.size() - Cipher::tag_size));
    std::string plain(body.size(), '\0');
    int size = 0;
    Context context(EVP_CIPHER_CTX_new());
    bool const ok =
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(iv)) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, bytes_of(aad), length(aad)) == 1 &&
        EVP_DecryptUpdate(context.get(), bytes_of(plain), &size, bytes_of(body), length(body)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(tag.size()), tag.data()) ==
            1 &&
        EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + size, &size) == 1;
    if (!ok) return std::nullopt;
    return plain;
}

std::optional<std::string> sealed_bytes(std::string_view text) {
    auto sealed = base64_decode(text);
    if (!sealed || sealed->size() < Cipher::iv_size + Cipher::tag_size) return std::nullopt;
    return sealed;
}

}  // namespace

Cipher::Cipher(std::string current_key, std::vector<std::string> old_keys) {
    keys_.push_back(std::move(current_key));
    for (auto& key : old_keys) keys_.push_back(std::move(key));
    for (auto const& key : keys_) {
        if (key.size() != key_size) throw std::invalid_argument("an encryption key must have 32 bytes");
    }
}

std::string Cipher::place(std::string_view table, std::string_view column, std::string_view row_id) {
    std::string text(table);
    text.append(":").append(column).append(":").append(row_id);
    return text;
}

std::string Cipher::encrypt(std::string_view plain, std::string_view aad) const {
    std::string const iv = crypto::random_bytes(iv_size);
    std::string body(plain.size(), '\0');
    std::string tag(tag_size, '\0');
    int size = 0;
    Context context(EVP_CIPHER_CTX_new());
    bool const ok =
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(keys_.front()),
                           bytes_of(iv)) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(aad), length(aad)) == 1 &&
        EVP_EncryptUpdate(context.get(), bytes_of(body), &size, bytes_of(plain), length(plain)) == 1 &&
        EVP_EncryptFinal_ex(context.get(), bytes_of(body) + size, &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(tag_size), tag.data()) == 1;
    if (!ok) throw std::runtime_error("AES-256-GCM failed");
    return base64_encode(iv + body + tag);
}

Result<std::string> Cipher::decrypt(std::string_view text, std::string_view aad) const {
    auto const sealed = sealed_bytes(text);
    if (sealed) {
        for (auto const& key : keys_) {
            auto plain = open(key, *sealed, aad);
            if (plain) return std::move(*plain);
        }
    }
    return Error(ErrorCode::internal, "A stored secret cannot be read.", {},
                 "no encryption key opens the value at " + std::string(aad));
}

bool Cipher::made_with_old_key(std::string_view text, std::string_view aad) const {
    auto const sealed = sealed_bytes(text);
    if (!sealed || open(keys_.front(), *sealed, aad)) return false;
    for (std::size_t i = 1; i < keys_.size(); ++i) {
        if (open(keys_[i], *sealed, aad)) return true;
    }
    return false;
}

}  // namespace mypost
