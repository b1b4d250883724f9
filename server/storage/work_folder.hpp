// A folder that is removed with everything in it.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace mypost::storage {

class WorkFolder {
  public:
    explicit WorkFolder(std::filesystem::path path) : path_(std::move(path)) {}
    WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
    WorkFolder& operator=(WorkFolder&&) = delete;
    ~WorkFolder() {
        std::error_code ignored;
        if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
    }

    std::string file(std::string const& name) const { return (path_ / name).string(); }
    std::filesystem::path const& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace mypost::storage
