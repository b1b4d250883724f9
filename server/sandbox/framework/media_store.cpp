#include "sandbox/framework/media_store.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "sandbox/framework/digest.hpp"

namespace mypost::sandbox {

std::string MediaStore::put(std::string_view bytes) {
    auto name = sha256_hex(bytes);
    if (!folder_) {
        in_memory_.try_emplace(name, std::make_shared<std::string const>(bytes));
        return name;
    }
    auto const path = *folder_ / name;
    if (std::filesystem::exists(path)) return name;
    std::filesystem::create_directories(*folder_);
    auto const partial = *folder_ / (name + ".part");
    std::ofstream file(partial, std::ios::binary | std::ios::trunc);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) throw std::runtime_error("sandbox media cannot be written: " + partial.string());
    std::filesystem::rename(partial, path);
    return name;
}

std::shared_ptr<std::string const> MediaStore::get(std::string const& sha256) const {
    if (sha256.size() != 64 || sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
        return nullptr;
    if (!folder_) {
        auto const found = in_memory_.find(sha256);
        return found == in_memory_.end() ? nullptr : found->second;
    }
    std::ifstream file(*folder_ / sha256, std::ios::binary);
    if (!file) return nullptr;
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return std::make_shared<std::string const>(std::move(bytes).str());
}

void MediaStore::clear() {
    in_memory_.clear();
    if (folder_) std::filesystem::remove_all(*folder_);
}

}  // namespace mypost::sandbox
