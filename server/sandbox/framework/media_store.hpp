// Bytes of uploaded media by their SHA-256: in memory, or as files in a folder.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mypost::sandbox {

class MediaStore {
  public:
    // Nothing: in memory. The folder is made when the first bytes arrive.
    explicit MediaStore(std::optional<std::filesystem::path> folder) : folder_(std::move(folder)) {}

    // Keeps the bytes; returns their SHA-256 in hex. Throws std::runtime_error when the disk refuses.
    std::string put(std::string_view bytes);
    // The bytes of that SHA-256 (hex), or nothing.
    std::shared_ptr<std::string const> get(std::string const& sha256) const;
    void clear();

  private:
    std::optional<std::filesystem::path> folder_;
    std::map<std::string, std::shared_ptr<std::string const>> in_memory_;
};

}  // namespace mypost::sandbox
